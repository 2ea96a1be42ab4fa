"""What was counted of a part of a run: one request, one tag, all of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from tui_client.replay.histogram import Histogram
from tui_client.replay.record import OutcomeKind

OTHERS: Final = "…"

_PASSED, _FAILED = OutcomeKind.PASSED, OutcomeKind.FAILED


class Latency(msgspec.Struct, frozen=True):
    """Milliseconds until the last byte of a reply; None before the first one."""

    p50: float | None = None
    p90: float | None = None
    p95: float | None = None
    p99: float | None = None
    max: float | None = None
    min: float | None = None
    mean: float | None = None


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of one request or tag; `done` is passed, failed and errors.

    latency: of the last attempt, from the call. scheduled: from when it was due; None where nothing was.
    """

    name: str
    done: int = 0
    passed: int = 0
    failed: int = 0
    errors: int = 0
    checks_passed: int = 0
    checks_failed: int = 0
    latency: Latency = Latency()
    scheduled: Latency | None = None


class Tally:
    """Counts and latencies that only grow."""

    __slots__ = ("checks", "checks_failed", "errors", "failed", "latency", "passed", "scheduled")

    def __init__(self) -> None:
        self.passed = 0
        self.failed = 0
        self.errors = 0
        self.checks = 0
        self.checks_failed = 0
        self.latency = Histogram()
        self.scheduled = Histogram()

    @property
    def done(self) -> int:
        return self.passed + self.failed + self.errors

    def count(self, outcome: OutcomeKind, checks: int, checks_failed: int) -> None:
        """Count one step that was done."""
        if outcome is _PASSED:
            self.passed += 1
        elif outcome is _FAILED:
            self.failed += 1
        else:
            self.errors += 1
        self.checks += checks
        self.checks_failed += checks_failed

    def merge(self, other: Tally) -> None:
        """Count all that the other one counted too."""
        self.passed += other.passed
        self.failed += other.failed
        self.errors += other.errors
        self.checks += other.checks
        self.checks_failed += other.checks_failed
        self.latency.merge(other.latency)
        self.scheduled.merge(other.scheduled)

    def group(self, name: str) -> Group:
        """The figures now."""
        return Group(
            name=name,
            done=self.done,
            passed=self.passed,
            failed=self.failed,
            errors=self.errors,
            checks_passed=self.checks - self.checks_failed,
            checks_failed=self.checks_failed,
            latency=latency_of(self.latency),
            scheduled=scheduled_of(self),
        )


def latency_of(histogram: Histogram) -> Latency:
    """The figures of a histogram that people ask for."""
    p50, p90, p95, p99 = histogram.percentiles(0.5, 0.9, 0.95, 0.99)
    return Latency(p50, p90, p95, p99, histogram.max_ms, histogram.min_ms, histogram.mean_ms)


def scheduled_of(tally: Tally) -> Latency | None:
    """None where nothing said when it was due."""
    return latency_of(tally.scheduled) if tally.scheduled.count else None


class Tallies:
    """Tallies by name as first seen, at most `limit`; what comes later is counted under "…"."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._tallies: dict[str, Tally] = {}
        self._groups: dict[str, Group] = {}
        self._turn = 0

    def __iter__(self) -> Iterator[tuple[str, Tally]]:
        return iter(self._tallies.items())

    def find(self, name: str) -> Tally:
        """The tally that counts this name."""
        if name not in self._tallies and len(self._tallies) >= self._limit:
            name = OTHERS
        return self._tallies.setdefault(name, Tally())

    def groups(self, renewed: int | None = None) -> tuple[Group, ...]:
        """The figures by name.

        renewed: bring at most so many up to date, each in its turn; the others say what they said before, at first
        nothing. None: all of them.
        """
        names = list(self._tallies)
        left = len(names) if renewed is None else renewed
        start = self._turn % len(names) if names else 0
        for name in names[start:] + names[:start]:
            if not left:
                break
            self._turn += 1
            left -= self._renew(name)
        return tuple([self._groups.get(name) or Group(name=name) for name in names])

    def _renew(self, name: str) -> bool:
        tally, known = self._tallies[name], self._groups.get(name)
        if known is not None and known.done == tally.done:
            return False
        self._groups[name] = tally.group(name)
        return True
