"""The rows of a comparison, made one by one when they are shown."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import msgspec

from tui_client.replay.comparison.blocks import Block, Kind, Layout
from tui_client.replay.comparison.packed import Head, read_head

_LINE_BYTES: Final = 16_000  # of a longer line, so many are shown
_BEFORE_BYTES: Final = 40  # of what is the same, before the first difference of two long lines


class Line(msgspec.Struct, frozen=True):
    """A line of one side.

    number: from 1. text: outside text, without its end. cut: in bytes, what was left out. part: the characters that
    differ from the line it is compared with, from where to where; None without such a line.
    """

    number: int
    text: str
    cut: int = 0
    part: tuple[int, int] | None = None


class Row(msgspec.Struct, frozen=True):
    """What stands in one row: a line on either side or both, or, if `hidden`, so many rows that are not shown."""

    kind: Kind
    left: Line | None = None
    right: Line | None = None
    hidden: int = 0


class DiffRows:
    """Rows over the bytes of a comparison, which stay where they are: in memory, or in a file."""

    def __init__(self, data: memoryview) -> None:
        self.head: Head = read_head(data)
        self._data = data
        self._kinds = self._section("kinds")
        self._left, self._left_count = self._numbers("left"), self._numbers("left.count")
        self._right, self._right_count = self._numbers("right"), self._numbers("right.count")
        self._lines = {side: self._numbers(f"{side}.lines") for side in ("left", "right")}
        self._stops = self._numbers("stops")
        self._starts = {layout: self._numbers(f"{layout}.starts") for layout in Layout}
        # A view is drawn again and again, and a row of a long line is dear.
        self._row = lru_cache(maxsize=512)(self._made)

    def _section(self, name: str) -> memoryview:
        offset, length = self.head.sections[name]
        return self._data[offset : offset + length]

    def _numbers(self, name: str) -> Sequence[int]:
        return self._section(name).cast("I")

    @property
    def line_counts(self) -> tuple[int, int]:
        """How many lines each side has."""
        return len(self._lines["left"]) - 1, len(self._lines["right"]) - 1

    # Which rows there are

    def count(self, layout: Layout, *, folded: bool) -> int:
        """How many rows there are."""
        return self._numbers(f"{layout}.total")[0] if folded else self._starts[layout][-1]

    def row(self, layout: Layout, at: int, *, folded: bool) -> Row:
        """One row."""
        return self._row(layout, at, folded)

    def _made(self, layout: Layout, at: int, folded: bool) -> Row:
        if folded:
            at, hidden = self._unfolded(layout, at)
            if hidden:
                return Row(Kind.SAME, hidden=hidden)
        number = self._block_at(layout, at)
        block = self._block(number)
        return self._row_of(block, layout, at - self._starts[layout][number])

    def _block_at(self, layout: Layout, full: int) -> int:
        return bisect_right(self._starts[layout], full) - 1

    def _block(self, number: int) -> Block:
        return Block(
            Kind(self._kinds[number]),
            self._left[number],
            self._left_count[number],
            self._right[number],
            self._right_count[number],
        )

    def _unfolded(self, layout: Layout, at: int) -> tuple[int, int]:
        """The row with nothing hidden, and how many rows it stands for; 0 for itself."""
        piece = bisect_right(self._numbers(f"{layout}.shown"), at) - 1
        full, hidden = self._numbers(f"{layout}.full")[piece], self._numbers(f"{layout}.hidden")[piece]
        return full + (0 if hidden else at - self._numbers(f"{layout}.shown")[piece]), hidden

    def full_row(self, layout: Layout, at: int, *, folded: bool) -> int:
        """Which row it is when nothing is hidden."""
        return self._unfolded(layout, at)[0] if folded and self.count(layout, folded=True) else at

    def shown_row(self, layout: Layout, full: int, *, folded: bool) -> int:
        """Where a row is shown that has this number when nothing is hidden; where it is hidden, what stands for it."""
        if not folded or not self.count(layout, folded=True):
            return full
        piece = max(0, bisect_right(self._numbers(f"{layout}.full"), full) - 1)
        shown = self._numbers(f"{layout}.shown")[piece]
        if self._numbers(f"{layout}.hidden")[piece]:
            return shown
        return shown + full - self._numbers(f"{layout}.full")[piece]

    def moved(self, full: int, before: Layout, after: Layout) -> int:
        """The row of one layout that shows what a row of the other does; both with nothing hidden."""
        if not self.count(before, folded=False):
            return 0
        number = self._block_at(before, full)
        inside = full - self._starts[before][number]
        return self._starts[after][number] + min(inside, self._block(number).rows(after) - 1)

    # Differences

    @property
    def stop_count(self) -> int:
        """How many differences there are, values that are only written differently among them."""
        return len(self._stops)

    def stop_row(self, stop: int, layout: Layout) -> int:
        """The first row of a difference, when nothing is hidden."""
        return self._starts[layout][self._stops[stop]]

    def stop_at(self, full: int, layout: Layout) -> int | None:
        """The difference that a row belongs to."""
        if not self.count(layout, folded=False):
            return None
        block = self._block_at(layout, full)
        stop = bisect_left(self._stops, block)
        return stop if stop < len(self._stops) and self._stops[stop] == block else None

    def stops_before(self, full: int, layout: Layout) -> int:
        """How many differences begin before a row."""
        return bisect_left(range(len(self._stops)), full, key=lambda stop: self.stop_row(stop, layout))

    def place(self, stop: int) -> str:
        """Where a difference is: a JSONPath, or "line 12". Outside text."""
        ends = self._numbers("places.ends")
        return bytes(self._section("places")[ends[stop] : ends[stop + 1]]).decode("utf-8", "replace")

    def kind(self, stop: int) -> Kind:
        """What kind of difference it is."""
        return Kind(self._kinds[self._stops[stop]])

    def lines(self, stop: int, limit: int) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
        """The lines of a difference on the left and on the right, the first so many of each."""
        block = self._block(self._stops[stop])
        sides = ("left", block.left, block.left_count), ("right", block.right, block.right_count)
        left, right = (
            tuple(self._line(name, at) for at in range(first, first + min(count, limit)))
            for name, first, count in sides
        )
        return left, right

    def line_count(self, stop: int) -> tuple[int, int]:
        """How many lines a difference has on the left and on the right."""
        block = self._block(self._stops[stop])
        return block.left_count, block.right_count

    # Lines

    def _row_of(self, block: Block, layout: Layout, inside: int) -> Row:
        one_side = layout is Layout.INLINE and block.kind is not Kind.SAME
        on_right = one_side and inside >= block.left_count
        if on_right:
            inside -= block.left_count
        left = self._line("left", block.left + inside) if inside < block.left_count else None
        right = self._line("right", block.right + inside) if inside < block.right_count else None
        if left and right and block.kind in (Kind.CHANGED, Kind.WRITTEN):
            left, right = self._compared(left, right)
        return Row(block.kind, None if on_right else left, None if one_side and not on_right else right)

    def _compared(self, left: Line, right: Line) -> tuple[Line, Line]:
        """Two lines with the parts that differ; long ones from shortly before these on."""
        if left.cut or right.cut:
            start = self._start_of(self._bytes("left", left.number - 1), self._bytes("right", right.number - 1))
            left, right = (
                self._line("left", left.number - 1, start),
                self._line("right", right.number - 1, start),
            )
        begin, end = _common_ends(left.text, right.text)
        return (
            msgspec.structs.replace(left, part=(begin, len(left.text) - end)),
            msgspec.structs.replace(right, part=(begin, len(right.text) - end)),
        )

    @staticmethod
    def _start_of(left: memoryview, right: memoryview) -> int:
        same = first_difference(left, right)
        return same - _BEFORE_BYTES if same is not None and same > _LINE_BYTES // 2 else 0

    def _bytes(self, side: str, line: int) -> memoryview:
        starts = self._lines[side]
        return self._section(f"{side}.text")[starts[line] : starts[line + 1]]

    def _line(self, side: str, line: int, start: int = 0) -> Line:
        data = self._bytes(side, line)
        shown = bytes(data[start : start + _LINE_BYTES])
        text = shown.decode("utf-8", "replace").rstrip("\r\n")
        if start:
            text = "…" + text.lstrip("\ufffd")
        return Line(line + 1, text, max(0, len(data) - start - len(shown)))


def _common_ends(left: str, right: str) -> tuple[int, int]:
    """How many characters two texts have in common at their beginning, and behind that at their end."""
    shorter = min(len(left), len(right))
    begin = next((at for at in range(shorter) if left[at] != right[at]), shorter)
    rest = shorter - begin
    return begin, next((at for at in range(rest) if left[-1 - at] != right[-1 - at]), rest)


def first_difference(left: memoryview | bytes, right: memoryview | bytes) -> int | None:
    """The offset of the first byte that differs; None if one is the beginning of the other, or both are the same."""
    low, high = 0, min(len(left), len(right))
    if bytes(left[:high]) == bytes(right[:high]):
        return None
    # What is compared at each step is half of what is left.
    while high - low > 1:
        middle = (low + high) // 2
        if bytes(left[low:middle]) == bytes(right[low:middle]):
            low = middle
        else:
            high = middle
    return low
