"""The composition root: library, engine, trust and replay wired together; all that cli and tui hold.

Files are there at once. What sends is imported and wired when it is first asked for: a screen stands before.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from tui_client.replay.opening import open_runs
from tui_client.replay.scope import captured_scope
from tui_client.replay.terms import AskGrant, Terms
from tui_client.storage.library import Library
from tui_client.storage.opening import default_path, open_library
from tui_client.storage.watch import Watcher

if TYPE_CHECKING:
    from tui_client.history.store import History
    from tui_client.http.cancellation import Cancellation
    from tui_client.model.effective import EffectiveRequest, Scope
    from tui_client.model.options import SendOptions
    from tui_client.model.request import Request
    from tui_client.model.step import StepResult
    from tui_client.model.values import Value
    from tui_client.replay.controls import Controls
    from tui_client.replay.engines.dask.terms import ClusterTerms
    from tui_client.replay.execute import Run
    from tui_client.replay.jars import Jars, Place
    from tui_client.replay.journal.store import RunStore
    from tui_client.replay.plan import Plan
    from tui_client.replay.runs import Runs
    from tui_client.replay.services import Asker, OnEvent
    from tui_client.replay.wiring import Wired
    from tui_client.trust.grants import Grant
    from tui_client.trust.secrets import SecretStore

__all__ = ["Workspace", "default_path", "open_library", "open_runs"]


class Workspace:
    """A directory of collections, and what is needed to send from it. Open it with `async with Workspace.open(...)`.

    library: files. secrets: what is kept outside of collections. runs: starts and resumes replays; store: their
    journals. These block for the imports behind them where `ready` was not awaited before.
    """

    def __init__(self, library: Library, terms: Terms) -> None:
        self.library = library
        self._terms = terms
        self._wired: Wired | None = None
        self._wiring = threading.Lock()

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        path: Path | None = None,
        *,
        asker: Asker,
        grants: frozenset[Grant] = frozenset(),
        ask_grant: AskGrant | None = None,
        defaults: SendOptions | None = None,
        data_dir: Path | None = None,
        shares_loop: bool = False,
    ) -> AsyncGenerator[Workspace, None]:
        """Open the workspace at `path`, and the one client that everything is sent through.

        asker: for prompts. grants: given for this session. ask_grant: asks for the others; None refuses them.
        defaults: options where no file says more; None reads the user's settings. data_dir: for secrets, grants,
        runs and the history. shares_loop: a screen is drawn in the same event loop, and replays must leave it its turn.
        Raises UsageError if `path` is no directory, BrokenFile for settings that can't be read.
        """
        workspace = cls(open_library(path, defaults), Terms(asker, grants, ask_grant, data_dir, shares_loop))
        try:
            yield workspace
        finally:
            await workspace.aclose()

    async def aclose(self) -> None:
        """Close every connection."""
        if self._wired is not None:
            await self._wired.aclose()
        if (history := self.__dict__.get("history")) is not None:
            await asyncio.to_thread(history.close)

    async def ready(self) -> None:
        """Import and wire what sends, in a thread; at once where that is done."""
        if self._wired is None:
            await asyncio.to_thread(self.wired)

    def wired(self) -> Wired:
        """What sends; made once, whichever thread asks first."""
        with self._wiring:
            if self._wired is None:
                from tui_client.replay.wiring import wire

                self._wired = wire(self.library, self._terms)
            return self._wired

    @property
    def secrets(self) -> SecretStore:
        """Secret values, by collection and environment."""
        return self.wired().secrets

    @property
    def store(self) -> RunStore:
        """The journals of this user's runs."""
        return self.wired().store

    @property
    def runs(self) -> Runs:
        """Starts and resumes replays."""
        return self.wired().runs

    @cached_property
    def history(self) -> History | None:
        """What was sent in the past, each single send by now among it; None where the user switched it off.

        Its file is opened when it is first needed, in a thread. Raises BrokenFile for settings that can't be read.
        """
        from tui_client.history.opening import open_history

        return open_history(self._terms.data_dir)

    @property
    def cookies(self) -> Jars:
        """The cookies of single sends, by collection and environment."""
        return self.wired().singles.jars

    @property
    def captured(self) -> Mapping[Place, Mapping[str, Value]]:
        """The variables captured by single sends, by collection and environment; replaced, never changed in place."""
        return self._wired.singles.captured if self._wired else {}

    def changes(self, interval_s: float = 1.0) -> AsyncIterator[frozenset[Path]]:
        """Sets of paths that changed on disk, for as long as it is iterated."""
        return aiter(Watcher(self.library.root, interval_s))

    async def send(
        self,
        key: str,
        environment: str = "",
        *,
        given: Mapping[str, str] = {},
        draft: EffectiveRequest | None = None,
        written: Request | None = None,
        on_event: OnEvent | None = None,
        cancellation: Cancellation | None = None,
    ) -> StepResult:
        """Send one request, a plan of one step; what it captures is there for the next ones of its environment.

        draft: what is sent in place of the file. An empty key, with a draft, belongs to no collection. written: the
        draft as the history keeps it, where more is known of it than what it comes to.
        """
        await self.ready()
        from tui_client.replay.written import is_kept, keep

        history = self.history if is_kept(self.library, key) else None
        if history is not None:
            history.start()
        result = await self.wired().singles.send(
            key, environment, given=given, draft=draft, on_event=on_event, cancellation=cancellation
        )
        if history is not None:
            keep(history, self.library, result, environment, draft, written)
        return result

    def scope(self, request: EffectiveRequest, environment: str = "") -> Scope:
        """Where the variables of a request are looked up now, captures included; for previews."""
        if not request.key:
            return request.scope
        place = (self.library.collection_root(request.key), environment)
        return captured_scope(request.scope, self.captured.get(place, {}))

    def plan(self, targets: Sequence[str], environment: str = "", given: Mapping[str, str] = {}) -> Plan:
        """A plan of the requests that targets mean, in order. Raises NotFound for a target or an environment."""
        from tui_client.replay.planning import plan_targets

        return plan_targets(self.library, targets, environment, given)

    async def plan_batch(self, name: str, environment: str = "", given: Mapping[str, str] = {}) -> Plan:
        """The plan of a saved batch.

        Raises BrokenFile, NotFound, and UsageError for data outside the collection that was not granted.
        """
        await self.ready()
        from tui_client.replay.planning import plan_saved

        return await plan_saved(self.library, self.wired().services.gate, name, environment, given)

    def replay(
        self,
        plan: Plan,
        controls: Controls | None = None,
        *,
        journalled: bool = True,
        cluster: ClusterTerms | None = None,
    ) -> Run:
        """A run of a plan, ready to start; cluster: where. Raises UsageError for a plan that can't be run."""
        return self.runs.start(plan, controls, journalled=journalled, cluster=cluster)
