"""Two sequences as runs that stayed and what lies between them; what aligns arrays and lines alike."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from tui_client.replay.diff.align import Aligner, Alike, Pair

_FEW: Final = 1000


class Stayed(NamedTuple):
    """`length` elements from `left` and from `right` on that are the same."""

    left: int
    right: int
    length: int


class Between(NamedTuple):
    """Elements between two runs that stayed, those that belong together paired; never empty."""

    pairs: tuple[Pair, ...]


def runs(
    aligner: Aligner, before: Sequence[int], after: Sequence[int], alike: Alike | None = None
) -> Iterator[Stayed | Between]:
    """All of both sequences, in order. Elements are equal if their numbers are."""
    pairs = _pairs(aligner, before, after, alike or _not_alike)
    left = right = 0
    waiting: list[Pair] = []
    for at_left, at_right in pairs:
        stayed = at_left - left if at_left is not None else (at_right or 0) - right
        if stayed:
            yield from _between(waiting)
            yield Stayed(left, right, stayed)
            left, right = left + stayed, right + stayed
        waiting.append((at_left, at_right))
        left += at_left is not None
        right += at_right is not None
    yield from _between(waiting)
    if left < len(before):
        yield Stayed(left, right, len(before) - left)


def _between(waiting: list[Pair]) -> Iterator[Between]:
    if waiting:
        yield Between(tuple(waiting))
        waiting.clear()


def _not_alike(before: int, after: int) -> int:
    return 0


def _pairs(aligner: Aligner, before: Sequence[int], after: Sequence[int], alike: Alike) -> Iterator[Pair]:
    """The places that differ, looked for between what certainly stayed."""
    begin_left = begin_right = 0
    for stays_left, stays_right in [*_anchors(before, after), (len(before), len(after))]:
        if stays_left > begin_left or stays_right > begin_right:
            yield from _shifted(aligner, before, after, alike, (begin_left, stays_left), (begin_right, stays_right))
        begin_left, begin_right = stays_left + 1, stays_right + 1


def _shifted(
    aligner: Aligner,
    before: Sequence[int],
    after: Sequence[int],
    alike: Alike,
    here: tuple[int, int],
    there: tuple[int, int],
) -> Iterator[Pair]:
    left, right = here[0], there[0]

    def shifted(one: int, other: int) -> int:
        return alike(left + one, right + other)

    for one, other in aligner.differences(before[slice(*here)], after[slice(*there)], shifted):
        yield None if one is None else left + one, None if other is None else right + other


def _anchors(left: Sequence[int], right: Sequence[int]) -> list[tuple[int, int]]:
    """Elements that stand once on either side and keep their order: what sequences of any length hang on."""
    first, behind = _common_ends(left, right)
    lefts, rights = left[first : len(left) - behind], right[first : len(right) - behind]
    # Few are aligned better without.
    if len(lefts) + len(rights) < _FEW:
        return []
    once = {number for number, count in Counter(lefts).items() if count == 1}
    once &= {number for number, count in Counter(rights).items() if count == 1}
    places = {number: at for at, number in enumerate(rights, first) if number in once}
    return _longest_rising([(at, places[number]) for at, number in enumerate(lefts, first) if number in once])


def _common_ends(left: Sequence[int], right: Sequence[int]) -> tuple[int, int]:
    """How many are the same at the beginning, and behind that at the end."""
    shorter = min(len(left), len(right))
    first = next((at for at in range(shorter) if left[at] != right[at]), shorter)
    rest = shorter - first
    return first, next((at for at in range(rest) if left[-1 - at] != right[-1 - at]), rest)


def _longest_rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The most pairs whose second numbers rise."""
    ends: list[int] = []  # the least second number that a row of this length ends with
    last: list[int] = []  # which pair that is
    before: list[int] = []
    for at, (_, place) in enumerate(pairs):
        length = bisect_left(ends, place)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [place]
        last[length : length + 1] = [at]
    chosen: list[tuple[int, int]] = []
    at = last[-1] if last else -1
    while at >= 0:
        chosen.append(pairs[at])
        at = before[at]
    return chosen[::-1]
