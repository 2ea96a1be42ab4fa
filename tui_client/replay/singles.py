"""Single sends: plans of one step that hand captures and cookies on to the next ones of their environment."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from tui_client.errors import NotFound, TuiClientError
from tui_client.http.cancellation import Cancellation
from tui_client.model.effective import EffectiveRequest
from tui_client.model.step import Replied, StepId, StepResult
from tui_client.model.values import Value
from tui_client.replay.bound import is_bound
from tui_client.replay.jars import Jars, Place
from tui_client.replay.services import OnEvent, RequestSource, Services, ignore
from tui_client.replay.session import Session
from tui_client.replay.step import run_step


class Singles:
    """captured: variables, by collection and environment; replaced, never changed in place. jars: their cookies."""

    def __init__(self, services: Services, jars: Jars) -> None:
        self.captured: Mapping[Place, Mapping[str, Value]] = {}
        self.jars = jars
        # By place, as in Session; a place without a row has sent no secret yet.
        self._derived: dict[Place, frozenset[str]] = {}
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
        source = self._source(key)
        services = msgspec.structs.replace(self._services, source=source, memory=self._services.memory.of_run())
        place = self.place(key, environment)
        session = Session(
            jar=await self.jars.at(place),
            environment=environment,
            given=given,
            captured=self.captured.get(place, {}),
            derived=self._derived.get(place, frozenset()),
        )
        step = StepId(0, 0, 0, key)
        result = await run_step(
            step, session, services, on_event=on_event or ignore, cancellation=cancellation, draft=draft
        )
        if result.exchange is not None and (place in self._derived or _was_bound(draft or key, session, source)):
            captures = result.outcome.captures if isinstance(result.outcome, Replied) else {}
            self._derived[place] = self._derived.get(place, frozenset()) | captures.keys()
        await self.jars.save(place)
        if isinstance(result.outcome, Replied) and result.outcome.captures:
            # As it is by now: another send of this environment may have ended meanwhile.
            captured = self.captured.get(place, {})
            self.captured = {**self.captured, place: {**captured, **result.outcome.captures}}
        return result

    def place(self, key: str, environment: str) -> Place:
        """Where cookies and captures of a request belong; those of none in a collection, to the current directory.

        Raises NotFound.
        """
        return self._source(key).collection_root(key), environment

    def _source(self, key: str) -> RequestSource:
        return self._services.source if key else _NoCollection()


def _was_bound(sent: EffectiveRequest | str, session: Session, source: RequestSource) -> bool:
    try:
        return is_bound(source.effective(sent, session.environment) if isinstance(sent, str) else sent, session, source)
    except TuiClientError:
        return True  # its file is no more what was sent


class _NoCollection:
    """Where a request stands that is in no collection: files are looked for in the current directory."""

    def effective(self, key: str, environment: str) -> EffectiveRequest:
        raise NotFound("request", key)

    def collection_root(self, key: str) -> Path:
        return Path.cwd()
