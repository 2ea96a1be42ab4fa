"""Headers of the request, and below them those that it inherits."""

from __future__ import annotations

from typing import Final

from textual.app import ComposeResult
from textual.content import Content
from textual.suggester import SuggestFromList
from textual.widgets import Static

from tui_client.model.request import NameValue
from tui_client.text import safe_line
from tui_client.tui.panels.request_builder._section import SectionView
from tui_client.tui.panels.request_builder.operation_rows import absent, documented, parameters_at
from tui_client.tui.widgets.rows_editor import EditorRow, RowsEditor
from tui_client.tui.widgets.word_suggester import WordSuggester

# The request headers of RFC 9110 and those that APIs ask for, offered while a name is typed.
NAMES: Final = (
    "Accept", "Accept-Charset", "Accept-Encoding", "Accept-Language", "Authorization", "Cache-Control", "Connection",
    "Content-Encoding", "Content-Language", "Content-Type", "Cookie", "Date", "DNT", "ETag", "Expect", "Forwarded",
    "From", "Host", "Idempotency-Key", "If-Match", "If-Modified-Since", "If-None-Match", "If-Range",
    "If-Unmodified-Since", "Last-Event-ID", "Link", "Origin", "Pragma", "Prefer", "Range", "Referer", "Traceparent",
    "User-Agent", "X-API-Key", "X-Correlation-ID", "X-CSRF-Token", "X-Forwarded-For", "X-Forwarded-Host",
    "X-Forwarded-Proto", "X-HTTP-Method-Override", "X-Request-ID", "X-Requested-With",
)  # fmt: skip


class HeadersSection(SectionView):
    """Edits the request's own rows; inherited ones are shown, not edited here."""

    def build(self) -> None:
        """Rows, and text for what is inherited."""
        self._names = WordSuggester(SuggestFromList(NAMES, case_sensitive=False), exact=False)
        self._rows = RowsEditor(self._changed, names=self._names, values=self.suggester)
        self._inherited = Static("", classes="hint", markup=False)

    def compose(self) -> ComposeResult:
        """Own rows over inherited ones."""
        yield self._rows
        yield self._inherited

    def draw(self, *, switched: bool) -> None:
        """In step with the draft and what it inherits."""
        known = parameters_at(self.around.operation, "header")
        rows = (EditorRow(row, "", row.description) for row in self.draft.headers)
        self._names.words = absent(known, {row.name.lower() for row in self.draft.headers})
        self._rows.show(tuple(documented(row, known, lower=True) for row in rows))
        own = {row.name.lower() for row in self.draft.headers if row.enabled}
        lines = [_inherited_line(row, origin, row.name.lower() in own) for row, origin in self.around.inherited]
        self._inherited.update(Content("\n").join(lines))

    def _changed(self, rows: tuple[EditorRow, ...]) -> None:
        self.edit(headers=tuple(row.row for row in rows))


def _inherited_line(row: NameValue, origin: str, replaced: bool) -> Content:
    line = Content(f" ↑ {safe_line(row.name)}: {safe_line(row.value)}")
    if replaced:
        return line.stylize("strike") + Content("   replaced above")
    return line + Content(f"   {safe_line(origin)}")
