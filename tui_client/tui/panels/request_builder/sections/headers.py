"""Headers of the request, and below them those that it inherits."""

from __future__ import annotations

from typing import Final

import msgspec
from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from tui_client.text import safe_line
from tui_client.tui.panels.request_builder._section import SectionView
from tui_client.tui.widgets.rows_editor import EditorRow, RowsEditor

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

    def compose(self) -> ComposeResult:
        """Own rows over inherited ones."""
        yield RowsEditor(names=NAMES)
        yield Static("", classes="hint", markup=False)

    def draw(self) -> None:
        """In step with the draft and what it inherits."""
        self.query_one(RowsEditor).show(tuple(EditorRow(row) for row in self.draft.headers))
        own = {row.name.lower() for row in self.draft.headers if row.enabled}
        effective = self.context.effective
        inherited = [r for r in effective.headers if r.name.lower() not in own] if effective else []
        lines = [Content(safe_line(f"↑ {row.name}: {row.value}")) for row in inherited]
        self.query_one(".hint", Static).update(Content("\n").join(lines))

    @on(RowsEditor.Changed)
    def _changed(self, event: RowsEditor.Changed) -> None:
        event.stop()
        self.edit(msgspec.structs.replace(self.draft, headers=tuple(row.row for row in event.rows)))
