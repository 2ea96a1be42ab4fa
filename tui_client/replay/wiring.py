"""What sends, wired together: the engine, what it may reach, the journals. Nothing here is needed to read files."""

from __future__ import annotations

import msgspec

from tui_client import config
from tui_client.http.engine import Engine
from tui_client.http.hosts import Network
from tui_client.replay.jars import Jars
from tui_client.replay.journal.store import RunStore
from tui_client.replay.memory import FromCache, Memory
from tui_client.replay.opening import open_cookies, open_runs
from tui_client.replay.runs import Runs
from tui_client.replay.services import Services
from tui_client.replay.singles import Singles
from tui_client.replay.terms import Terms
from tui_client.storage.library import Library
from tui_client.trust.gates import AskingGate, HeadlessGate
from tui_client.trust.grants import Gate
from tui_client.trust.secrets import SecretStore
from tui_client.trust.store import GrantStore
from tui_client.trust.tokens import KeptTokens


class Wired(msgspec.Struct, frozen=True):
    """All that sends need; to be closed at the end."""

    engine: Engine
    services: Services
    singles: Singles
    secrets: SecretStore
    grants: GrantStore
    store: RunStore
    runs: Runs

    async def aclose(self) -> None:
        """Keep what is to be kept, and close every connection."""
        await self.singles.jars.save_all()
        await self.engine.aclose()


def wire(library: Library, terms: Terms) -> Wired:
    """Wire it. In any thread, with no event loop yet. Raises BrokenFile for settings that can't be read."""
    settings = config.load()
    secrets = SecretStore(terms.data_dir or config.named(config.data_dir))
    grants = GrantStore((terms.data_dir or config.named(config.state_dir)) / "grants.json")
    gate: Gate = (
        HeadlessGate(grants, terms.grants)
        if terms.ask_grant is None
        else AskingGate(grants, terms.ask_grant, terms.grants)
    )
    engine = Engine(tokens=KeptTokens(secrets.vault), max_body_bytes=settings.replies.megabytes << 20)
    services = Services(
        engine,
        library,
        secrets,
        terms.asker,
        gate,
        Memory(FromCache()),
        shares_loop=terms.shares_loop,
        defaults=library.defaults,
        network=Network(settings.hosts, None if settings.network.environment else {}),
    )
    store = open_runs(terms.data_dir, secrets)
    runs = Runs(store, msgspec.structs.replace(services, engine=engine.direct), library.root)
    jars = Jars(open_cookies(terms.data_dir) if settings.cookies.keep else None)
    return Wired(engine, services, Singles(services, jars), secrets, grants, store, runs)
