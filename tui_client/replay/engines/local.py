"""Runs a plan in this process: rows side by side, the steps of a row in order.

The results wait in a short queue: who reads them slowly slows the run down, and memory stays flat.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from pathlib import Path
from typing import Final, TypeAlias

import msgspec

from tui_client.errors import Failure, FailureKind, TuiClientError
from tui_client.http.cancellation import Cancellation
from tui_client.http.cookies import CookieJar
from tui_client.model.effective import EffectiveRequest
from tui_client.model.step import Errored, Replied, Skipped, StepId, StepResult
from tui_client.model.values import Value
from tui_client.replay.controls import Controls
from tui_client.replay.feed import Turn, turns
from tui_client.replay.plan import Plan
from tui_client.replay.rows import BadRow
from tui_client.replay.services import RequestSource, Services
from tui_client.replay.session import Session
from tui_client.replay.slim import slim
from tui_client.replay.step import run_step
from tui_client.replay.turnstile import Turnstile

_QUEUE: Final = 256
_LAST_GRACE_S: Final = 1.0  # for what no cancellation reaches

# The variables that steps of a row should have captured and did not, and the step that failed to.
Lost: TypeAlias = dict[str, str]


class Snapshot:
    """The requests as they stood when the run first needed them: an edit meanwhile doesn't mix two versions."""

    def __init__(self, source: RequestSource, allow_http_errors: bool) -> None:
        self._source = source
        self._allow_http_errors = allow_http_errors
        self._kept: dict[tuple[str, str], EffectiveRequest] = {}

    def effective(self, key: str, environment: str) -> EffectiveRequest:
        """As the library has it. Raises BrokenFile or NotFound."""
        if (key, environment) not in self._kept:
            request = self._source.effective(key, environment)
            if self._allow_http_errors:
                options = msgspec.structs.replace(request.options, allow_http_errors=True)
                request = msgspec.structs.replace(request, options=options)
            self._kept[key, environment] = request
        return self._kept[key, environment]

    def collection_root(self, key: str) -> Path:
        return self._source.collection_root(key)


