"""What the OpenAPI document says of the operation that the request came from."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui_client.tui.panels.request_builder._section import SectionView
from tui_client.tui.panels.request_builder.operation_words import docs_content, missing


class _Page(VerticalScroll, can_focus=True):
    """Scrolled by keys, also where it is the only thing to go to."""


class DocsSection(SectionView):
    """Documentation, parameters, body and replies; read, not edited."""

    DEFAULT_CSS = """
    DocsSection {
        _Page { height: 1fr; scrollbar-size-vertical: 1; }
        _Page:focus { background: $foreground 4%; }
        Static { height: auto; }
    }
    """

    def build(self) -> None:
        """One text."""
        self._text = Static("", markup=False)
        self._page = _Page(self._text)
        self._drawn: tuple[object, ...] = ()

    def compose(self) -> ComposeResult:
        """It scrolls."""
        yield self._page

    def draw(self, *, switched: bool) -> None:
        """In step with the draft: what it does not send is told."""
        operation = self.around.operation
        left = () if operation is None else missing(operation, self.draft)
        # It can be hundreds of lines, and this is called for every key that is typed into the URL.
        if (drawn := (operation, left)) != self._drawn:
            self._drawn = drawn
            reading = Content("The document is read.")
            self._text.update(reading if operation is None else docs_content(operation, left))
        if switched:
            self._page.scroll_home(animate=False)
