"""What plots are made from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_run import MadeRun

from tui_client.model.step import StepId
from tui_client.replay.record import OutcomeKind, Recorded
from tui_client.replay.reports.html_fold import MAX_BUCKETS, SLOWEST, Cells, Fold, Timeline


def record(finished_s: float, service_ms: float = 10.0, outcome: OutcomeKind = OutcomeKind.PASSED) -> Recorded:
    return Recorded(
        step=StepId(1, 0, 0, "a"), outcome=outcome, status=200, finished_s=finished_s, service_ms=service_ms
    )


@given(st.lists(st.floats(0.01, 3_600_000), min_size=1, max_size=200), st.sampled_from([0.5, 0.95, 0.99]))
def test_percentiles_are_two_percent_off_at_most(values: list[float], share: float) -> None:
    """A line of a plot is where the figures are."""
    cells = Cells()
    for value in values:
        cells.add(value)
    rank = next(place for place in range(len(values)) if place + 1 >= share * len(values))
    assert cells.percentile(share) == pytest.approx(sorted(values)[rank], rel=0.0201)


@given(st.lists(st.floats(0, 1e6), max_size=300), st.floats(0.001, 1e5), st.integers(0, 10_000))
def test_there_are_never_more_buckets_than_fit(moments: list[float], seconds: float, steps: int) -> None:
    """However long a run was, and however wrong the guess: no step is lost, and the picture stays small."""
    timeline = Timeline(seconds, steps)
    for moment in moments:
        timeline.add(record(moment))
    assert len(timeline) <= MAX_BUCKETS
    assert sum(bucket.done for _, bucket in timeline.buckets()) == len(moments)
    assert sum(bucket.latency.count for _, bucket in timeline.buckets()) == len(moments)


def test_the_slowest_are_the_slowest() -> None:
    """The list of slow steps has the worst ones, worst first."""
    fold = Fold(10, 300)
    run = [*MadeRun(300).records()]
    for one in run:
        fold.add(one)
    replied = [one.service_ms for one in run if one.status is not None and one.service_ms is not None]
    assert [one.service_ms for one in fold.slowest()] == sorted(replied, reverse=True)[:SLOWEST]


def test_what_was_not_sent_is_in_no_plot() -> None:
    """Skipped and dropped steps are no requests."""
    fold = Fold(10, 3)
    for outcome in (OutcomeKind.SKIPPED, OutcomeKind.DROPPED, OutcomeKind.IN_DOUBT):
        fold.add(Recorded(step=StepId(1, 0, 0, "a"), outcome=outcome, finished_s=1.0))
    assert (len(fold.timeline), fold.service.count, fold.slowest()) == (0, 0, [])
