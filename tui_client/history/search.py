"""Questions to the history's tables."""

from __future__ import annotations

import sqlite3
from typing import Final

from tui_client.errors import NotFound
from tui_client.history.codec import ENTRY_COLUMNS, Parts, entry_of
from tui_client.history.entry import Entry

_COLUMNS: Final = ", ".join(f"e.{name}" for name in ENTRY_COLUMNS)
_PARTS: Final = "exchange, request, request_body, body, body_file, body_cut"
_MOST_WORDS: Final = 20
_MOST_CHARACTERS: Final = 500
_LARGEST: Final = (1 << 63) - 1


def match_of(text: str) -> str:
    """What was typed as an FTS5 query: every word, or its beginning; "" if there is no word in it.

    Each word is quoted, so that nothing in it is syntax; "users/7" means these two side by side.
    """
    typed = text[:_MOST_CHARACTERS].encode("utf-8", "ignore").decode().replace("\0", " ")
    words = [word for word in typed.split() if any(map(str.isalnum, word))]
    return " ".join('"' + word.replace('"', '""') + '"*' for word in words[:_MOST_WORDS])


def find(connection: sqlite3.Connection, text: str, limit: int, before: int | None, root: str) -> tuple[Entry, ...]:
    """The newest entries that have all words of `text`, newest first; all are found by "".

    before: only entries with a lower id. root: only those of one collection, "" for all. Raises sqlite3.Error.
    """
    match = match_of(text)
    known: tuple[str | int, ...] = (_LARGEST if before is None else before,)
    if match:
        sql = f"SELECT {_COLUMNS} FROM texts t JOIN entries e ON e.id = t.rowid WHERE t.rowid < ? AND texts MATCH ?"
        known, order = (*known, match), "t.rowid"
    else:
        sql, order = f"SELECT {_COLUMNS} FROM entries e WHERE e.id < ?", "e.id"
    if root:
        sql, known = f"{sql} AND e.root = ?", (*known, root)
    rows = connection.execute(f"{sql} ORDER BY {order} DESC LIMIT ?", (*known, limit))
    return tuple(map(entry_of, rows))


def parts_of(connection: sqlite3.Connection, entry_id: int) -> tuple[Entry, Parts]:
    """One entry with all that was kept of it. Raises NotFound, sqlite3.Error."""
    row = connection.execute(f"SELECT {_COLUMNS} FROM entries e WHERE e.id = ?", (entry_id,)).fetchone()
    found = connection.execute(f"SELECT {_PARTS} FROM parts WHERE id = ?", (entry_id,)).fetchone()
    if row is None or found is None:
        raise NotFound("entry of the history", str(entry_id))
    return entry_of(row), Parts(*found)
