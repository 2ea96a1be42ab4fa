"""A screen around the request builder, for its tests."""

from __future__ import annotations

from pathlib import Path

from textual import on
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widget import Widget

from tui_client.kinds.auth.bearer import Bearer
from tui_client.model.collection import Collection, Environment, Folder, Surroundings
from tui_client.model.effective import inherit
from tui_client.model.options import Options, SendOptions, TimeoutOptions
from tui_client.model.request import NameValue, Request
from tui_client.model.variables import Constant
from tui_client.template import preview_url
from tui_client.tui.panels.request_builder import RequestBuilder
from tui_client.tui.screens._context import inherited_headers
from tui_client.tui.state import BuilderContext, Section
from tui_client.tui.widgets.template_input import TemplateInput

DEMO = Path(__file__).parents[2] / "collections" / "demo"

AROUND = Surroundings(
    Collection(
        id="shop",
        root=Folder(
            headers=(NameValue("Accept", "text/plain"), NameValue("X-Trace", "1")),
            auth=Bearer("{{token}}"),
            options=Options(http2=True, timeout=TimeoutOptions(read=7.5)),
            variables={"user": Constant("ada"), "user_id": Constant(7)},
        ),
        base_url="http://127.0.0.1:8000",
    ),
    (Folder(path="users", headers=(NameValue("accept", "application/json"),)),),
    Environment(name="local", headers=(NameValue("X-Env", "local"),)),
)


def context(draft: Request, request_id: str = "1") -> BuilderContext:
    effective = inherit("users/get", draft, AROUND, SendOptions())
    names = tuple(dict.fromkeys(name for layer in effective.scope.layers for name in layer.values))
    return BuilderContext(
        effective,
        preview_url(effective, effective.scope),
        names,
        request_id=request_id,
        inherited=inherited_headers(AROUND),
    )


class Host(App[None]):
    """A screen as the workbench is one: it takes each edit and shows it again, unless `holds` it back."""

    def __init__(self, *drafts: Request) -> None:
        super().__init__()
        self.drafts = {str(index): draft for index, draft in enumerate(drafts)}
        self.at = "0"
        self.edits: list[tuple[str, Request]] = []
        self.sent = 0
        self.holds = False
        self.builder = RequestBuilder()

    def compose(self) -> ComposeResult:
        yield self.builder

    def on_mount(self) -> None:
        self.put()
        # At once, where the panel would wait for what is around it.
        self.builder.show_section(Section.PARAMS)

    def put(self, at: str | None = None) -> None:
        self.at = at or self.at
        self.builder.show(self.drafts[self.at], context(self.drafts[self.at], self.at))

    @on(RequestBuilder.Edited)
    def _edited(self, message: RequestBuilder.Edited) -> None:
        self.edits.append((message.request_id, message.draft))
        self.drafts[message.request_id] = message.draft
        if not self.holds:
            self.put()

    @on(RequestBuilder.SendRequested)
    def _send(self) -> None:
        self.sent += 1

    @property
    def draft(self) -> Request:
        return self.drafts[self.at]

    def section(self, section: Section) -> Widget:
        self.builder.show_section(section)
        return self.builder.query_one(f"#{section.value}")

    def field(self, selector: str, index: int = 0) -> TemplateInput:
        fields = [field for field in self.builder.query(selector).results(TemplateInput) if seen(field)]
        return fields[index]

    def says(self, section: Section) -> str:
        view = self.builder.query_one(f"#{section.value}")
        return " ".join(str(w.render()) for w in view.query("Static, Label") if seen(w))


def seen(widget: Widget) -> bool:
    return all(isinstance(node, Widget) and node.display for node in widget.ancestors_with_self[:-2])


async def type_into(pilot: Pilot[None], widget: Widget, *keys: str) -> None:
    widget.focus()
    await pilot.press(*keys)
    await pilot.pause()
