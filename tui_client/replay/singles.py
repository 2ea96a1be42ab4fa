"""Single sends: plans of one step that hand captures and cookies on to the next ones of their environment."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

import msgspec

from tui_client.errors import NotFound
from tui_client.http.cancellation import Cancellation
from tui_client.http.cookies import CookieJar
from tui_client.model.effective import EffectiveRequest
from tui_client.model.step import Replied, StepId, StepResult
from tui_client.model.values import Value
from tui_client.replay.memory import Memory
from tui_client.replay.services import OnEvent, Services, ignore
from tui_client.replay.session import Session
from tui_client.replay.step import run_step

Place: TypeAlias = tuple[Path, str]  # a collection's directory and an environment


class Singles:
    """captured: variables, by collection and environment; replaced, never changed in place. jars: cookies, likewise."""

    def __init__(self, services: Services) -> None:
        self.captured: Mapping[Place, Mapping[str, Value]] = {}
        self.jars: dict[Place, CookieJar] = {}
        self._services = services

    async def send(
        self,
        key: str,
        environment: str,
        *,
        given: Mapping[str, str] = {},
        draft: EffectiveRequest | None = None,
        on_event: OnEvent | None = None,
        cancellation: Cancellation | None = None,
    ) -> StepResult:
        """Send one request; what it captures is there for the next ones of its environment.

        draft: what is sent in place of the file. An empty key, with a draft, belongs to no collection.
        """
        source = self._services.source if key else _NoCollection()
        services = msgspec.structs.replace(self._services, source=source, memory=Memory(self._services.memory.aged))
        place = (source.collection_root(key), environment)
        session = Session(
            jar=self.jars.setdefault(place, CookieJar()),
            environment=environment,
            given=given,
            captured=self.captured.get(place, {}),
        )
        step = StepId(0, 0, 0, key)
        result = await run_step(
            step, session, services, on_event=on_event or ignore, cancellation=cancellation, draft=draft
        )
        if isinstance(result.outcome, Replied) and result.outcome.captures:
            # As it is by now: another send of this environment may have ended meanwhile.
            captured = self.captured.get(place, {})
            self.captured = {**self.captured, place: {**captured, **result.outcome.captures}}
        return result


class _NoCollection:
    """Where a request stands that is in no collection: files are looked for in the current directory."""

    def effective(self, key: str, environment: str) -> EffectiveRequest:
        raise NotFound("request", key)

    def collection_root(self, key: str) -> Path:
        return Path.cwd()
