"""What a body view shows of each row: text, tokens, and where a byte stands in it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple, TypeAlias

import msgspec
from textual.selection import Selection

from tui_client.model.exchange import BodyContent, BytesBody
from tui_client.text import format_count, hidden
from tui_client.text.hidden import reach
from tui_client.tui.widgets.byte_window import ByteWindow
from tui_client.tui.widgets.folded_rows import FoldedRows, PlaceFolds, Places
from tui_client.tui.widgets.hex_rows import PER_ROW, HexRows, hex_column, hex_text
from tui_client.tui.widgets.json_nesting import Fold
from tui_client.tui.widgets.lexers import Language, Span, Token, spans
from tui_client.tui.widgets.line_index import LineIndex, Row
from tui_client.tui.widgets.row_paint import Range
from tui_client.tui.widgets.row_text import decode_lines, decode_row, shown_length, snap

Rows: TypeAlias = LineIndex | HexRows | FoldedRows
_KEPT: Final = 512
_RANGES_KEPT: Final = 1 << 14  # some screens full of matches
COPY_LIMIT: Final = 1 << 18  # characters; by OSC 52 terminals take no more
_FEW: Final = 500  # rows
_LONGEST_CHARACTER: Final = 4  # bytes
_SNAP: Final = 3
_HEX_WIDTH: Final = 66


class BodyDocument(msgspec.Struct, frozen=True):
    """A body and how to read it. `charset` is one whose rows can be decoded apart; it plays no part in hex.

    plain_bytes: so many at the beginning are not in `language`. indented: each part stands on a line of its own, as the
    formatters leave it, so that it can be folded. roots: where its value was found in what was sent, or the members of
    its array if there are more; None for all that was sent. secrets: hidden in texts; hex shows them.
    """

    content: BodyContent = BytesBody()
    language: Language = Language.PLAIN
    charset: str = "utf-8"
    hex: bool = False
    plain_bytes: int = 0
    indented: bool = False
    roots: tuple[str, ...] | None = None
    secrets: frozenset[str] = frozenset()


class ShownRow(NamedTuple):
    """One row, ready to be painted."""

    row: Row
    text: str
    spans: tuple[Span, ...]
    broken: bool


class BodyRows:
    """The rows of one document, cut after `block` bytes or for a hex view of `width` cells; some hundreds are kept."""

    def __init__(self, document: BodyDocument, block: int, width: int) -> None:
        self.document = document
        self.rows: Rows
        if document.hex:
            self.rows = HexRows(ByteWindow(document.content), PER_ROW if width >= _HEX_WIDTH else PER_ROW // 2)
        else:
            self.rows = LineIndex(document.content, block)
        self._places: Places = {}
        self._shown: OrderedDict[int, ShownRow] = OrderedDict()
        self._ranges: dict[tuple[Row, int, int], Range] = {}

    def shown(self, number: int) -> ShownRow:
        """The row of this number."""
        known = self._shown.get(number)
        row = self.rows.row(number)
        # The last row of a growing body may have become longer.
        if known is not None and known.row == row:
            return known
        fold = self.rows.fold_of(number) if isinstance(self.rows, FoldedRows) else None
        shown = self._show(row) if fold is None else _folded(self._show(row), fold)
        self._shown[number] = shown
        if len(self._shown) > _KEPT:
            self._shown.popitem(last=False)
        return shown

    def hide(self, secrets: frozenset[str]) -> None:
        """Hide these values from now on, and no others; the rows stay."""
        self.document = msgspec.structs.replace(self.document, secrets=secrets)
        self._shown.clear()

    def fold(self, folds: Iterable[Fold]) -> None:
        """Hide what is in these and show what is in no other; the rows have other numbers then."""
        if not isinstance(self.rows, HexRows):
            base = self.rows.index if isinstance(self.rows, FoldedRows) else self.rows
            self.rows = folded = FoldedRows(base, folds, self._places)
            self._places = folded.places
            self._shown.clear()

    def placing(self, folds: Sequence[Fold]) -> PlaceFolds | None:
        """The work that is best done before many are folded; None in hex."""
        if isinstance(self.rows, HexRows):
            return None
        return PlaceFolds(self.rows.index if isinstance(self.rows, FoldedRows) else self.rows, folds, self._places)

    def range_of(self, number: int, start: int, end: int) -> Range:
        """The characters of a row that show the bytes from `start` to `end`."""
        row = self.rows.row(number)
        start, end = max(start, row.start), min(end, row.end)
        if isinstance(self.rows, HexRows):
            per_row = self.rows.per_row
            return hex_column(start - row.start, per_row), hex_column(end - 1 - row.start, per_row) + 2
        # Each paint asks again for all matches that are seen, and each has its row decoded twice.
        known = self._ranges.get((row, start, end))
        if known is not None:
            return known
        data, begin = self._bytes(row)
        charset = self.document.charset
        found = shown_length(data[: start - begin], charset), shown_length(data[: end - begin], charset)
        # What follows the last row that is counted may yet complete its last character.
        if row.end < self.rows.indexed_bytes:
            if len(self._ranges) >= _RANGES_KEPT:
                self._ranges.clear()
            self._ranges[row, start, end] = found
        return found

    def selected(self, selection: Selection) -> str:
        """The selected text, safe to print, at most COPY_LIMIT characters."""
        first = 0 if selection.start is None else selection.start.y
        last = self.rows.row_count - 1 if selection.end is None else min(selection.end.y, self.rows.row_count - 1)
        if isinstance(self.rows, HexRows) or last - first < _FEW:
            return self._rows_text(range(first, last + 1), selection)
        # A hundred thousand rows are copied at once: one by one, they would take a second.
        heads = self.rows.heads(first + 1, last) if isinstance(self.rows, FoldedRows) else []
        parts: list[str] = []
        room, at = COPY_LIMIT, first
        for alone in (first, *heads, last):
            if at < alone:
                parts.append(self._lines_text(at, alone - 1))
                room -= len(parts[-1])
            joint = "" if alone == first else self._joint(alone)
            parts.append(joint + self._rows_text(range(alone, alone + 1), selection))
            room, at = room - len(parts[-1]), alone + 1
            if room <= 0:
                break
        return "".join(parts)[:COPY_LIMIT]

    def _rows_text(self, numbers: range, selection: Selection) -> str:
        parts: list[str] = []
        room = COPY_LIMIT
        for number in numbers:
            text = self.shown(number).text
            start, end = selection.get_span(number) or (0, -1)
            joint = "" if number == numbers.start else self._joint(number)
            parts.append(joint + (text[start:] if end == -1 else text[start:end]))
            room -= len(parts[-1])
            if room <= 0:
                break
        return "".join(parts)[:COPY_LIMIT]

    def _joint(self, number: int) -> str:
        """What stands between a row and the one before it."""
        return "" if self.rows.row(number).continued else "\n"

    def _lines_text(self, first: int, last: int) -> str:
        """Whole rows as they are shown, or more than is copied of them, with what joins them to the one before."""
        row = self.rows.row(first)
        end = min(self.rows.row(last).end, row.start + COPY_LIMIT * _LONGEST_CHARACTER)
        data, begin = self._bytes(row._replace(end=end))
        if self.document.secrets:
            data = self._without_secrets(data, begin)
        return self._joint(first) + decode_lines(data, self.document.charset, COPY_LIMIT)

    def _show(self, row: Row) -> ShownRow:
        data, begin = self._bytes(row)
        if isinstance(self.rows, HexRows):
            return ShownRow(row, hex_text(data, self.rows.per_row), (), False)
        if self.document.secrets:
            data = self._without_secrets(data, begin)
        text, broken = decode_row(data, self.document.charset)
        language = Language.PLAIN if row.start < self.document.plain_bytes else self.document.language
        return ShownRow(row, text, tuple(spans(text, language, continued=row.continued)), broken)

    def _without_secrets(self, data: bytes, begin: int) -> bytes:
        """Also those that go on in the rows around this one."""
        around = reach(self.document.secrets)
        before = max(0, begin - around)
        whole = self.rows.window.read(before, begin + len(data) + around)
        return hidden(whole, self.document.secrets)[begin - before :][: len(data)]

    def _bytes(self, row: Row) -> tuple[bytes, int]:
        """The row's bytes, moved so that no character of UTF-8 is cut in two, and where they begin."""
        if self.document.hex or not self.document.charset.startswith("utf-8"):
            return self.rows.window.read(row.start, row.end), row.start
        before = max(0, row.start - _SNAP)
        data = self.rows.window.read(before, row.end + 1)
        begin = snap(data, row.start - before) if row.continued else row.start - before
        end = snap(data, row.end - before)
        return data[begin:end], before + begin


def _folded(shown: ShownRow, fold: Fold) -> ShownRow:
    """The row that a container begins in, with the number of its parts and its end."""
    count = format_count(fold.parts)
    start = len(shown.text) + 1
    text = f"{shown.text} {count} {fold.closing.decode()}"
    return shown._replace(text=text, spans=(*shown.spans, Span(start, start + len(count), Token.COMMENT)))
