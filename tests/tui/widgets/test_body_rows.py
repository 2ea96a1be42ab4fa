"""The text of many rows at once."""

from __future__ import annotations

import pytest
from textual.geometry import Offset
from textual.selection import Selection

from tui_client.model.exchange import BodyContent, BytesBody
from tui_client.tui.widgets import body_rows
from tui_client.tui.widgets.body_rows import COPY_LIMIT, BodyDocument, BodyRows

ALL = Selection(None, None)
BODIES = {
    "short lines": b"".join(b"  %d,\r\n" % number for number in range(900)),
    "no end": b"a\n" * 700 + b"b\r",
    "empty lines": b"\n" * 3_000,
    "controls and tabs": b"\x1b[2J\ta\tb\x00\r\n\xff\xe2\x80\xae\n" * 300,
    "cut characters": "漢é👩".encode() * 4_000,
    "long and short": (b"x" * 1_000 + b"\n\n" + "é".encode() * 301 + b"\r\n") * 200,
}


def rows_of(data: bytes, *, secrets: frozenset[str] = frozenset(), charset: str = "utf-8") -> BodyRows:
    rows = BodyRows(BodyDocument(BytesBody(data), charset=charset, secrets=secrets), 64, 80)
    while rows.rows.indexed_bytes < len(data):
        rows.rows.extend()
    return rows


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1"])
@pytest.mark.parametrize("what", BODIES)
def test_many_rows_are_copied_as_few_are(monkeypatch: pytest.MonkeyPatch, what: str, charset: str) -> None:
    """All at once or one after the other, whole or from within one row to within another."""
    rows = rows_of(BODIES[what], charset=charset, secrets=frozenset({"89,", "b\x00"}))
    for selection in (ALL, Selection(Offset(1, 2), Offset(1, rows.rows.row_count - 2))):
        at_once = rows.selected(selection)
        with monkeypatch.context() as patch:
            patch.setattr(body_rows, "_FEW", 1 << 30)
            assert rows.selected(selection) == at_once


class Counted(BytesBody):
    """A body that notes how much of it was read."""

    def read(self, start: int = 0, length: int | None = None) -> bytes:
        found = super().read(start, length)
        READ.append(len(found))
        return found


READ: list[int] = []


def test_a_body_of_line_feeds_is_read_as_a_whole() -> None:
    """As much as is copied of it, not once for each row."""
    body: BodyContent = Counted(b"\n" * 4 * COPY_LIMIT)
    rows = BodyRows(BodyDocument(body), 64, 80)
    while rows.rows.indexed_bytes < body.size:
        rows.rows.extend()
    READ.clear()
    assert rows.selected(ALL) == "\n" * COPY_LIMIT
    assert len(READ) < 20
