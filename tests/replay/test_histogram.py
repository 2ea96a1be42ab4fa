"""Percentiles of latencies in bounded memory."""

from __future__ import annotations

import itertools
import json
import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.replay.histogram import Histogram, place_of

LATENCIES = st.lists(st.floats(0.0, 3_000_000.0), min_size=1, max_size=300)
SHORT = st.lists(st.floats(0.0, 500.0) | st.sampled_from([1.0, 2.0, 2.048, 250.0]), max_size=100)


def filled(values: list[float]) -> Histogram:
    histogram = Histogram()
    for value in values:
        histogram.add(value)
    return histogram


@given(values=LATENCIES, share=st.sampled_from(["0.01", "0.5", "0.55", "0.9", "0.95", "0.99", "0.999", "1"]))
def test_a_percentile_is_right_to_three_digits(values: list[float], share: str) -> None:
    """The value at rank ceil(share x n), within 0.1 percent or a microsecond."""
    exact = sorted(values)[math.ceil(Fraction(share) * len(values)) - 1]
    (found,) = filled(values).percentiles(float(share))
    assert found == pytest.approx(exact, rel=0.001, abs=0.0011)


def test_percentiles_of_round_numbers_are_exact() -> None:
    """A hundred whole milliseconds: the 55th is 55, though 0.55 x 100 is not 55 to a computer."""
    histogram = filled([step / 1000 for step in range(1, 101)])
    assert histogram.percentiles(0.55, 0.07, 1.0, 0.0) == (0.055, 0.007, 0.1, 0.001)


@given(values=LATENCIES)
def test_least_mean_and_most_are_exact(values: list[float]) -> None:
    """To the microsecond, not to the bucket."""
    histogram = filled(values)
    assert histogram.min_ms == pytest.approx(min(values), abs=0.00051)
    assert histogram.max_ms == pytest.approx(max(values), abs=0.00051)
    assert histogram.mean_ms == pytest.approx(math.fsum(values) / len(values), abs=0.00051)


@given(one=SHORT, other=SHORT)
def test_merging_is_counting_both(one: list[float], other: list[float]) -> None:
    """No digit is lost when parts of a run are put together."""
    merged = filled(one)
    merged.merge(filled(other))
    assert merged == filled(one + other)
    assert merged.count == len(one) + len(other)


def test_a_merged_histogram_leaves_the_other_alone() -> None:
    """What is counted afterwards is counted in one of them."""
    part, whole = filled([1.0]), Histogram()
    whole.merge(part)
    whole.add(1.0)
    assert (part.count, part.percentiles(1.0)) == (1, (1.0,))
    assert part.to_dict()["buckets"] == [[1000, 1]]


@given(values=SHORT)
def test_a_kept_histogram_comes_back_equal(values: list[float]) -> None:
    """Through JSON and back, it counts on where it was."""
    back = Histogram.from_dict(json.loads(json.dumps(filled(values).to_dict())))
    back.add(7.0)
    assert back == filled([*values, 7.0])
    assert back.count == len(values) + 1


@pytest.mark.parametrize(
    "kept",
    [
        {},
        {"total_us": 1, "min_us": 1, "max_us": 1, "buckets": [[99_999, 1]]},
        {"total_us": 1, "min_us": 1, "max_us": 1, "buckets": [[-1, 1]]},
        {"total_us": 1, "min_us": 1, "max_us": 1, "buckets": [[1, 0]]},
        {"total_us": "x", "min_us": 1, "max_us": 1, "buckets": []},
    ],
)
def test_what_is_no_histogram_is_refused(kept: dict[str, object]) -> None:
    """A damaged journal gives an error, not figures."""
    with pytest.raises(ValueError, match="not a histogram"):
        Histogram.from_dict(kept)


@given(values=LATENCIES, edges=st.tuples(st.floats(0.0, 3_000_000.0), st.floats(0.0, 3_000_000.0)))
def test_a_range_counts_what_lies_in_it(values: list[float], edges: tuple[float, float]) -> None:
    """All values clearly inside, none clearly outside; what is within 0.1 percent of an edge may be either."""
    low, high = sorted(edges)
    found = filled(values).count_between(low, high)
    surely = sum(low * 1.001 + 0.002 <= value < high * 0.999 - 0.002 for value in values)
    perhaps = sum(low * 0.999 - 0.002 <= value <= high * 1.001 + 0.002 for value in values)
    assert surely <= found <= perhaps


@given(values=LATENCIES, middle=st.floats(0.0, 3_000_000.0))
def test_ranges_side_by_side_count_each_value_once(values: list[float], middle: float) -> None:
    """The rows behind two neighbouring bars are never the same."""
    histogram = filled(values)
    assert histogram.count_between(0.0, middle) + histogram.count_between(middle, math.inf) == len(values)


def test_a_range_that_runs_backwards_is_empty() -> None:
    """It counts nothing, rather than less than nothing."""
    assert filled([5.0, 6.0]).count_between(10.0, 1.0) == 0


def test_an_empty_histogram_has_no_figures() -> None:
    """Nothing counted is not zero milliseconds."""
    empty = Histogram()
    assert empty.percentiles(0.5, 0.99) == (None, None)
    assert (empty.min_ms, empty.mean_ms, empty.max_ms) == (None, None, None)
    assert empty.bars(10) == ()
    assert empty.count_between(0.0, math.inf) == 0


def test_memory_stays_bounded() -> None:
    """A hundred thousand different latencies up to an hour need no more than some 25,000 buckets."""
    histogram = filled([1.000123**step for step in range(100_000)])
    assert len(histogram.to_dict()["buckets"]) < 25_000
    assert histogram.count == 100_000


@given(values=LATENCIES, width=st.integers(1, 40))
def test_bars_hold_every_value_once(values: list[float], width: int) -> None:
    """The bars add up to all that was counted, their ends rise."""
    bars = filled(values).bars(width)
    assert sum(count for _, count in bars) == len(values)
    assert min(count for _, count in bars) >= 0
    ends = [end for end, _ in bars]
    assert len(bars) == width and ends == sorted(ends)


@given(st.lists(st.floats(0, 4_000_000), min_size=1, max_size=30), st.integers(1, 40))
def test_a_bar_counts_what_lies_between_its_ends(values: list[float], width: int) -> None:
    """To the last digit: the rows that are listed behind a bar are as many as it says."""
    bars = filled(values).bars(width)
    ends = [0.0, *(end for end, _ in bars[:-1]), math.inf]
    between = [sum(low <= value < high for value in values) for low, high in itertools.pairwise(ends)]
    assert between == [count for _, count in bars]


def test_a_bar_counts_the_values_below_its_end() -> None:
    """One and a hundred milliseconds are the first and the last of ten bars."""
    bars = filled([1.0, 1.0, 100.0]).bars(10)
    assert [count for _, count in bars] == [2, 0, 0, 0, 0, 0, 0, 0, 0, 1]
    assert bars[-1][0] == pytest.approx(100.0, rel=0.001)


def test_odd_values_are_counted_at_the_edge() -> None:
    """A clock that jumps neither crashes nor loses a count."""
    histogram = filled([-1.0, math.nan, 1e12, math.inf])
    assert histogram.count == 4
    assert histogram.percentiles(0.5, 1.0) == (0.0, 3_600_000.0)
    assert place_of(-0.0) == (0, 0)
