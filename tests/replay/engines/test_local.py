"""The engine of this process: order, sessions, stopping, bounds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from typing import Any

import pytest

from tui_client.errors import BrokenFile, FailureKind
from tui_client.model.step import Errored, InDoubt, Replied, Skipped, StepResult
from tui_client.replay.controls import Controls
from tui_client.replay.plan import Exhausted, Plan
from tui_client.replay.turnstile import Turnstile

World = Any  # the fixture of conftest
Counts = Callable[[Any], tuple[int, int, int, int]]

ECHO = 'url = "/echo"\n[params]\nname = "{{name}}"\n'


def outcome_names(results: list[StepResult]) -> list[str]:
    return [f"{result.step.key} {type(result.outcome).__name__}" for result in results]


async def test_steps_of_a_row_keep_their_order(world: World) -> None:
    """Each row sends its steps one after the other, with its own values."""
    world.write("one", 'url = "/one/{{n}}"\n')
    world.write("two", 'url = "/two/{{n}}"\n')
    data = world.data("rows.csv", "n\n1\n2\n3\n")
    results = await world.results("one", "two", data=data, concurrency=3)
    assert sorted(result.step.row for result in results) == [1, 1, 2, 2, 3, 3]
    for row in "123":
        assert [line for line in world.shop.arrived if line.endswith(row)] == [f"GET /one/{row}", f"GET /two/{row}"]


async def test_captures_lead_from_step_to_step_of_one_row_only(world: World) -> None:
    """What row 1 captured never shows up in row 2."""
    world.write("one", 'url = "/login"\n[params]\nuser = "{{n}}"\n[capture.t]\nquery = "json"\nexpr = "$.token"\n')
    world.write("two", 'url = "/two/{{n}}/{{t}}"\n')
    data = world.data("rows.csv", "n\na\nb\n")
    await world.results("one", "two", data=data)
    assert world.shop.arrived[1::2] == ["GET /two/a/t1-a", "GET /two/b/t3-b"]


async def test_each_row_has_its_own_cookies_and_those_of_the_setup(world: World) -> None:
    """A login by cookie in the setup holds in every row; a row's own cookies stay its own."""
    world.write("login", 'url = "/set-cookie"\n[params]\nuser = "setup"\n')
    world.write("set", 'url = "/set-cookie"\n[params]\nuser = "{{n}}"\n')
    world.write("show", 'url = "/echo"\n[capture.c]\nquery = "json"\nexpr = "$.cookie"\n')
    data = world.data("rows.csv", "n\na\nb\n")
    results = await world.results("show", "set", "show", setup=("login",), data=data)
    shown = [
        result.outcome.captures["c"]
        for result in results
        if isinstance(result.outcome, Replied) and result.step.key == "show"
    ]
    assert shown == ["who=setup", "who=a", "who=setup", "who=b"]


async def test_no_more_rows_at_once_than_the_concurrency(world: World) -> None:
    """Twelve slow rows at concurrency four: four at the server, never five."""
    world.write("a", 'url = "/slow"\n')
    run = world.run(Plan(steps=("a",), iterations=12, concurrency=4))
    async with asyncio.TaskGroup() as group, asyncio.timeout(10):
        running = group.create_task(_all(run))
        for _ in range(4):
            await world.shop.waiting.acquire()
        assert run.controls.in_flight == 4
        world.shop.gate.set()
    assert len(running.result()) == 12
    assert world.shop.most_at_once == 4


