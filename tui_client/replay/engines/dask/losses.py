"""What becomes of a session whose worker is gone; pure."""

from __future__ import annotations

from typing import Final

import msgspec

from tui_client.model.step import InDoubt, Skipped, StepId, StepResult
from tui_client.replay.engines.dask.member import Open
from tui_client.replay.journal.carry import Carry, carry_of_json
from tui_client.replay.journal.standings import Standing

_MOST_LOSSES: Final = 3  # it may be the session that ends its workers


def doubtful(session: Open, *, retry_unsafe: bool) -> int | None:
    """The step that is in doubt: it may have been sent, and a second time could do it twice. None: it may go on."""
    for step, resendable in session.claims.items():
        if not (resendable or retry_unsafe):
            return step
    return session.first if session.losses >= _MOST_LOSSES else None


def doubts(session: Open, step: int, now_s: float) -> list[StepResult]:
    """The step in doubt, and those after it, which are skipped."""
    turn = session.dealt.turn
    key = turn.steps[step]
    found = [StepResult(StepId(turn.number, turn.iteration, step, key), InDoubt(), now_s, key)]
    for index, later in enumerate(turn.steps[step + 1 :], start=step + 1):
        found.append(StepResult(StepId(turn.number, turn.iteration, index, later), Skipped(key), now_s, later))
    return found


def again(session: Open) -> Open:
    """The session for another worker, which goes on where this one was."""
    dealt = session.dealt
    standing = dealt.standing
    # Where nothing was done of it, what an earlier life of the run left in doubt still is.
    if session.begun:
        carry = _carry(session)
        if carry is None:
            standing = Standing(first=session.first, claimed=True, shut=True)
        else:
            standing = Standing(
                first=session.first,
                captured=carry.captured,
                cookies=carry.cookies,
                lost=carry.lost,
                resend=bool(session.claims),
            )
    made = Open(msgspec.structs.replace(dealt, standing=standing, drop=False), session.still_s)
    # Only what was under way can be what ends its workers.
    made.carry, made.losses = session.carry, session.losses + bool(session.claims)
    return made


def _carry(session: Open) -> Carry | None:
    if session.carry is not None:
        return carry_of_json(session.carry)
    before = session.dealt.standing
    return Carry() if before is None else Carry(before.captured, before.cookies, before.lost)
