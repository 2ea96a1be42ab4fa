"""What becomes of a session whose worker is gone: what an earlier life left in doubt stays so, nothing is lost."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.replay.engines.dask.losses import again, doubtful, doubts
from tui_client.replay.engines.dask.member import Open
from tui_client.replay.engines.dask.messages import Dealt
from tui_client.replay.feed import Turn
from tui_client.replay.journal.carry import Carry, carry_json
from tui_client.replay.journal.standings import Standing
from tui_client.replay.rows import Row

STEPS = ("login", "buy", "pay")
RESUMED = (
    Standing(first=1, captured={"t": "x"}, claimed=True),
    Standing(first=2, claimed=True, shut=True),
    Standing(first=1, lost={"u": "login"}, resend=True),
    Standing(first=0, claimed=True),
)


def session(standing: Standing | None = None) -> Open:
    return Open(Dealt(Turn(Row(7, {"n": "7"}), 7, 0, STEPS), standing, 3.0, True), 0.5)


@pytest.mark.parametrize("standing", RESUMED)
def test_what_a_resume_found_holds_where_its_worker_did_nothing(standing: Standing) -> None:
    """A POST that was in doubt when the run was resumed is not sent because a worker was lost."""
    dealt = again(again(session(standing))).dealt
    assert dealt.standing == standing
    assert (dealt.due_s, dealt.drop, dealt.turn.number) == (3.0, False, 7)


def test_a_carry_that_can_t_be_read_leaves_the_session_in_doubt() -> None:
    """What its next step needs is gone: it is not sent with less."""
    one = session()
    one.first, one.carry = 1, b"no json"
    standing = again(one).dealt.standing
    assert standing is not None and standing.shut and standing.claimed and standing.first == 1


@given(
    st.integers(0, 2),
    st.sampled_from([None, True, False]),
    st.booleans(),
    st.sampled_from([None, carry_json(Carry({"t": "x"}))]),
    st.integers(0, 3),
)
def test_every_step_is_done_or_told_of_once(
    first: int, claim: bool | None, unsafe: bool, carry: bytes | None, losses: int
) -> None:
    """It goes to another worker from its first step without a result, or that one and those after it are told of."""
    one = session()
    one.first, one.carry, one.losses = first, carry, losses
    one.claims = {} if claim is None else {first: claim}
    step = doubtful(one, retry_unsafe=unsafe)
    if step is not None:
        told = [result.step.index for result in doubts(one, step, 1.0)]
        assert told == list(range(first, len(STEPS)))
        return
    assert claim is not False or unsafe
    made = again(one)
    assert made.first == first and made.place == one.place
    assert made.still_s == one.still_s
    assert msgspec.structs.replace(made.dealt, standing=None, drop=True) == one.dealt
