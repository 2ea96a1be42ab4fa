"""What a worker asks its coordinator for: the user's consent, answers to prompts, values that are the same for all."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable, Hashable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeAlias

from tui_client.errors import Failure, FailureKind, RequestFailed
from tui_client.replay.engines.dask.errand import Secrets
from tui_client.replay.engines.dask.messages import Answer, Asked, MayReach, ValueOf, WhatIs
from tui_client.replay.hosts import Hosts
from tui_client.replay.memory import Captures, Fetch, FromCache
from tui_client.replay.services import Question, SecretSource
from tui_client.trust.grants import Grant

SECRET_PREFIX: Final = "TUI_CLIENT_SECRET_"
Post: TypeAlias = Callable[["MayReach | WhatIs | ValueOf | Asked"], None]


class Questions:
    """Those that wait for an answer."""

    def __init__(self, post: Post) -> None:
        self.post = post
        self._number = 0
        self._waiting: dict[int, asyncio.Future[Answer]] = {}

    async def ask(self, make: Callable[[int], MayReach | WhatIs | ValueOf]) -> Any:
        """The answer to one question, numbered. Raises RequestFailed."""
        self._number += 1
        number = self._number
        self._waiting[number] = asyncio.get_running_loop().create_future()
        self.post(make(number))
        try:
            answer = await self._waiting[number]
        finally:
            self._waiting.pop(number, None)
        if answer.failure is not None:
            raise RequestFailed(answer.failure)
        return answer.value

    def answered(self, answer: Answer) -> None:
        """It came."""
        waiting = self._waiting.get(answer.number)
        if waiting is not None and not waiting.done():
            waiting.set_result(answer)

    def close(self) -> None:
        """None will come any more."""
        for number in list(self._waiting):
            self.answered(Answer(number, failure=Failure(FailureKind.CANCELLED)))


class RemoteGate:
    """A `Gate`: asks where the user is; each question once."""

    def __init__(self, questions: Questions) -> None:
        self._questions = questions
        self._known: dict[tuple[str, Grant], bool] = {}
        self._locks: dict[tuple[str, Grant], asyncio.Lock] = {}

    async def allow(self, collection: str, grant: Grant) -> bool:
        """As there. Raises RequestFailed at the end of the run."""
        key = (collection, grant)
        if key not in self._known:
            async with self._locks.setdefault(key, asyncio.Lock()):
                if key not in self._known:
                    self._known[key] = await self._ask(collection, grant)
        return self._known[key]

    async def _ask(self, collection: str, grant: Grant) -> bool:
        make = partial(MayReach, collection=collection, kind=grant.kind.value, subject=grant.subject)
        return bool(await self._questions.ask(lambda number: make(number=number)))


class RemoteAsker:
    """An `Asker`: asks where the user is."""

    def __init__(self, questions: Questions) -> None:
        self._questions = questions

    async def ask(self, questions: tuple[Question, ...]) -> Mapping[str, str]:
        """Raises RequestFailed (variable.prompt) if nobody can be asked."""
        pairs = [(one.variable, one.text) for one in questions]
        found: dict[str, str] = await self._questions.ask(lambda number: WhatIs(number, pairs))
        return found


class RemoteFroms(FromCache):
    """Values of `from` requests: what is the same for all rows is sent for once in the whole run."""

    def __init__(self, questions: Questions, waits: dict[Hashable, Hashable] | None = None) -> None:
        super().__init__(waits)
        self._questions = questions

    async def get(
        self, name: str, key: Hashable, chain: tuple[Hashable, ...], max_age_s: float | None, fetch: Fetch
    ) -> Captures:
        """As in any cache; `fetch` is used only for what depends on the row."""
        assert isinstance(key, tuple)  # of `sources`: collection, environment, request, values
        _, _, request, values = key
        if values:
            return await super().get(name, key, chain, max_age_s, fetch)

        async def elsewhere() -> Captures:
            found: Captures = await self._questions.ask(lambda number: ValueOf(number, name, request, max_age_s))
            return found

        return await super().get(name, key, chain, max_age_s, elsewhere)


class SharedHosts(Hosts):
    """A pause that a server asked one worker for holds for all."""

    def __init__(self, post: Post) -> None:
        super().__init__()
        self._post = post

    def hold(self, origin: str, until_s: float) -> None:
        """Here, and wherever the run goes on."""
        super().hold(origin, until_s)
        self._post(Asked(origin, max(0.0, until_s - asyncio.get_running_loop().time())))

    def held_elsewhere(self, origin: str, seconds: float) -> None:
        """Another worker was asked."""
        super().hold(origin, asyncio.get_running_loop().time() + seconds)


class WorkerSecrets:
    """Secrets as they came along; else of this machine: its environment variables, then its own store."""

    def __init__(self, sent: Secrets | None, own: SecretSource) -> None:
        self._sent = sent
        self._own = own

    def get(self, collection: Path, environment: str, name: str) -> str | None:
        """The value, or None where it never had one. Raises RequestFailed (variable.secret) where only we lack it."""
        if self._sent is not None:
            return self._sent.get((collection, environment, name))
        for variable in (f"{SECRET_PREFIX}{environment}_{name}", f"{SECRET_PREFIX}{name}"):
            if (found := os.environ.get(_shouted(variable))) is not None:
                return found
        kept = self._own.get(collection, environment, name)
        if kept is None:
            wanted = _shouted(f"{SECRET_PREFIX}{name}")
            place = f"on the worker {socket.gethostname()}: set {wanted} there, or give --send-secrets"
            raise RequestFailed(Failure(FailureKind.VARIABLE_SECRET, name, place))
        return kept


def _shouted(name: str) -> str:
    return "".join(sign if sign.isalnum() else "_" for sign in name).upper()
