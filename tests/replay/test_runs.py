"""Runs with a journal: gone on with, done again in part, ended in every way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from journals import rows, store_in

from tui_client.errors import BrokenFile, UsageError
from tui_client.model.step import Dropped, InDoubt, StepResult
from tui_client.replay.controls import Controls
from tui_client.replay.execute import Run
from tui_client.replay.journal.header import Ended, Only, RunInfo
from tui_client.replay.journal.store import RunStore
from tui_client.replay.plan import Overflow, Plan
from tui_client.replay.runs import Runs

World = Any  # the fixture of conftest

POST = 'method = "POST"\n'


class Journalled:
    """Runs of a world whose journals lie in a folder."""

    def __init__(self, world: World, folder: Path) -> None:
        self.store: RunStore = store_in(folder)
        self.runs = Runs(self.store, world.services(), world.root)

    def info(self, run: Run) -> RunInfo:
        with self.store.reader(run.header.run) as reader:
            return reader.info(self.store.is_running(run.header.run))

    def rows(self, run: Run, sql: str) -> list[tuple[Any, ...]]:
        return rows(self.store.path(run.header.run), sql)


@pytest.fixture
async def journalled(world: World, tmp_path: Path) -> AsyncIterator[Journalled]:
    """A store beside the collection; nothing may take longer than this."""
    async with asyncio.timeout(20):
        yield Journalled(world, tmp_path)


async def results_of(run: Run) -> list[StepResult]:
    async with aclosing(run.results()) as results:
        return [result async for result in results]


async def until(condition: Callable[[], bool]) -> None:
    """Let the loop turn until it is so."""
    for _ in range(100_000):
        if condition():
            return
        await asyncio.sleep(0)
    pytest.fail("it never came to be so")


async def begun_and_stopped(world: World, run: Run, waiting: int = 1) -> list[StepResult]:
    """Stopped while so many requests wait at the server, which never answers them."""
    async with asyncio.TaskGroup() as group:
        running = group.create_task(results_of(run))
        for _ in range(waiting):
            await world.shop.waiting.acquire()
        run.controls.stop()
    return running.result()


async def test_dropped_sessions_of_a_run_without_number_are_sent_and_the_run_ends(
    world: World, journalled: Journalled
) -> None:
    """A plan that only has a duration has no last session: doing its dropped ones again ends with the last of them."""
    world.write("a", 'url = "/slow"\n')
    plan = Plan(steps=("a",), rate=200, duration_s=0.2, concurrency=1)
    run = journalled.runs.start(plan, Controls(grace_s=5))
    async with asyncio.TaskGroup() as group:
        running = group.create_task(results_of(run))
        await world.shop.waiting.acquire()
        await run.controls.stopped()
        world.shop.gate.set()
    dropped = {result.step for result in running.result() if isinstance(result.outcome, Dropped)}
    assert dropped and run.summary().dropped == len(dropped) == journalled.info(run).dropped
    assert journalled.info(run).ended is Ended.FINISHED

    again = journalled.runs.again(run.header.run, Only.DROPPED)
    again.controls.set_concurrency(1000)
    assert {result.step for result in await results_of(again)} == dropped
    assert again.summary().planned == len(dropped) == again.summary().done + again.summary().dropped


async def test_what_an_earlier_life_did_of_a_session_that_is_dropped_stays_done(
    world: World, journalled: Journalled
) -> None:
    """A session that was half done and then dropped sends its first step once in all, whatever is done again."""
    world.write("a", f'{POST}url = "/a"\n')
    world.write("b", 'url = "/slow"\n')
    plan = Plan(steps=("a", "b"), iterations=2, rate=1000, concurrency=2, overflow=Overflow.DROP)
    run = journalled.runs.start(plan, Controls(grace_s=0.01))
    await begun_and_stopped(world, run, waiting=2)

    resumed = journalled.runs.resume(run.header.run)
    resumed.controls.set_concurrency(1)
    async with aclosing(resumed.results()) as results:
        first = await anext(results)
        assert (first.step.index, first.outcome) == (1, Dropped())
        world.shop.gate.set()
        assert [result.passed async for result in results] == [True]
    outcomes = journalled.rows(run, "SELECT step, outcome FROM steps ORDER BY step, outcome")
    assert outcomes == [(0, "passed"), (0, "passed"), (1, "dropped"), (1, "passed")]

    again = journalled.runs.again(run.header.run, Only.DROPPED)
    assert [(result.step, result.passed) for result in await results_of(again)] == [(first.step, True)]
    assert world.shop.arrived.count("POST /a") == 2


async def test_a_data_file_that_changes_ends_the_run_after_what_is_in_flight(
    world: World, journalled: Journalled
) -> None:
    """The run says which file it was; the request that a server is working on is not cut off, and has its result."""
    world.write("a", f'{POST}url = "/{{{{path}}}}"\n')
    data = world.data("rows.csv", "path\nslow\n" + "echo\n" * 254 + "slow\n" + "echo\n" * 100)
    run = journalled.runs.start(Plan(steps=("a",), data=data))
    with pytest.raises(BrokenFile, match="changed while"):
        async with asyncio.TaskGroup() as group:
            running = group.create_task(_error_of(run))
            await world.shop.waiting.acquire()
            data.write_text("path\nother\n")
            world.shop.gate.set()
            world.shop.gate.clear()
            await world.shop.waiting.acquire()
            await run.controls.stopped()
            world.shop.gate.set()
        raise running.result()
    info = journalled.info(run)
    assert (info.passed, info.in_doubt, info.ended, info.state) == (256, 0, Ended.PROBLEM, "interrupted")
    assert len(world.shop.arrived) == 256


async def _error_of(run: Run) -> BaseException:
    """What reading the results to their end raises; a task group would wrap it."""
    try:
        await results_of(run)
    except (BrokenFile, BaseExceptionGroup) as error:
        return error
    raise AssertionError("it raised nothing")


@pytest.mark.parametrize("end", ["stop", "duration", "close"])
async def test_a_post_that_the_end_cut_off_is_counted_in_doubt(world: World, journalled: Journalled, end: str) -> None:
    """However a run ended, its figures and its journal say alike what may have been done, so that its code does too."""
    world.write("a", f'{POST}url = "/slow"\n')
    plan = Plan(steps=("a",), iterations=3, duration_s=0.2 if end == "duration" else 60.0)
    run = journalled.runs.start(plan, Controls(grace_s=0.01))
    async with asyncio.TaskGroup() as group:
        running = group.create_task(results_of(run))
        await world.shop.waiting.acquire()
        match end:
            case "stop":
                run.controls.stop()
            case "close":
                running.cancel()
    assert end == "close" or [result.outcome for result in running.result()] == [InDoubt()]
    assert run.summary().in_doubt == journalled.info(run).in_doubt == 1
    assert journalled.info(run).ended is (Ended.DURATION if end == "duration" else Ended.STOPPED)
    assert journalled.info(run).state == "interrupted"

    resumed = journalled.runs.resume(run.header.run)
    resumed.controls.grace_s = 0.01
    world.shop.gate.set()
    results = await results_of(resumed)
    assert [result.outcome for result in results][:1] == [InDoubt()]
    assert len(world.shop.arrived) == 3
    assert journalled.info(resumed).in_doubt == 1


async def test_some_sessions_done_again_do_not_wait_for_the_others(world: World, journalled: Journalled) -> None:
    """Two failures far apart are sent again one after the other at the plan's rate, not at their old distance."""
    world.write("a", 'url = "/status/{{code}}"\n')
    data = world.data("rows.csv", "code\n500\n" + "200\n" * 98 + "500\n")
    fast = Controls()
    fast.set_rate(10_000)
    run = journalled.runs.start(Plan(steps=("a",), data=data, rate=8, concurrency=4), fast)
    await results_of(run)
    again = journalled.runs.again(run.header.run, Only.FAILED)
    async with asyncio.timeout(6):
        results = await results_of(again)
    assert [result.step.row for result in results] == [1, 100]
    assert results[1].due_s is not None and results[0].due_s is not None
    assert results[1].due_s - results[0].due_s == pytest.approx(1 / 8)


