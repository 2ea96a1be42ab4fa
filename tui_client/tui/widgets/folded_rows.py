"""Rows of a text with some containers folded: the same questions as LineIndex answers, for what is left to see."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from tui_client.tui.widgets.json_nesting import Fold
from tui_client.tui.widgets.line_index import LineIndex, Row

# The first and the last row that each fold hides, for the folds of one index.
Places: TypeAlias = dict[Fold, tuple[int, int]]


def outermost(folds: Iterable[Fold]) -> tuple[Fold, ...]:
    """Those that lie in no other, in order."""
    found: list[Fold] = []
    for fold in sorted(folds):
        if not found or fold.start >= found[-1].end:
            found.append(fold)
    return tuple(found)


class PlaceFolds:
    """Finds the rows of many folds, one with each step: to fold thousands takes a second. Known ones are left alone."""

    def __init__(self, index: LineIndex, folds: Sequence[Fold], places: Places) -> None:
        self._index = index
        self._left = [fold for fold in folds if fold not in places and fold.end <= index.indexed_bytes]
        self._places = places

    @property
    def complete(self) -> bool:
        """Whether all are found whose bytes were counted."""
        return not self._left

    def extend(self) -> None:
        """Find one more; from the last to the first, or the other way round, a piece is read once."""
        fold = self._left.pop()
        self._places[fold] = _place_of(self._index, fold)


def _place_of(index: LineIndex, fold: Fold) -> tuple[int, int]:
    return index.row_at(fold.start), index.row_at(fold.end - 1)


class FoldedRows:
    """The rows outside of some folds, numbered as they are seen. A fold takes effect once its bytes are counted.

    places: what is known of them already.
    """

    def __init__(self, index: LineIndex, folds: Iterable[Fold], places: Places | None = None) -> None:
        self.index = index
        self.window = index.window
        self.places: Places = {}
        self._known = places or {}
        self._pending = list(reversed(outermost(folds)))
        self._folds: list[Fold] = []
        self._first: list[int] = []  # the first hidden row of each fold
        self._heads: list[int] = []  # the row before it, as it is numbered here
        self._hidden = [0]  # rows hidden by the folds before each
        self._place()

    def _place(self) -> None:
        """Fold what is counted by now."""
        while self._pending and self._pending[-1].end <= self.index.indexed_bytes:
            fold = self._pending.pop()
            first, last = self.places[fold] = self._known.get(fold) or _place_of(self.index, fold)
            self._folds.append(fold)
            self._first.append(first)
            self._heads.append(first - 1 - self._hidden[-1])
            self._hidden.append(self._hidden[-1] + last - first + 1)

    @property
    def complete(self) -> bool:
        """Whether all bytes that are there have been counted."""
        return self.index.complete

    @property
    def indexed_bytes(self) -> int:
        """Bytes that have been counted."""
        return self.index.indexed_bytes

    @property
    def row_count(self) -> int:
        """Rows to be seen, known so far."""
        return max(0, self.index.row_count - self._hidden[-1])

    @property
    def line_count(self) -> int:
        """Lines known so far, hidden ones too."""
        return self.index.line_count

    def extend(self) -> None:
        """Count one more piece."""
        self.index.extend()
        self._place()

    def row(self, number: int) -> Row:
        """The row of this number, from 0; its line is that of the whole text."""
        # Rows after the head of a fold are further down in the text.
        before = bisect_right(self._heads, number - 1)
        return self.index.row(number + self._hidden[before])

    def fold_of(self, number: int) -> Fold | None:
        """What is folded behind this row."""
        at = bisect_right(self._heads, number) - 1
        return self._folds[at] if at >= 0 and self._heads[at] == number else None

    def heads(self, first: int, end: int) -> list[int]:
        """The rows from `first` to before `end` that something is folded behind, in order."""
        return self._heads[bisect_left(self._heads, first) : bisect_left(self._heads, end)]

    def row_at(self, offset: int) -> int:
        """The number of the row that holds this byte; of the fold's, for a hidden one."""
        return self._seen(self.index.row_at(offset))

    def row_of_line(self, line: int) -> int:
        """The number of the first row of this line, from 1; of the fold's, for a hidden one."""
        return self._seen(self.index.row_of_line(line))

    def _seen(self, row: int) -> int:
        at = bisect_right(self._first, row)
        if at:
            hidden = self._hidden[at] - self._hidden[at - 1]
            if row < self._first[at - 1] + hidden:
                return self._heads[at - 1]
        return row - self._hidden[at]
