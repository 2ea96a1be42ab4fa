"""The figures of a run at one moment: for screens, for the terminal, and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from tui_client.replay.generator import Load
from tui_client.replay.tally import Group, Latency
from tui_client.replay.thresholds import Verdict, agg_of
from tui_client.replay.workers import Workers


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """A run at one moment.

    planned: steps, None while the data rows are not counted. done: steps with an outcome: passed, failed and errors.
    failed: a reply came and a check or its status failed the step. errors: no whole reply, or a capture not taken.
    retried: sends beyond the first of a step. late: sent later than due, for want of a free session.
    latency: of the last attempt, from the call. scheduled: from when it was due; None where nothing was.
    by_error: error kinds as `FailureKind` names them. by_request, by_tag: as first seen, "…" for what was too many.
    rates: steps a second for each of the last seconds, oldest first, the last one still under way.
    recent_per_second: over the last ten seconds or so. target_rate: what the plan wants now, None for no rate.
    bars: a histogram of the latency, (upper end in milliseconds, count).
    held: why nothing is sent just now; "" while the run goes on. ended: a `journal.header.Ended`.
    workers: who takes part; None where there is only this process. Not in the JSON, which is the same for both.
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
    late: int = 0
    seconds: float = 0.0
    latency: Latency = Latency()
    scheduled: Latency | None = None
    by_status: Mapping[int, int] = {}
    by_error: Mapping[str, int] = {}
    by_request: tuple[Group, ...] = ()
    by_tag: tuple[Group, ...] = ()
    checks_passed: int = 0
    checks_failed: int = 0
    thresholds: tuple[Verdict, ...] = ()
    generator: Load = Load()
    rates: tuple[int, ...] = ()
    recent_per_second: float | None = None
    target_rate: float | None = None
    bars: tuple[tuple[float, int], ...] = ()
    held: str = ""
    interrupted: bool = False
    ended: str = ""
    workers: Workers | None = None

    @property
    def requests_per_second(self) -> float:
        """Over the whole run so far."""
        return self.done / self.seconds if self.seconds > 0 else 0.0

    @property
    def unsent(self) -> int | None:
        """Planned steps of which nothing is known yet."""
        if self.planned is None:
            return None
        return max(0, self.planned - self.done - self.skipped - self.dropped - self.in_doubt)

    @property
    def eta_s(self) -> float | None:
        """Seconds that the rest takes at the rate of late; None while that can't be said."""
        rate = self.requests_per_second if self.recent_per_second is None else self.recent_per_second
        return None if self.unsent is None or rate <= 0 else self.unsent / rate


def to_json(summary: Summary) -> dict[str, Any]:
    """The object that `replay --json` prints.

    run, planned (null: not counted), done, passed, failed, errors, skipped, in_doubt, dropped, retried, late; seconds,
    requests_per_second; latency_ms {p50, p90, p95, p99, max, min, mean}, each null before the first reply;
    scheduled_latency_ms, the same, or null where nothing was due; by_status {"200": n}; by_error {"timeout.read": n};
    by_request, by_tag [{name, done, passed, failed, errors, checks, latency_ms, scheduled_latency_ms}];
    checks {passed, failed}; thresholds [{metric, select, agg, op, value, actual, passed}], actual null where nothing
    was measured; generator {cpu, lag_ms, saturated}; interrupted; ended ("finished", "stopped", "bail", …).
    """
    return {
        "run": summary.run,
        "planned": summary.planned,
        "done": summary.done,
        "passed": summary.passed,
        "failed": summary.failed,
        "errors": summary.errors,
        "skipped": summary.skipped,
        "in_doubt": summary.in_doubt,
        "dropped": summary.dropped,
        "retried": summary.retried,
        "late": summary.late,
        "seconds": round(summary.seconds, 3),
        "requests_per_second": round(summary.requests_per_second, 3),
        "latency_ms": _latency(summary.latency),
        "scheduled_latency_ms": None if summary.scheduled is None else _latency(summary.scheduled),
        "by_status": {str(status): count for status, count in summary.by_status.items()},
        "by_error": dict(summary.by_error),
        "by_request": [_group(group) for group in summary.by_request],
        "by_tag": [_group(group) for group in summary.by_tag],
        "checks": {"passed": summary.checks_passed, "failed": summary.checks_failed},
        "thresholds": [_verdict(verdict) for verdict in summary.thresholds],
        "generator": {
            "cpu": round(summary.generator.cpu, 3),
            "lag_ms": round(summary.generator.lag_ms, 3),
            "saturated": summary.generator.saturated,
        },
        "interrupted": summary.interrupted,
        "ended": summary.ended,
    }


def summary_text(summary: Summary) -> str:
    """The same as JSON text, as the journal keeps it."""
    return msgspec.json.encode(to_json(summary)).decode()


def _latency(latency: Latency) -> dict[str, float | None]:
    return {name: _rounded(value) for name, value in msgspec.structs.asdict(latency).items()}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _group(group: Group) -> dict[str, Any]:
    return {
        "name": group.name,
        "done": group.done,
        "passed": group.passed,
        "failed": group.failed,
        "errors": group.errors,
        "checks": {"passed": group.checks_passed, "failed": group.checks_failed},
        "latency_ms": _latency(group.latency),
        "scheduled_latency_ms": None if group.scheduled is None else _latency(group.scheduled),
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    threshold = verdict.threshold
    return {
        "metric": threshold.metric,
        "select": dict(threshold.select),
        "agg": agg_of(threshold),
        "op": threshold.op,
        "value": threshold.value,
        "actual": _rounded(verdict.actual),
        "passed": verdict.passed,
    }