async def test_a_part_done_again_plans_its_setup_too(world: World, journalled: Journalled) -> None:
    """Done and planned steps are equal at the end, however the run began."""
    world.write("login", 'url = "/login"\n')
    world.write("a", 'url = "/status/{{code}}"\n')
    data = world.data("rows.csv", "code\n500\n200\n200\n500\n")
    run = journalled.runs.start(Plan(steps=("a", "a"), setup=("login",), data=data))
    again = journalled.runs.again((await _ended(run)).header.run, Only.FAILED)
    await _ended(again)
    for one, steps in ((run, 9), (again, 5)):
        summary = one.summary()
        assert (summary.planned, summary.done, summary.unsent) == (steps, steps, 0)
        assert journalled.info(one).planned == steps


async def _ended(run: Run) -> Run:
    await results_of(run)
    return run


async def test_a_resumed_run_counts_all_its_lives(world: World, journalled: Journalled) -> None:
    """What was planned and done, and for how long, includes what was done before; the setup counts once."""
    world.write("login", 'url = "/login"\n')
    world.write("a", 'url = "/{{path}}"\n')
    data = world.data("rows.csv", "path\necho\nslow\necho\n")
    run = journalled.runs.start(Plan(steps=("a",), setup=("login",), data=data), Controls(grace_s=0.01))
    before = await begun_and_stopped(world, run)
    assert len(before) == 2 and run.summary().interrupted
    world.shop.gate.set()
    resumed = journalled.runs.resume(run.header.run)
    after = await results_of(resumed)
    summary = resumed.summary()
    assert (summary.planned, summary.done, summary.passed, summary.unsent) == (4, 4, 4, 0)
    assert summary.seconds > run.seconds
    assert all(result.finished_s > run.seconds for result in after)
    assert world.shop.arrived.count("GET /echo") == 2
    info = journalled.info(run)
    assert (info.ended, info.state, info.done, info.planned) == (Ended.FINISHED, "done", 4, 4)
    with pytest.raises(UsageError, match="is done"):
        journalled.runs.resume(run.header.run)


