"""One session: the steps of a row in order, with its own cookies and captures; and the setup before all of them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Final

import msgspec

from tui_client.errors import Failure, FailureKind, RequestFailed, SaveFailed, TuiClientError
from tui_client.http.cancellation import Cancellation
from tui_client.http.cookies import CookieJar
from tui_client.http.prepare import PreparedRequest
from tui_client.model.exchange import RawHeader
from tui_client.model.step import Dropped, Errored, InDoubt, Replied, Skipped, StepId, StepResult
from tui_client.model.values import Value
from tui_client.replay.attempts import Attempts
from tui_client.replay.controls import Controls
from tui_client.replay.engines.ledger import Ledger
from tui_client.replay.feed import Turn
from tui_client.replay.hosts import Hosts
from tui_client.replay.journal.header import Ended
from tui_client.replay.journal.standings import Standing
from tui_client.replay.plan import Plan
from tui_client.replay.retry import has_idempotency_key, resendable
from tui_client.replay.rows import BadRow
from tui_client.replay.services import Services
from tui_client.replay.session import Session
from tui_client.replay.step import run_step
from tui_client.replay.turnstile import Turnstile

LATE_S: Final = 0.005  # a timer is no more exact
_UNTOUCHED: Final = Standing(first=0)


class Doing(msgspec.Struct, frozen=True, kw_only=True):
    """What all sessions of a run share. in_flight: what is being sent now, to be cancelled after the grace time.

    tell: hands a result on to who follows the run. derived: as in Session.
    """

    plan: Plan
    services: Services
    controls: Controls
    ledger: Ledger
    hosts: Hosts
    turnstile: Turnstile
    tell: Callable[[StepResult], Awaitable[None]]
    in_flight: set[Cancellation]
    began_s: float
    derived: frozenset[str] = frozenset()

    def now_s(self) -> float:
        """Seconds since the run began."""
        return time.monotonic() - self.began_s

    async def keep(self, result: StepResult) -> None:
        """A step that later ones need nothing of."""
        await self.ledger.done(result)
        await self.tell(result)

    async def send(
        self, step: StepId, session: Session, *, claimed: bool = True, due_s: float | None = None, late: bool = False
    ) -> StepResult:
        """Send one step when its turn comes."""
        await self.turnstile.enter()
        cancellation = Cancellation()
        claim = _Claim(self, step)
        attempts = Attempts(self.services.engine, self.plan, self.hosts, self.controls, claim if claimed else None)
        self.in_flight.add(cancellation)
        self.controls.in_flight += 1
        try:
            return await run_step(
                step,
                session,
                self.services,
                cancellation=cancellation,
                began_s=self.began_s,
                sender=attempts,
                due_s=due_s,
                late=late,
            )
        except asyncio.CancelledError:
            if attempts.count and claim.kept and not claim.resendable:
                self.ledger.doubt(StepResult(step, InDoubt(), self.now_s(), step.key, due_s, attempts.count, late))
            raise
        finally:
            self.controls.in_flight -= 1
            self.in_flight.discard(cancellation)
            if claim.kept and not attempts.count:
                self.ledger.unclaim(step)

    def may_send_again(self, method: str, headers: Sequence[RawHeader]) -> bool:
        """Whether sending a request once more does nothing twice, or its user does not mind."""
        if self.plan.retry_unsafe or resendable(method, False):
            return True
        return resendable(method, has_idempotency_key(headers))


class _Claim:
    """The claim of one step, called before it is sent. kept: it is on disk."""

    def __init__(self, doing: Doing, step: StepId) -> None:
        self.kept = False
        self.resendable = False
        self._doing = doing
        self._step = step

    async def __call__(self, prepared: PreparedRequest) -> None:
        """Returns once it is kept. Raises BrokenFile, or SaveFailed; RequestFailed (cancelled) at the end of a run."""
        self.resendable = self._doing.may_send_again(prepared.method, prepared.headers)
        try:
            await self._doing.ledger.claim(self._step, resendable=self.resendable)
        except SaveFailed as error:
            if not self._doing.controls.stopping:
                raise
            # Who ended the run waits no longer for room on the disk: that is no failure of this step.
            raise RequestFailed(Failure(FailureKind.CANCELLED)) from error
        self.kept = True


async def drop_session(doing: Doing, turn: Turn, standing: Standing | None, due_s: float | None) -> None:
    """A session whose time came while all were busy; what was done of it in an earlier life stays done."""
    first = 0 if standing is None else standing.first
    for index, key in enumerate(turn.steps[first:], start=first):
        step = StepId(turn.number, turn.iteration, index, key)
        await doing.keep(StepResult(step, Dropped(), doing.now_s(), key, due_s))


async def setup_session(doing: Doing) -> Session | None:
    """Do the setup steps; None if one failed, since what follows relies on them.

    They are not claimed: a resume sends them again whatever came of them.
    """
    plan, controls = doing.plan, doing.controls
    session = Session(CookieJar(), plan.environment, plan.given, derived=doing.derived)
    for index, key in enumerate(plan.setup, start=-len(plan.setup)):
        if not await controls.may_start():
            return None
        result = await doing.send(StepId(0, 0, index, key), session, claimed=False)
        if _was_cut_off(result, controls):
            return None
        session = _with_captures(session, result)
        await doing.keep(result)
        if not result.passed:
            controls.end(Ended.SETUP)
            return None
    return session


class RowSession:
    """One run of a turn's steps, from where an earlier life left it."""

    def __init__(self, doing: Doing, base: Session, turn: Turn, standing: Standing | None) -> None:
        self._doing = doing
        self._turn = turn
        self._standing = standing or _UNTOUCHED
        self._own: dict[str, Value] = dict(self._standing.captured)
        self._lost: dict[str, str] = dict(self._standing.lost)
        self._carried = bool(self._own or self._lost or self._standing.cookies)
        jar = CookieJar(base.jar.all() if base.jar else ())
        # As this jar numbers them, by which they are told from the row's own.
        self._inherited = jar.all() if jar else ()
        for cookie in self._standing.cookies:
            jar.put(cookie)
        values: Mapping[str, Value] = {} if turn.row is None or isinstance(turn.row, BadRow) else turn.row.values
        self._session = Session(
            jar=jar,
            environment=base.environment,
            given=base.given,
            captured={**base.captured, **self._own} if self._own else base.captured,
            row_values=values,
            row=turn.number,
            iteration=turn.iteration,
            derived=base.derived,
        )

    async def run(self, due_s: float | None, late: bool) -> None:
        """Do all its steps, unless the run stops before. Raises BrokenFile if results can't be kept."""
        doing, turn = self._doing, self._turn
        if isinstance(turn.row, BadRow):
            await self._refuse(turn.row.failure)
            return
        if self._standing.shut or (self._standing.claimed and not doing.plan.retry_unsafe):
            await self._leave_in_doubt()
            return
        passed = self._standing.first == 0
        last = len(turn.steps) - 1
        for index in range(self._standing.first, last + 1):
            if not await doing.controls.may_start():
                return
            if index > self._standing.first and due_s is not None:
                # When the one before was over, and the pauses after it, which nobody's server made.
                due_s, late = doing.now_s(), False
            result = await doing.send(self._step(index), self._session, due_s=due_s, late=late)
            if _was_cut_off(result, doing.controls):
                await self._tell_doubt(result)
                return
            result = self._take(result)
            passed = passed and result.passed
            await self._keep(result, needed=index < last)
            if doing.plan.bail and not result.passed:
                doing.controls.end(Ended.BAIL)
            await self._pause()
        if passed and last > 0:
            doing.ledger.forget(turn.iteration, turn.number)

    def _step(self, index: int) -> StepId:
        return StepId(self._turn.number, self._turn.iteration, index, self._turn.steps[index])

    def _take(self, result: StepResult) -> StepResult:
        """Add what it captured to the session; a step that lacks a variable which was lost was skipped."""
        match result.outcome:
            case Errored(failure=Failure(kind=FailureKind.TEMPLATE_UNKNOWN_VARIABLE, subject=name)) if (
                name in self._lost
            ):
                result = msgspec.structs.replace(result, outcome=Skipped(self._lost[name]))
            case Replied(captures=captures) if captures:
                self._own |= captures
                self._session = _with_captures(self._session, result)
        if not result.passed:
            self._note_lost(result.step.key)
        return result

    def _note_lost(self, key: str) -> None:
        try:
            captures = self._doing.services.source.effective(key, self._session.environment).captures
        except TuiClientError:
            return
        for one in captures:
            if one.name not in self._session.captured:
                self._lost.setdefault(one.name, key)

    async def _keep(self, result: StepResult, *, needed: bool) -> None:
        doing = self._doing
        jar = self._session.jar
        cookies = tuple(cookie for cookie in jar.all() if cookie not in self._inherited) if needed and jar else ()
        # Where an earlier step left something that is gone by now, that is kept too.
        self._carried = self._carried or bool(self._own or cookies or self._lost)
        if needed and self._carried:
            await doing.ledger.done(result, dict(self._own), cookies, dict(self._lost))
        else:
            await doing.ledger.done(result)
        await doing.tell(result)

    async def _pause(self) -> None:
        """The plan's delay, cut short by a stop."""
        if self._doing.plan.delay_s > 0:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._doing.plan.delay_s):
                    await self._doing.controls.stopped()

    async def _tell_doubt(self, result: StepResult) -> None:
        """It was sent, and the run ended before its reply: its claim stays, and a resume decides."""
        sent = None if result.exchange is None else result.exchange.request
        if result.attempts and sent is not None and not self._doing.may_send_again(sent.method, sent.headers):
            doubtful = msgspec.structs.replace(result, outcome=InDoubt())
            self._doing.ledger.doubt(doubtful)
            await self._doing.tell(doubtful)

    async def _leave_in_doubt(self) -> None:
        first = self._standing.first
        await self._end_with(
            first, StepResult(self._step(first), InDoubt(), self._doing.now_s(), self._step(first).key)
        )

    async def _refuse(self, failure: Failure) -> None:
        first = self._standing.first
        await self._end_with(
            first, StepResult(self._step(first), Errored(failure), self._doing.now_s(), self._step(first).key)
        )
        if self._doing.plan.bail:
            self._doing.controls.end(Ended.BAIL)

    async def _end_with(self, first: int, result: StepResult) -> None:
        """This result for one step; those after it are skipped."""
        await self._doing.keep(result)
        for index in range(first + 1, len(self._turn.steps)):
            step = self._step(index)
            await self._doing.keep(StepResult(step, Skipped(result.step.key), self._doing.now_s(), step.key))


def _was_cut_off(result: StepResult, controls: Controls) -> bool:
    """Whether the end of the run cut this step off: it is not over, and no result of it is kept."""
    match result.outcome:
        case Errored(failure=Failure(kind=FailureKind.CANCELLED)):
            return controls.stopping
        case _:
            return False


def _with_captures(session: Session, result: StepResult) -> Session:
    if not isinstance(result.outcome, Replied) or not result.outcome.captures:
        return session
    return msgspec.structs.replace(session, captured={**session.captured, **result.outcome.captures})
