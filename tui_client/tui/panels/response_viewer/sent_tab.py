"""The request as it was sent."""

from __future__ import annotations

from textual import getters
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from tui_client.tui.panels.response_viewer.sent import sent_document, sent_note
from tui_client.tui.panels.response_viewer.view import Shown
from tui_client.tui.widgets.body_rows import BodyDocument
from tui_client.tui.widgets.body_view import BodyView


class SentTab(Vertical):
    """The request as it went over the wire, with a body of any size."""

    DEFAULT_CSS = """
    SentTab > Static { height: auto; padding: 0 1; color: $text-muted; }
    """

    view = getters.query_one(BodyView)
    note = getters.query_one(Static)

    def compose(self) -> ComposeResult:
        yield Static(markup=False)
        yield BodyView()

    def show(self, shown: Shown) -> None:
        """Show another exchange."""
        note = "Nothing was sent." if shown.request is None else sent_note(shown.request, len(shown.hops))
        self.note.update(note)
        self.note.display = bool(note)
        self.view.show(sent_document(shown.request, shown.secrets) if shown.request else BodyDocument())
