"""Which sessions a plan comes to, in which order, with which rows."""

from __future__ import annotations

from contextlib import aclosing
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tui_client.errors import BrokenFile
from tui_client.replay.feed import Turn, turns
from tui_client.replay.plan import Exhausted, Plan
from tui_client.replay.rows import BadRow


async def taken(most: int, **plan: Any) -> list[Turn]:
    """The first sessions of a plan."""
    found: list[Turn] = []
    async with aclosing(turns(Plan(steps=("a",), **plan))) as feed:
        async for turn in feed:
            found.append(turn)
            if len(found) == most:
                break
    return found


def rows_file(folder: Path, *lines: str) -> Path:
    path = folder / "rows.csv"
    path.write_text("\n".join(["n", *lines, ""]))
    return path


async def test_a_duration_alone_has_sessions_without_end() -> None:
    """As many as there is time for; otherwise one, or the iterations."""
    assert [turn.iteration for turn in await taken(1000, duration_s=1.0)] == list(range(1000))
    assert len(await taken(9)) == 1
    assert [(turn.number, turn.iteration) for turn in await taken(9, iterations=3, duration_s=1.0)] == [
        (0, 0),
        (0, 1),
        (0, 2),
    ]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(
    good=st.lists(st.booleans(), min_size=1, max_size=4),
    iterations=st.none() | st.integers(1, 9),
    exhausted=st.sampled_from(Exhausted),
)
async def test_sessions_come_in_ascending_order_and_as_many_as_planned(
    tmp_path: Path, good: list[bool], iterations: int | None, exhausted: Exhausted
) -> None:
    """A resume asks for them in this order; each is another one; the plan knew their number."""
    data = rows_file(tmp_path, *("1" if one else "1,2" for one in good))
    plan = Plan(steps=("a",), data=data, iterations=iterations, on_exhausted=exhausted)
    found = await taken(100, data=data, iterations=iterations, on_exhausted=exhausted)
    places = [(turn.iteration, turn.number) for turn in found]
    assert all(one < other for one, other in pairwise(places))
    assert all(isinstance(turn.row, BadRow) is not good[turn.number - 1] for turn in found)
    if any(good):  # rows that can't be used are not used again
        assert len(found) == plan.sessions(len(good))
    else:
        assert len(found) == min(len(good), iterations or len(good))


async def test_a_file_that_changed_is_not_begun_again(tmp_path: Path) -> None:
    """The second time round the rows would be others."""
    data = rows_file(tmp_path, "1", "2")
    seen = []
    with pytest.raises(BrokenFile, match="changed"):
        async with aclosing(turns(Plan(steps=("a",), data=data, iterations=5, on_exhausted=Exhausted.WRAP))) as feed:
            async for turn in feed:
                seen.append(turn.number)
                if turn.number == 2:
                    rows_file(tmp_path, "1", "2", "3")
    assert seen == [1, 2]
