"""The figures of a run at one moment."""

from __future__ import annotations

import json

from tui_client.replay.generator import Load
from tui_client.replay.summary import Summary, to_json
from tui_client.replay.tally import Group, Latency
from tui_client.replay.thresholds import Verdict
from tui_client.storage.batch import Threshold

LATENCY = Latency(1.23456, 2.0, 3.0, 4.0, 5.0, 0.5, 1.5)
LATENCY_MS = {"p50": 1.235, "p90": 2.0, "p95": 3.0, "p99": 4.0, "max": 5.0, "min": 0.5, "mean": 1.5}
P95 = Threshold(metric="latency", op="<", value=300.0, agg="p95", select={"tag": "a"})
FAILURES = Threshold(metric="failures", op="<", value=0.1)


def test_json_has_exactly_the_documented_keys() -> None:
    """Programs that read the summary find what the documentation lists, three digits after the point."""
    group = Group(name="users/list", done=2, passed=1, failed=1, checks_failed=1, latency=LATENCY)
    summary = Summary(
        run="r1",
        planned=9,
        done=2,
        passed=1,
        failed=1,
        skipped=1,
        in_doubt=2,
        dropped=3,
        retried=4,
        late=5,
        seconds=0.60004,
        latency=LATENCY,
        scheduled=LATENCY,
        by_status={200: 2},
        by_error={"timeout.read": 1},
        by_request=(group,),
        checks_passed=7,
        checks_failed=1,
        thresholds=(Verdict(P95, 281.23456, True), Verdict(FAILURES, None, False)),
        generator=Load(0.98765, 61.23456, True, "advice"),
        interrupted=True,
        ended="stopped",
    )
    shown = to_json(summary)
    assert shown == {
        "run": "r1",
        "planned": 9,
        "done": 2,
        "passed": 1,
        "failed": 1,
        "errors": 0,
        "skipped": 1,
        "in_doubt": 2,
        "dropped": 3,
        "retried": 4,
        "late": 5,
        "seconds": 0.6,
        "requests_per_second": 3.333,
        "latency_ms": LATENCY_MS,
        "scheduled_latency_ms": LATENCY_MS,
        "by_status": {"200": 2},
        "by_error": {"timeout.read": 1},
        "by_request": [
            {
                "name": "users/list",
                "done": 2,
                "passed": 1,
                "failed": 1,
                "errors": 0,
                "checks": {"passed": 0, "failed": 1},
                "latency_ms": LATENCY_MS,
                "scheduled_latency_ms": None,
            }
        ],
        "by_tag": [],
        "checks": {"passed": 7, "failed": 1},
        "thresholds": [
            {
                "metric": "latency",
                "select": {"tag": "a"},
                "agg": "p95",
                "op": "<",
                "value": 300.0,
                "actual": 281.235,
                "passed": True,
            },
            {
                "metric": "failures",
                "select": {},
                "agg": "rate",
                "op": "<",
                "value": 0.1,
                "actual": None,
                "passed": False,
            },
        ],
        "generator": {"cpu": 0.988, "lag_ms": 61.235, "saturated": True},
        "interrupted": True,
        "ended": "stopped",
    }
    assert json.loads(json.dumps(shown)) == shown


def test_a_run_without_replies_has_no_latency() -> None:
    """Latency is null, not zero, when nothing answered; nothing at all where nothing was due."""
    shown = to_json(Summary(run="r"))
    assert set(shown["latency_ms"].values()) == {None}
    assert shown["scheduled_latency_ms"] is None


def test_the_time_left_counts_only_what_can_still_be_sent() -> None:
    """Steps that were skipped, dropped or are in doubt will not be done any more."""
    summary = Summary(run="r", planned=20, done=5, skipped=1, dropped=2, in_doubt=2, seconds=1.0)
    assert (summary.unsent, summary.eta_s) == (10, 2.0)


def test_no_time_left_is_foretold_while_nothing_moves() -> None:
    """A server that answers no more has no ETA, nor has a run whose rows are still being counted."""
    assert Summary(run="r", planned=9, done=5, seconds=60.0, recent_per_second=0.0).eta_s is None
    assert Summary(run="r", done=5, seconds=1.0).eta_s is None
    assert Summary(run="r", planned=9).eta_s is None
