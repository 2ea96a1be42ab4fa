"""The figures of a run."""

from __future__ import annotations

from datetime import UTC, datetime

from tui_client.errors import Failure, FailureKind
from tui_client.model.exchange import BytesBody, Exchange, Response, SentRequest, Timings
from tui_client.model.step import Errored, Outcome, Replied, Skipped, StepId, StepResult
from tui_client.replay.report import KEPT_FAILURES, Report, to_json


def exchange(status: int, total_ms: float) -> Exchange:
    sent = SentRequest("GET", "http://127.0.0.1/", b"/", ())
    response = Response(status, "", "HTTP/1.1", (), BytesBody())
    return Exchange(sent, response, Timings(total=total_ms), datetime.now(UTC))


def result(outcome: Outcome, finished_s: float = 0.0) -> StepResult:
    return StepResult(StepId(0, 0, 0, "a"), outcome, finished_s)


REFUSED = Errored(Failure(FailureKind.CONNECT_REFUSED, "127.0.0.1:9"))


def test_each_outcome_is_counted_once_and_apart() -> None:
    """Passed, failed, errors and skipped never mix; what was skipped is not done."""
    report = Report("r1")
    report.planned = 4
    report.add(result(Replied(exchange(200, 10.0))))
    report.add(result(Replied(exchange(500, 30.0), http_error=True)))
    report.add(result(REFUSED))
    report.add(result(Skipped("a")))
    summary = report.summary(2.0)
    assert (summary.done, summary.passed, summary.failed, summary.errors, summary.skipped) == (3, 1, 1, 1, 1)
    assert summary.by_status == {200: 1, 500: 1}
    assert summary.by_error == {"connect.refused": 1}
    assert summary.latency.max == 30.0
    assert summary.requests_per_second == 1.5
    assert summary.eta_s == 0


def test_json_has_exactly_the_documented_keys() -> None:
    """Programs that read the summary find what the documentation lists."""
    report = Report("r1")
    report.add(result(Replied(exchange(200, 12.3456))))
    assert to_json(report.summary(0.5)) == {
        "run": "r1",
        "planned": None,
        "done": 1,
        "passed": 1,
        "failed": 0,
        "errors": 0,
        "in_doubt": 0,
        "dropped": 0,
        "retried": 0,
        "seconds": 0.5,
        "requests_per_second": 2.0,
        "latency_ms": {"p50": 12.346, "p90": 12.346, "p95": 12.346, "p99": 12.346, "max": 12.346},
        "by_status": {"200": 1},
        "by_error": {},
        "thresholds": [],
    }


def test_a_run_without_replies_has_no_latency() -> None:
    """Latency is null, not zero, when nothing answered."""
    report = Report()
    report.add(result(REFUSED))
    assert set(to_json(report.summary(1.0))["latency_ms"].values()) == {None}


def test_kept_failures_are_bounded() -> None:
    """A run that fails a million times does not fill the memory."""
    report = Report()
    for _ in range(KEPT_FAILURES + 5):
        report.add(result(REFUSED))
    assert len(report.failures) == KEPT_FAILURES
    assert report.summary(1.0).errors == KEPT_FAILURES + 5


def test_rates_show_the_seconds_without_results_too() -> None:
    """A pause of the server is a gap in the sparkline."""
    report = Report()
    for moment in (0.1, 0.2, 3.5, 3.4):
        report.add(result(REFUSED, moment))
    assert report.summary(4.0).rates == (2, 0, 0, 2)


def test_the_time_left_follows_the_rate_so_far() -> None:
    """Ten of a hundred in a second leave nine seconds."""
    report = Report()
    assert report.summary(0.0).eta_s is None
    report.planned = 100
    for _ in range(10):
        report.add(result(REFUSED))
    assert report.summary(1.0).eta_s == 9.0
