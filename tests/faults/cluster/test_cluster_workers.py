"""A worker that is slow, as a process of its own, and a machine without Dask."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from dask_farm import farm_of
from fault_matrix import fault
from replay_world import World
from replay_world import shop as shop
from replay_world import world as world
from resumed import Journalled, all_of

from tui_client.replay.engines.dask.terms import ClusterTerms
from tui_client.replay.plan import Plan

LIMIT_S = 120
TURNS = 400
# Dask loads this twice into a worker. All it sends takes ten times as long, and is counted in a file.
SLOW = """
import asyncio
from contextlib import asynccontextmanager

import msgspec

from tui_client.replay.engines.dask import worker
from tui_client.replay.engines.dask.worker_services import worker_services


class Slow:
    def __init__(self, sender):
        self.sender = sender

    async def send(self, *given, **named):
        with open({counted!r}, "ab", buffering=0) as file:
            file.write(b".")
        await asyncio.sleep(0.2)
        return await self.sender.send(*given, **named)


@asynccontextmanager
async def slowed(*given):
    async with worker_services(*given) as services:
        yield msgspec.structs.replace(services, engine=Slow(services.engine))


worker.worker_services = slowed
"""
# As where it was never installed: asked for, it is not found; nothing else differs.
HIDDEN = """
import importlib.machinery, runpy, sys


class Hiding(importlib.machinery.PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name.partition(".")[0] in ("dask", "distributed") else super().find_spec(name, path, target)


sys.meta_path[sys.meta_path.index(importlib.machinery.PathFinder)] = Hiding
sys.argv[0] = "tui-client"
runpy.run_module("tui_client", run_name="__main__", alter_sys=True)
"""


@fault("cluster.worker_slow")
async def test_a_worker_that_is_slow(world: World, tmp_path: Path, environment: dict[str, str]) -> None:
    """It holds up what it has, and nothing else: the other one does most, and the run ends."""
    world.write("slow", 'method = "POST"\nurl = "/slow/{{n}}"\n')
    data = world.data("rows.csv", "n\n" + "".join(f"{n}\n" for n in range(TURNS)))
    counted, preload = tmp_path / "counted", tmp_path / "slow.py"
    preload.write_text(SLOW.format(counted=str(counted)))
    runs = Journalled(world, tmp_path / "state")
    async with asyncio.timeout(LIMIT_S), farm_of(1, environment) as farm, asyncio.TaskGroup() as group:
        await farm.hire(1, "--preload", str(preload))
        going = runs.runs.start(
            Plan(steps=("slow",), data=data, concurrency=8), cluster=ClusterTerms(scheduler=farm.address)
        )
        group.create_task(all_of(going))
        while going.workers is None or len(going.workers.living) < 2:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)
        world.shop.gate.set()
    assert going.summary().passed == len(set(world.shop.arrived)) == len(world.shop.arrived) == TURNS
    assert 1 <= counted.stat().st_size < TURNS / 3


@fault("cluster.not_installed")
@pytest.mark.parametrize("where", [("--workers", "2"), ("--scheduler", "tcp://127.0.0.1:8786")])
def test_dask_that_is_not_installed(
    world: World, tmp_path: Path, environment: dict[str, str], where: tuple[str, str]
) -> None:
    """One sentence says how to install it, and there is no run."""
    world.write("quick", 'url = "/quick"\n')
    words = [sys.executable, "-c", HIDDEN, "replay", "quick", "-C", str(world.root), *where]
    done = subprocess.run(words, capture_output=True, text=True, timeout=LIMIT_S)
    assert done.returncode == 2, done.stderr
    assert done.stderr.splitlines()[-1].endswith("pip install 'tui-client[distributed]'")
    assert "Traceback" not in done.stderr and world.shop.arrived == []
    assert list(tmp_path.rglob("*.sqlite")) == []
