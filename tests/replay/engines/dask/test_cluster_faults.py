"""Workers that are lost, coordinators that stop, hosts that ask for pauses: nothing twice, nothing lost."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from crew import Crew, start
from resumed import Journalled, all_of, counted

from tui_client.errors import UsageError
from tui_client.replay.controls import Controls
from tui_client.replay.engines.dask import channel, messages, run
from tui_client.replay.engines.dask.terms import ClusterTerms
from tui_client.replay.execute import Run

World = Any  # the fixture of conftest

SLOW = 'method = "{{method}}"\nurl = "/slow/{{n}}"\n'
TOKEN = 'method = "POST"\nurl = "/login"\n[params]\nuser = "{{n}}"\n[capture.t]\nquery = "json"\nexpr = "$.token"\n'


@pytest.fixture
def runs(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Journalled:
    """A collection, and where its runs are journalled."""
    for name in ("DATA", "STATE", "CONFIG"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    world.write("slow", SLOW)
    world.write("token", TOKEN)
    world.write("late", 'method = "{{method}}"\nurl = "/slow/{{n}}/{{t}}"\n')
    return Journalled(world, tmp_path / "state")


@pytest.fixture
def crew(monkeypatch: pytest.MonkeyPatch) -> Crew:
    """Two workers."""
    return Crew(monkeypatch)


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> Crew:
    """One worker; who comes later finds it with all that may go on."""
    return Crew(monkeypatch, workers=1)


def numbers(world: World, count: int) -> Path:
    path: Path = world.data("rows.csv", "n\n" + "".join(f"{n}\n" for n in range(count)))
    return path


async def lost_while_waiting(world: World, crew: Crew, going: Run, waiting: int) -> None:
    """A worker is lost while so many of its steps wait for the server; another comes, and the server answers all."""
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        group.create_task(all_of(going))
        for _ in range(waiting):
            await world.shop.waiting.acquire()
        crew.join("worker-1")
        crew.lose(0)
        while going.workers is None or not going.workers.lost:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.005)
        world.shop.gate.set()


async def test_a_post_of_a_lost_worker_is_in_doubt(world: World, runs: Journalled, alone: Crew) -> None:
    """Each arrived once; in doubt are exactly those that were claimed and have no result."""
    going = start(runs.runs, "slow", data=numbers(world, 30), concurrency=8, given={"method": "POST"})
    await lost_while_waiting(world, alone, going, 8)
    arrived = Counter(world.shop.arrived)
    assert set(arrived.values()) == {1} and len(arrived) == 30
    outcomes = Counter(outcome for _, _, outcome in runs.outcomes())
    assert outcomes == {"passed": 22, "in_doubt": 8}
    assert going.summary().in_doubt == 8
    assert runs.rows("SELECT count(*) FROM claims") == [(0,)]


async def test_a_get_of_a_lost_worker_is_done_by_another(world: World, runs: Journalled, alone: Crew) -> None:
    """It does nothing twice, so it is sent again."""
    going = start(runs.runs, "slow", data=numbers(world, 30), concurrency=8, given={"method": "GET"})
    await lost_while_waiting(world, alone, going, 8)
    assert Counter(outcome for _, _, outcome in runs.outcomes()) == {"passed": 30}
    assert len(world.shop.arrived) == 38


async def test_another_worker_goes_on_with_what_the_first_step_gave(
    world: World, runs: Journalled, alone: Crew
) -> None:
    """The POST that was done is not done again, and its capture is there."""
    going = start(runs.runs, "token", "late", data=numbers(world, 12), concurrency=6, given={"method": "GET"})
    await lost_while_waiting(world, alone, going, 6)
    assert Counter(outcome for _, _, outcome in runs.outcomes()) == {"passed": 24}
    assert counted(world, "POST /login") == 12
    tokens = {line.split("/")[-1] for line in world.shop.arrived if "/slow/" in line}
    assert len(tokens) == 12


async def test_without_any_worker_it_waits_for_one(world: World, runs: Journalled, crew: Crew) -> None:
    """And says so; whoever comes goes on."""
    controls = Controls()
    going = start(runs.runs, "slow", controls=controls, data=numbers(world, 10), concurrency=4, given={"method": "GET"})
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        group.create_task(all_of(going))
        for _ in range(4):
            await world.shop.waiting.acquire()
        crew.lose(0)
        crew.lose(1)
        while "No worker takes part" not in controls.held:
            await controls.changed()
        world.shop.gate.set()
        crew.join("worker-2")
    assert going.summary().passed == 10
    assert going.workers is not None and going.workers.lost == 2


async def test_a_stop_reaches_all_and_a_resume_goes_on(world: World, runs: Journalled, crew: Crew) -> None:
    """What was in flight without an answer is in doubt; the rest is done later, each once."""
    controls = Controls(grace_s=0.0)
    plan: dict[str, Any] = {"data": numbers(world, 20), "concurrency": 6, "given": {"method": "POST"}}
    going = start(runs.runs, "slow", controls=controls, **plan)
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        group.create_task(all_of(going))
        for _ in range(6):
            await world.shop.waiting.acquire()
        controls.stop()
    assert going.summary().ended == "stopped" and going.summary().in_doubt == 6
    world.shop.gate.set()
    again = runs.runs.resume("last", cluster=ClusterTerms(workers=2))
    await all_of(again)
    assert Counter(outcome for _, _, outcome in runs.outcomes()) == {"passed": 14, "in_doubt": 6}
    assert set(Counter(world.shop.arrived).values()) == {1}


async def test_a_pause_holds_on_every_worker(world: World, runs: Journalled, crew: Crew) -> None:
    """Nothing starts until it goes on."""
    controls = Controls()
    going = start(runs.runs, "slow", controls=controls, data=numbers(world, 12), concurrency=4, given={"method": "GET"})
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        following = group.create_task(all_of(going))
        for _ in range(4):
            await world.shop.waiting.acquire()
        controls.pause()
        await asyncio.sleep(0)
        world.shop.gate.set()
        while going.summary().done < 4:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.005)
        assert len(world.shop.arrived) == 4 and not following.done()
        controls.resume()
    assert going.summary().passed == 12


async def test_a_pause_that_a_server_asks_for_is_known_to_all(
    world: World, runs: Journalled, crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Retry-After: the other workers hear of it, and so does who comes later."""
    told: list[messages.Down] = []
    down = messages.down
    monkeypatch.setattr(messages, "down", lambda message: (told.append(message), down(message))[1])
    controls = Controls()
    going = start(runs.runs, "slow", controls=controls, data=numbers(world, 6), concurrency=4, given={"method": "GET"})
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        group.create_task(all_of(going))
        for _ in range(4):
            await world.shop.waiting.acquire()
        assert going._engine is not None
        coordinator = going._engine._coordinator  # type: ignore[attr-defined]
        first = next(iter(coordinator.members.values()))
        coordinator._hear(first, messages.Asked("http://elsewhere:1", 30.0))
        crew.join("worker-2")
        while len(coordinator.members) < 3:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.005)
        world.shop.gate.set()
    pauses = [message for message in told if isinstance(message, messages.Pause)]
    assert [pause.origin for pause in pauses] == ["http://elsewhere:1"] * 2
    assert all(29.0 < pause.seconds <= 30.0 for pause in pauses)


