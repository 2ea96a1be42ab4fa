"""Who decides what a collection may reach: the user, asked once, or the command line alone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TypeAlias

from tui_client.errors import SaveFailed
from tui_client.trust.grants import Grant, covers
from tui_client.trust.store import GrantStore

Ask: TypeAlias = Callable[[Path, Grant], Awaitable[bool]]


class HeadlessGate:
    """Never asks: true only for what is remembered, or was given on the command line."""

    def __init__(self, store: GrantStore, granted: frozenset[Grant] = frozenset()) -> None:
        self._store = store
        self._granted = granted

    async def allow(self, collection: str, grant: Grant) -> bool:
        """Whether `collection` may. Raises UsageError if the file of grants is damaged."""
        return any(covers(given, grant) for given in self._granted) or self._store.allows(collection, grant)


class AskingGate:
    """Asks for what is not remembered: one question per grant at a time, however many requests wait for it.

    A yes is stored; a no holds until this gate is gone.
    """

    def __init__(self, store: GrantStore, ask: Ask, granted: frozenset[Grant] = frozenset()) -> None:
        self._known = HeadlessGate(store, granted)
        self._store = store
        self._ask = ask
        self._answers: dict[tuple[str, Grant], bool] = {}
        self._locks: dict[tuple[str, Grant], asyncio.Lock] = {}

    async def allow(self, collection: str, grant: Grant) -> bool:
        """Whether `collection` may; asks if that was never decided. Raises UsageError for a damaged file of grants."""
        key = (collection, grant)
        async with self._locks.setdefault(key, asyncio.Lock()):
            if await self._known.allow(collection, grant):
                return True
            if key not in self._answers:
                await self._decide(key)
            # A yes that is stored counts from there, so that revoking it takes effect at once.
            return self._answers.get(key, True)

    def answers(self, collection: str) -> Mapping[Grant, bool]:
        """What holds until this gate is gone: each no, and a yes that could not be stored."""
        # A copy: threads ask too.
        return {grant: answer for (place, grant), answer in dict(self._answers).items() if place == collection}

    def settle(self, collection: str, grant: Grant, answer: bool | None) -> None:
        """Answer for this session without being asked; None: forget the answer, to be asked again."""
        if answer is None:
            self._answers.pop((collection, grant), None)
        else:
            self._answers[collection, grant] = answer

    async def _decide(self, key: tuple[str, Grant]) -> None:
        collection, grant = key
        answer = await self._ask(Path(collection), grant)
        if answer:
            try:
                self._store.add(collection, grant)
            except SaveFailed:
                # The disk is full, say: the answer still holds for this session.
                self._answers[key] = True
        else:
            self._answers[key] = False
