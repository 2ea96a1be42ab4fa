"""Who gets which session, and what becomes of it when its worker is gone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.http.cookies import Cookie
from tui_client.model.step import InDoubt, Skipped
from tui_client.replay.engines.dask import messages
from tui_client.replay.engines.dask.dealing import Dealer
from tui_client.replay.engines.dask.losses import again, doubtful, doubts
from tui_client.replay.engines.dask.member import Member, Open, shares
from tui_client.replay.engines.dask.messages import Dealt
from tui_client.replay.feed import Turn
from tui_client.replay.journal.carry import Carry, carry_json
from tui_client.replay.rows import Row

STEPS = ("login", "buy", "pay")


class Deaf:
    """A channel that keeps what is posted."""

    def __init__(self) -> None:
        self.posted: list[messages.Down] = []

    def post(self, data: bytes) -> None:
        self.posted.append(messages.read_down(data))


def member(name: str) -> Any:
    return Member(name, "h", 1, Deaf(), 0.0)  # type: ignore[arg-type]  # all that it needs of a channel


def session(number: int, due_s: float | None = None, steps: tuple[str, ...] = ("a",)) -> Open:
    return Open(Dealt(Turn(Row(number, {"n": str(number)}), number, 0, steps), None, due_s), 0.0)


def offered(one: Any) -> list[int]:
    return [message.chunk for message in one.channel.posted if isinstance(message, messages.Offered)]


@given(st.integers(0, 1000), st.integers(1, 40))
def test_shares_are_all_of_it_and_even(sessions: int, workers: int) -> None:
    """Whole numbers that differ by one at most."""
    found = shares(sessions, workers)
    assert sum(found) == sessions and max(found) - min(found) <= 1


def test_a_chunk_is_claimed_once() -> None:
    """Whoever asks again gets nothing."""
    one = member("a")
    dealer = Dealer({"a": one})
    dealer.share(4)
    for number in range(1, 9):
        dealer.put(session(number))
    chunk = offered(one)[0]
    got = one.claim(chunk, 0.0)
    assert [dealt.turn.number for dealt, _ in got] == [1, 2, 3, 4]
    assert one.claim(chunk, 0.0) is None
    assert one.claim(999, 0.0) is None


def test_without_workers_sessions_wait_for_one() -> None:
    """And are dealt when it comes."""
    members: dict[str, Any] = {}
    dealer = Dealer(members)
    for number in range(1, 4):
        dealer.put(session(number))
    assert dealer.left == 3 and not dealer.has_room()
    members["a"] = member("a")
    dealer.share(4)
    dealer.flush(0.0)
    assert [dealt.turn.number for dealt, _ in members["a"].claim(offered(members["a"])[0], 0.0)] == [1, 2, 3]


def test_sessions_with_a_time_go_to_all_in_turn() -> None:
    """And are offered when it is near."""
    members = {name: member(name) for name in "abc"}
    dealer = Dealer(members)
    dealer.share(30)
    for number in range(9):
        dealer.put(session(number + 1, due_s=10.0 + number / 10))
    assert [one.backlog for one in members.values()] == [3, 3, 3]
    dealer.flush(9.0)
    assert not any(map(offered, members.values()))
    dealer.flush(9.9)
    assert all(map(offered, members.values()))


def test_who_gets_more_waits_for_who_gives_up() -> None:
    """Together they never have more than the whole."""
    first = member("a")
    members = {"a": first}
    dealer = Dealer(members)
    dealer.share(8)
    members["b"] = member("b")
    dealer.share(8)
    assert (first.share, members["b"].share) == (4, 0)
    first.settled = True
    dealer.grow()
    assert (first.share, members["b"].share) == (4, 4)


def test_what_is_dealt_ahead_is_bounded() -> None:
    """By number, and by bytes where rows are large."""
    one = member("a")
    dealer = Dealer({"a": one})
    dealer.share(2)
    count = 0
    while dealer.has_room():
        count += 1
        dealer.put(session(count))
    assert count == one.window == 4
    large = member("b")
    dealer = Dealer({"b": large})
    dealer.share(1000)
    text = "x" * (1 << 20)
    count = 0
    while dealer.has_room(scheduled=True):
        count += 1
        dealer.put(Open(Dealt(Turn(Row(count, {"n": text}), count, 0, ("a",))), 0.0))
    assert count == 32


def test_what_nobody_claimed_is_dropped_at_a_stop() -> None:
    """What was claimed is the worker's to end."""
    one = member("a")
    dealer = Dealer({"a": one})
    dealer.share(2)
    for number in range(1, 5):
        dealer.put(session(number))
    first, second = offered(one)
    one.claim(first, 0.0)
    dealer.drop()
    assert dealer.left == 2 and one.claim(second, 0.0) is None
    assert one.end((0, 1)) and one.end((0, 2)) and not one.end((0, 2))
    assert dealer.left == 0


@pytest.mark.parametrize(
    ("claims", "unsafe", "step"),
    [({}, False, None), ({1: True}, False, None), ({1: False}, False, 1), ({1: False}, True, None)],
)
def test_what_may_have_been_done_is_in_doubt(claims: dict[int, bool], unsafe: bool, step: int | None) -> None:
    """A claim without a result, unless sending it again does nothing twice."""
    one = session(1, steps=STEPS)
    one.first, one.claims = 1, claims
    assert doubtful(one, retry_unsafe=unsafe) == step


def test_what_follows_a_step_in_doubt_is_skipped() -> None:
    """As in one process."""
    found = doubts(session(7, steps=STEPS), 1, 3.0)
    assert [(one.step.row, one.step.index, type(one.outcome)) for one in found] == [(7, 1, InDoubt), (7, 2, Skipped)]


def test_another_worker_goes_on_where_this_one_was() -> None:
    """With what the steps before captured."""
    one = session(7, steps=STEPS)
    one.first, one.claims = 1, {1: True}
    cookie = Cookie(origin="http://a", name="sid", value="1")
    one.carry = carry_json(Carry({"t": "x"}, (cookie,), {"u": "login"}))
    standing = again(one).dealt.standing
    assert standing is not None
    assert (standing.first, standing.captured, standing.lost, standing.resend) == (1, {"t": "x"}, {"u": "login"}, True)
    assert [each.name for each in standing.cookies] == ["sid"]
    untouched = again(session(8))
    assert untouched.dealt.standing is None


def test_a_session_that_ends_its_workers_is_given_up() -> None:
    """One that only waited each time is not."""
    one = session(7)
    for _ in range(3):
        one.claims = {0: True}
        one = again(one)
    assert doubtful(one, retry_unsafe=False) == 0
    waiting = session(8)
    for _ in range(9):
        waiting = again(waiting)
    assert doubtful(waiting, retry_unsafe=False) is None
