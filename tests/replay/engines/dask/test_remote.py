"""What a worker asks where the user is: each thing once, and secrets in a fixed order of places."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest

from tui_client.errors import Failure, FailureKind, RequestFailed
from tui_client.model.values import Value
from tui_client.replay.controls import Controls
from tui_client.replay.engines.dask.messages import Answer, Asked, MayReach, ValueOf, WhatIs
from tui_client.replay.engines.dask.remote import (
    Questions,
    RemoteAsker,
    RemoteFroms,
    RemoteGate,
    SharedHosts,
    WorkerSecrets,
)
from tui_client.replay.memory import Answers
from tui_client.replay.services import Question
from tui_client.trust.grants import Grant, GrantKind

SHOP = Path("/shop")
HOST = Grant(GrantKind.HOST, "api:443")
CODE = (Question("code", "One-time code"),)


class Asking:
    """Questions, and what was posted of them."""

    def __init__(self) -> None:
        self.posted: list[MayReach | WhatIs | ValueOf | Asked] = []
        self.questions = Questions(self.posted.append)

    async def until(self, count: int) -> None:
        while len(self.posted) < count:  # noqa: ASYNC110 - it is posted in a pass of the loop
            await asyncio.sleep(0)
        for _ in range(3):
            await asyncio.sleep(0)

    def answer(self, number: int, value: object) -> None:
        self.questions.answered(Answer(number, value))


@pytest.fixture
def to() -> Asking:
    """Nobody has asked anything."""
    return Asking()


@pytest.mark.parametrize("allowed", [True, False])
async def test_the_user_is_asked_once_for_a_grant(to: Asking, allowed: bool) -> None:
    """However many steps wait for it, and whatever the user says."""
    gate = RemoteGate(to.questions)
    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        waiting = [group.create_task(gate.allow("/shop", HOST)) for _ in range(9)]
        await to.until(1)
        assert to.posted == [MayReach(1, "/shop", "host", "api:443")]
        to.answer(1, allowed)
    assert [one.result() for one in waiting] == [allowed] * 9
    assert await gate.allow("/shop", HOST) is allowed
    assert len(to.posted) == 1


async def test_each_collection_and_grant_is_a_question_of_its_own(to: Asking) -> None:
    """What one may reach says nothing of another; answers find their questions in any order."""
    gate = RemoteGate(to.questions)
    other = Grant(GrantKind.INSECURE, "api:443")
    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        asked = [("/shop", HOST), ("/bank", HOST), ("/shop", other)]
        waiting = [group.create_task(gate.allow(*one)) for one in asked]
        await to.until(3)
        for number, value in ((3, False), (1, True), (2, False)):
            to.answer(number, value)
    assert [one.result() for one in waiting] == [True, False, False]


async def test_prompts_come_in_one_form_and_once(to: Asking) -> None:
    """For all steps of a worker."""
    answers = Answers()
    asker = RemoteAsker(to.questions)
    both = (*CODE, Question("pin", "PIN"))
    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        waiting = [group.create_task(answers.ask(asker, SHOP, both)) for _ in range(5)]
        await to.until(1)
        assert to.posted == [WhatIs(1, [("code", "One-time code"), ("pin", "PIN")])]
        to.answer(1, {"code": "1", "pin": "2"})
    assert all(one.result() == {"code": "1", "pin": "2"} for one in waiting)
    assert len(to.posted) == 1


async def test_a_question_that_nobody_can_answer_fails_what_needs_it(to: Asking) -> None:
    """With the reason that the coordinator gives."""
    failure = Failure(FailureKind.VARIABLE_PROMPT, "code")
    async with asyncio.timeout(5), asyncio.TaskGroup() as group:

        async def ask() -> Failure:
            with pytest.raises(RequestFailed) as caught:
                await RemoteAsker(to.questions).ask(CODE)
            return caught.value.failure

        asked = group.create_task(ask())
        await to.until(1)
        to.questions.answered(Answer(1, failure=failure))
    assert asked.result() == failure


async def test_at_the_end_all_questions_end(to: Asking) -> None:
    """Whoever waits for one is cancelled as a step is; answers that come later find nobody."""
    gate = RemoteGate(to.questions)
    async with asyncio.timeout(5), asyncio.TaskGroup() as group:

        async def ask(collection: str) -> FailureKind:
            with pytest.raises(RequestFailed) as caught:
                await gate.allow(collection, HOST)
            return caught.value.failure.kind

        waiting = [group.create_task(ask(one)) for one in ("/a", "/b")]
        await to.until(2)
        to.questions.close()
    assert [one.result() for one in waiting] == [FailureKind.CANCELLED] * 2
    to.answer(1, True)
    to.answer(99, True)


class Fetching:
    """A `fetch` of this worker's own."""

    def __init__(self) -> None:
        self.count = 0

    async def fetch(self) -> Mapping[str, Value]:
        self.count += 1
        return {"token": f"own-{self.count}"}


