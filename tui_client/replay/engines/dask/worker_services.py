"""What steps need on a worker: its own engine and network; all else from its coordinator."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from tui_client import config
from tui_client.http.engine import Engine
from tui_client.replay.engines.dask.errand import Errand, Shipped
from tui_client.replay.engines.dask.remote import Questions, RemoteAsker, RemoteFroms, RemoteGate, WorkerSecrets
from tui_client.replay.memory import Memory
from tui_client.replay.services import Services
from tui_client.trust.secrets import SecretStore
from tui_client.trust.tokens import KeptTokens


@asynccontextmanager
async def worker_services(errand: Errand, questions: Questions) -> AsyncGenerator[Services, None]:
    """For one run. Raises BrokenFile for settings of this machine that can't be read."""
    settings = config.load()
    secrets = SecretStore(config.named(config.data_dir))
    engine = Engine(tokens=KeptTokens(secrets.vault), max_body_bytes=settings.replies.megabytes << 20)
    aged = RemoteFroms(questions)
    memory = Memory(aged, set(errand.masked))
    memory.froms = RemoteFroms(questions, aged.waits)
    try:
        yield Services(
            engine.direct,
            Shipped(errand),
            WorkerSecrets(errand.secrets, secrets),
            RemoteAsker(questions),
            RemoteGate(questions),
            memory,
            run=errand.run,
            shares_loop=False,
            defaults=errand.defaults,
            network=errand.network,
            environ=errand.environ,
        )
    finally:
        await engine.aclose()
