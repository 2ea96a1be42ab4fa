"""What the steps of a run have found out already: values of `from` requests, answers to prompts."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping
from typing import TYPE_CHECKING, Final, TypeAlias

from tui_client.errors import Failure, FailureKind, RequestFailed
from tui_client.model.values import Value
from tui_client.replay.recipe import Recipes
from tui_client.text.redact import MIN_SECRET_CHARS

if TYPE_CHECKING:
    from tui_client.replay.services import Asker, Question

Captures: TypeAlias = Mapping[str, Value]
Fetch: TypeAlias = Callable[[], Awaitable[Captures]]

_KEPT: Final = 10_000  # values that depend on the row would else grow with the rows


class _Entry:
    """One `from` request: its last outcome, and how often it was sent."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.attempts = 0
        self.outcome: Captures | Failure | None = None
        self.at_s = 0.0

    def fresh(self, max_age_s: float | None) -> bool:
        if self.outcome is None or isinstance(self.outcome, Failure):
            return False
        return max_age_s is None or time.monotonic() - self.at_s < max_age_s


class FromCache:
    """Sends a `from` request when its value is needed, once for all who wait for it.

    waits: which key waits for which, shared by caches whose values may need each other.
    """

    def __init__(self, waits: dict[Hashable, Hashable] | None = None) -> None:
        self._entries: OrderedDict[Hashable, _Entry] = OrderedDict()
        self.waits: dict[Hashable, Hashable] = {} if waits is None else waits

    async def get(
        self, name: str, key: Hashable, chain: tuple[Hashable, ...], max_age_s: float | None, fetch: Fetch
    ) -> Captures:
        """The captures of `key`: those kept if young enough, else those that `fetch` brings.

        chain: the keys that are being fetched for whoever asks, outermost first.
        Raises RequestFailed: variable.from for a loop, or what `fetch` raised, to all who waited for that attempt.
        """
        entry = self._entry(key)
        seen = entry.attempts
        self._refuse_loop(name, key, chain)
        if chain:
            self.waits[chain[-1]] = key
        try:
            async with entry.lock:
                if entry.attempts == seen and not entry.fresh(max_age_s):
                    await self._fetch(entry, fetch)
                outcome = entry.outcome
        finally:
            if chain:
                self.waits.pop(chain[-1], None)
        if isinstance(outcome, Failure):
            raise RequestFailed(outcome)
        return outcome or {}

    def _entry(self, key: Hashable) -> _Entry:
        entry = self._entries.setdefault(key, _Entry())
        self._entries.move_to_end(key)
        if len(self._entries) > _KEPT:
            oldest = next(iter(self._entries))
            if not self._entries[oldest].lock.locked():
                del self._entries[oldest]
        return entry

    async def _fetch(self, entry: _Entry, fetch: Fetch) -> None:
        try:
            entry.outcome = await fetch()
        except RequestFailed as error:
            entry.outcome = error.failure
        entry.at_s = time.monotonic()
        entry.attempts += 1

    def _refuse_loop(self, name: str, key: Hashable, chain: tuple[Hashable, ...]) -> None:
        # Two steps may hold the two halves of a loop: each would wait for the other for ever.
        seen: Hashable | None = key
        for _ in range(len(self.waits) + 1):
            if seen is None:
                return
            if seen in chain:
                raise RequestFailed(
                    Failure(FailureKind.VARIABLE_FROM, name, detail="the requests that give values need each other")
                )
            seen = self.waits.get(seen)


class Answers:
    """What the user answered in this run; each variable is asked for once, one form at a time."""

    def __init__(self) -> None:
        self._given: dict[Hashable, str] = {}
        self._lock = asyncio.Lock()

    async def ask(self, asker: Asker, collection: Hashable, questions: tuple[Question, ...]) -> dict[str, str]:
        """An answer for each question. Raises RequestFailed (variable.prompt) if nobody can be asked."""
        async with self._lock:
            missing = tuple(one for one in questions if (collection, one) not in self._given)
            if missing:
                answers = await asker.ask(missing)
                for one in missing:
                    if one.variable not in answers:
                        raise RequestFailed(Failure(FailureKind.VARIABLE_PROMPT, one.variable))
                    self._given[collection, one] = answers[one.variable]
        return {one.variable: self._given[collection, one] for one in questions}


class Memory:
    """Of one run. Values without a max_age live as long as the run, the others as long as the workspace.

    secrets: those that any step was given so far, whoever sends one back: of the workspace too.
    """

    def __init__(self, aged: FromCache, secrets: set[str] | None = None) -> None:
        self.aged = aged
        self.secrets: set[str] = set() if secrets is None else secrets
        # One graph of who waits for whom: a loop may run through both caches.
        self.froms = FromCache(aged.waits)
        self.answers = Answers()
        self.recipes = Recipes()
        # Requests, by key and environment, that no row can make need anything: asking again for each costs time.
        self.needless: set[tuple[str, str]] = set()
        self._bound: dict[Hashable, bool] = {}

    def of_run(self) -> Memory:
        """A new one for a run of the same workspace."""
        return Memory(self.aged, self.secrets)

    def note(self, secrets: Iterable[str]) -> None:
        """A step is given these."""
        self.secrets.update(secret for secret in secrets if len(secret) >= MIN_SECRET_CHARS)

    def bound(self, key: Hashable, find: Callable[[], bool]) -> bool:
        """What `find` said for this key before, or says now."""
        if key not in self._bound:
            if len(self._bound) >= _KEPT:
                self._bound.clear()
            self._bound[key] = find()
        return self._bound[key]

    def cache(self, max_age_s: float | None) -> FromCache:
        """Where values of this age are kept."""
        return self.froms if max_age_s is None else self.aged
