"""A cluster as people start one, and what becomes of a run when a part of it goes: nothing twice, nothing lost."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from dask_farm import Farm, farm_of
from fault_matrix import fault
from journals import rows
from replay_world import World
from replay_world import shop as shop
from replay_world import world as world
from resumed import Journalled, all_of

from tui_client.errors import UsageError
from tui_client.replay.controls import Controls
from tui_client.replay.engines.dask.terms import ClusterTerms
from tui_client.replay.execute import Run
from tui_client.replay.plan import Plan

ROWS = 24
LIMIT_S = 120


@pytest.fixture
def runs(world: World, tmp_path: Path, environment: dict[str, str]) -> Journalled:
    """A request that waits for the server, and where runs are journalled."""
    world.write("slow", 'method = "POST"\nurl = "/slow/{{n}}"\n')
    world.data("rows.csv", "n\n" + "".join(f"{n}\n" for n in range(ROWS)))
    return Journalled(world, tmp_path / "state")


def begin(runs: Journalled, farm: Farm, controls: Controls | None = None, **terms: Any) -> Run:
    """POSTs for all rows, eight at a time."""
    plan = Plan(steps=("slow",), data=runs.world.root.parent / "rows.csv", concurrency=8)
    return runs.runs.start(plan, controls, cluster=ClusterTerms(scheduler=farm.address, **terms))


async def waiting(world: World, steps: int) -> None:
    """Until so many wait for the server."""
    for _ in range(steps):
        await world.shop.waiting.acquire()


async def lost(going: Run, workers: int = 1) -> None:
    """Until so many workers are."""
    while going.workers is None or going.workers.lost < workers:  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(0.01)


async def takes_part(going: Run, process: int) -> None:
    """Until this one does."""
    while going.workers is None or process not in [one.pid for one in going.workers.living]:  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(0.01)


async def busy(going: Run) -> int:
    """The process of a worker that has steps in flight, once two take part."""
    while True:
        living = () if going.workers is None else going.workers.living
        if len(living) == 2 and any(one.in_flight for one in living):
            return max(living, key=lambda one: one.in_flight).pid
        await asyncio.sleep(0.01)


async def command(*words: str) -> asyncio.subprocess.Process:
    """A replay from the command line."""
    program = [sys.executable, "-m", "tui_client", "replay", *words]
    return await asyncio.create_subprocess_exec(
        *program, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )


def outcomes(runs: Journalled) -> Counter[str]:
    return Counter(outcome for _, _, outcome in runs.outcomes())


def arrivals(world: World) -> Counter[str]:
    return Counter(world.shop.arrived)


@fault("cluster.worker_killed")
async def test_a_worker_that_is_killed(world: World, runs: Journalled, environment: dict[str, str]) -> None:
    """Its POSTs are in doubt, the other worker does the rest."""
    async with asyncio.timeout(LIMIT_S), farm_of(2, environment) as farm, asyncio.TaskGroup() as group:
        going = begin(runs, farm)
        group.create_task(all_of(going))
        await waiting(world, 8)
        os.kill(await busy(going), signal.SIGKILL)
        await lost(going)
        world.shop.gate.set()
    assert set(arrivals(world).values()) == {1} and len(arrivals(world)) == ROWS
    found = outcomes(runs)
    assert found["passed"] + found["in_doubt"] == ROWS and 1 <= found["in_doubt"] <= 8


@fault("cluster.worker_stopped")
async def test_a_worker_that_says_nothing_any_more(world: World, runs: Journalled, environment: dict[str, str]) -> None:
    """It is lost after a time; and when it wakes it sends nothing that others send, and takes part anew."""
    async with asyncio.timeout(LIMIT_S), farm_of(2, environment) as farm, asyncio.TaskGroup() as group:
        going = begin(runs, farm, silent_s=1.5)
        group.create_task(all_of(going))
        await waiting(world, 8)
        process = await busy(going)
        os.kill(process, signal.SIGSTOP)
        await lost(going)
        os.kill(process, signal.SIGCONT)
        await takes_part(going, process)  # which its task can't do before it has given up what it was sending
        world.shop.gate.set()
    assert set(arrivals(world).values()) == {1} and len(arrivals(world)) == ROWS
    assert outcomes(runs)["passed"] + outcomes(runs)["in_doubt"] == ROWS


@fault("cluster.scheduler_restarted")
async def test_a_scheduler_that_is_started_again(world: World, runs: Journalled, environment: dict[str, str]) -> None:
    """The run waits for it, and goes on with the workers that come then."""
    async with asyncio.timeout(LIMIT_S), farm_of(1, environment) as farm, asyncio.TaskGroup() as group:
        going = begin(runs, farm)
        group.create_task(all_of(going))
        await waiting(world, 8)
        await farm.restart(1)
        await lost(going)
        world.shop.gate.set()
    assert outcomes(runs) == {"passed": ROWS - 8, "in_doubt": 8}
    assert set(arrivals(world).values()) == {1}


@fault("cluster.coordinator_killed")
async def test_a_coordinator_that_is_killed_and_resumed(
    world: World, runs: Journalled, environment: dict[str, str], tmp_path: Path
) -> None:
    """What was claimed and has no result is in doubt; all else is done once, by the same workers."""
    words = ["slow", "-C", str(world.root), "--data", str(world.root.parent / "rows.csv"), "--concurrency", "8"]
    async with asyncio.timeout(LIMIT_S), farm_of(1, environment) as farm:
        first = await command(*words, "--scheduler", farm.address)
        await waiting(world, 8)
        first.kill()
        await first.wait()
        (journal,) = (tmp_path / "STATE" / "tui-client" / "runs").glob("*.sqlite")
        claimed = rows(journal, "SELECT row FROM claims ORDER BY row")
        world.shop.gate.set()
        again = await command("--resume", "last", "--scheduler", farm.address, "--json")
        out, _ = await again.communicate()
    assert again.returncode == 5, out
    assert len(claimed) == 8
    assert rows(journal, "SELECT row FROM steps WHERE outcome = 'in_doubt' ORDER BY row") == claimed
    assert rows(journal, "SELECT count(*) FROM steps WHERE outcome = 'passed'") == [(ROWS - 8,)]
    assert set(arrivals(world).values()) == {1} and len(arrivals(world)) == ROWS


@fault("cluster.other_version")
async def test_a_worker_of_another_version(
    world: World, runs: Journalled, environment: dict[str, str], tmp_path: Path
) -> None:
    """Both versions are named, and nothing is sent."""
    old = tmp_path / "old.py"
    old.write_text('import tui_client\ntui_client.__version__ = "0.0.9"\n')
    async with asyncio.timeout(LIMIT_S), farm_of(1, environment, "--preload", str(old)) as farm:
        with pytest.raises(UsageError, match=r"has tui-client 0\.0\.9, and this is \d"):
            await all_of(begin(runs, farm))
    assert world.shop.arrived == []
