"""Runs that are cut off and go on: journalled ones over a test's services, and processes that are killed."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import replay_child
from journals import rows, store_in

from tui_client.model.step import StepResult
from tui_client.replay.controls import Controls
from tui_client.replay.execute import Run
from tui_client.replay.journal.header import RunInfo
from tui_client.replay.plan import Plan
from tui_client.replay.runs import Runs

World = Any  # the fixture of tests/replay/conftest.py


class Journalled:
    """The runs of one folder."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world = world
        self.folder = folder
        self.store = store_in(folder)

    @property
    def runs(self) -> Runs:
        """As a process has them that has just begun."""
        return Runs(store_in(self.folder), self.world.services(), self.world.root)

    def start(self, *steps: str, controls: Controls | None = None, **plan: Any) -> Run:
        """A run of a plan."""
        return self.runs.start(Plan(steps=steps, **plan), controls)

    def resume(self) -> Run:
        """The last run goes on."""
        return self.runs.resume("last")

    @property
    def info(self) -> RunInfo:
        """The last run as the list shows it."""
        return self.store.list()[0]

    def outcomes(self) -> list[tuple[int, int, str]]:
        """Row, place and outcome of each step of the last run that has a result, without its setup."""
        sql = "SELECT row, step, outcome FROM steps WHERE step >= 0 ORDER BY iteration, row, step"
        return [(row, step, outcome) for row, step, outcome in self.rows(sql)]

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What a query finds in the last run's journal."""
        return rows(self.store.path(self.store.find("last")), sql)

    @asynccontextmanager
    async def child(self, *more: str, **plan: Any) -> AsyncIterator[asyncio.subprocess.Process]:
        """A process that runs a plan; killed with SIGKILL where it has not ended."""
        text = msgspec.json.encode(Plan(**plan), enc_hook=str).decode()
        command = [replay_child.__file__, str(self.world.root), str(self.folder), text, *more]
        # The keyring of whoever runs the tests is left alone.
        environ = {**os.environ, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
        process = await asyncio.create_subprocess_exec(
            sys.executable, *command, stdout=asyncio.subprocess.PIPE, env=environ
        )
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


async def all_of(run: Run) -> list[StepResult]:
    """The results of a run, to its end."""
    async with aclosing(run.results()) as results:
        return [result async for result in results]


def counted(world: World, path: str) -> int:
    """How often something arrived whose method and path begin so."""
    return sum(line.startswith(path) for line in world.shop.arrived)
