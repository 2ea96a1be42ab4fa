"""Query parameters: those that stand in the URL, and those of the file."""

from __future__ import annotations

from typing import Final

from textual.app import ComposeResult
from textual.widgets import Static

from tui_client.tui.panels.request_builder._section import SectionView
from tui_client.tui.panels.request_builder.operation_rows import absent, documented, parameters_at
from tui_client.tui.panels.request_builder.url_query import query_rows, with_query_rows
from tui_client.tui.widgets.rows_editor import EditorRow, RowsEditor
from tui_client.tui.widgets.word_suggester import WordSuggester

_URL: Final = "url"


class ParamsSection(SectionView):
    """The rows of the URL's own query come first; editing one edits the URL."""

    def build(self) -> None:
        """One editor for both."""
        self._names = WordSuggester(self.suggester)
        self._rows = RowsEditor(self._changed, names=self._names, values=self.suggester)

    def compose(self) -> ComposeResult:
        """The rows, and what they do."""
        yield self._rows
        yield Static("Added to the URL, encoded. Space on ✓ switches a row off.", classes="hint", markup=False)

    def draw(self, *, switched: bool) -> None:
        """In step with the URL and the params."""
        known = parameters_at(self.around.operation, "query")
        rows = [EditorRow(row, _URL, "in the URL") for row in query_rows(self.draft.url)]
        rows += [documented(EditorRow(row, "", row.description), known) for row in self.draft.params]
        self._names.words = absent(known, {each.row.name for each in rows})
        self._rows.show(tuple(rows))

    def _changed(self, rows: tuple[EditorRow, ...]) -> None:
        # A row that is switched off can't stay in the URL: it becomes a row of the file.
        in_url = tuple(row.row for row in rows if row.tag == _URL and row.row.enabled)
        params = tuple(row.row for row in rows if row.tag != _URL or not row.row.enabled)
        self.edit(url=with_query_rows(self.draft.url, in_url), params=params)
        self.draw(switched=False)