async def test_a_stranger_s_news_change_nothing(world: World, runs: Journalled, crew: Crew) -> None:
    """Rows that a worker was not dealt are not kept, and its claims are refused."""
    going = start(runs.runs, "slow", data=numbers(world, 8), concurrency=4, given={"method": "GET"})
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        group.create_task(all_of(going))
        for _ in range(4):
            await world.shop.waiting.acquire()
        ticket = crew.tickets[0]
        odd = await channel.connect(ticket.host, ticket.port, ticket.token)
        odd.post(messages.up(messages.Hello("odd", run_version(), "3", "h", 1)))
        assert isinstance(messages.read_down(await odd.receive()), messages.Welcome)
        figures = (1, 0.1, None, 0, 1.0, 0, 0, 0)
        row = (0, 8, 0, "slow", "failed", "GET http://x/", 500, "", "no", *figures, None, "", None, None)
        claim = messages.Claim((0, 7, 0), "slow", True)
        odd.post(messages.up(messages.News(1, results=[messages.Kept(row)], claims=[claim], ended=[(0, 8)])))
        answers: list[messages.Down] = []
        while not any(isinstance(one, messages.Noted) for one in answers):
            answers.append(messages.read_down(await odd.receive()))
        noted = next(one for one in answers if isinstance(one, messages.Noted))
        assert noted.refused == "it was not dealt these steps"
        odd.abort()
        world.shop.gate.set()
    assert going.summary().passed == 8 and going.summary().failed == 0


def run_version() -> str:
    import tui_client

    return tui_client.__version__


async def test_never_more_at_once_than_the_plan_says(world: World, runs: Journalled, crew: Crew) -> None:
    """Also not while a worker comes and another one still has what was all for itself."""
    controls = Controls()
    going = start(runs.runs, "slow", controls=controls, data=numbers(world, 24), concurrency=6, given={"method": "GET"})
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        group.create_task(all_of(going))
        for _ in range(6):
            await world.shop.waiting.acquire()
        crew.join("worker-2")
        while going.workers is None or len(going.workers.living) < 3:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.005)
        world.shop.gate.set()
    assert going.summary().passed == 24
    assert world.shop.most_at_once == 6


async def test_workers_that_never_come_end_the_run(
    world: World, runs: Journalled, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a time that is told, with what to do."""
    Crew(monkeypatch, workers=0)
    monkeypatch.setattr(run, "_FIRST_S", 0.05)
    with pytest.raises(UsageError, match="No worker came within"):
        await all_of(start(runs.runs, "slow", given={"method": "GET"}))
    assert world.shop.arrived == []
