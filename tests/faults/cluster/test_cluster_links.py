"""A network that swallows everything: a relay between the coordinator and a worker that stops to forward."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from crew import Crew
from fault_matrix import fault
from replay_world import World
from replay_world import shop as shop
from replay_world import world as world
from resumed import Journalled, all_of

from tui_client.replay.engines.dask import channel
from tui_client.replay.engines.dask.terms import ClusterTerms
from tui_client.replay.plan import Plan

ROWS = 30


@pytest.fixture
def runs(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Journalled:
    """Requests of both kinds, and where runs are journalled."""
    for name in ("DATA", "STATE", "CONFIG"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    world.write("slow", 'method = "POST"\nurl = "/slow/{{n}}"\n')
    world.write("quick", 'url = "/quick/{{n}}"\n')
    world.data("rows.csv", "n\n" + "".join(f"{n}\n" for n in range(ROWS)))
    return Journalled(world, tmp_path / "state")


def plan(runs: Journalled, step: str, **more: Any) -> Plan:
    return Plan(steps=(step,), data=runs.world.root.parent / "rows.csv", concurrency=8, **more)


class Relay:
    """Forwards one connection, until it is cut: then it takes everything, and nobody hears of it."""

    def __init__(self) -> None:
        self.is_cut = False
        self._server: asyncio.Server | None = None

    async def open(self, port: int) -> int:
        """Where it listens."""

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            there = await asyncio.open_connection("127.0.0.1", port)
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pump(reader, there[1]))
                group.create_task(self._pump(there[0], writer))

        self._server = await asyncio.start_server(serve, "127.0.0.1", 0)
        found: int = self._server.sockets[0].getsockname()[1]
        return found

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            if not self.is_cut:
                writer.write(data)
        if not self.is_cut:
            writer.close()


@fault("cluster.network_cut")
async def test_a_network_that_swallows_everything(
    world: World, runs: Journalled, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither side hears the end of it: both give up after a time, and no POST is sent by two."""
    crew = Crew(monkeypatch, workers=1)
    relay, relays = Relay(), iter([True])
    connect = channel.connect

    async def through(host: str, port: int, token: bytes) -> channel.Channel:
        return await connect(host, await relay.open(port) if next(relays, False) else port, token)

    monkeypatch.setattr(channel, "connect", through)
    going = runs.runs.start(plan(runs, "slow"), cluster=ClusterTerms(workers=2, silent_s=1.0))
    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        group.create_task(all_of(going))
        for _ in range(8):
            await world.shop.waiting.acquire()
        crew.join("worker-1")
        relay.is_cut = True
        while going.workers is None or not going.workers.lost:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)
        world.shop.gate.set()
    assert set(Counter(world.shop.arrived).values()) == {1} and len(world.shop.arrived) == ROWS
    assert Counter(outcome for _, _, outcome in runs.outcomes()) == {"passed": ROWS - 8, "in_doubt": 8}
