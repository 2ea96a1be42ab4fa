"""The request builder: a draft comes down, an edited draft goes up."""

from __future__ import annotations

from typing import Final

import msgspec
from textual import on
from textual.app import ComposeResult
from textual.message import Message
from textual.widget import Widget
from textual.widgets import ContentSwitcher

from tui_client.model.request import Request
from tui_client.tui.panels.request_builder._section import SectionView
from tui_client.tui.panels.request_builder.sections.auth import AuthSection
from tui_client.tui.panels.request_builder.sections.body import BodySection
from tui_client.tui.panels.request_builder.sections.checks import ChecksSection
from tui_client.tui.panels.request_builder.sections.headers import HeadersSection
from tui_client.tui.panels.request_builder.sections.notes import NotesSection
from tui_client.tui.panels.request_builder.sections.options import OptionsSection
from tui_client.tui.panels.request_builder.sections.params import ParamsSection
from tui_client.tui.panels.request_builder.sections.path import PathSection, path_names
from tui_client.tui.panels.request_builder.url_bar import UrlBar
from tui_client.tui.panels.request_builder.url_query import query_rows
from tui_client.tui.state import BuilderContext, Section
from tui_client.tui.widgets.tab_strip import Tab, TabStrip

_VIEWS: Final[dict[Section, type[SectionView]]] = {
    Section.PARAMS: ParamsSection,
    Section.PATH: PathSection,
    Section.HEADERS: HeadersSection,
    Section.AUTH: AuthSection,
    Section.BODY: BodySection,
    Section.CHECKS: ChecksSection,
    Section.OPTIONS: OptionsSection,
    Section.NOTES: NotesSection,
}


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


class RequestBuilder(Widget):
    """Shows a draft; sections are made when they are first looked at."""

    DEFAULT_CSS = """
    RequestBuilder {
        layout: vertical;
        ContentSwitcher { height: 1fr; }
        #sections { margin-top: 0; }
    }
    """

    class Edited(Message):
        """The draft is this now."""

        def __init__(self, draft: Request) -> None:
            super().__init__()
            self.draft = draft

    class SendRequested(Message):
        """The user wants the draft sent."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._draft = Request()
        self._around = BuilderContext()
        self._section = Section.PARAMS

    def compose(self) -> ComposeResult:
        """URL over the row of sections over the chosen one."""
        yield UrlBar()
        yield TabStrip(separator="dot", id="sections")
        with ContentSwitcher(initial=Section.PARAMS.value):
            yield ParamsSection(id=Section.PARAMS.value)

    def show(self, draft: Request, context: BuilderContext) -> None:
        """Show a draft and what surrounds it; nothing is posted for that."""
        self._draft, self._around = draft, context
        self.query_one(UrlBar).show(draft.method, draft.url, context.url)
        strip = self.query_one("#sections", TabStrip)
        strip.tabs = tuple(Tab(s.value, s.value.capitalize(), section_note(s, draft, context)) for s in Section)
        strip.active = self._section.value
        for view in self.query(SectionView):
            if view.id == self._section.value:
                view.show(draft, context)

    def focus_url(self) -> None:
        """Go to the URL."""
        self.query_one(UrlBar).focus_url()

    def show_section(self, section: Section) -> None:
        """Show another section of the same draft."""
        self._section = section
        switcher = self.query_one(ContentSwitcher)
        if not switcher.query(f"#{section.value}"):
            switcher.mount(_VIEWS[section](id=section.value))
        switcher.current = section.value
        self.show(self._draft, self._around)

    def _edit(self, draft: Request) -> None:
        if draft != self._draft:
            self._draft = draft
            self.post_message(self.Edited(draft))

    @on(TabStrip.Selected, "#sections")
    def _choose(self, event: TabStrip.Selected) -> None:
        event.stop()
        self.show_section(Section(event.tab_id))

    @on(UrlBar.MethodEdited)
    def _method(self, event: UrlBar.MethodEdited) -> None:
        event.stop()
        self._edit(msgspec.structs.replace(self._draft, method=event.method))

    @on(UrlBar.UrlEdited)
    def _url(self, event: UrlBar.UrlEdited) -> None:
        event.stop()
        self._edit(msgspec.structs.replace(self._draft, url=event.url))

    @on(UrlBar.SendPressed)
    def _send(self, event: UrlBar.SendPressed) -> None:
        event.stop()
        self.post_message(self.SendRequested())

    @on(SectionView.Edited)
    def _section_edited(self, event: SectionView.Edited) -> None:
        event.stop()
        self._edit(event.draft)


def _count(number: int) -> str:
    return str(number) if number else ""


def _tag(value: msgspec.Struct | None) -> str:
    return str(type(value).__struct_config__.tag) if value is not None else ""
