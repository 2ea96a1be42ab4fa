"""Workers of a distributed run as tasks of the test's own event loop: the same code, channels and messages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest

from tui_client.replay.controls import Controls
from tui_client.replay.engines.dask import channel
from tui_client.replay.engines.dask.run import ClusterRun
from tui_client.replay.engines.dask.task import Ticket, work
from tui_client.replay.engines.dask.terms import ClusterTerms
from tui_client.replay.execute import Run
from tui_client.replay.plan import Plan
from tui_client.replay.runs import Runs


class Crew:
    """A pool of so many workers."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, workers: int = 2) -> None:
        self.found = workers
        self.names = [f"worker-{number}" for number in range(workers)]
        self.tickets: list[Ticket] = []
        self._channels: list[channel.Channel] = []
        self._group: asyncio.TaskGroup | None = None
        self._connect = channel.connect
        monkeypatch.setattr(channel, "connect", self._connected)
        monkeypatch.setitem(ClusterRun.__init__.__kwdefaults__, "pool", lambda *given: self)

    async def _connected(self, host: str, port: int, token: bytes) -> channel.Channel:
        found = await self._connect(host, port, token)
        self._channels.append(found)
        return found

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """Nothing is to be opened."""
        yield

    async def keep_at_work(self, ticket: Ticket) -> None:
        """All workers take part until the run is over."""
        self.tickets.append(ticket)
        async with asyncio.TaskGroup() as group:
            self._group = group
            for name in self.names:
                self.join(name)
            await asyncio.Event().wait()

    def join(self, name: str) -> None:
        """One more takes part."""
        assert self._group is not None  # the run goes
        self._group.create_task(self._work(name))

    async def _work(self, name: str) -> None:
        with suppress(channel.ChannelClosed):
            await work(self.tickets[-1], name)

    @property
    def connected(self) -> int:
        """How many connections there were."""
        return len(self._channels)

    def lose(self, at: int) -> None:
        """A worker is gone from one moment to the next, in the order in which they connected."""
        self._channels[at].abort()


def start(runs: Runs, *steps: str, controls: Controls | None = None, secrets: bool = False, **plan: Any) -> Run:
    """A run of a plan on workers."""
    terms = ClusterTerms(workers=2, send_secrets=secrets)
    return runs.start(Plan(steps=steps, **plan), controls, cluster=terms)
