"""The figures of a run."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.errors import Failure, FailureKind
from tui_client.model.exchange import BytesBody, Exchange, Response, SentRequest, Timings
from tui_client.model.step import Errored, Outcome, Replied, Skipped, StepId, StepResult
from tui_client.replay.generator import Load
from tui_client.replay.record import OutcomeKind, Recorded
from tui_client.replay.report import MAX_REQUESTS, MAX_TAGS, Report
from tui_client.storage.batch import Threshold


def exchange(status: int, total_ms: float) -> Exchange:
    sent = SentRequest("GET", "http://127.0.0.1/", b"/", ())
    response = Response(status, "", "HTTP/1.1", (), BytesBody())
    return Exchange(sent, response, Timings(total=total_ms), datetime.now(UTC))


def result(outcome: Outcome, finished_s: float = 0.0) -> StepResult:
    return StepResult(StepId(0, 0, 0, "a"), outcome, finished_s)


def record(key: str = "a", outcome: OutcomeKind = OutcomeKind.PASSED, **more: Any) -> Recorded:
    facts: dict[str, Any] = {"status": 200, "attempts": 1, "service_ms": 10.0} | more
    return Recorded(step=StepId(0, 0, 0, key), outcome=outcome, **facts)


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
    assert (summary.latency.min, summary.latency.mean, summary.latency.max) == (10.0, 20.0, 30.0)
    assert summary.requests_per_second == 1.5
    assert summary.eta_s == 0


def test_what_was_not_sent_is_counted_apart() -> None:
    """Dropped and in doubt are neither done nor measured."""
    report = Report()
    for outcome in (OutcomeKind.DROPPED, OutcomeKind.IN_DOUBT, OutcomeKind.IN_DOUBT, OutcomeKind.SKIPPED):
        report.count(record(outcome=outcome, status=None, service_ms=None, attempts=0))
    summary = report.summary(1.0)
    assert (summary.dropped, summary.in_doubt, summary.skipped, summary.done) == (1, 2, 1, 0)
    assert summary.latency.max is None
    assert summary.rates == (0,)


def test_each_send_beyond_the_first_is_a_retry() -> None:
    """Three attempts at one step and two at another are three sends more."""
    report = Report()
    for attempts in (0, 1, 2, 3):
        report.count(record(attempts=attempts))
    assert report.summary(1.0).retried == 3


def test_service_and_scheduled_latency_are_two_figures() -> None:
    """A server that stalls makes later steps late: their wait counts where they were due, not in the service."""
    report = Report()
    report.count(record(service_ms=10.0, due_s=1.0, finished_s=1.01))
    report.count(record(service_ms=10.0, due_s=1.0, finished_s=3.0, late=True))
    summary = report.summary(3.0)
    assert summary.latency.max == 10.0
    assert summary.scheduled is not None and (summary.scheduled.min, summary.scheduled.max) == (10.0, 2000.0)
    assert summary.late == 1
    (group,) = summary.by_request
    assert group.scheduled == summary.scheduled


def test_without_a_schedule_there_is_no_scheduled_latency() -> None:
    """None, rather than the same figure twice."""
    report = Report()
    report.count(record())
    summary = report.summary(1.0)
    assert summary.scheduled is None and summary.by_request[0].scheduled is None


def test_requests_and_tags_have_figures_of_their_own() -> None:
    """A step counts for its request, and for each of its tags once."""
    report = Report("r", {"pay": ("money", "slow", "money"), "cart": ("money",)})
    report.count(record("pay", service_ms=30.0, checks=3, checks_failed=1, outcome=OutcomeKind.FAILED))
    report.count(record("cart", service_ms=10.0, checks=1))
    report.count(record("home", service_ms=1.0))
    summary = report.summary(1.0)
    assert [(g.name, g.done, g.failed, g.latency.max) for g in summary.by_request] == [
        ("pay", 1, 1, 30.0),
        ("cart", 1, 0, 10.0),
        ("home", 1, 0, 1.0),
    ]
    assert [(g.name, g.done, g.checks_passed, g.checks_failed) for g in summary.by_tag] == [
        ("money", 2, 3, 1),
        ("slow", 1, 2, 1),
    ]
    assert (summary.checks_passed, summary.checks_failed) == (3, 1)


def test_requests_and_tags_are_bounded() -> None:
    """Recorded traffic with a key for each URL does not fill the memory, and nothing is counted twice."""
    keys = [f"k{number}" for number in range(MAX_REQUESTS + 5)]
    report = Report("r", {key: (f"t{key}", f"u{key}") for key in keys})
    for key in keys:
        report.count(record(key))
    summary = report.summary(1.0)
    assert (len(summary.by_request), summary.by_request[-1].name, summary.by_request[-1].done) == (1001, "…", 5)
    assert (len(summary.by_tag), summary.by_tag[-1].name) == (201, "…")
    assert summary.by_tag[-1].done == len(keys) - MAX_TAGS // 2
    assert summary.done == len(keys)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(list(OutcomeKind)), st.integers(0, 3))))
def test_the_parts_add_up_to_the_whole(steps: list[tuple[str, OutcomeKind, int]]) -> None:
    """By request, by outcome and by second, every step that was done is counted once."""
    report = Report()
    for key, outcome, second in steps:
        report.count(record(key, outcome, finished_s=second))
    summary = report.summary(4.0)
    assert sum(group.done for group in summary.by_request) == summary.done == sum(summary.rates)
    assert summary.done + summary.skipped + summary.dropped + summary.in_doubt == len(steps)
    assert sum(count for _, count in summary.bars) == sum(summary.by_status.values()) == summary.done


def test_a_live_summary_differs_only_in_groups_that_are_many() -> None:
    """A screen may wait for the figures of the hundredth request; the end of the run may not."""
    report = Report("r", {"k0": ("tag",)})
    for number in range(100):
        report.count(record(f"k{number}", checks=1))
    live, full = report.summary(1.0, live=True), report.summary(1.0)
    assert (live.done, live.latency, live.by_tag, live.bars) == (full.done, full.latency, full.by_tag, full.bars)
    assert [group.name for group in live.by_request] == [group.name for group in full.by_request]
    assert {group.done for group in full.by_request} == {1}


def test_rates_show_the_seconds_without_results_too() -> None:
    """A pause of the server is a gap in the sparkline; an older result counts where it belongs."""
    report = Report()
    for moment in (0.1, 0.2, 3.5, 3.4, 1.2):
        report.add(result(REFUSED, moment))
    assert report.summary(4.0).rates == (2, 1, 0, 2)


def test_rates_go_on_while_nothing_finishes() -> None:
    """A server that hangs is seen at once, before its first reply too."""
    report = Report()
    assert report.summary(0.0).rates == ()
    assert report.summary(2.5).rates == (0, 0, 0)
    report.add(result(REFUSED, 2.7))
    assert report.summary(5.1).rates == (0, 0, 1, 0, 0, 0)
    assert report.summary(5.2).rates == (0, 0, 1, 0, 0, 0)


def test_rates_remember_a_minute() -> None:
    """A run of a week is no longer than its last minute; what is older is not counted as new."""
    report = Report()
    report.add(result(REFUSED, 600_000.0))
    report.add(result(REFUSED, 1.0))
    assert report.summary(600_000.5).rates == (*[0] * 59, 1)


def test_the_time_left_follows_the_rate_so_far() -> None:
    """Ten of a hundred in a second leave nine seconds."""
    report = Report()
    assert report.summary(0.0).eta_s is None
    report.planned = 100
    for _ in range(10):
        report.add(result(REFUSED))
    assert report.summary(1.0).eta_s == 9.0


def test_the_time_left_forgets_how_fast_it_once_was() -> None:
    """A hundred in the first second and one in each since: the rest takes a second each."""
    report = Report()
    report.planned = 160
    for moment in (*[0.5] * 100, *(second + 0.5 for second in range(1, 30))):
        report.add(result(REFUSED, moment))
    summary = report.summary(30.0)
    assert summary.recent_per_second == 1.0
    assert summary.eta_s == 31.0


def test_a_run_that_went_on_counts_its_earlier_life_too() -> None:
    """Figures from the journal and figures of today are one report."""
    report = Report()
    report.count(record(finished_s=5.0))
    report.add(result(Replied(exchange(200, 30.0)), 8.0))
    summary = report.summary(8.5)
    assert (summary.done, summary.latency.mean) == (2, 20.0)
    assert summary.rates == (0, 0, 0, 0, 0, 1, 0, 0, 1)


def test_what_the_run_says_of_itself_stands_in_the_summary() -> None:
    """Why it holds, how it ended, how busy the generator was, what was wanted."""
    report = Report("r")
    report.held, report.ended, report.target_rate = "The disk is full.", "bail", 50.0
    report.generator = Load(0.34, 1.0)
    summary = report.summary(1.0)
    assert (summary.held, summary.ended, summary.target_rate) == ("The disk is full.", "bail", 50.0)
    assert summary.generator.cpu == 0.34


def test_thresholds_are_judged_in_every_summary() -> None:
    """A limit that broke is seen while the run goes on."""
    report = Report("r", {}, (Threshold(metric="latency", op="<", value=20.0, agg="max"),))
    report.count(record(service_ms=10.0))
    assert report.summary(1.0).thresholds[0].passed
    report.count(record(service_ms=30.0))
    (verdict,) = report.summary(2.0, live=True).thresholds
    assert (verdict.actual, verdict.passed) == (pytest.approx(30.0), False)
