"""What the request carries."""

from __future__ import annotations

import msgspec
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Button, Static

from tui_client.kinds import body
from tui_client.kinds.body.graphql import GraphQL
from tui_client.kinds.body.json import Json
from tui_client.model.kinds import Body
from tui_client.text import safe_line
from tui_client.tui.panels.request_builder._kind_section import KindSection
from tui_client.tui.panels.request_builder.json_text import format_template, json_problem


class BodySection(KindSection):
    """None, or one of the kinds with its form; below JSON, what is wrong with it."""

    DEFAULT_CSS = """
    BodySection {
        #json { height: 1; }
        #json Static { width: 1fr; height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
        #json .-wrong { color: $text-warning; }
        #json Button { min-width: 10; width: auto; }
    }
    """

    absent = "none"

    def build(self) -> None:
        """The kinds, and a line for JSON."""
        super().build()
        self._said = Static("", classes="hint", markup=False)
        self._format = Button("Format", compact=True, id="format")
        self._json = Horizontal(self._said, self._format, id="json")

    def compose(self) -> ComposeResult:
        """The line for JSON below all."""
        yield from super().compose()
        yield self._json

    def kinds(self) -> dict[str, type[msgspec.Struct]]:
        """All body kinds."""
        return dict(body.kinds())

    def value(self) -> msgspec.Struct | None:
        """The draft's body."""
        return self.draft.body

    def with_value(self, value: msgspec.Struct | None) -> None:
        """Give the draft another body."""
        if value is None or isinstance(value, Body):
            self.edit(body=value)

    def hint(self) -> str:
        """Say what no body means."""
        return "No body is sent. Choose a kind with ← and → to send one." if self.draft.body is None else ""

    def draw(self, *, switched: bool) -> None:
        """In step with the draft."""
        super().draw(switched=switched)
        match self.draft.body:
            case Json(content=text, template=template):
                what = ""
            case GraphQL(variables=text, template=template):
                what = "Variables: "
            case _:
                self._json.display = False
                return
        problem = json_problem(text, templates=template)
        self._json.display = True
        self._format.display = isinstance(self.draft.body, Json)
        self._said.set_class(bool(problem), "-wrong")
        self._said.update(safe_line(f"! {what}{problem}") if problem else "✓ JSON" if text.strip() else "")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Indent the JSON; what can't be read stays as it is."""
        event.stop()
        if isinstance(self.draft.body, Json):
            text = format_template(self.draft.body.content, templates=self.draft.body.template)
            if text is not None:
                self.edit(body=msgspec.structs.replace(self.draft.body, content=text))
                self.draw(switched=False)
