"""What workers tell of their steps, into the ledger of the run: claims, results, doubts."""

from __future__ import annotations

from typing import Final

from tui_client.errors import SaveFailed
from tui_client.model.step import InDoubt, StepId, StepResult
from tui_client.replay.engines.dask.losses import doubts
from tui_client.replay.engines.dask.member import Member, Open
from tui_client.replay.engines.dask.messages import Claim, Kept, Key, News
from tui_client.replay.engines.sessions import Doing
from tui_client.replay.journal.batch import Row
from tui_client.replay.journal.codec import masked_row, result_of
from tui_client.replay.journal.header import Ended
from tui_client.replay.ledgers import SharedLedger

_PASSED: Final = "passed"
_OVER: Final = "the run has ended"


class Odd(Exception):
    """A worker says what none of ours would."""


class Keeping:
    """Of one run."""

    def __init__(self, doing: Doing, ledger: SharedLedger) -> None:
        self.doing = doing
        self._ledger = ledger

    async def keep(self, member: Member, news: News) -> str:
        """Keep it, in the order in which it happened; why the claims may not be sent, "" if they may.

        Returns once all of it is on disk. Raises BrokenFile, and Odd for what can't be a result.
        """
        await self._keep_results(member, news.results)
        for key in news.unclaimed:
            if (session := member.sessions.get(key[:2])) is not None and key[2] in session.claims:
                del session.claims[key[2]]
                self._ledger.unclaim_all([key])
        for iteration, row in news.forgotten:
            if (iteration, row) in member.sessions:
                self._ledger.forget(iteration, row)
        await self._keep_doubts(member, news)
        refused = await self._claim(member, news.claims) if news.claims else ""
        for place in news.ended:
            member.end(place)
        return refused

    def doubt(self, session: Open, step: int) -> None:
        """Count it; its claim stays."""
        self._ledger.doubt(doubts(session, step, self.doing.now_s())[0])

    async def _keep_results(self, member: Member, results: list[Kept]) -> None:
        """Raises BrokenFile, and Odd for what can't be a result."""
        known: list[tuple[Key, Row, bytes | None]] = []
        told: list[StepResult] = []
        secrets = frozenset(self.doing.services.memory.secrets)
        odd: Exception | None = None
        for kept in results:
            key = kept.row[:3]
            session = member.sessions.get(key[:2])
            if session is None or not _fits(session, kept):
                continue  # not its own: nobody asked for it
            try:
                # What only this process was told, such as a password of the setup, may come back to a worker.
                row = masked_row(kept.row, secrets) if secrets else kept.row
                if row[4] != _PASSED or self.doing.services.shares_loop:
                    told.append(result_of(row))
            except (ValueError, TypeError, AttributeError, RecursionError) as error:
                odd = error
                break  # what was told before it stands
            session.claims.pop(key[2], None)
            session.first = key[2] + 1
            session.carry = kept.carry or session.carry
            known.append((key, row, kept.carry))
        member.done += len(known)
        if known:
            await self._ledger.done_all(known)
        for result in told:
            await self.doing.tell(result)
        if self.doing.plan.bail and any(row[4] != _PASSED for _, row, _ in known):
            self.doing.controls.end(Ended.BAIL)
        if odd is not None:
            raise Odd from odd

    async def _keep_doubts(self, member: Member, news: News) -> None:
        for (iteration, row, index), key, finished_s, due_s, attempts, late in news.doubts:
            session = member.sessions.get((iteration, row))
            if session is not None and index in session.claims:
                step = StepId(row, iteration, index, key)
                result = StepResult(step, InDoubt(), finished_s, key, due_s, attempts, late)
                del session.claims[index]  # told of once, also where its worker is lost before the session is over
                self._ledger.doubt(result)
                await self.doing.tell(result)

    async def _claim(self, member: Member, claims: list[Claim]) -> str:
        """Why the steps may not be sent, "" if they may. Raises BrokenFile."""
        if self.doing.controls.stopping:
            return _OVER
        for claim in claims:
            session = member.sessions.get(claim.key[:2])
            if session is None or claim.key[2] != session.first:
                return "it was not dealt these steps"
        for claim in claims:
            member.sessions[claim.key[:2]].claims[claim.key[2]] = claim.resendable
        try:
            await self._ledger.claim_all([(claim.key, claim.request, claim.resendable) for claim in claims])
        except SaveFailed as error:
            return error.reason
        return ""


def _fits(session: Open, kept: Kept) -> bool:
    steps = session.dealt.turn.steps
    return kept.row[2] == session.first < len(steps) and steps[session.first] == kept.row[3]
