"""A Dask scheduler and its workers as processes on loopback, as people start them."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

START_S = 60.0
_DASK = str(Path(sys.executable).with_name("dask"))


class Farm:
    """address: of the scheduler. environment: of its workers."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.address = ""
        self.workers: list[Process] = []
        self._environment = {**os.environ, **environment}
        self._scheduler: Process | None = None

    async def begin(self, port: str = "0") -> None:
        """Start the scheduler."""
        words = ["scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard"]
        self._scheduler = await asyncio.create_subprocess_exec(_DASK, *words, stdout=DEVNULL, stderr=PIPE)
        assert self._scheduler.stderr is not None
        async with asyncio.timeout(START_S):
            while "Scheduler at:" not in (line := (await self._scheduler.stderr.readline()).decode()):
                assert line, "the scheduler ended"
        self.address = line.split()[-1]

    async def hire(self, workers: int, *more: str) -> None:
        """Start workers; they come when they are ready."""
        for _ in range(workers):
            words = ["worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard", *more]
            self.workers.append(
                await asyncio.create_subprocess_exec(
                    _DASK, *words, stdout=DEVNULL, stderr=DEVNULL, env=self._environment
                )
            )

    async def restart(self, workers: int) -> None:
        """The scheduler is killed and another one begins at its place; so do workers."""
        port = self.address.rpartition(":")[2]
        assert self._scheduler is not None
        await _end(self._scheduler)
        for worker in self.workers:
            await _end(worker)
        self.workers.clear()
        await self.begin(port)
        await self.hire(workers)

    async def close(self) -> None:
        """End all of it."""
        for process in (*self.workers, self._scheduler):
            if process is not None:
                await _end(process)


async def _end(process: Process) -> None:
    with suppress(ProcessLookupError):
        process.send_signal(signal.SIGCONT)
        process.kill()
    await process.wait()


@asynccontextmanager
async def farm_of(workers: int, environment: dict[str, str], *more: str) -> AsyncIterator[Farm]:
    """A farm for one test."""
    farm = Farm(environment)
    try:
        await farm.begin()
        await farm.hire(workers, *more)
        yield farm
    finally:
        await farm.close()
