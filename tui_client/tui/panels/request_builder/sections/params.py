"""Query parameters: those that stand in the URL, and those of the file."""

from __future__ import annotations

from typing import Final

import msgspec
from textual import on
from textual.app import ComposeResult

from tui_client.tui.panels.request_builder._section import SectionView
from tui_client.tui.panels.request_builder.url_query import query_rows, with_query_rows
from tui_client.tui.widgets.rows_editor import EditorRow, RowsEditor

_URL: Final = "url"


class ParamsSection(SectionView):
    """The rows of the URL's own query come first; editing one edits the URL."""

    def compose(self) -> ComposeResult:
        """One editor for both."""
        yield RowsEditor()

    def draw(self) -> None:
        """In step with the URL and the params."""
        url_rows = (EditorRow(row, _URL) for row in query_rows(self.draft.url))
        self.query_one(RowsEditor).show((*url_rows, *(EditorRow(row) for row in self.draft.params)))

    @on(RowsEditor.Changed)
    def _changed(self, event: RowsEditor.Changed) -> None:
        event.stop()
        # A row that is switched off can't stay in the URL: it becomes a row of the file.
        in_url = tuple(r.row for r in event.rows if r.tag == _URL and r.row.enabled)
        params = tuple(r.row for r in event.rows if r.tag != _URL or not r.row.enabled)
        url = self.draft.url if in_url == query_rows(self.draft.url) else with_query_rows(self.draft.url, in_url)
        self.edit(msgspec.structs.replace(self.draft, url=url, params=params))
