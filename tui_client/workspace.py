"""The composition root: library, engine, trust and replay wired together; all that cli and tui hold."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeAlias

import msgspec

from tui_client import config
from tui_client.errors import NotFound, UsageError
from tui_client.http.cancellation import Cancellation
from tui_client.http.cookies import CookieJar
from tui_client.http.engine import Engine
from tui_client.model.effective import EffectiveRequest, Scope
from tui_client.model.options import SendOptions
from tui_client.model.step import Replied, StepId, StepResult
from tui_client.model.values import Value
from tui_client.replay.batches import plan_of
from tui_client.replay.controls import Controls
from tui_client.replay.execute import Run
from tui_client.replay.journal.store import RunStore
from tui_client.replay.memory import FromCache, Memory
from tui_client.replay.plan import Plan
from tui_client.replay.runs import Runs
from tui_client.replay.scope import session_scope
from tui_client.replay.services import Asker, OnEvent, Sender, Services, ignore
from tui_client.replay.session import Session
from tui_client.replay.step import run_step
from tui_client.storage.defaults import read_defaults
from tui_client.storage.inside import is_inside
from tui_client.storage.library import Library
from tui_client.storage.watch import Watcher
from tui_client.trust.gates import AskingGate, HeadlessGate
from tui_client.trust.grants import Gate, Grant, GrantKind
from tui_client.trust.secrets import SecretStore
from tui_client.trust.store import GrantStore
from tui_client.trust.tokens import KeptTokens

AskGrant: TypeAlias = Callable[[Path, Grant], Awaitable[bool]]
Place: TypeAlias = tuple[Path, str]  # a collection's directory and an environment


def default_path() -> Path:
    """./collections if it is there, else the collections in the user's data folder."""
    here = Path("collections")
    return here if here.is_dir() else _own(config.data_dir) / "collections"


def _own(folder: Callable[[], Path]) -> Path:
    """One of the user's folders, as `config` makes it; only named where it can't be made (a read-only home).

    Nothing is read from a folder that isn't there, and writing to it says why it can't be done.
    """
    try:
        return folder()
    except OSError as error:
        return Path(error.filename or "/")


def open_library(path: Path | None, defaults: SendOptions | None = None) -> Library:
    """The files of the workspace at `path`, or of the default one; `defaults` None: those of the user's settings.

    Raises UsageError if `path` is no directory, BrokenFile for settings that can't be read.
    """
    if path is not None and not path.is_dir():
        raise UsageError(f"{path} is not a directory. Give a workspace, or a collection in it.")
    return Library(path or default_path(), read_defaults() if defaults is None else defaults)


def open_runs(data_dir: Path | None = None, secrets: SecretStore | None = None) -> RunStore:
    """The journals of this user's runs, whichever workspace they are of."""
    secrets = secrets or SecretStore(data_dir or _own(config.data_dir))
    return RunStore((data_dir or _own(config.state_dir)) / "runs", secrets.vault)


