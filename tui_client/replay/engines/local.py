"""Runs a plan in this process: rows side by side, the steps of a row in order.

The results wait in a short queue: who reads them slowly slows the run down, and memory stays flat.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path
from typing import Final

import msgspec

from tui_client.errors import TuiClientError
from tui_client.http.cancellation import Cancellation
from tui_client.model.effective import EffectiveRequest
from tui_client.model.step import Dropped, StepId, StepResult
from tui_client.replay.controls import Controls
from tui_client.replay.engines.ledger import Ledger, NoLedger
from tui_client.replay.engines.sessions import Doing, RowSession, setup_session
from tui_client.replay.feed import Turn, recorded_turns, turns
from tui_client.replay.hosts import Hosts
from tui_client.replay.journal.header import Ended
from tui_client.replay.journal.standings import Standing, Standings
from tui_client.replay.pace.arrivals import recorded
from tui_client.replay.pace.pacer import Pacer
from tui_client.replay.plan import Overflow, Plan
from tui_client.replay.recording import RecordedSource
from tui_client.replay.services import RequestSource, Services
from tui_client.replay.session import Session
from tui_client.replay.turnstile import Turnstile

_QUEUE: Final = 256
_LAST_GRACE_S: Final = 1.0  # for what no cancellation reaches
_LATE_S: Final = 0.005  # a timer is no more exact
_AT_ONCE: Final = 256  # sessions of earlier lives that are passed over without a pause


class Snapshot:
    """The requests as they stood when the run first needed them: an edit meanwhile doesn't mix two versions."""

    def __init__(self, source: RequestSource, plan: Plan) -> None:
        self._source = source
        self._plan = plan
        self._kept: dict[tuple[str, str], EffectiveRequest] = {}

    def effective(self, key: str, environment: str) -> EffectiveRequest:
        """As the library has it, with what the plan says of all. Raises BrokenFile or NotFound."""
        if (key, environment) not in self._kept:
            request = self._source.effective(key, environment)
            said = {name: True for name in ("allow_http_errors", "idempotency_key") if getattr(self._plan, name)}
            if said:
                options = msgspec.structs.replace(request.options, **said)
                request = msgspec.structs.replace(request, options=options)
            self._kept[key, environment] = request
        return self._kept[key, environment]

    def collection_root(self, key: str) -> Path:
        return self._source.collection_root(key)