class LocalRun:
    """One run of a plan. `results()` may be iterated once."""

    def __init__(self, plan: Plan, services: Services, controls: Controls, began_s: float | None = None) -> None:
        self._plan = plan
        self._source = Snapshot(services.source, plan.allow_http_errors)
        self._services = msgspec.structs.replace(services, source=self._source)
        self._controls = controls
        self._began_s = time.monotonic() if began_s is None else began_s
        self._queue: asyncio.Queue[StepResult | None] = asyncio.Queue(_QUEUE)
        self._sessions = 0
        self._turnstile = Turnstile()
        self._in_flight: set[Cancellation] = set()
        self._error: TuiClientError | None = None

    async def results(self) -> AsyncGenerator[StepResult, None]:
        """Every result as it comes. Close the iterator (`aclosing`) to end the run at once.

        Raises BrokenFile or UsageError for a data file that can't be read.
        """
        async with asyncio.TaskGroup() as group:
            work = group.create_task(self._work())
            grace = group.create_task(self._end_after_grace(work))
            try:
                while (result := await self._queue.get()) is not None:
                    yield result
            except GeneratorExit:
                # The group would wrap it in an exception group; the run ends below either way.
                pass
            finally:
                work.cancel()
                grace.cancel()
        if self._error is not None:
            raise self._error

    async def _work(self) -> None:
        try:
            session = await self._setup()
            if session is not None:
                await self._run_sessions(session)
        except TuiClientError as error:
            self._error = error
        finally:
            await self._queue.put(None)

    async def _end_after_grace(self, work: asyncio.Task[None]) -> None:
        await self._controls.stopped()
        await asyncio.sleep(self._controls.grace_s)
        for cancellation in tuple(self._in_flight):
            cancellation.cancel()
        await asyncio.sleep(_LAST_GRACE_S)
        work.cancel()

    async def _setup(self) -> Session | None:
        """Do the setup steps; None if one failed, since what follows relies on them."""
        plan = self._plan
        session = Session(jar=CookieJar(), environment=plan.environment, given=plan.given)
        first = -len(plan.setup)
        failed = False
        for index, key in enumerate(plan.setup, start=first):
            if failed or not await self._controls.may_start():
                return None
            result = await self._send(StepId(0, 0, index, key), session)
            session = _with_captures(session, result)
            await self._queue.put(result)
            failed = not result.passed
        return None if failed else session

    async def _run_sessions(self, base: Session) -> None:
        async with asyncio.TaskGroup() as rows, aclosing(turns(self._plan)) as feed:
            async for turn in feed:
                while self._sessions >= self._limit and not self._controls.stopping:
                    await self._controls.changed()
                if not await self._controls.may_start():
                    return
                self._sessions += 1
                rows.create_task(self._run_session(base, turn))

    @property
    def _limit(self) -> int:
        return self._controls.concurrency or self._plan.concurrency

    async def _run_session(self, base: Session, turn: Turn) -> None:
        try:
            if isinstance(turn.row, BadRow):
                await self._refuse_row(turn, turn.row)
                return
            values: Mapping[str, Value] = turn.row.values if turn.row else {}
            session = msgspec.structs.replace(
                base,
                jar=CookieJar(base.jar.all()),
                row_values=values,
                row=turn.number,
                iteration=turn.iteration,
            )
            await self._run_steps(session)
        finally:
            self._sessions -= 1
            self._controls.wake()

    async def _run_steps(self, session: Session) -> None:
        lost: Lost = {}
        for index, key in enumerate(self._plan.steps):
            if not await self._controls.may_start():
                return
            result = _or_skipped(await self._send(StepId(session.row, session.iteration, index, key), session), lost)
            session = _with_captures(session, result)
            if not result.passed:
                self._note_lost(lost, result, session)
            await self._queue.put(slim(result))
            if self._plan.bail and not result.passed:
                self._controls.end()

    def _note_lost(self, lost: Lost, result: StepResult, session: Session) -> None:
        try:
            captures = self._source.effective(result.step.key, session.environment).captures
        except TuiClientError:
            return
        for one in captures:
            if one.name not in session.captured:
                lost.setdefault(one.name, result.step.key)

    async def _send(self, step: StepId, session: Session) -> StepResult:
        await self._turnstile.enter()
        cancellation = Cancellation()
        self._in_flight.add(cancellation)
        self._controls.in_flight += 1
        try:
            return await run_step(step, session, self._services, cancellation=cancellation, began_s=self._began_s)
        finally:
            self._controls.in_flight -= 1
            self._in_flight.discard(cancellation)

    async def _refuse_row(self, turn: Turn, row: BadRow) -> None:
        first, *rest = self._plan.steps
        at_s = time.monotonic() - self._began_s
        ids = [StepId(turn.number, turn.iteration, index, key) for index, key in enumerate((first, *rest))]
        await self._queue.put(StepResult(ids[0], Errored(row.failure), at_s, first))
        for step in ids[1:]:
            await self._queue.put(StepResult(step, Skipped(first), at_s, step.key))
        if self._plan.bail:
            self._controls.end()


def _with_captures(session: Session, result: StepResult) -> Session:
    if not isinstance(result.outcome, Replied) or not result.outcome.captures:
        return session
    return msgspec.structs.replace(session, captured={**session.captured, **result.outcome.captures})


def _or_skipped(result: StepResult, lost: Lost) -> StepResult:
    """A step that lacks a variable which an earlier step failed to capture was skipped, it did not fail itself."""
    match result.outcome:
        case Errored(failure=Failure(kind=FailureKind.TEMPLATE_UNKNOWN_VARIABLE, subject=name)) if name in lost:
            return msgspec.structs.replace(result, outcome=Skipped(lost[name]))
        case _:
            return result
