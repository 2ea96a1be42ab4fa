"""When sessions are due."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.replay.pace.arrivals import arrivals, concurrency_at, concurrency_rises_s, default_concurrency, recorded
from tui_client.replay.plan import Plan, Stage

SECONDS = st.floats(0.0, 3600.0)
RATES = st.floats(0.0, 50.0).map(lambda rate: 0.0 if rate < 0.01 else rate)


def due(plan: Plan, count: int, first: int = 0) -> list[float]:
    found = arrivals(plan, first)
    assert found is not None
    return list(itertools.islice(found, count))


def ramp(*stages: Stage, rate: float | None = None, steps: int = 1, concurrency: int = 1) -> Plan:
    return Plan(steps=("a",) * steps, rate=rate, stages=stages, concurrency=concurrency)


def area_until(plan: Plan, at_s: float) -> float:
    """Requests due by the line of the rate, by its trapezoids."""
    area, begin_s, rate = 0.0, 0.0, plan.rate or 0.0
    for stage in plan.stages:
        target = rate if stage.rate is None else stage.rate
        inside = min(max(0.0, at_s - begin_s), stage.duration_s)
        share = inside / stage.duration_s if stage.duration_s else 0.0
        area += (rate + rate + (target - rate) * share) / 2 * inside
        begin_s += stage.duration_s
        rate = target
    return area + rate * max(0.0, at_s - begin_s)


def test_a_plan_without_a_rate_has_no_schedule() -> None:
    """A closed model starts a session as soon as another one ends."""
    assert arrivals(ramp()) is None
    assert arrivals(ramp(Stage(10, concurrency=5))) is None


def test_a_session_takes_as_many_requests_of_the_rate_as_it_has_steps() -> None:
    """The rate is of requests: sessions of two steps begin half as often."""
    assert due(ramp(rate=10), 4) == [0.0, 0.1, 0.2, 0.3]
    assert due(ramp(rate=10, steps=2), 4) == [0.0, 0.2, 0.4, 0.6]


def test_the_millionth_session_is_due_exactly_on_time() -> None:
    """No error adds up over a long run."""
    assert due(ramp(rate=3, steps=7), 1, first=1_000_000) == [7_000_000 / 3]


def test_a_ramp_is_denser_the_higher_it_is() -> None:
    """From 0 to 10 in 10 s: the integral t²/2 reaches 0, 2, 8, 18 at 0, 2, 4, 6 s."""
    times = due(ramp(Stage(10, 10.0)), 50)
    assert [times[number] for number in (0, 2, 8, 18)] == pytest.approx([0, 2, 4, 6])
    assert due(ramp(Stage(10, 10.0)), 3, first=50) == pytest.approx([10.0, 10.1, 10.2])


def test_a_ramp_down_to_nothing_ends() -> None:
    """From 10 to 0 in 10 s are 50 requests, and no more."""
    times = due(ramp(Stage(10, 0.0), rate=10), 1000)
    assert len(times) == 50
    assert times[-1] < 10


def test_a_silence_between_stages_holds_what_is_due_after_it() -> None:
    """10 s at 1 a second, 20 s of nothing, then 1 a second again."""
    plan = ramp(Stage(10), Stage(0, 0.0), Stage(20), Stage(0, 1.0), rate=1)
    assert due(plan, 13) == [*range(10), 30, 31, 32]


def test_a_stage_of_concurrency_alone_keeps_the_rate() -> None:
    """What a stage does not name stays as it is."""
    assert due(ramp(Stage(1, 10.0), Stage(1, concurrency=3), rate=10), 30) == pytest.approx([k / 10 for k in range(30)])


@given(
    st.one_of(st.none(), RATES.filter(bool)),
    st.lists(st.builds(Stage, SECONDS, st.one_of(st.none(), RATES)), max_size=5),
    st.integers(1, 5),
    st.integers(0, 2000),
)
def test_each_session_is_due_where_the_integral_of_the_rate_reaches_it(
    rate: float | None, stages: list[Stage], steps: int, first: int
) -> None:
    """Whatever the ramp: never too many by then, never too few, and never back in time."""
    plan = ramp(*stages, rate=rate, steps=steps)
    if arrivals(plan) is None:
        return
    times = due(plan, 20, first)
    assert times == sorted(times)
    for number, at_s in enumerate(times, start=first):
        assert area_until(plan, at_s) == pytest.approx(number * steps, rel=1e-6, abs=1e-5)


def test_the_concurrency_goes_evenly_from_target_to_target() -> None:
    """A session more each time the line reaches it."""
    plan = ramp(Stage(9, concurrency=10), Stage(10), Stage(5, concurrency=5), concurrency=1)
    at = {0: 1, 0.99: 1, 1: 2, 8.9: 9, 9: 10, 15: 10, 20: 9, 24: 5, 1000: 5}
    assert {s: concurrency_at(plan, s) for s in at} == at
    assert concurrency_at(ramp(concurrency=7), 5) == 7


@given(st.integers(1, 50), st.lists(st.builds(Stage, SECONDS, st.none(), st.integers(1, 50)), max_size=4), SECONDS)
def test_the_next_rise_is_the_first_time_that_allows_more(start: int, stages: list[Stage], at_s: float) -> None:
    """Who waits for it sleeps neither too long nor for nothing."""
    plan = ramp(*stages, concurrency=start)
    now, rises_s = concurrency_at(plan, at_s), concurrency_rises_s(plan, at_s)
    end_s = sum(stage.duration_s for stage in stages)
    looked_at = [at_s + (max(end_s, at_s) + 1 - at_s) * share / 50 for share in range(51)]
    first = next((one for one in looked_at if concurrency_at(plan, one) > now), None)
    if first is not None:
        assert rises_s is not None
        assert rises_s <= first + 1e-5
    if rises_s is not None:
        assert rises_s >= at_s
        assert all(concurrency_at(plan, one) <= now for one in looked_at if one < rises_s - 1e-5)


def test_recorded_traffic_keeps_its_pace_and_long_silences_are_cut() -> None:
    """The cut is made before the speed: 10 s of silence at most, at twice the speed 5 s."""
    assert list(recorded([100, 101, 500, 502], 1, 10)) == [0, 1, 11, 13]
    assert list(recorded([100, 101, 500, 502], 2, 10)) == [0, 0.5, 5.5, 6.5]
    assert list(recorded([100, 101, 500, 502], 0, 10)) == [0, 0, 0, 0]
    assert list(recorded([], 1, 10)) == []


def test_recorded_times_out_of_order_are_due_at_once() -> None:
    """A recording lists by end what began before; time never runs back."""
    assert list(recorded([10, 13, 11, 12, 14], 1, 10)) == [0, 3, 3, 3, 4]


@given(st.lists(st.floats(0, 1e9), max_size=30), st.floats(0.01, 100), st.floats(0, 100))
def test_recorded_times_never_go_back_nor_wait_longer_than_the_gap(
    times: list[float], speed: float, gap_s: float
) -> None:
    """For any recording."""
    found = list(recorded(times, speed, gap_s))
    assert len(found) == len(times)
    for before, after in itertools.pairwise(found):
        assert -1e-6 / speed <= after - before <= gap_s / speed + 1e-5 / speed


def test_enough_sessions_for_a_rate_when_nothing_says_how_many() -> None:
    """A reply may take a second without making others late; never more than the most there can be."""
    assert default_concurrency(None) == 1
    assert default_concurrency(0.5) == 16
    assert default_concurrency(99.5) == 100
    assert default_concurrency(5000) == 1000
    assert default_concurrency(1, [Stage(1, 40.0), Stage(1, concurrency=3)]) == 40
