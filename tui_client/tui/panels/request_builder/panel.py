"""The request builder: a draft comes down, an edited draft goes up."""

from __future__ import annotations

import importlib
from collections import deque
from typing import Any, ClassVar, Final

import msgspec
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget

from tui_client.errors import UsageError
from tui_client.model.request import Request
from tui_client.text import safe_line
from tui_client.tui.panels.request_builder._section import SectionView
from tui_client.tui.panels.request_builder.curl_paste import UrlInput, draft_of
from tui_client.tui.panels.request_builder.sections.path import path_names
from tui_client.tui.panels.request_builder.url_bar import UrlBar
from tui_client.tui.panels.request_builder.url_query import query_rows
from tui_client.tui.state import BuilderContext, Section
from tui_client.tui.widgets.choice import Choice
from tui_client.tui.widgets.rows_editor import RowSwitch
from tui_client.tui.widgets.tab_strip import Tab
from tui_client.tui.widgets.template_input import TemplateSuggester

# Each in a file of its name, imported when it is first looked at: a form of every kind is a tenth of a start.
_PACKAGE: Final = f"{__package__}.sections"


def section_class(section: Section) -> type[SectionView]:
    """The view of a section."""
    name = f"{section.value.capitalize()}Section"
    found: object = getattr(importlib.import_module(f"{_PACKAGE}.{section.value}"), name)
    assert isinstance(found, type)
    assert issubclass(found, SectionView)
    return found


def section_note(section: Section, draft: Request, context: BuilderContext) -> str:
    """What stands behind a section's name: a count, a kind, or where it is inherited from."""
    effective = context.effective
    match section:
        case Section.PARAMS:
            return _count(len(draft.params) + len(query_rows(draft.url)))
        case Section.PATH:
            return _count(len(path_names(draft.url)))
        case Section.HEADERS:
            return _count(len(draft.headers))
        case Section.AUTH if draft.auth is None and effective and effective.auth:
            return f"{_tag(effective.auth)} ↑{effective.auth_origin}"
        case Section.AUTH:
            return _tag(draft.auth)
        case Section.BODY:
            return _tag(draft.body)
        case Section.CHECKS:
            return _count(len(draft.asserts) + len(draft.captures))
        case Section.OPTIONS:
            return "●" if draft.options != Request().options else ""
        case Section.NOTES:
            return "●" if draft.description else ""
        case Section.DOCS:
            return ""


class RequestBuilder(Widget):
    """Shows a draft; sections are made when they are first looked at.

    What it posts arrives later than the key was pressed. So a draft that is shown meanwhile may be older than what was
    typed: it is known by having been posted, or shown, before, and what was typed stays.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "into_section", "Into the section", show=False),
        Binding("up", "focus_url", "To the URL", show=False),
    ]
    DEFAULT_CSS = """
    RequestBuilder {
        layout: vertical;
        #sections { padding: 0 1; }
        #section { height: 1fr; }
    }
    """

    class Edited(Message):
        """The draft is this now. request_id: that of the context it was shown with."""

        def __init__(self, draft: Request, request_id: str = "") -> None:
            super().__init__()
            self.draft = draft
            self.request_id = request_id

    class SendRequested(Message):
        """The user wants the draft sent."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._draft = Request()
        self._around = BuilderContext()
        self._given = self._draft
        self._posted: deque[Request] = deque(maxlen=256)
        self._suggester = TemplateSuggester()
        self._url_bar = UrlBar(
            self._suggester,
            method=lambda method: self._edit(method=method),
            url=lambda url: self._edit(url=url),
            send=self._send,
        )
        self._strip = Choice(lambda name: self.show_section(Section(name)), (), separator="dot", id="sections")
        self._box = Vertical(id="section")
        self._views: dict[Section, SectionView] = {}
        self._section = Section.PARAMS

    def compose(self) -> ComposeResult:
        """URL over the row of sections over the chosen one."""
        yield self._url_bar
        yield self._strip
        yield self._box

    def on_mount(self) -> None:
        """Begin with the parameters, once what is around them is painted."""
        self._draw_head()
        self.call_after_refresh(lambda: self.show_section(self._section))

    @property
    def draft(self) -> Request:
        """The draft as it is shown, with all that was typed."""
        return self._draft

    def show(self, draft: Request, context: BuilderContext) -> None:
        """Show a draft and what surrounds it; nothing is posted for that."""
        if context.request_id != self._around.request_id or not self._is_late(draft):
            self._draft = draft
            self._posted.clear()
        self._given, self._around = draft, context
        if self._section is Section.DOCS and not context.documented:
            self.show_section(Section.PARAMS)
        self._suggester.variables = context.variables
        self._draw()

    def _is_late(self, draft: Request) -> bool:
        """Whether this draft is one that was typed on from."""
        if draft in self._posted:
            while self._posted.popleft() != draft:
                pass
            return True
        return bool(self._posted) and draft == self._given

    def _draw(self) -> None:
        self._draw_head()
        if view := self._views.get(self._section):
            view.show(self._draft, self._around)

    def _draw_head(self) -> None:
        draft, around = self._draft, self._around
        self._url_bar.show(draft.method, draft.url, around.url)
        offered = [each for each in Section if each is not Section.DOCS or around.documented]
        self._strip.offer(
            tuple(Tab(each.value, each.value.capitalize(), section_note(each, draft, around)) for each in offered)
        )
        self._strip.show(self._section.value)

    def focus_url(self) -> None:
        """Go to the URL."""
        self._url_bar.focus_url()

    def action_focus_url(self) -> None:
        """Go to the URL."""
        self.focus_url()

    def show_section(self, section: Section) -> None:
        """Show another section of the same draft."""
        self._section = section
        if section not in self._views:
            view = section_class(section)(self._section_edited, self._suggester, id=section.value)
            self._views[section] = view
            self._box.mount(view)
        for other, view in self._views.items():
            view.display = other is section
        self._draw()

    def action_into_section(self) -> None:
        """Go from the URL to the row of sections, and from there to the first field."""
        # Not `focus()`: that waits a turn, and the next key would go to the old place.
        if not self._strip.has_focus:
            self.screen.set_focus(self._strip)
        elif view := self._views.get(self._section):
            fields = (w for w in view.query(Widget) if w.focusable and not isinstance(w, RowSwitch))
            if first := next(fields, None):
                self.screen.set_focus(first)

    @on(UrlInput.CurlPasted)
    def _pasted(self, event: UrlInput.CurlPasted) -> None:
        event.stop()
        try:
            draft, said = draft_of(event.text, self._draft)
        except UsageError as error:
            self.notify(safe_line(str(error)), severity="warning", markup=False)
            return
        self._section_edited(draft)
        self._draw()
        self.notify(safe_line(said), markup=False)

    def _edit(self, **changes: Any) -> None:
        self._section_edited(msgspec.structs.replace(self._draft, **changes))
        self._draw()

    def _section_edited(self, draft: Request) -> None:
        if draft != self._draft:
            self._draft = draft
            self._posted.append(draft)
            self.post_message(self.Edited(draft, self._around.request_id))
            self._draw_head()

    def _send(self) -> None:
        self.post_message(self.SendRequested())


def _count(number: int) -> str:
    return str(number) if number else ""


def _tag(value: msgspec.Struct | None) -> str:
    return str(type(value).__struct_config__.tag) if value is not None else ""
