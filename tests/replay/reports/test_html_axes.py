"""Axes of plots."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.replay.reports.html_axes import Scale, count, duration, linear_ticks, log_ticks, moment, time_ticks


@given(st.floats(0.001, 1e9))
def test_a_linear_axis_covers_its_values_with_few_ticks(high: float) -> None:
    """Nothing is drawn above the highest line."""
    ticks = linear_ticks(high)
    assert ticks[-1] >= high * 0.999
    assert 2 <= len(ticks) <= 7


@given(st.floats(0.01, 1e6), st.floats(1.6, 1e8))
def test_a_log_axis_has_ticks_within_its_values(low: float, ratio: float) -> None:
    """Ticks lie on the axis, and are few enough to read."""
    ticks = log_ticks(low, low * ratio)
    assert all(low <= tick <= low * ratio for tick in ticks)
    assert len(ticks) <= 11


@given(st.floats(0.02, 1e8))
def test_a_time_axis_begins_at_zero(high_s: float) -> None:
    """Round moments, seven at most."""
    ticks = time_ticks(high_s)
    assert ticks[0] == 0
    assert len(ticks) <= 7
    assert ticks[-1] <= high_s * 1.001


def test_a_scale_puts_its_ends_at_its_ends() -> None:
    """Linear and logarithmic alike."""
    for log in (False, True):
        scale = Scale(1, 100, 200, 20, log=log)
        assert (scale(1), scale(100)) == (200, 20)
    assert Scale(1, 100, 0, 100, log=True)(10) == 50
    assert Scale(1, 100, 0, 100, log=True)(0) == 0


@pytest.mark.parametrize(("seconds", "text"), [(0.5, "0.5 s"), (45, "45 s"), (90, "1:30"), (3600, "1:00:00")])
def test_moments_are_short(seconds: float, text: str) -> None:
    """Clock times from a minute on."""
    assert moment(seconds) == text


def test_values_of_axes_are_short() -> None:
    """They stand in little room."""
    assert [duration(value) for value in (0.5, 20, 1500, 120_000)] == ["0.5 ms", "20 ms", "1.5 s", "2 min"]
    assert [count(value) for value in (0, 0.25, 5, 1200.0)] == ["0", "0.25", "5", "1,200"]