async def test_a_plan_that_is_refused_leaves_no_journal(world: World, journalled: Journalled) -> None:
    """Nothing was sent, so there is nothing to list or to resume."""
    world.write("a", 'url = "/{{missing}}"\n')
    run = journalled.runs.start(Plan(steps=("a",), data=world.data("rows.csv", "name\nx\n")))
    with pytest.raises(Exception, match="missing"):
        await results_of(run)
    run = journalled.runs.start(Plan(steps=("a",), data=world.root / "nowhere.csv"))
    with pytest.raises(BrokenFile):
        await results_of(run)
    assert not journalled.store.folder.exists()


async def test_a_resume_that_is_refused_lets_go_of_its_journal(world: World, journalled: Journalled) -> None:
    """With its data file as it was, the run goes on as if nobody had tried before."""
    world.write("a", 'url = "/{{path}}"\n')
    data = world.data("rows.csv", "path\necho\nslow\n")
    run = journalled.runs.start(Plan(steps=("a",), data=data), Controls(grace_s=0.01))
    await begun_and_stopped(world, run)
    text = data.read_text()
    data.write_text("path\nother\n")
    with pytest.raises(BrokenFile):
        await results_of(journalled.runs.resume(run.header.run))
    assert not journalled.store.is_running(run.header.run)
    data.write_text(text)
    world.shop.gate.set()
    (result,) = await results_of(journalled.runs.resume(run.header.run))
    assert result.step.row == 2 and result.passed


class Broken:
    """A sender with a mistake in it."""

    async def send(self, *given: Any, **more: Any) -> Any:
        raise KeyError("a mistake")


async def test_a_mistake_of_ours_ends_the_run_and_is_not_swallowed(world: World, journalled: Journalled) -> None:
    """It comes out as it is, the journal is closed, and says that the run can be gone on with."""
    world.write("a", 'url = "/echo"\n')
    services = msgspec.structs.replace(world.services(), engine=Broken())
    runs = Runs(journalled.store, services, world.root)
    run = runs.start(Plan(steps=("a",), iterations=500, concurrency=50))
    with pytest.raises(BaseExceptionGroup) as found:
        await results_of(run)
    assert found.value.subgroup(KeyError) is not None
    assert journalled.info(run).state == "interrupted"
    assert journalled.info(run).ended is Ended.PROBLEM


async def test_a_run_cancelled_while_its_journal_opens_lets_go_of_it(world: World, journalled: Journalled) -> None:
    """Wherever a start is cut off, no run is left that seems to be running."""
    world.write("a", 'url = "/echo"\n')
    for turns in range(12):
        run = journalled.runs.start(Plan(steps=("a",)))
        async with asyncio.TaskGroup() as group:
            running = group.create_task(results_of(run))
            for _ in range(turns):
                await asyncio.sleep(0)
            running.cancel()
        assert running.cancelled()
        assert not journalled.store.is_running(run.header.run)
    assert {info.state for info in journalled.store.list()} <= {"interrupted"}


