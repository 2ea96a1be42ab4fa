"""Plans: how much they come to, and which are refused."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tui_client.errors import UsageError
from tui_client.replay.plan import Exhausted, Plan, checked

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


@pytest.mark.parametrize("change", [{"steps": ()}, {"concurrency": 0}, {"concurrency": 1001}, {"iterations": 0}])
def test_a_plan_that_cant_run_is_refused(change: dict[str, object]) -> None:
    """Nothing to send, no session or too many at once: said before anything is sent."""
    assert checked(BASE) is BASE
    with pytest.raises(UsageError):
        checked(msgspec.structs.replace(BASE, **change))
