"""Plans: how much they come to, and which are refused."""

from __future__ import annotations

from math import inf, nan
from pathlib import Path

import msgspec
import pytest

from tui_client.errors import UsageError
from tui_client.replay.plan import Exhausted, Plan, Recording, Stage, checked
from tui_client.storage.batch import Retry

BASE = Plan(steps=("a", "b"), setup=("login",))
DATA = msgspec.structs.replace(BASE, data=Path("rows.csv"))


@pytest.mark.parametrize(
    ("plan", "rows", "steps"),
    [
        (BASE, None, 3),
        (msgspec.structs.replace(BASE, iterations=10), None, 21),
        (DATA, None, None),
        (DATA, 5, 11),
        (msgspec.structs.replace(DATA, iterations=3), 5, 7),
        (msgspec.structs.replace(DATA, iterations=8), 5, 11),
        (msgspec.structs.replace(DATA, iterations=8), None, None),
        (msgspec.structs.replace(DATA, iterations=8, on_exhausted=Exhausted.WRAP), None, 17),
        (msgspec.structs.replace(DATA, iterations=8, on_exhausted=Exhausted.HOLD), 5, 17),
    ],
)
def test_the_number_of_steps_is_known_as_soon_as_it_can_be(plan: Plan, rows: int | None, steps: int | None) -> None:
    """Setup once, then all steps for each session."""
    assert plan.planned_steps(rows) == steps


@pytest.mark.parametrize(
    "change",
    [
        {"steps": ()},
        {"concurrency": 0},
        {"concurrency": 1001},
        {"iterations": 0},
        {"rate": 0.0},
        {"rate": -1.0},
        {"rate": nan},
        {"rate": inf},
        {"delay_s": -0.1},
        {"delay_s": nan},
        {"duration_s": 0.0},
        {"duration_s": inf},
        {"stages": (Stage(-1, 5.0),)},
        {"stages": (Stage(nan, 5.0),)},
        {"stages": (Stage(1, -5.0),)},
        {"stages": (Stage(1, inf),)},
        {"stages": (Stage(1, concurrency=0),)},
        {"stages": (Stage(1, concurrency=1001),)},
        {"stages": (Stage(1, 0.0), Stage(1))},
        {"retry": Retry(-1)},
        {"retry": Retry(1, ("conect",))},
        {"recording": Recording(Path("a.har"))},
        {"steps": (), "recording": Recording(Path("a.har")), "rate": 1.0},
        {"steps": (), "recording": Recording(Path("a.har")), "stages": (Stage(1, 1.0),)},
        {"steps": (), "recording": Recording(Path("a.har"), speed=-1)},
        {"steps": (), "recording": Recording(Path("a.har"), max_gap_s=nan)},
    ],
)
def test_a_plan_that_cant_run_is_refused(change: dict[str, object]) -> None:
    """Nothing to send, no session or too many, a pace that is none: said before anything is sent."""
    with pytest.raises(UsageError):
        checked(msgspec.structs.replace(BASE, **change))


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"rate": 0.5, "delay_s": 0.0, "duration_s": 0.1},
        {"stages": (Stage(0, 5.0), Stage(10), Stage(1, 0.0, 7)), "iterations": 3},
        {"rate": 5.0, "stages": (Stage(1, 0.0),), "data": Path("rows.csv")},
        {"retry": Retry(3)},
        {"steps": (), "setup": (), "recording": Recording(Path("a.har"), speed=0), "stages": (Stage(1, None, 9),)},
    ],
)
def test_a_plan_that_can_run_is_left_as_it_is(change: dict[str, object]) -> None:
    """A ramp may begin with a jump and end at 0; a recording needs no requests."""
    plan = msgspec.structs.replace(BASE, **change)
    assert checked(plan) is plan


def test_a_ramp_without_a_number_of_sessions_lasts_as_long_as_its_stages() -> None:
    """Nobody has to add up the stages to say when the run ends."""
    plan = msgspec.structs.replace(BASE, stages=(Stage(10, 5.0), Stage(20, 5.0)))
    assert checked(plan).duration_s == 30


def test_a_rate_without_an_end_is_refused() -> None:
    """Fifty requests a second of how many? The sentence says what to add."""
    with pytest.raises(UsageError, match="duration, iterations or a data file"):
        checked(msgspec.structs.replace(BASE, rate=50.0))
