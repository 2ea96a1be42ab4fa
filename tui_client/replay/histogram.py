"""Latencies in bounded memory: log-linear buckets, as HdrHistogram has them."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from itertools import accumulate
from operator import add
from typing import Any, Final, TypeAlias

import msgspec

_PRECISE: Final = 2048  # microseconds counted one by one; above, 1024 buckets for each doubling
_HALF: Final = _PRECISE // 2
_PRECISE_BITS: Final = _PRECISE.bit_length() - 1
_LONGEST_US: Final = 3_600_000_000

# Buckets lie in blocks, each with the sum of its counts at its end: a percentile looks into one block only.
_SIZE: Final = 64
_BITS: Final = _SIZE.bit_length() - 1
_INSIDE: Final = _SIZE - 1

# Shares are decimals and floats are not: 0.55 x 100 is a little more than 55, and would be taken for the 56th value.
_ROUNDING: Final = 1 - 1e-12

_Blocks: TypeAlias = list[list[int] | None]


# A value in microseconds and the index of its bucket; a plain tuple, since one is made for every step.
Place: TypeAlias = tuple[int, int]


def place_of(milliseconds: float) -> Place:
    """Where a value is counted, found once for all the histograms that count it."""
    microseconds = int(milliseconds * 1000 + 0.5) if 0.0 <= milliseconds < 3_600_000.0 else _at_edge(milliseconds)
    if microseconds < _PRECISE:
        return microseconds, microseconds
    shift = microseconds.bit_length() - _PRECISE_BITS
    return microseconds, shift * _HALF + (microseconds >> shift)


def _at_edge(milliseconds: float) -> int:
    return _LONGEST_US if milliseconds > 0 else 0


def _highest(index: int) -> int:
    if index < _PRECISE:
        return index
    shift = index // _HALF - 1
    return ((index - shift * _HALF + 1) << shift) - 1


_BUCKETS: Final = place_of(math.inf)[1] + 1
_BLOCKS: Final = (_BUCKETS + _SIZE - 1) // _SIZE


class _Kept(msgspec.Struct, frozen=True):
    total_us: int
    min_us: int
    max_us: int
    buckets: list[tuple[int, int]]


class Histogram:
    """Counts of milliseconds to three significant digits; some 20,000 buckets at most, whatever comes.

    min_ms, max_ms and mean_ms are exact to the microsecond, None while empty.
    """

    __slots__ = ("_blocks", "_max_us", "_min_us", "_total_us", "count")

    def __init__(self) -> None:
        self.count = 0
        self._total_us = 0
        self._min_us = _LONGEST_US
        self._max_us = 0
        self._blocks: _Blocks = [None] * _BLOCKS

    def __eq__(self, other: object) -> bool:
        return self.to_dict() == other.to_dict() if isinstance(other, Histogram) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # it changes

    def add(self, milliseconds: float) -> None:
        """Count one value; below zero counts as zero, above an hour as an hour."""
        self.add_at(place_of(milliseconds))

    def add_at(self, place: Place) -> None:
        """Count one value whose place is known."""
        microseconds, index = place
        block = self._blocks[index >> _BITS]
        if block is None:
            block = self._blocks[index >> _BITS] = [0] * (_SIZE + 1)
        block[index & _INSIDE] += 1
        block[_SIZE] += 1
        self.count += 1
        self._total_us += microseconds
        if microseconds > self._max_us:
            self._max_us = microseconds
        if microseconds < self._min_us:
            self._min_us = microseconds

    def merge(self, other: Histogram) -> None:
        """Count all that the other one counted too, exactly as if it had been added here."""
        self.count += other.count
        self._total_us += other._total_us
        self._min_us = min(self._min_us, other._min_us)
        self._max_us = max(self._max_us, other._max_us)
        for number, theirs in enumerate(other._blocks):
            if theirs is not None:
                mine = self._blocks[number]
                self._blocks[number] = list(theirs) if mine is None else list(map(add, mine, theirs))

    @property
    def min_ms(self) -> float | None:
        return self._min_us / 1000 if self.count else None

    @property
    def max_ms(self) -> float | None:
        return self._max_us / 1000 if self.count else None

    @property
    def mean_ms(self) -> float | None:
        return self._total_us / self.count / 1000 if self.count else None

    def percentiles(self, *shares: float) -> tuple[float | None, ...]:
        """For each share (0.95) the milliseconds that so many values don't exceed; None while empty."""
        if not self.count:
            return tuple(None for _ in shares)
        seen = self._seen()
        return tuple(self._at_rank(max(1, math.ceil(share * self.count * _ROUNDING)), seen) for share in shares)

    def count_between(self, low_ms: float, high_ms: float) -> int:
        """How many values are at least `low_ms` and less than `high_ms`; to three digits, as all is counted.

        Ranges side by side count nothing twice. `math.inf` as the end counts what took an hour or more, too.
        """
        seen = self._seen()
        end = _BUCKETS if high_ms == math.inf else place_of(high_ms)[1]
        return max(0, self._before(end, seen) - self._before(place_of(low_ms)[1], seen))

    def bars(self, width: int) -> tuple[tuple[float, int], ...]:
        """The counts in `width` bars of equal ratio, for a log axis: (upper end in milliseconds, count).

        Ends lie between buckets, so each value is counted in the bar it lies in, to the last digit.
        """
        if not self.count:
            return ()
        low = _highest(place_of(self._min_us / 1000)[1]) + 1
        high = max(_highest(place_of(self._max_us / 1000)[1]) + 1, low + 1)
        ratio = (high / low) ** (1 / width)
        seen = self._seen()
        ends = [low * ratio ** (bar + 1) for bar in range(width)]
        places = [place_of(end / 1000)[1] for end in ends[:-1]]
        upto = [0, *(self._before(place, seen) for place in places), self.count]
        # What is counted in a bucket was rounded to the next microsecond before.
        edges = [*(_highest(place - 1) + 0.5 for place in places), ends[-1]]
        return tuple((edge / 1000, upto[bar + 1] - upto[bar]) for bar, edge in enumerate(edges))

    def to_dict(self) -> dict[str, Any]:
        """All of it, for keeping as JSON: total_us, min_us, max_us, buckets [[index, count], …]."""
        buckets = [[index, count] for index, count in self._buckets()]
        return {"total_us": self._total_us, "min_us": self._min_us, "max_us": self._max_us, "buckets": buckets}

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Histogram:
        """What `to_dict` gave. Raises ValueError for anything else."""
        try:
            read = msgspec.convert(kept, _Kept)
        except msgspec.ValidationError as error:
            raise ValueError(f"not a histogram: {error}") from error
        if not all(0 <= index < _BUCKETS and count > 0 for index, count in read.buckets):
            raise ValueError("not a histogram: a bucket that can't be")
        made = cls()
        made._total_us, made._min_us, made._max_us = read.total_us, read.min_us, read.max_us
        for index, count in read.buckets:
            block = made._blocks[index >> _BITS] or [0] * (_SIZE + 1)
            made._blocks[index >> _BITS] = block
            block[index & _INSIDE] += count
            block[_SIZE] += count
            made.count += count
        return made

    def _buckets(self) -> Iterator[tuple[int, int]]:
        for number, block in enumerate(self._blocks):
            if block is not None:
                first = number << _BITS
                yield from ((first + at, count) for at, count in enumerate(block[:_SIZE]) if count)

    def _seen(self) -> list[int]:
        """How many values lie in each block and those below it."""
        return list(accumulate([0 if block is None else block[_SIZE] for block in self._blocks]))

    def _at_rank(self, rank: int, seen: list[int]) -> float:
        number = min(bisect_left(seen, rank), _BLOCKS - 1)
        block = self._blocks[number] or []
        rest = rank - (seen[number - 1] if number else 0)
        inside = bisect_left(list(accumulate(block[:_SIZE])), rest)
        return min(_highest((number << _BITS) + inside), self._max_us) / 1000

    def _before(self, index: int, seen: list[int]) -> int:
        number = index >> _BITS
        block = self._blocks[number] if number < _BLOCKS else None
        below = seen[number - 1] if number else 0
        return below + (sum(block[: index & _INSIDE]) if block is not None else 0)