class LocalRun:
    """One run of a plan. `results()` may be iterated once.

    began_s: when it began, on the monotonic clock, its earlier lives included. standings: how far those came.
    recorded: the sessions of a recording, in place of the plan's steps. derived: as in Session.
    """

    def __init__(
        self,
        plan: Plan,
        services: Services,
        controls: Controls,
        began_s: float | None = None,
        *,
        ledger: Ledger | None = None,
        standings: Standings | None = None,
        recorded: RecordedSource | None = None,
        derived: frozenset[str] = frozenset(),
    ) -> None:
        self._plan = plan
        self._recorded = recorded
        self._standings = standings
        self._controls = controls
        self._began_s = time.monotonic() if began_s is None else began_s
        self._queue: asyncio.Queue[StepResult | None] = asyncio.Queue(_QUEUE)
        self._sessions = 0
        self._in_flight: set[Cancellation] = set()
        self._clock: asyncio.Task[None] | None = None
        self._error: TuiClientError | None = None
        self._is_read = True
        source = Snapshot(services.source if recorded is None else recorded, plan)
        self._doing = Doing(
            plan=plan,
            services=msgspec.structs.replace(services, source=source),
            controls=controls,
            ledger=ledger or NoLedger(),
            hosts=Hosts(),
            turnstile=Turnstile() if services.shares_loop else Turnstile(None),
            queue=self._queue,
            in_flight=self._in_flight,
            began_s=self._began_s,
            derived=derived,
        )

    async def results(self) -> AsyncGenerator[StepResult, None]:
        """Every result as it comes. Close the iterator (`aclosing`) to end the run at once.

        Raises BrokenFile or UsageError for a data file that can't be read, BrokenFile for a journal that can't be kept.
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
                self._is_read = False
                work.cancel()
                grace.cancel()
        if self._error is not None:
            raise self._error

    async def _work(self) -> None:
        try:
            session = await setup_session(self._doing)
            if session is not None:
                await self._run_sessions(session)
        except TuiClientError as error:
            self._error = error
        except BaseExceptionGroup as errors:
            # A session fails only where nothing can be kept any more; all others end with it.
            self._error = _first_of_ours(errors)
        finally:
            # A full queue would be waited for in vain.
            if self._is_read:
                await self._queue.put(None)

    async def _end_after_grace(self, work: asyncio.Task[None]) -> None:
        await self._controls.stopped()
        await asyncio.sleep(self._controls.grace_s)
        for cancellation in tuple(self._in_flight):
            cancellation.cancel()
        await asyncio.sleep(_LAST_GRACE_S)
        work.cancel()

    async def _run_sessions(self, base: Session) -> None:
        async with asyncio.TaskGroup() as beside:
            async with asyncio.TaskGroup() as rows:
                try:
                    await self._feed(rows, beside, base)
                except TuiClientError as error:
                    # The sessions that are under way may end: a server is at work for them.
                    self._error = error
                    self._controls.end(Ended.PROBLEM)
            if self._clock is not None:
                self._clock.cancel()

    async def _feed(self, rows: asyncio.TaskGroup, beside: asyncio.TaskGroup, base: Session) -> None:
        """Start one session after the other. Raises BrokenFile or UsageError where no more rows can be read."""
        pacer, done_before = None, 0
        async with aclosing(self._turns()) as feed:
            async for turn in feed:
                if self._standings is not None and self._standings.over:
                    return  # a plan that only has a duration would go on
                standing = self._standing(turn)
                if standing is not None and standing.first >= len(turn.steps):
                    done_before += 1
                    if pacer is not None and not self._is_own_pace:
                        pacer.skip()
                    if done_before % _AT_ONCE == 0:
                        # Nothing else here waits for anything, and there may be millions of them.
                        await asyncio.sleep(0)
                    if self._controls.stopping:
                        return
                    continue
                if pacer is None:
                    pacer = self._pacer(0 if self._is_own_pace else done_before)
                    self._clock = beside.create_task(pacer.end_in_time())
                if not await self._start(rows, pacer, base, turn, standing):
                    return

    @property
    def _is_own_pace(self) -> bool:
        """Some sessions of an earlier run are done, at the rate of the plan and not when they were due then."""
        return self._standings is not None and self._standings.partial and self._recorded is None

    def _standing(self, turn: Turn) -> Standing | None:
        return None if self._standings is None else self._standings.take(turn.iteration, turn.number)

    async def _start(
        self, rows: asyncio.TaskGroup, pacer: Pacer, base: Session, turn: Turn, standing: Standing | None
    ) -> bool:
        """Start a session when its time has come and there is room for it; False if no more may start."""
        due_s = await pacer.due()
        if pacer.over or self._controls.stopping:
            return False
        doubtful = standing is not None and (standing.claimed or standing.shut)
        if pacer.overflow is Overflow.DROP and self._is_full(pacer) and not doubtful:
            await self._drop(turn, 0 if standing is None else standing.first, due_s)
            return True
        still_s = self._controls.still_s
        while self._is_full(pacer) and not self._controls.stopping:
            await pacer.changed()
        if not await self._controls.may_start():
            return False
        if due_s is not None:
            due_s += self._controls.still_s - still_s  # as the pacer has it for all that wait there
        late = due_s is not None and self._now_s() - due_s > _LATE_S
        self._sessions += 1
        rows.create_task(self._run_session(base, turn, standing, due_s, late))
        return True

    async def _run_session(
        self, base: Session, turn: Turn, standing: Standing | None, due_s: float | None, late: bool
    ) -> None:
        try:
            await RowSession(self._doing, base, turn, standing).run(due_s, late)
        finally:
            self._sessions -= 1
            self._controls.wake()

    def _pacer(self, done_before: int) -> Pacer:
        recording = self._plan.recording
        times = None
        if self._recorded is not None and recording is not None and recording.speed > 0:
            times = recorded(self._recorded.times(), recording.speed, recording.max_gap_s)
        plan = self._plan
        if self._standings is not None and self._standings.partial:
            # The sessions are known, and all of them were asked for.
            plan = msgspec.structs.replace(plan, duration_s=None, overflow=Overflow.WAIT)
        return Pacer(plan, self._controls, self._began_s, times, done_before)

    def _turns(self) -> AsyncGenerator[Turn, None]:
        return turns(self._plan) if self._recorded is None else recorded_turns(self._recorded)

    def _is_full(self, pacer: Pacer) -> bool:
        return self._sessions >= pacer.limit(self._now_s())

    def _now_s(self) -> float:
        return time.monotonic() - self._began_s

    async def _drop(self, turn: Turn, first: int, due_s: float | None) -> None:
        # What was done of it in an earlier life stays done.
        for index, key in enumerate(turn.steps[first:], start=first):
            step = StepId(turn.number, turn.iteration, index, key)
            await self._doing.keep(StepResult(step, Dropped(), self._now_s(), key, due_s))


def _first_of_ours(errors: BaseExceptionGroup[BaseException]) -> TuiClientError:
    ours, others = errors.split(TuiClientError)
    if others is not None or ours is None:
        raise errors
    found: BaseException = ours
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]
    assert isinstance(found, TuiClientError)
    return found
