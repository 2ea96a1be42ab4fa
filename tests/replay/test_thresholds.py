"""Limits for a whole run."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tui_client.errors import UsageError
from tui_client.model.step import StepId
from tui_client.replay.record import OutcomeKind, Recorded
from tui_client.replay.report import MAX_REQUESTS, Report
from tui_client.replay.thresholds import actual_words, agg_of, check_thresholds, judge, selects, threshold_words
from tui_client.storage.batch import Threshold


def threshold(metric: str, op: str = "<", value: float = 0.0, agg: str = "", **select: str) -> Threshold:
    said = {"metric": metric, "op": op, "value": value, "agg": agg, "select": select}
    return msgspec.convert(said, Threshold)


def step(key: str, ms: float, outcome: OutcomeKind = OutcomeKind.PASSED, **more: Any) -> Recorded:
    return Recorded(step=StepId(0, 0, 0, key), outcome=outcome, status=200, attempts=1, service_ms=ms, **more)


TAGS = {"shop/pay": ("checkout", "slow"), "shop/cart": ("checkout",)}


def report(*thresholds: Threshold) -> Report:
    """A hundred payments of 1 to 100 ms, the last ten failed, each with two checks; and one look at the cart."""
    made = Report("r", TAGS, thresholds)
    for ms in range(1, 101):
        outcome = OutcomeKind.FAILED if ms > 90 else OutcomeKind.PASSED
        failed = int(ms > 90)
        made.count(step("shop/pay", ms, outcome, checks=2, checks_failed=failed, due_s=0.0, finished_s=ms / 500))
    made.count(step("shop/cart", 500.0, OutcomeKind.ERROR, error="capture.failed"))
    made.summary(10.0)
    return made


@pytest.mark.parametrize(
    ("metric", "agg", "actual"),
    [
        ("latency", "min", 1.0),
        ("latency", "mean", 50.5),
        ("latency", "avg", 50.5),
        ("latency", "median", 50.0),
        ("latency", "max", 100.0),
        ("latency", "p90", 90.0),
        ("latency", "p99.9", 100.0),
        ("latency", "p100", 100.0),
        ("scheduled_latency", "max", 200.0),
        ("failures", "", 0.1),
        ("failures", "rate", 0.1),
        ("failures", "count", 10.0),
        ("checks", "", 0.95),
        ("checks", "count", 10.0),
        ("throughput", "", 10.0),
        ("throughput", "mean", 10.0),
    ],
)
def test_every_figure_is_what_its_name_says(metric: str, agg: str, actual: float) -> None:
    """Of one request, picked by its key."""
    asked = threshold(metric, "<=", actual * 1.001, agg, request="shop/pay")
    (verdict,) = judge((asked,), report(asked))
    assert verdict.passed
    assert verdict.actual == pytest.approx(actual, rel=0.001)


@pytest.mark.parametrize(
    ("select", "count"),
    [
        ({}, 101),
        ({"tag": "checkout"}, 101),
        ({"tag": "slow"}, 100),
        ({"request": "shop/*"}, 101),
        ({"request": "shop"}, 101),
        ({"request": "shop/"}, 101),
        ({"request": "*/c?rt"}, 1),
        ({"request": "shop/p*", "tag": "checkout"}, 100),
        ({"request": "shop/cart", "tag": "slow"}, 0),
        ({"request": "sho"}, 0),
    ],
)
def test_a_threshold_counts_just_what_it_selects(select: dict[str, str], count: int) -> None:
    """Whether the report knew of it from the start, or is asked afterwards."""
    asked = threshold("throughput", ">", 0.0, "", **select)
    expected = count / 10.0 or None
    for made in (report(asked), report()):
        (verdict,) = judge((asked,), made)
        assert verdict.actual == expected
        assert verdict.passed == (count > 0)


def test_a_pattern_without_a_collection_fits_in_all_of_them() -> None:
    """With two collections open, keys carry a name that the batch file does not write."""
    assert selects({"request": "users/*"}, "shop:users/list", ())
    assert selects({"request": "shop:users"}, "shop:users/list", ())
    assert not selects({"request": "bank:users"}, "shop:users/list", ())


def test_a_threshold_is_exact_beyond_the_requests_that_are_told_apart() -> None:
    """The one that is too many to have figures of its own still counts for its limit."""
    asked = threshold("latency", "<", 10.0, "max", request="last")
    made = Report("r", {}, (asked,))
    for number in range(MAX_REQUESTS):
        made.count(step(f"r{number}", 1.0))
    made.count(step("last", 50.0))
    (verdict,) = made.summary(1.0).thresholds
    assert (verdict.actual, verdict.passed) == (50.0, False)


@pytest.mark.parametrize("metric", ["latency", "scheduled_latency", "failures", "checks", "throughput"])
def test_what_was_not_measured_has_not_passed(metric: str) -> None:
    """A limit on a request that was never sent is broken, and says why."""
    agg = "p95" if "latency" in metric else ""
    asked = threshold(metric, ">=", 0.0, agg, request="nothing")
    (verdict,) = judge((asked,), report(asked))
    assert (verdict.actual, verdict.passed) == (None, False)
    assert actual_words(verdict) == "nothing was measured"


@pytest.mark.parametrize(
    ("op", "value", "passed"),
    [
        ("<", 0.1, False),
        ("<", 0.11, True),
        ("<=", 0.1, True),
        (">", 0.1, False),
        (">", 0.09, True),
        (">=", 0.1, True),
        ("==", 0.1 + 1e-10, True),
        ("==", 0.1001, False),
        ("!=", 0.1 + 1e-10, False),
        ("!=", 0.2, True),
    ],
)
def test_comparisons_mean_what_they_look_like(op: str, value: float, passed: bool) -> None:
    """A tenth failed; equal is equal to nine digits."""
    asked = threshold("failures", op, value, request="shop/pay")
    assert judge((asked,), report())[0].passed is passed


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        (threshold("latency"), "none is given"),
        (threshold("latency", agg="p0"), "'p0'"),
        (threshold("latency", agg="p101"), "'p101'"),
        (threshold("latency", agg="p"), "'p'"),
        (threshold("latency", agg="rate"), "'rate'"),
        (threshold("scheduled_latency", agg="count"), "'count'"),
        (threshold("failures", agg="p95"), "rate or count, not 'p95'"),
        (threshold("checks", agg="mean"), "rate or count, not 'mean'"),
        (threshold("throughput", agg="max"), "mean, not 'max'"),
        (threshold("failures", host="a"), "not by 'host'"),
        (threshold("failures", value=5), "can't be 5"),
        (threshold("latency", agg="p95", value=float("nan")), "not nan"),
    ],
)
def test_what_can_never_be_judged_is_refused(asked: Threshold, part: str) -> None:
    """Before anything is sent, with the words that are allowed."""
    with pytest.raises(UsageError) as raised:
        check_thresholds((threshold("failures"), asked))
    assert part in raised.value.reason


def test_what_can_be_judged_is_let_through() -> None:
    """Every metric, with and without an agg."""
    aggs = {"latency": ("min", "mean", "avg", "median", "max", "p50", "p99.9"), "failures": ("", "rate", "count")}
    aggs |= {"scheduled_latency": aggs["latency"], "checks": aggs["failures"], "throughput": ("", "mean")}
    every = [threshold(metric, agg=agg, tag="a", request="b") for metric, many in aggs.items() for agg in many]
    check_thresholds((*every, threshold("failures", agg="count", value=5)))
    assert agg_of(threshold("checks")) == "rate"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (threshold("latency", "<", 300.0, "p95", tag="checkout"), "p95 latency < 300 ms (tag checkout)"),
        (threshold("scheduled_latency", "<=", 1.5, "max"), "max scheduled latency <= 1.50 ms"),
        (threshold("failures", "<", 0.01), "failures < 1 %"),
        (threshold("failures", "==", 0, "count"), "failures == 0"),
        (threshold("checks", ">=", 0.995), "checks passed >= 99.5 %"),
        (threshold("checks", "<", 3, "count"), "checks failed < 3"),
        (threshold("throughput", ">", 1500), "throughput > 1,500/s"),
        (threshold("throughput", ">", 48.91), "throughput > 48.91/s"),
    ],
)
def test_a_threshold_reads_as_a_sentence_would(asked: Threshold, words: str) -> None:
    """With the unit of its value."""
    assert threshold_words(asked) == words