async def test_a_value_that_is_the_same_for_all_rows_is_asked_for_once(to: Asking) -> None:
    """And not fetched here."""
    froms, here = RemoteFroms(to.questions), Fetching()
    key = (SHOP, "local", "auth/login", ())
    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        waiting = [group.create_task(froms.get("token", key, (), 60.0, here.fetch)) for _ in range(5)]
        await to.until(1)
        assert to.posted == [ValueOf(1, "token", "auth/login", 60.0)]
        to.answer(1, {"token": "t"})
    assert all(one.result() == {"token": "t"} for one in waiting)
    assert (len(to.posted), here.count) == (1, 0)


async def test_a_value_that_depends_on_the_row_is_fetched_here(to: Asking) -> None:
    """Once for each set of the values that it depends on."""
    froms, here = RemoteFroms(to.questions), Fetching()
    found = []
    for user in ("ann", "bob", "ann"):
        key = (SHOP, "local", "auth/login", (("user", user),))
        found.append(await froms.get("token", key, (), None, here.fetch))
    assert [one["token"] for one in found] == ["own-1", "own-2", "own-1"]
    assert to.posted == []


async def test_a_pause_that_a_server_asks_for_is_told(to: Asking) -> None:
    """One that others told of holds here too, and is not told again."""
    hosts = SharedHosts(to.posted.append)
    hosts.hold("http://a", asyncio.get_running_loop().time() + 30)
    (told,) = to.posted
    assert isinstance(told, Asked) and told.origin == "http://a" and 0 < told.seconds <= 30
    hosts.held_elsewhere("http://b", 30)
    assert len(to.posted) == 1
    controls = Controls()
    controls.stop()
    for origin, free in (("http://a", False), ("http://b", False), ("http://c", True)):
        assert await hosts.clear(origin, controls, None) is free


class Store:
    """A worker's own secrets."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values

    def get(self, collection: Path, environment: str, name: str) -> str | None:
        return self.values.get(name)


PLACES = (("TUI_CLIENT_SECRET_LOCAL_EU_API_KEY", "of the environment"), ("TUI_CLIENT_SECRET_API_KEY", "of the name"))


@pytest.mark.parametrize(
    ("variables", "found"),
    [(PLACES, "of the environment"), (PLACES[1:], "of the name"), ((), "own")],
)
def test_a_worker_s_secrets_come_from_the_nearest_place(
    monkeypatch: pytest.MonkeyPatch, variables: tuple[tuple[str, str], ...], found: str
) -> None:
    """A variable for one environment, then one for all, then its own store."""
    for name, _ in PLACES:
        monkeypatch.delenv(name, raising=False)
    for name, value in variables:
        monkeypatch.setenv(name, value)
    assert WorkerSecrets(None, Store({"api-key": "own"})).get(SHOP, "local-eu", "api-key") == found


def test_secrets_that_were_sent_are_all_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """What this machine has of the same name is another one's."""
    monkeypatch.setenv(PLACES[1][0], "of the name")
    secrets = WorkerSecrets({(SHOP, "local", "token"): "sent"}, Store({"token": "own", "api-key": "own"}))
    assert secrets.get(SHOP, "local", "token") == "sent"
    assert secrets.get(SHOP, "other", "token") is None
    assert secrets.get(Path("/bank"), "local", "token") is None
    assert secrets.get(SHOP, "local", "api-key") is None
    assert WorkerSecrets({}, Store({"token": "own"})).get(SHOP, "local", "token") is None


def test_a_secret_that_only_a_worker_lacks_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable to set there by its name, or the option."""
    for name, _ in PLACES:
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(RequestFailed) as caught:
        WorkerSecrets(None, Store({})).get(SHOP, "local-eu", "api-key")
    failure = caught.value.failure
    assert (failure.kind, failure.subject) == (FailureKind.VARIABLE_SECRET, "api-key")
    assert "TUI_CLIENT_SECRET_API_KEY" in failure.place and "--send-secrets" in failure.place
