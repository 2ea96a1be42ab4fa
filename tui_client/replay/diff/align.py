"""Which elements of two arrays belong together: the shortest edit between them (Myers 1986), bounded in time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Final, TypeAlias

# (index before, index after); None on the side where the element is not.
Pair: TypeAlias = tuple[int | None, int | None]

_MAX_EDITS: Final = 500
_MAX_STEPS: Final = 2_000_000  # about half a second


class Aligner:
    """Aligns the arrays of one comparison; together they get a bounded number of steps, then they go by index."""

    def __init__(self) -> None:
        self._steps_left = _MAX_STEPS

    def differences(self, before: Sequence[int], after: Sequence[int]) -> Iterator[Pair]:
        """The places where the arrays differ, in order: changed pairs, removed and added elements.

        Elements are equal if their numbers are. Between two that stayed, the others are paired in order.
        """
        start, tail = _common_ends(before, after)
        middle_before = before[start : len(before) - tail]
        middle_after = after[start : len(after) - tail]
        at_before = at_after = 0
        ends = (len(middle_before), len(middle_after))
        for stays_before, stays_after in [*self._matches(middle_before, middle_after), ends]:
            gap_before = range(start + at_before, start + stays_before)
            gap_after = range(start + at_after, start + stays_after)
            yield from zip_longest(gap_before, gap_after)
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
