"""A run and its figures."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import aclosing
from typing import Any

import pytest

from tui_client.errors import UsageError
from tui_client.replay.plan import Plan

World = Any  # the fixture of conftest
Counts = Callable[[Any], tuple[int, int, int, int]]


async def test_the_figures_add_up(world: World, summary_of: Counts) -> None:
    """All planned steps are passed, failed, errors or skipped, and the run has a name and a length."""
    world.write("ok", 'url = "/echo"\n')
    world.write("bad", 'url = "/status/500"\n[capture.t]\nquery = "json"\nexpr = "$.t"\n')
    world.write("chained", 'url = "/{{t}}"\n')
    world.write("dead", 'url = "http://127.0.0.1:9/"\n')
    run = world.run(Plan(steps=("ok", "bad", "chained", "dead"), iterations=3, concurrency=3))
    assert run.summary().planned == 12
    assert run.seconds == 0.0
    async with aclosing(run.results()) as results:
        async for _ in results:
            pass
    summary = run.summary()
    assert summary_of(run) == (3, 3, 3, 3)
    assert summary.by_status == {200: 3, 500: 3}
    assert summary.by_error == {"connect.refused": 3}
    assert summary.run and summary.seconds > 0
    assert run.seconds == summary.seconds


async def test_the_rows_are_counted_while_the_run_goes_on(world: World) -> None:
    """The number of planned steps is known at the end at the latest."""
    world.write("a", 'url = "/echo"\n')
    run = world.run(Plan(steps=("a",), data=world.data("rows.csv", "n\n1\n2\n3\n")))
    assert run.summary().planned is None
    async with aclosing(run.results()) as results:
        async for _ in results:
            pass
    assert run.summary().planned == 3


async def test_two_runs_have_two_names(world: World) -> None:
    """Reports of runs that began in the same second can be told apart."""
    world.write("a", 'url = "/echo"\n')
    names = {world.run(Plan(steps=("a",))).report.run for _ in range(200)}
    assert len(names) == 200


async def test_a_plan_that_cant_run_is_refused_at_once(world: World) -> None:
    """Before anything is opened."""
    with pytest.raises(UsageError):
        world.run(Plan(steps=()))


async def test_a_run_for_a_time_alone_is_finished_when_that_is_over(world: World) -> None:
    """There is nothing to resume where a duration was all that was asked for; with rows there is."""
    world.write("a", 'url = "/echo"\n')
    ends = []
    for plan in (
        Plan(steps=("a",), duration_s=0.1),
        Plan(steps=("a",), duration_s=0.1, iterations=100_000),
    ):
        run = world.run(plan)
        async with aclosing(run.results()) as results:
            async for _ in results:
                pass
        ends.append(run.summary().ended)
    assert ends == ["finished", "duration"]
