"""Runs a plan: its sessions one after the other, each begun when its time has come; where it is done is another matter.

The results wait in a short queue: who reads them slowly slows the run down, and memory stays flat.
"""

from __future__ import annotations

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, aclosing, nullcontext
from typing import Final

import msgspec

from tui_client.errors import TuiClientError
from tui_client.http.cancellation import Cancellation
from tui_client.model.step import StepResult
from tui_client.replay.controls import Controls
from tui_client.replay.engines.ledger import Ledger, NoLedger
from tui_client.replay.engines.sessions import Doing, setup_session
from tui_client.replay.engines.snapshot import Snapshot
from tui_client.replay.feed import Turn, recorded_turns, turns
from tui_client.replay.hosts import Hosts
from tui_client.replay.journal.header import Ended
from tui_client.replay.journal.standings import Standing, Standings
from tui_client.replay.pace.arrivals import recorded
from tui_client.replay.pace.pacer import Pacer
from tui_client.replay.plan import Overflow, Plan
from tui_client.replay.recording import RecordedSource
from tui_client.replay.services import Services
from tui_client.replay.session import Session
from tui_client.replay.slim import slim
from tui_client.replay.turnstile import Turnstile
from tui_client.replay.workers import Workers

_QUEUE: Final = 256
_AT_ONCE: Final = 256  # sessions of earlier lives that are passed over without a pause


class Running(ABC):
    """One run of a plan. `results()` may be iterated once.

    began_s: when it began, on the monotonic clock, its earlier lives included. standings: how far those came.
    recorded: the sessions of a recording, in place of the plan's steps. derived: as in Session.
    """

    _ahead_s = 0.0  # sessions are started so much before they are due
    _last_grace_s = 1.0  # for what no cancellation reaches

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
            tell=self._tell,
            in_flight=self._in_flight,
            began_s=self._began_s,
            derived=derived,
        )

    @property
    def began_s(self) -> float:
        """When the run began, its earlier lives included, on the monotonic clock."""
        return self._began_s

    @property
    def workers(self) -> Workers | None:
        """Who takes part; None where there is only this process."""
        return None

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

    @abstractmethod
    def _place(self, base: Session) -> AbstractAsyncContextManager[None]:
        """Where sessions may be started; left once all of them are over."""

    @abstractmethod
    async def _start(self, pacer: Pacer, turn: Turn, standing: Standing | None) -> bool:
        """Start a session when its time has come and there is room for it; False if no more may start."""

    def _ready(self) -> AbstractAsyncContextManager[None]:
        """What must be there before the first step is sent."""
        return nullcontext()

    def _cut_off(self) -> None:
        """The grace time is over: end what is in flight."""
        for cancellation in tuple(self._in_flight):
            cancellation.cancel()

    async def _tell(self, result: StepResult) -> None:
        await self._queue.put(slim(result))

    async def _work(self) -> None:
        try:
            async with self._ready():
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
        self._cut_off()
        await asyncio.sleep(self._last_grace_s)
        work.cancel()

    async def _run_sessions(self, base: Session) -> None:
        async with asyncio.TaskGroup() as beside:
            async with self._place(base):
                try:
                    await self._feed(beside)
                except TuiClientError as error:
                    # The sessions that are under way may end: a server is at work for them.
                    self._error = error
                    self._controls.end(Ended.PROBLEM)
            if self._clock is not None:
                self._clock.cancel()

    async def _feed(self, beside: asyncio.TaskGroup) -> None:
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
                if not await self._start(pacer, turn, standing):
                    return

    @property
    def _is_own_pace(self) -> bool:
        """Some sessions of an earlier run are done, at the rate of the plan and not when they were due then."""
        return self._standings is not None and self._standings.partial and self._recorded is None

    def _standing(self, turn: Turn) -> Standing | None:
        return None if self._standings is None else self._standings.take(turn.iteration, turn.number)

    def _pacer(self, done_before: int) -> Pacer:
        recording = self._plan.recording
        times = None
        if self._recorded is not None and recording is not None and recording.speed > 0:
            times = recorded(self._recorded.times(), recording.speed, recording.max_gap_s)
        plan = self._plan
        if self._standings is not None and self._standings.partial:
            # The sessions are known, and all of them were asked for.
            plan = msgspec.structs.replace(plan, duration_s=None, overflow=Overflow.WAIT)
        return Pacer(plan, self._controls, self._began_s, times, done_before, self._ahead_s)

    def _turns(self) -> AsyncGenerator[Turn, None]:
        return turns(self._plan) if self._recorded is None else recorded_turns(self._recorded, self._plan.shard)

    def _now_s(self) -> float:
        return time.monotonic() - self._began_s


def _first_of_ours(errors: BaseExceptionGroup[BaseException]) -> TuiClientError:
    ours, others = errors.split(TuiClientError)
    if others is not None or ours is None:
        raise errors
    found: BaseException = ours
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]
    assert isinstance(found, TuiClientError)
    return found
