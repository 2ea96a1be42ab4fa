"""The text of many rows at once."""

from __future__ import annotations

import pytest
from textual.geometry import Offset
from textual.selection import Selection

from tui_client.model.exchange import BodyContent, BytesBody
from tui_client.tui.widgets import body_rows
from tui_client.tui.widgets.body_rows import COPY_LIMIT, BodyDocument, BodyRows, ShownRow
from tui_client.tui.widgets.json_nesting import Fold
from tui_client.tui.widgets.row_text import decode_row

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


def folded(data: bytes, *, secrets: frozenset[str] = frozenset()) -> BodyRows:
    rows = rows_of(data, secrets=secrets)
    first = data.index(b"{\n") + 2
    last = data.rindex(b"{\n") + 2
    rows.fold(Fold(start, data.index(b"}", start) + 3, 1, b"},") for start in (first, last))
    return rows


def with_objects(members: int) -> bytes:
    one, item = b'  {\n    "a": 1\n  },\n', b'  "\xc3\xa9,\tk",\n'
    return b"[\n" + item * members + one + item * members + one + item * members + b"]\n"


def test_rows_around_folds_are_copied_as_few_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is folded is one row of the copy, as on the screen."""
    rows = folded(with_objects(700), secrets=frozenset({'"\u00e9'}))
    for selection in (ALL, Selection(Offset(1, 2), Offset(1, 1_900)), Selection(Offset(0, 701), Offset(4, 1_402))):
        at_once = rows.selected(selection)
        with monkeypatch.context() as patch:
            patch.setattr(body_rows, "_FEW", 1 << 30)
            assert rows.selected(selection) == at_once
    assert rows.selected(ALL).count("{ 1 },\n") == 2


def test_rows_around_folds_are_not_taken_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of thousands of rows, only the ends and the folded ones are drawn."""
    rows = folded(with_objects(3_000))
    drawn: list[int] = []
    shown = BodyRows.shown

    def noted(self: BodyRows, number: int) -> ShownRow:
        drawn.append(number)
        return shown(self, number)

    monkeypatch.setattr(BodyRows, "shown", noted)
    assert len(rows.selected(ALL)) > 30_000
    assert len(drawn) == 4


def test_a_match_is_measured_once_for_all_paints(monkeypatch: pytest.MonkeyPatch) -> None:
    """A screen full of accents has its matches where they stand, and does not look for them with each paint."""
    data = ("a" + "\u0301" * 12 + "\t").encode() * 500
    rows = rows_of(data)
    places = [(rows.rows.row_at(at), at, at + 3) for at in range(0, 4_000, 13)]
    slow = rows_of(data)
    expected = []
    for place in places:
        slow._ranges.clear()
        expected.append(slow.range_of(*place))
    measured: list[int] = []

    def noted(part: bytes, charset: str) -> int:
        measured.append(len(part))
        return len(decode_row(part, charset).text)

    monkeypatch.setattr(body_rows, "shown_length", noted)
    for _ in range(3):
        assert [rows.range_of(*place) for place in places] == expected
    assert len(measured) == 2 * len(places)


class Growing:
    """A body that still comes."""

    path = None

    def __init__(self, data: bytes) -> None:
        self.data = data

    @property
    def size(self) -> int:
        return len(self.data)

    def read(self, start: int = 0, length: int | None = None) -> bytes:
        return self.data[start:] if length is None else self.data[start : start + length]


def test_a_match_at_the_end_of_what_came_is_measured_again_when_more_comes() -> None:
    """The rest of a character that was cut in two may make it another one."""
    body = Growing(b"a" * 63 + b"\xc3")
    rows = BodyRows(BodyDocument(body), 64, 80)  # type: ignore[arg-type]  # a body by shape
    rows.rows.extend()
    before = rows.range_of(0, 60, 64)
    body.data += "é".encode()[1:] + b"b" * 200
    while rows.rows.indexed_bytes < body.size:
        rows.rows.extend()
    fresh = rows_of(body.data)
    assert rows.rows.row(0) == fresh.rows.row(0)
    assert rows.range_of(0, 60, 64) == fresh.range_of(0, 60, 64) != before
