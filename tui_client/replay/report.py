"""The figures of a run, folded from its results one by one; memory does not grow with them."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from tui_client.errors import FailureKind
from tui_client.model.step import StepResult
from tui_client.replay.histogram import Histogram
from tui_client.replay.record import OutcomeKind, Recorded, record_of

KEPT_FAILURES: Final = 1000
_RATE_WINDOW: Final = 60  # seconds of history for a sparkline
_PASSED, _FAILED, _ERROR = OutcomeKind.PASSED, OutcomeKind.FAILED, OutcomeKind.ERROR
_NOT_DONE: Final = frozenset({OutcomeKind.SKIPPED, OutcomeKind.DROPPED, OutcomeKind.IN_DOUBT})


class Latency(msgspec.Struct, frozen=True):
    """Milliseconds from the call to the last byte of a reply; None before the first one."""

    p50: float | None = None
    p90: float | None = None
    p95: float | None = None
    p99: float | None = None
    max: float | None = None


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """A run at one moment.

    planned: steps, None while the data rows are not counted. done: steps with an outcome, skipped ones not among them.
    failed: a reply came and a check or its status failed the step. errors: no whole reply, or a capture not taken.
    by_error: error kinds as `FailureKind` names them. rates: steps a second for each of the last seconds, oldest first.
    bars: a histogram of the latency, (upper end in milliseconds, count). eta_s: seconds, None if unknown.
    """

    run: str
    planned: int | None = None
    done: int = 0
    passed: int = 0
    failed: int = 0
    errors: int = 0
    skipped: int = 0
    in_doubt: int = 0
    dropped: int = 0
    retried: int = 0
    seconds: float = 0.0
    latency: Latency = Latency()
    by_status: Mapping[int, int] = {}
    by_error: Mapping[str, int] = {}
    rates: tuple[int, ...] = ()
    bars: tuple[tuple[float, int], ...] = ()
    interrupted: bool = False

    @property
    def requests_per_second(self) -> float:
        """Over the whole run so far."""
        return self.done / self.seconds if self.seconds > 0 else 0.0

    @property
    def eta_s(self) -> float | None:
        if self.planned is None or not self.done or self.seconds <= 0:
            return None
        return max(0, self.planned - self.done - self.skipped) / (self.done / self.seconds)


class Report:
    """Takes the results of one run in the order in which they come.

    failures: the first 1,000 results that did not pass, their bodies cut by the engine.
    """

    def __init__(self, run: str = "") -> None:
        self.run = run
        self.planned: int | None = None
        self.interrupted = False
        self.failures: list[StepResult] = []
        self._counts = dict.fromkeys(OutcomeKind, 0)
        self._by_status: dict[int, int] = {}
        self._by_error: dict[str, int] = {}
        self._latency = Histogram()
        self._rates: deque[int] = deque(maxlen=_RATE_WINDOW)
        self._second = 0

    def add(self, result: StepResult) -> None:
        """Count one result."""
        self.count(record_of(result))
        if not result.passed and len(self.failures) < KEPT_FAILURES:
            self.failures.append(result)

    def count(self, record: Recorded) -> None:
        """Count one step by its figures alone: those that a journal has from an earlier life of the run."""
        self._counts[record.outcome] += 1
        if record.error:
            self._by_error[record.error] = self._by_error.get(record.error, 0) + 1
        if record.status is not None and (not record.error or record.error == FailureKind.CAPTURE_FAILED):
            self._by_status[record.status] = self._by_status.get(record.status, 0) + 1
            self._latency.add(record.service_ms or 0.0)
        if record.outcome not in _NOT_DONE:
            self._add_to_rate(record.finished_s)

    def _add_to_rate(self, finished_s: float) -> None:
        second = int(finished_s)
        if not self._rates:
            self._rates.append(0)
            self._second = second
        # Results of one second may come in any order, so an older one counts for the newest.
        for _ in range(min(second - self._second, _RATE_WINDOW)):
            self._rates.append(0)
        self._second = max(self._second, second)
        self._rates[-1] += 1

    def summary(self, seconds: float) -> Summary:
        """The figures now, `seconds` after the run began."""
        p50, p90, p95, p99 = self._latency.percentiles(0.5, 0.9, 0.95, 0.99)
        counts = self._counts
        return Summary(
            run=self.run,
            planned=self.planned,
            done=counts[_PASSED] + counts[_FAILED] + counts[_ERROR],
            passed=counts[_PASSED],
            failed=counts[_FAILED],
            errors=counts[_ERROR],
            skipped=counts[OutcomeKind.SKIPPED],
            dropped=counts[OutcomeKind.DROPPED],
            in_doubt=counts[OutcomeKind.IN_DOUBT],
            seconds=seconds,
            latency=Latency(p50, p90, p95, p99, self._latency.max_ms if self._latency.count else None),
            by_status=dict(sorted(self._by_status.items())),
            by_error=dict(sorted(self._by_error.items())),
            rates=tuple(self._rates),
            bars=self._latency.bars(24),
            interrupted=self.interrupted,
        )


def to_json(summary: Summary) -> dict[str, Any]:
    """The object that `replay --json` prints."""
    latency = msgspec.structs.asdict(summary.latency)
    return {
        "run": summary.run,
        "planned": summary.planned,
        "done": summary.done,
        "passed": summary.passed,
        "failed": summary.failed,
        "errors": summary.errors,
        "in_doubt": summary.in_doubt,
        "dropped": summary.dropped,
        "retried": summary.retried,
        "seconds": round(summary.seconds, 3),
        "requests_per_second": round(summary.requests_per_second, 1),
        "latency_ms": {name: None if value is None else round(value, 3) for name, value in latency.items()},
        "by_status": {str(status): count for status, count in summary.by_status.items()},
        "by_error": dict(summary.by_error),
        "thresholds": [],
    }
