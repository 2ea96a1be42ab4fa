"""Where the rows of a large text begin, found piece by piece: counts are kept, offsets are found again when needed.

A row begins after each line feed, and, so that a line of any length stays cheap, at each multiple of `block` bytes
that follows a block without a line feed. So no row is longer than two blocks, and a piece can be counted without its
neighbours.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from typing import Final, NamedTuple

from tui_client.model.exchange import BodyContent
from tui_client.tui.widgets.byte_window import PIECE, ByteWindow

_LINE_FEED: Final = re.compile(b"\n")
_KEPT: Final = 16


class Row(NamedTuple):
    """Bytes of one row, its line feed included. `line` counts from 1; `continued`: it goes on with the line above."""

    start: int
    end: int
    line: int
    continued: bool


class _Starts(NamedTuple):
    """Rows that one piece causes: where they start, and how many line feeds the piece has up to each of them."""

    offsets: list[int]
    feeds: list[int]


class LineIndex:
    """Rows of a body that may still grow. `extend` counts one more piece; rows are known as far as that went."""

    def __init__(self, content: BodyContent, block: int = 1024) -> None:
        self.window = ByteWindow(content)
        self._block = block
        self._span = block * max(1, PIECE // block)
        self._rows = array("Q", [0])  # rows caused by the pieces before each piece
        self._feeds = array("Q", [0])
        self._known: OrderedDict[int, _Starts] = OrderedDict()
        self._tail = _Starts([], [])
        self.indexed_bytes = 0

    @property
    def complete(self) -> bool:
        """Whether all bytes that are there have been counted."""
        return self.indexed_bytes >= self.window.size

    @property
    def row_count(self) -> int:
        """Rows known so far; a body that ends in a line feed has no empty last row."""
        if not self.indexed_bytes:
            return 0
        count = 1 + self._rows[-1] + len(self._tail.offsets)
        return count - 1 if self._start(count - 1) >= self.indexed_bytes else count

    @property
    def line_count(self) -> int:
        """Lines known so far."""
        count = self.row_count
        return self.row(count - 1).line if count else 0

    def extend(self) -> None:
        """Count one more piece: some 64 KiB, far below a millisecond."""
        start = (len(self._rows) - 1) * self._span
        end = min(start + self._span, self.window.size)
        if end - start < self._span:
            self._tail = self._scan(start, end)
        else:
            # Where they start is found again when it is needed: to count them is a hundred times as fast.
            data = self.window.content.read(start, end - start)
            feeds = data.count(b"\n")
            self._rows.append(self._rows[-1] + feeds + len(self._breaks(data)))
            self._feeds.append(self._feeds[-1] + feeds)
            self._tail = _Starts([], [])
        self.indexed_bytes = end

    def row(self, number: int) -> Row:
        """The row of this number, from 0."""
        start, feeds, continued = self._begin(number)
        known = number + 1 < 1 + self._rows[-1] + len(self._tail.offsets)
        end = self._start(number + 1) if known else self.indexed_bytes
        return Row(start, end, feeds + 1, continued)

    def row_at(self, offset: int) -> int:
        """The number of the row that holds this byte; the last known row for a byte after it."""
        piece = min(offset // self._span, len(self._rows) - 1)
        # A start right at the end of a piece is caused by that piece.
        while piece > 0 and offset < piece * self._span:
            piece -= 1
        number = self._rows[piece] + bisect_right(self._starts(piece).offsets, offset)
        return max(0, min(number, self.row_count - 1))

    def row_of_line(self, line: int) -> int:
        """The number of the first row of this line, from 1; the last known row if there is no such line."""
        if line <= 1:
            return 0
        piece = max(0, bisect_left(self._feeds, line - 1) - 1)
        starts = self._starts(piece)
        position = bisect_left(starts.feeds, line - 1 - self._feeds[piece])
        return max(0, min(1 + self._rows[piece] + position, self.row_count - 1))

    def _begin(self, number: int) -> tuple[int, int, bool]:
        if number == 0:
            return 0, 0, False
        piece = bisect_right(self._rows, number - 1) - 1
        starts = self._starts(piece)
        if not starts.offsets:  # someone has cut the file since it was counted
            return piece * self._span, self._feeds[piece], True
        position = min(number - 1 - self._rows[piece], len(starts.offsets) - 1)
        feeds = starts.feeds[position]
        before = starts.feeds[position - 1] if position else 0
        return starts.offsets[position], self._feeds[piece] + feeds, feeds == before

    def _start(self, number: int) -> int:
        return self._begin(number)[0]

    def _starts(self, piece: int) -> _Starts:
        if piece >= len(self._rows) - 1:
            return self._tail
        known = self._known.get(piece)
        if known is None:
            known = self._scan(piece * self._span, (piece + 1) * self._span)
            self._known[piece] = known
            if len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return known

    def _breaks(self, data: bytes) -> list[int]:
        """Where in a piece rows begin because there was no line feed in the block before."""
        block, find = self._block, data.find
        return [at + block for at in range(0, len(data) - block + 1, block) if find(b"\n", at, at + block) < 0]

    def _scan(self, start: int, end: int) -> _Starts:
        data = self.window.content.read(start, end - start)
        breaks = [start + at for at in self._breaks(data)]
        feeds = [start + match.end() for match in _LINE_FEED.finditer(data)]
        if not breaks:
            return _Starts(feeds, list(range(1, len(feeds) + 1)))
        offsets = sorted(feeds + breaks)
        return _Starts(offsets, [bisect_right(feeds, offset) for offset in offsets])