async def test_a_life_that_ends_early_keeps_the_digest_of_its_data(world: World, journalled: Journalled) -> None:
    """A data file that was only touched is known again in each later life."""
    world.write("a", 'url = "/{{path}}"\n')
    data = world.data("rows.csv", "path\nslow\n")
    run = journalled.runs.start(Plan(steps=("a",), data=data), Controls(grace_s=0.01))
    async with asyncio.TaskGroup() as group:
        running = group.create_task(results_of(run))
        await world.shop.waiting.acquire()
        await until(lambda: run.summary().planned is not None)  # counted after the digest
        running.cancel()
    stopped = Controls()
    stopped.stop()
    for _ in range(2):
        data.touch()
        assert await results_of(journalled.runs.resume(run.header.run, stopped)) == []


async def test_a_stop_while_the_run_is_paused_ends_it(world: World, journalled: Journalled) -> None:
    """Between steps, and before the first one."""
    world.write("a", 'url = "/echo"\n')
    world.write("b", 'url = "/slow"\n')
    for setup in ((), ("a",)):
        controls = Controls()
        controls.pause()
        run = journalled.runs.start(Plan(steps=("a", "b"), setup=setup, iterations=9, rate=1000), controls)
        async with asyncio.TaskGroup() as group:
            running = group.create_task(results_of(run))
            for _ in range(20):
                await asyncio.sleep(0)
            controls.stop()
        assert running.result() == []
        assert journalled.info(run).ended is Ended.STOPPED
    assert world.shop.arrived == []


async def test_a_stop_during_the_setup_sends_no_row(world: World, journalled: Journalled) -> None:
    """The setup has its grace time; the run is gone on with from its beginning."""
    world.write("login", f'{POST}url = "/slow"\n')
    world.write("a", 'url = "/echo"\n')
    run = journalled.runs.start(Plan(steps=("a",), setup=("login",), iterations=2), Controls(grace_s=0.01))
    assert await begun_and_stopped(world, run) == []
    assert (journalled.info(run).ended, journalled.info(run).in_doubt) == (Ended.STOPPED, 0)
    world.shop.gate.set()
    resumed = journalled.runs.resume(run.header.run)
    assert [result.passed for result in await results_of(resumed)] == [True] * 3
    assert world.shop.arrived == ["POST /slow", "POST /slow", "GET /echo", "GET /echo"]


@pytest.mark.parametrize("turns", range(0, 60, 7))
async def test_a_run_cancelled_anywhere_does_each_post_once(world: World, journalled: Journalled, turns: int) -> None:
    """Each step is done, in doubt or never sent; after a resume none of them arrived twice, and none is missing."""
    world.write("a", f'{POST}url = "/a/{{{{n}}}}"\n')
    world.write("b", f'{POST}url = "/b/{{{{n}}}}"\n')
    data = world.data("rows.csv", "n\n" + "".join(f"{n}\n" for n in range(20)))
    run = journalled.runs.start(Plan(steps=("a", "b"), data=data, concurrency=4))
    async with asyncio.TaskGroup() as group:
        running = group.create_task(results_of(run))
        await until(lambda: bool(world.shop.arrived))
        for _ in range(turns):
            await asyncio.sleep(0)
        running.cancel()
    resumed = journalled.runs.resume(run.header.run)
    await results_of(resumed)
    arrived = world.shop.arrived
    assert len(set(arrived)) == len(arrived)
    summary = resumed.summary()
    assert (summary.planned, summary.unsent, journalled.info(run).state) == (40, 0, "done")
    doubted = journalled.rows(run, "SELECT row, step FROM steps WHERE outcome IN ('in_doubt', 'skipped')")
    passed = journalled.rows(run, "SELECT count(*) FROM steps WHERE outcome = 'passed'")
    assert passed == [(40 - len(doubted),)]
    assert len(arrived) >= 40 - len(doubted)


async def test_a_run_whose_time_was_over_gets_as_much_again(world: World, journalled: Journalled) -> None:
    """A resume after the duration goes on with the rows that are left."""
    world.write("a", 'url = "/echo"\n')
    first = journalled.runs.start(Plan(steps=("a",), iterations=100_000, duration_s=0.2))
    done = len(await results_of(first))
    assert first.summary().ended == "duration"
    again = journalled.runs.resume(first.header.run)
    assert len(await results_of(again)) > 0
    assert again.summary().done > done