async def test_every_step_passes_the_turnstile(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sessions that are ready together leave room for a screen in the same loop."""
    entered: list[Turnstile] = []
    enter = Turnstile.enter

    async def counted(turnstile: Turnstile) -> None:
        entered.append(turnstile)
        await enter(turnstile)

    monkeypatch.setattr(Turnstile, "enter", counted)
    world.write("a", 'url = "/echo"\n')
    assert len(await world.results("a", iterations=5, concurrency=5)) == 5
    assert len(entered) == 5 and len(set(map(id, entered))) == 1


async def _all(run: Any) -> list[StepResult]:
    async with aclosing(run.results()) as results:
        return [result async for result in results]


async def test_concurrency_can_be_raised_while_the_run_goes_on(world: World) -> None:
    """A run begun with one session at a time takes three as soon as it is told to."""
    world.write("a", 'url = "/slow"\n')
    run = world.run(Plan(steps=("a",), iterations=3))
    async with asyncio.TaskGroup() as group, asyncio.timeout(10):
        running = group.create_task(_all(run))
        await world.shop.waiting.acquire()
        run.controls.set_concurrency(3)
        await world.shop.waiting.acquire()
        await world.shop.waiting.acquire()
        world.shop.gate.set()
    assert len(running.result()) == 3


async def test_a_failed_setup_ends_the_run(world: World, summary_of: Counts) -> None:
    """Nothing that relies on the setup is sent; the failure is reported."""
    world.write("login", 'url = "/status/401"\n')
    world.write("a", 'url = "/echo"\n')
    run = world.run(Plan(steps=("a",), setup=("login", "a")))
    results = await _all(run)
    assert outcome_names(results) == ["login Replied"]
    assert results[0].step.index == -2
    assert world.shop.arrived == ["GET /status/401"]
    assert summary_of(run) == (0, 1, 0, 0)


async def test_the_setup_is_sent_once_and_its_captures_serve_all_rows(world: World) -> None:
    """A token of the setup is there for every row."""
    world.write("login", 'url = "/login"\n[capture.t]\nquery = "json"\nexpr = "$.token"\n')
    world.write("a", 'url = "/a/{{t}}"\n')
    await world.results("a", setup=("login",), iterations=3)
    assert world.shop.arrived == ["GET /login", *["GET /a/t1-"] * 3]


async def test_a_step_that_lacks_a_lost_capture_is_skipped_the_others_go_on(world: World) -> None:
    """After a failed step only what is chained to it is left out, and says why."""
    world.write("one", 'url = "/status/500"\n[capture.t]\nquery = "json"\nexpr = "$.token"\n')
    world.write("two", 'url = "/two/{{t}}"\n[capture.u]\nquery = "status"\n')
    world.write("three", 'url = "/three/{{u}}"\n')
    world.write("four", 'url = "/four"\n')
    results = await world.results("one", "two", "three", "four")
    assert outcome_names(results) == ["one Replied", "two Skipped", "three Skipped", "four Replied"]
    assert [result.outcome.because for result in results if isinstance(result.outcome, Skipped)] == ["one", "two"]
    assert world.shop.arrived == ["GET /status/500", "GET /four"]


async def test_a_ragged_row_is_an_error_of_its_own_and_the_rest_goes_on(world: World) -> None:
    """The row is named, its steps are not sent, the other rows are."""
    world.write("a", ECHO)
    world.write("b", ECHO)
    data = world.data("rows.csv", "name\nx\ny,z\nw\n")
    results = await world.results("a", "b", data=data)
    bad = [result for result in results if result.step.row == 2]
    assert outcome_names(bad) == ["a Errored", "b Skipped"]
    assert isinstance(bad[0].outcome, Errored)
    assert bad[0].outcome.failure.kind is FailureKind.DATA_ROW
    assert len([result for result in results if result.passed]) == 4


async def test_bail_stops_at_the_first_step_that_does_not_pass(world: World) -> None:
    """Of a hundred rows none is begun after the failure."""
    world.write("a", 'url = "/status/{{code}}"\n')
    data = world.data("rows.csv", "code\n200\n500\n" + "200\n" * 98)
    run = world.run(Plan(steps=("a",), data=data, bail=True))
    results = await _all(run)
    assert [result.passed for result in results] == [True, False]
    assert not run.summary().interrupted


async def test_stop_lets_what_is_in_flight_end(world: World) -> None:
    """After stop() nothing new is sent; what was sent comes back whole."""
    world.write("a", 'url = "/slow"\n')
    run = world.run(Plan(steps=("a", "a"), iterations=10, concurrency=2))
    async with asyncio.TaskGroup() as group, asyncio.timeout(10):
        running = group.create_task(_all(run))
        await world.shop.waiting.acquire()
        await world.shop.waiting.acquire()
        run.controls.stop()
        world.shop.gate.set()
    assert [result.passed for result in running.result()] == [True, True]
    assert len(world.shop.arrived) == 2
    assert run.summary().interrupted


async def test_after_the_grace_time_steps_in_flight_are_cancelled(world: World) -> None:
    """A server that never answers can't hold up the end of a run; a POST is then in doubt, it may have been done."""
    world.write("a", 'method = "POST"\nurl = "/slow"\n')
    run = world.run(Plan(steps=("a",), iterations=5), Controls(grace_s=0.01))
    async with asyncio.TaskGroup() as group, asyncio.timeout(10):
        running = group.create_task(_all(run))
        await world.shop.waiting.acquire()
        run.controls.stop()
    (result,) = running.result()
    assert result.outcome == InDoubt()


async def test_what_can_be_sent_again_is_not_in_doubt(world: World) -> None:
    """A GET that the end of a run cut off has no result: a resume sends it again."""
    world.write("a", 'url = "/slow"\n')
    run = world.run(Plan(steps=("a",), iterations=5), Controls(grace_s=0.01))
    async with asyncio.TaskGroup() as group, asyncio.timeout(10):
        running = group.create_task(_all(run))
        await world.shop.waiting.acquire()
        run.controls.stop()
    assert running.result() == []


async def test_a_pause_holds_new_steps_back(world: World) -> None:
    """Paused, nothing is sent; resumed, all is."""
    world.write("a", 'url = "/echo"\n')
    controls = Controls()
    controls.pause()
    run = world.run(Plan(steps=("a",), iterations=3), controls)
    async with asyncio.TaskGroup() as group, asyncio.timeout(10):
        running = group.create_task(_all(run))
        for _ in range(50):
            await asyncio.sleep(0)
        assert world.shop.arrived == []
        controls.resume()
    assert len(running.result()) == 3


async def test_closing_the_results_ends_the_run_at_once(world: World) -> None:
    """Who stops reading leaves no task behind and no request on its way."""
    world.write("a", 'url = "/slow"\n')
    world.write("b", 'url = "/echo"\n')
    run = world.run(Plan(steps=("b", "a"), iterations=5, concurrency=5))
    async with asyncio.timeout(10), aclosing(run.results()) as results:
        async for _ in results:
            break
    assert run.controls.in_flight == 0
    assert [task for task in asyncio.all_tasks() if "LocalRun" in repr(task)] == []


async def test_a_slow_reader_slows_the_run_down(world: World) -> None:
    """Results that nobody reads pile up to a few hundred at most."""
    world.write("a", 'url = "http://127.0.0.1:1/{{nobody}}"\n')
    run = world.run(Plan(steps=("a",), iterations=5_000, concurrency=10))
    async with asyncio.timeout(10), aclosing(run.results()) as results:
        await anext(results)
        for _ in range(3_000):
            await asyncio.sleep(0)
        rest = 1
        async for _ in results:
            rest += 1
    assert rest == 5_000
    assert run.summary().done == 5_000


@pytest.mark.parametrize(
    ("exhausted", "names"),
    [(Exhausted.STOP, ["x", "y"]), (Exhausted.WRAP, ["x", "y", "x", "y", "x"]), (Exhausted.HOLD, ["x", *["y"] * 4])],
)
async def test_more_iterations_than_rows(world: World, exhausted: Exhausted, names: list[str]) -> None:
    """The data ends the run, begins again, or its last row is used on."""
    world.write("a", ECHO)
    data = world.data("rows.csv", "name\nx\ny\n")
    run = world.run(Plan(steps=("a",), data=data, iterations=5, on_exhausted=exhausted))
    results = await _all(run)
    assert world.shop.arrived == [f"GET /echo?name={name}" for name in names]
    assert len({result.step for result in results}) == len(names)
    assert run.summary().planned == len(names)


async def test_bodies_are_cut_to_what_a_run_can_keep(world: World) -> None:
    """Memory keeps 4 KiB of each body, and says so; the journal keeps more."""
    world.write("a", 'url = "/big/200"\n')
    world.write("b", 'url = "/big/500"\n')
    for result in await world.results("a", "b"):
        assert isinstance(result.outcome, Replied)
        response = result.outcome.exchange.response
        assert response is not None
        assert response.body.size == 4096
        assert "of 300,000 bytes" in response.note


async def test_allow_http_errors_holds_for_the_whole_plan(world: World) -> None:
    """Asked for on the command line, no status fails a step by itself."""
    world.write("a", 'url = "/status/500"\n')
    (result,) = await world.results("a", allow_http_errors=True)
    assert result.passed


async def test_an_edit_during_the_run_changes_nothing_in_it(world: World) -> None:
    """A run sends what stood in the files when it first read them."""
    world.write("a", 'url = "/before"\n')
    run = world.run(Plan(steps=("a",), iterations=3))
    async with aclosing(run.results()) as results:
        async for _ in results:
            world.write("a", 'url = "/after"\n')
    assert world.shop.arrived == ["GET /before"] * 3


async def test_a_data_file_that_cant_be_read_is_refused_before_anything_is_sent(world: World) -> None:
    """The error names the file."""
    world.write("a", ECHO)
    with pytest.raises(BrokenFile):
        await world.results("a", data=world.root / "missing.csv")
    assert world.shop.arrived == []
