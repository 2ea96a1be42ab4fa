"""Two texts aligned line by line: blocks of lines that are the same, changed, or on one side only."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from enum import IntEnum, StrEnum
from typing import Final, NamedTuple

CONTEXT_LINES: Final = 3
_LEAST_HIDDEN: Final = 2  # one hidden line would take as much room as it saves


class Kind(IntEnum):
    """What a block is. WRITTEN: the same value, written differently. IGNORED: different, and meant to be left out."""

    SAME = 0
    CHANGED = 1
    REMOVED = 2
    ADDED = 3
    WRITTEN = 4
    IGNORED = 5


# What a reader is led to; the other kinds are surroundings.
STOPS: Final = frozenset({Kind.CHANGED, Kind.REMOVED, Kind.ADDED, Kind.WRITTEN})
DIFFERENCES: Final = frozenset({Kind.CHANGED, Kind.REMOVED, Kind.ADDED})


class Layout(StrEnum):
    """How two sides share the screen."""

    SIDES = "sides"
    INLINE = "inline"


class Block(NamedTuple):
    """Lines from `left` on and from `right` on, counted from 0; a count of 0 says that the side has none."""

    kind: Kind
    left: int
    left_count: int
    right: int
    right_count: int

    def rows(self, layout: Layout) -> int:
        """How many rows it takes."""
        if layout is Layout.SIDES:
            return max(self.left_count, self.right_count)
        return self.right_count if self.kind is Kind.SAME else self.left_count + self.right_count


class Blocks:
    """Blocks as they are found, in columns of numbers: there may be hundreds of thousands."""

    def __init__(self) -> None:
        self.kinds = bytearray()
        self.left, self.left_count = array("I"), array("I")
        self.right, self.right_count = array("I"), array("I")
        self.places: list[str] = []  # one for each of the kinds in STOPS
        self.counts = dict.fromkeys(Kind, 0)

    def __len__(self) -> int:
        return len(self.kinds)

    def __getitem__(self, at: int) -> Block:
        return Block(Kind(self.kinds[at]), self.left[at], self.left_count[at], self.right[at], self.right_count[at])

    def __iter__(self) -> Iterator[Block]:
        return map(self.__getitem__, range(len(self)))

    def add(self, block: Block, place: str = "") -> None:
        """Add the next block; one that only goes on with what is the same joins the last one."""
        if block.kind is Kind.SAME and self.kinds and self._goes_on(block):
            self.left_count[-1] += block.left_count
            self.right_count[-1] += block.right_count
            return
        self.kinds.append(block.kind)
        self.left.append(block.left)
        self.left_count.append(block.left_count)
        self.right.append(block.right)
        self.right_count.append(block.right_count)
        self.counts[block.kind] += 1
        if block.kind in STOPS:
            self.places.append(place)

    def _goes_on(self, block: Block) -> bool:
        return (
            self.kinds[-1] == Kind.SAME
            and self.left[-1] + self.left_count[-1] == block.left
            and self.right[-1] + self.right_count[-1] == block.right
        )


class Folds(NamedTuple):
    """The rows of a layout with long runs of surroundings hidden, as pieces in order.

    shown: the piece's first row here; full: its first row with nothing hidden; hidden: how many rows its one row
    stands for, 0 for a piece that is shown whole. total: rows in all.
    """

    shown: array[int]
    full: array[int]
    hidden: array[int]
    total: int


def starts_of(blocks: Blocks, layout: Layout) -> array[int]:
    """The first row of each block, and behind them how many rows there are."""
    starts = array("I", [0])
    row = 0
    for block in blocks:
        row += block.rows(layout)
        starts.append(row)
    return starts


def folded(blocks: Blocks, starts: array[int]) -> Folds:
    """Leave out what is far from any difference."""
    folds = Folds(array("I"), array("I"), array("I"), 0)
    at = shown = 0
    for begin, end in [*_quiet_runs(blocks, starts), (starts[-1], starts[-1])]:
        first = begin + (CONTEXT_LINES if begin else 0)
        last = end - (CONTEXT_LINES if end < starts[-1] else 0)
        if begin < end and last - first < _LEAST_HIDDEN:
            continue
        first = min(first, starts[-1])
        if at < first:
            shown = _piece(folds, shown, at, first - at, hidden=0)
        if begin < end:
            shown = _piece(folds, shown, first, 1, hidden=last - first)
            at = last
    return folds._replace(total=shown)


def _piece(folds: Folds, shown: int, full: int, rows: int, *, hidden: int) -> int:
    folds.shown.append(shown)
    folds.full.append(full)
    folds.hidden.append(hidden)
    return shown + rows


def _quiet_runs(blocks: Blocks, starts: array[int]) -> Iterator[tuple[int, int]]:
    """Rows from where to where nothing is that a reader is led to."""
    begin: int | None = None
    for at, kind in enumerate(blocks.kinds):
        if kind in STOPS:
            if begin is not None:
                yield begin, starts[at]
            begin = None
        elif begin is None:
            begin = starts[at]
    if begin is not None:
        yield begin, starts[-1]
