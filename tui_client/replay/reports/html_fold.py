"""What the plots of a run need, folded from its steps one by one; memory does not grow with them."""

from __future__ import annotations

import heapq
import math
from array import array
from collections.abc import Iterator
from typing import Final

from tui_client.replay.record import OutcomeKind, Recorded

MAX_BUCKETS: Final = 300
SLOWEST: Final = 20
_WANTED_BUCKETS: Final = 160
_STEPS_A_BUCKET: Final = 8  # fewer make percentiles that jump about
_NICE_S: Final = (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600)

# A step of 4 % from 10 µs up to an hour: a percentile is at most 2 % off, in 2 kB.
_LOW_MS: Final = 0.01
_RATIO: Final = 1.04
_CELLS: Final = 504


def cell_end(cell: int) -> float:
    """The upper end of a cell in milliseconds."""
    return float(_LOW_MS * _RATIO ** (cell + 1))


class Cells:
    """Counts of milliseconds in cells of equal ratio, always of the same size."""

    def __init__(self) -> None:
        self.count = 0
        self.max_ms = 0.0
        self.counts = array("L", bytes(array("L").itemsize * _CELLS))

    def add(self, milliseconds: float) -> None:
        cell = int(math.log(milliseconds / _LOW_MS) / math.log(_RATIO)) if milliseconds > _LOW_MS else 0
        self.counts[min(cell, _CELLS - 1)] += 1
        self.count += 1
        self.max_ms = max(self.max_ms, milliseconds)

    def merge(self, other: Cells) -> None:
        self.counts = array("L", map(sum, zip(self.counts, other.counts, strict=True)))
        self.count += other.count
        self.max_ms = max(self.max_ms, other.max_ms)

    def percentile(self, share: float) -> float:
        """Milliseconds that this share of the values does not exceed; 0 while empty."""
        seen = 0
        for cell, count in enumerate(self.counts):
            seen += count
            if count and seen >= share * self.count:
                return min(cell_end(cell) / math.sqrt(_RATIO), self.max_ms)
        return self.max_ms

    def span(self) -> tuple[int, int] | None:
        """The first and last cell with a count; None while empty."""
        used = [cell for cell, count in enumerate(self.counts) if count]
        return (used[0], used[-1]) if used else None


class Bucket:
    """The steps that ended within one stretch of time."""

    def __init__(self) -> None:
        self.passed = 0
        self.failed = 0
        self.errors = 0
        self.latency = Cells()

    @property
    def done(self) -> int:
        return self.passed + self.failed + self.errors

    def add(self, record: Recorded) -> None:
        match record.outcome:
            case OutcomeKind.PASSED:
                self.passed += 1
            case OutcomeKind.FAILED:
                self.failed += 1
            case _:
                self.errors += 1
        if record.status is not None and record.service_ms is not None:
            self.latency.add(record.service_ms)

    def merge(self, other: Bucket) -> None:
        self.passed += other.passed
        self.failed += other.failed
        self.errors += other.errors
        self.latency.merge(other.latency)


class Timeline:
    """Steps by the time at which they ended, in at most MAX_BUCKETS buckets of `width_s` seconds."""

    def __init__(self, seconds: float, steps: int) -> None:
        wanted = min(_WANTED_BUCKETS, max(20, steps // _STEPS_A_BUCKET))
        self.width_s: float = next((width for width in _NICE_S if seconds / width <= wanted), _NICE_S[-1])
        self._buckets: dict[int, Bucket] = {}

    def add(self, record: Recorded) -> None:
        while record.finished_s / self.width_s >= MAX_BUCKETS:
            self._halve()
        place = max(0, int(record.finished_s / self.width_s))
        if place not in self._buckets:
            self._buckets[place] = Bucket()
        self._buckets[place].add(record)

    def _halve(self) -> None:
        finer, self._buckets = self._buckets, {}
        self.width_s *= 2
        for place, bucket in finer.items():
            if place // 2 in self._buckets:
                self._buckets[place // 2].merge(bucket)
            else:
                self._buckets[place // 2] = bucket

    def __len__(self) -> int:
        """How many buckets the time comes to, the empty ones included."""
        return max(self._buckets, default=-1) + 1

    def buckets(self) -> Iterator[tuple[int, Bucket]]:
        """The buckets that have steps, each with its place from 0, in order."""
        yield from sorted(self._buckets.items())


class Fold:
    """All that the plots and the list of the slowest steps need. seconds, steps: about how much will come."""

    def __init__(self, seconds: float, steps: int) -> None:
        self.timeline = Timeline(seconds, steps)
        self.service = Cells()
        self.scheduled = Cells()
        self._slowest: list[tuple[float, int, Recorded]] = []
        self._seen = 0

    def add(self, record: Recorded) -> None:
        self._seen += 1
        if record.outcome in (OutcomeKind.PASSED, OutcomeKind.FAILED, OutcomeKind.ERROR):
            self.timeline.add(record)
        if record.status is None or record.service_ms is None:
            return
        self.service.add(record.service_ms)
        if record.scheduled_ms is not None:
            self.scheduled.add(record.scheduled_ms)
        entry = (record.service_ms, -self._seen, record)
        if len(self._slowest) < SLOWEST:
            heapq.heappush(self._slowest, entry)
        elif entry > self._slowest[0]:
            heapq.heapreplace(self._slowest, entry)

    def slowest(self) -> list[Recorded]:
        """Up to SLOWEST steps that got a reply, the slowest first."""
        return [record for _, _, record in sorted(self._slowest, reverse=True)]
