"""Which elements of two arrays belong together: the shortest edit between them (Myers 1986), bounded in time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from typing import Final, TypeAlias

# (index before, index after); None on the side where the element is not.
Pair: TypeAlias = tuple[int | None, int | None]

# How much the elements at these indices have in common.
Alike: TypeAlias = Callable[[int, int], int]

_MAX_PAIRS: Final = 400
_MAX_EDITS: Final = 500
_MAX_STEPS: Final = 2_000_000  # about half a second


def _not_alike(before: int, after: int) -> int:
    return 0


class Aligner:
    """Aligns the arrays of one comparison; together they get a bounded number of steps, then they go by index."""

    def __init__(self) -> None:
        self._steps_left = _MAX_STEPS

    def differences(self, before: Sequence[int], after: Sequence[int], alike: Alike = _not_alike) -> Iterator[Pair]:
        """The places where the arrays differ, in order: changed pairs, removed and added elements.

        Elements are equal if their numbers are. Between two that stayed, the others are paired in order; where one side
        has more of them, so that those paired are as `alike` as can be.
        """
        start, tail = _common_ends(before, after)
        middle_before = before[start : len(before) - tail]
        middle_after = after[start : len(after) - tail]
        at_before = at_after = 0
        ends = (len(middle_before), len(middle_after))
        for stays_before, stays_after in [*self._matches(middle_before, middle_after), ends]:
            gap_before = range(start + at_before, start + stays_before)
            gap_after = range(start + at_after, start + stays_after)
            yield from _paired(gap_before, gap_after, alike)
            at_before, at_after = stays_before + 1, stays_after + 1

    def _matches(self, before: Sequence[int], after: Sequence[int]) -> list[tuple[int, int]]:
        """The elements that stayed, in order; none where that can't be found out in time."""
        if set(before).isdisjoint(after):
            return []
        trace = self._trace(before, after)
        return [] if trace is None else _walked_back(trace, len(before), len(after))

    def _trace(self, before: Sequence[int], after: Sequence[int]) -> list[dict[int, int]] | None:
        """For each number of edits, how far each diagonal got before it; None if there are too many edits."""
        furthest = {1: 0}
        trace: list[dict[int, int]] = []
        for edits in range(min(len(before) + len(after), _MAX_EDITS) + 1):
            # The diagonals next to this round's, which are all that the way back needs.
            trace.append({k: furthest[k] for k in range(-edits - 1, edits + 2, 2) if k in furthest})
            for diagonal in range(-edits, edits + 1, 2):
                x = _reached(furthest, diagonal, edits)
                begun = x
                while x < len(before) and x - diagonal < len(after) and before[x] == after[x - diagonal]:
                    x += 1
                furthest[diagonal] = x
                self._steps_left -= 1 + x - begun
                if x >= len(before) and x - diagonal >= len(after):
                    return trace
            if self._steps_left < 0:
                return None
        return None


def _common_ends(before: Sequence[int], after: Sequence[int]) -> tuple[int, int]:
    shorter = min(len(before), len(after))
    start = 0
    while start < shorter and before[start] == after[start]:
        start += 1
    tail = 0
    while tail < shorter - start and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    return start, tail


def _reached(furthest: dict[int, int], diagonal: int, edits: int) -> int:
    """How far a diagonal gets by one edit: an addition from the diagonal above, or a removal from the one below."""
    if _by_addition(furthest, diagonal, edits):
        return furthest[diagonal + 1]
    return furthest[diagonal - 1] + 1


def _by_addition(furthest: dict[int, int], diagonal: int, edits: int) -> bool:
    return diagonal == -edits or (diagonal != edits and furthest[diagonal - 1] < furthest[diagonal + 1])


def _walked_back(trace: list[dict[int, int]], x: int, y: int) -> list[tuple[int, int]]:
    matches: list[tuple[int, int]] = []
    for edits in range(len(trace) - 1, -1, -1):
        furthest = trace[edits]
        diagonal = x - y
        came_from = diagonal + 1 if _by_addition(furthest, diagonal, edits) else diagonal - 1
        from_x = furthest[came_from]
        from_y = from_x - came_from
        while x > from_x and y > from_y:
            x, y = x - 1, y - 1
            matches.append((x, y))
        x, y = from_x, from_y
    return matches[::-1]


def _paired(before: range, after: range, alike: Alike) -> Iterator[Pair]:
    if len(before) == len(after) or not 0 < len(before) * len(after) <= _MAX_PAIRS:
        yield from zip_longest(before, after)
    elif len(before) < len(after):
        yield from _partners(before, after, alike)
    else:
        for second, first in _partners(after, before, lambda one, other: alike(other, one)):
            yield first, second


def _partners(few: range, many: range, alike: Alike) -> list[Pair]:
    """Each of the few gets a partner, in order, such that all are as alike as can be; else the first ones."""
    # best[i][j]: of the first i of the few, all with partners among the first j of the many.
    best = [[0] * (len(many) + 1)]
    for i, one in enumerate(few):
        row = [-1] * (i + 1)
        for j in range(i, len(many)):
            row.append(max(row[j], best[i][j] + alike(one, many[j])))
        best.append(row)
    pairs: list[Pair] = []
    i = len(few)
    for j in range(len(many), 0, -1):
        if best[i][j] == best[i][j - 1]:
            pairs.append((None, many[j - 1]))
        else:
            i -= 1
            pairs.append((few[i], many[j - 1]))
    return pairs[::-1]
