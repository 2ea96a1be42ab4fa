"""Percentiles of latencies in bounded memory."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.replay.histogram import Histogram

LATENCIES = st.lists(st.floats(0.0, 3_000_000.0), min_size=1, max_size=300)


def filled(values: list[float]) -> Histogram:
    histogram = Histogram()
    for value in values:
        histogram.add(value)
    return histogram


@given(values=LATENCIES, share=st.sampled_from([0.5, 0.9, 0.95, 0.99, 1.0]))
def test_a_percentile_is_right_to_three_digits(values: list[float], share: float) -> None:
    """The value at rank ceil(share x n), within 0.1 percent or a microsecond."""
    exact = sorted(values)[math.ceil(share * len(values)) - 1]
    (found,) = filled(values).percentiles(share)
    assert found == pytest.approx(exact, rel=0.001, abs=0.0011)


def test_an_empty_histogram_has_no_percentiles() -> None:
    """Nothing counted is not zero milliseconds."""
    assert Histogram().percentiles(0.5, 0.99) == (None, None)
    assert Histogram().bars(10) == ()


def test_memory_stays_bounded() -> None:
    """A hundred thousand different latencies up to an hour need no more than some 25,000 buckets."""
    histogram = filled([1.000123**step for step in range(100_000)])
    assert len(histogram._buckets) < 25_000
    assert histogram.count == 100_000


@given(values=LATENCIES, width=st.integers(1, 40))
def test_bars_hold_every_value_once(values: list[float], width: int) -> None:
    """The bars add up to all that was counted, their ends rise."""
    bars = filled(values).bars(width)
    assert sum(count for _, count in bars) == len(values)
    ends = [end for end, _ in bars]
    assert len(bars) == width and ends == sorted(ends)


def test_odd_values_are_counted_at_the_edge() -> None:
    """A clock that jumps neither crashes nor loses a count."""
    histogram = filled([-1.0, 1e12])
    assert histogram.count == 2
    assert histogram.percentiles(0.5, 1.0) == (0.0, 3_600_000.0)
