"""A plan being run: the engine's results, counted as they pass."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import UTC, datetime

import msgspec

from tui_client.errors import TuiClientError
from tui_client.model.step import StepResult
from tui_client.replay.controls import Controls
from tui_client.replay.engines.local import LocalRun
from tui_client.replay.memory import Memory
from tui_client.replay.plan import Plan, checked
from tui_client.replay.precheck import check_plan
from tui_client.replay.report import Report, Summary
from tui_client.replay.rows import count_rows
from tui_client.replay.services import Services


class Run:
    """One run of a plan; `summary()` gives its figures at any time. `results()` may be iterated once."""

    def __init__(self, plan: Plan, services: Services, controls: Controls | None = None) -> None:
        """Raises UsageError for a plan that can't be run."""
        self.plan = checked(plan)
        self.controls = controls or Controls()
        self.report = Report(f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}")
        self.report.planned = plan.planned_steps(None)
        self._services = msgspec.structs.replace(services, memory=Memory(services.memory.aged))
        self._began_s: float | None = None
        self._ended_s: float | None = None

    async def results(self) -> AsyncGenerator[StepResult, None]:
        """Every result as it comes. Close the iterator (`contextlib.aclosing`) to end the run at once.

        Raises what `precheck.check_plan` raises before anything is sent.
        """
        await asyncio.to_thread(check_plan, self.plan, self._services.source)
        self._began_s = time.monotonic()
        run = LocalRun(self.plan, self._services, self.controls, self._began_s)
        problem: TuiClientError | None = None
        try:
            async with asyncio.TaskGroup() as group:
                counting = group.create_task(self._count_rows())
                try:
                    async with aclosing(run.results()) as results:
                        async for result in results:
                            self.report.add(result)
                            yield result
                except GeneratorExit:
                    # The group would wrap it in an exception group; the run is over either way.
                    counting.cancel()
                except TuiClientError as error:
                    problem = error
                if self.controls.stopping or problem:
                    counting.cancel()
        finally:
            self._ended_s = time.monotonic()
        if problem is not None:
            raise problem

    async def _count_rows(self) -> None:
        if self.report.planned is not None or self.plan.data is None:
            return
        try:
            rows = await asyncio.to_thread(count_rows, self.plan.data, lambda: self._ended_s is None)
        except TuiClientError:
            return  # reading the rows for the run says the same
        self.report.planned = self.plan.planned_steps(rows)

    @property
    def seconds(self) -> float:
        """Since the run began, until it ended."""
        if self._began_s is None:
            return 0.0
        return (self._ended_s or time.monotonic()) - self._began_s

    def summary(self) -> Summary:
        """The figures now."""
        self.report.interrupted = self.controls.interrupted
        return self.report.summary(self.seconds)
