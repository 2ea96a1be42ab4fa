"""The user decides once what a collection may reach."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tui_client.trust.gates import AskingGate, HeadlessGate
from tui_client.trust.grants import Grant, GrantKind
from tui_client.trust.store import GrantStore

HOME = Grant(GrantKind.ENV, "HOME")
USER = Grant(GrantKind.ENV, "USER")


class User:
    """Answers as told, when told, and counts the questions."""

    def __init__(self, answer: bool) -> None:
        self.answer = answer
        self.asked: list[tuple[Path, Grant]] = []
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def ask(self, collection: Path, grant: Grant) -> bool:
        self.asked.append((collection, grant))
        await self.may_answer.wait()
        return self.answer


@pytest.fixture
def store(tmp_path: Path) -> GrantStore:
    return GrantStore(tmp_path / "grants.json")


async def test_without_a_user_only_what_was_granted_holds(store: GrantStore) -> None:
    """Headless: remembered or given on the command line, else refused."""
    assert not await HeadlessGate(store).allow("/shop", HOME)
    assert await HeadlessGate(store, frozenset({HOME})).allow("/shop", HOME)
    store.add("/shop", HOME)
    assert await HeadlessGate(store).allow("/shop", HOME)
    assert not await HeadlessGate(store).allow("/other", HOME)


async def test_a_yes_is_asked_for_once_and_stored(store: GrantStore) -> None:
    """The user is asked once; the answer outlives the session."""
    user = User(True)
    gate = AskingGate(store, user.ask)
    assert await gate.allow("/shop", HOME)
    assert await gate.allow("/shop", HOME)
    assert user.asked == [(Path("/shop"), HOME)]
    assert store.allows("/shop", HOME)


async def test_a_no_holds_for_the_session_only(store: GrantStore) -> None:
    """A refusal is not asked again here, and not remembered for the next session."""
    user = User(False)
    gate = AskingGate(store, user.ask)
    assert not await gate.allow("/shop", HOME)
    assert not await gate.allow("/shop", HOME)
    assert len(user.asked) == 1
    user.answer = True
    assert await AskingGate(store, user.ask).allow("/shop", HOME)


async def test_many_who_wait_ask_one_question(store: GrantStore) -> None:
    """Rows of a replay that need the same grant at once share one question; another grant has its own."""
    user = User(True)
    user.may_answer.clear()
    gate = AskingGate(store, user.ask)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(gate.allow("/shop", HOME)) for _ in range(20)]
        tasks.append(group.create_task(gate.allow("/shop", USER)))
        await asyncio.sleep(0)
        user.may_answer.set()
    assert all(task.result() for task in tasks)
    assert user.asked == [(Path("/shop"), HOME), (Path("/shop"), USER)]


async def test_a_question_that_was_left_is_asked_again(store: GrantStore) -> None:
    """If the send that asked is cancelled, the next one asks anew instead of waiting for ever."""
    user = User(True)
    user.may_answer.clear()
    gate = AskingGate(store, user.ask)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(gate.allow("/shop", HOME))
        await asyncio.sleep(0)
        task.cancel()
    user.may_answer.set()
    assert await gate.allow("/shop", HOME)
    assert len(user.asked) == 2


async def test_what_is_remembered_or_given_is_not_asked_for(store: GrantStore) -> None:
    """No question where the answer is known."""
    user = User(False)
    store.add("/shop", HOME)
    gate = AskingGate(store, user.ask, frozenset({USER}))
    assert await gate.allow("/shop", HOME)
    assert await gate.allow("/shop", USER)
    assert user.asked == []


async def test_a_revoked_grant_is_asked_for_again(store: GrantStore) -> None:
    """Taking a grant back works in the running session."""
    user = User(True)
    gate = AskingGate(store, user.ask)
    await gate.allow("/shop", HOME)
    store.revoke("/shop", HOME)
    user.answer = False
    assert not await gate.allow("/shop", HOME)


async def test_a_full_disk_does_not_ask_twice(tmp_path: Path) -> None:
    """A yes that can't be stored holds for the session."""
    (tmp_path / "state").write_text("not a folder")
    user = User(True)
    gate = AskingGate(GrantStore(tmp_path / "state" / "grants.json"), user.ask)
    assert await gate.allow("/shop", HOME)
    assert await gate.allow("/shop", HOME)
    assert len(user.asked) == 1


async def test_an_answer_of_this_session_can_be_taken_back(store: GrantStore) -> None:
    """Who said no by mistake is asked again, without leaving the app."""
    user = User(False)
    gate = AskingGate(store, user.ask)
    assert not await gate.allow("/shop", HOME)
    assert gate.answers("/shop") == {HOME: False}
    assert gate.answers("/other") == {}
    gate.settle("/shop", HOME, None)
    user.answer = True
    assert await gate.allow("/shop", HOME)
    assert len(user.asked) == 2
    gate.settle("/shop", USER, False)
    assert not await gate.allow("/shop", USER)