class Workspace:
    """A directory of collections, and what is needed to send from it. Open it with `async with Workspace.open(...)`.

    library: files. secrets, grants: what is kept outside of collections. runs: starts and resumes replays; store: their
    journals.
    captured: the variables captured by single sends, by collection and environment; replaced, never changed in place.
    jars: cookies, by collection and environment.
    """

    def __init__(
        self,
        library: Library,
        services: Services,
        secrets: SecretStore,
        grants: GrantStore,
        direct: Sender,
        store: RunStore,
    ) -> None:
        self.library = library
        self.secrets = secrets
        self.store = store
        self.runs = Runs(store, msgspec.structs.replace(services, engine=direct), library.root)
        self.grants = grants
        self.captured: Mapping[Place, Mapping[str, Value]] = {}
        self.jars: dict[Place, CookieJar] = {}
        self._services = services

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
        defaults: options where no file says more; None reads the user's settings. data_dir: for secrets, grants, runs.
        shares_loop: a screen is drawn in the same event loop, and replays must leave it its turn.
        Raises UsageError if `path` is no directory, BrokenFile for settings that can't be read.
        """
        library = open_library(path, defaults)
        secrets = SecretStore(data_dir or _own(config.data_dir))
        store = GrantStore((data_dir or _own(config.state_dir)) / "grants.json")
        gate: Gate = HeadlessGate(store, grants) if ask_grant is None else AskingGate(store, ask_grant, grants)
        async with Engine(tokens=KeptTokens(secrets.vault)) as engine:
            memory = Memory(FromCache())
            services = Services(
                engine, library, secrets, asker, gate, memory, shares_loop=shares_loop, defaults=library.defaults
            )
            runs = open_runs(data_dir, secrets)
            yield cls(library, services, secrets, store, engine.direct, runs)

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
        on_event: OnEvent = ignore,
        cancellation: Cancellation | None = None,
    ) -> StepResult:
        """Send one request, a plan of one step; what it captures is there for the next ones of its environment.

        draft: what is sent in place of the file. An empty key, with a draft, belongs to no collection.
        """
        source = self.library if key else _NoCollection()
        services = msgspec.structs.replace(self._services, source=source, memory=Memory(self._services.memory.aged))
        place = (source.collection_root(key), environment)
        session = self._session(place, given)
        result = await run_step(
            StepId(0, 0, 0, key), session, services, on_event=on_event, cancellation=cancellation, draft=draft
        )
        if isinstance(result.outcome, Replied) and result.outcome.captures:
            self.captured = {**self.captured, place: {**self.captured.get(place, {}), **result.outcome.captures}}
        return result

    def _session(self, place: Place, given: Mapping[str, str]) -> Session:
        jar = self.jars.setdefault(place, CookieJar())
        return Session(jar=jar, environment=place[1], given=given, captured=self.captured.get(place, {}))

    def scope(self, request: EffectiveRequest, environment: str = "") -> Scope:
        """Where the variables of a request are looked up now, captures included; for previews."""
        if not request.key:
            return request.scope
        return session_scope(request.scope, self._session((self.library.collection_root(request.key), environment), {}))

    def plan(self, targets: Sequence[str], environment: str = "", given: Mapping[str, str] = {}) -> Plan:
        """A plan of the requests that targets mean, in order. Raises NotFound for a target or an environment."""
        steps = self.library.select(targets)
        self._check_environment(steps, environment)
        return Plan(steps=steps, environment=environment, given=given)

    def _check_environment(self, steps: Sequence[str], environment: str) -> None:
        for collection in dict.fromkeys(self.library.split(key)[0].id for key in steps):
            self.library.environment(collection, environment)

    async def plan_batch(
        self,
        name: str,
        environment: str = "",
        given: Mapping[str, str] = {},
    ) -> Plan:
        """The plan of a saved batch.

        Raises BrokenFile, NotFound, and UsageError for data outside the collection that was not granted.
        """
        batch = self.library.batch(name)
        # Looking for tags reads every file; a screen goes on meanwhile.
        plan = await asyncio.to_thread(plan_of, batch, self.library.select, environment, given)
        self._check_environment(plan.steps, plan.environment)
        root = self.library.collection_root(plan.steps[0]) if plan.steps else self.library.root
        if plan.data is not None and not is_inside(plan.data, root):
            grant = Grant(GrantKind.FILE, str(plan.data.resolve()))
            if not await self._services.gate.allow(str(root), grant):
                raise UsageError(
                    f"The data of {name} lies outside its collection. Allow it with --grant file:{grant.subject}"
                )
        return plan

    def replay(self, plan: Plan, controls: Controls | None = None, *, journalled: bool = True) -> Run:
        """A run of a plan, ready to start. Raises UsageError for a plan that can't be run."""
        return self.runs.start(plan, controls, journalled=journalled)


class _NoCollection:
    """Where a request stands that is in no collection: files are looked for in the current directory."""

    def effective(self, key: str, environment: str) -> EffectiveRequest:
        raise NotFound("request", key)

    def collection_root(self, key: str) -> Path:
        return Path.cwd()
