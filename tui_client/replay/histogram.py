"""Latencies in bounded memory: log-linear buckets, as HdrHistogram has them."""

from __future__ import annotations

from typing import Final

_PRECISE: Final = 2048  # microseconds counted one by one; above, 1024 buckets for each doubling
_HALF: Final = _PRECISE // 2


def _index(microseconds: int) -> int:
    if microseconds < _PRECISE:
        return microseconds
    shift = microseconds.bit_length() - _PRECISE.bit_length() + 1
    return shift * _HALF + (microseconds >> shift)


def _highest(index: int) -> int:
    if index < _PRECISE:
        return index
    shift = index // _HALF - 1
    return ((index - shift * _HALF + 1) << shift) - 1


class Histogram:
    """Counts of milliseconds to three significant digits; some 20,000 buckets at most, whatever comes."""

    def __init__(self) -> None:
        self.count = 0
        self.max_ms = 0.0
        self._buckets: dict[int, int] = {}

    def add(self, milliseconds: float) -> None:
        """Count one value; below zero counts as zero, above an hour as an hour."""
        microseconds = min(max(0, round(milliseconds * 1000)), 3_600_000_000)
        index = _index(microseconds)
        self._buckets[index] = self._buckets.get(index, 0) + 1
        self.count += 1
        self.max_ms = max(self.max_ms, microseconds / 1000)

    def percentiles(self, *shares: float) -> tuple[float | None, ...]:
        """For each share (0.95) the milliseconds that so many values don't exceed; None while empty."""
        if not self.count:
            return tuple(None for _ in shares)
        found: dict[float, float] = {}
        seen = 0
        wanted = sorted(set(shares), reverse=True)
        for index in sorted(self._buckets):
            seen += self._buckets[index]
            while wanted and seen >= wanted[-1] * self.count:
                found[wanted.pop()] = min(_highest(index) / 1000, self.max_ms)
        return tuple(found.get(share, self.max_ms) for share in shares)

    def bars(self, width: int) -> tuple[tuple[float, int], ...]:
        """The counts in `width` bars of equal ratio, for a log axis: (upper end in milliseconds, count)."""
        if not self.count:
            return ()
        low = _highest(min(self._buckets)) + 1
        high = max(_highest(max(self._buckets)) + 1, low + 1)
        ratio = (high / low) ** (1 / width)
        counts = [0] * width
        edge, bar = low * ratio, 0
        for index in sorted(self._buckets):
            while bar < width - 1 and _highest(index) > edge:
                edge, bar = edge * ratio, bar + 1
            counts[bar] += self._buckets[index]
        return tuple((low * ratio ** (place + 1) / 1000, count) for place, count in enumerate(counts))
