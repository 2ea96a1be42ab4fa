"""A run on the workers of a Dask cluster: what is fed here is done there."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from functools import partial
from typing import Any, Final, Protocol, TypeAlias
from urllib.parse import urlsplit

import msgspec

from tui_client.errors import NoWorkers
from tui_client.replay.controls import Controls
from tui_client.replay.engines.dask.channel import listen, new_token
from tui_client.replay.engines.dask.coordinator import Coordinator
from tui_client.replay.engines.dask.dealing import AHEAD_S
from tui_client.replay.engines.dask.errand import errand_of
from tui_client.replay.engines.dask.member import Open
from tui_client.replay.engines.dask.messages import Dealt
from tui_client.replay.engines.dask.pool import Pool
from tui_client.replay.engines.dask.questions import Replies
from tui_client.replay.engines.dask.task import Ticket
from tui_client.replay.engines.dask.tending import Tending
from tui_client.replay.engines.dask.terms import ClusterTerms, listen_place
from tui_client.replay.engines.running import Running
from tui_client.replay.feed import Turn
from tui_client.replay.journal.standings import Standing
from tui_client.replay.ledgers import SharedLedger
from tui_client.replay.pace.pacer import Pacer
from tui_client.replay.plan import Overflow
from tui_client.replay.session import Session
from tui_client.replay.workers import Workers

MakePool: TypeAlias = Callable[[ClusterTerms, Callable[[str], None], Callable[[str, str], None]], "WorkerPool"]

_FIRST_S: Final = 60.0  # for the first worker: a cluster may just be starting
_PATIENCE_S: Final = 3.0
_LOOKING: Final = "No worker has come yet; it is waited for up to a minute."
_CLOSE_S: Final = 2.0


class WorkerPool(Protocol):
    """Finds workers, and has each take part. found: how many there are."""

    found: int

    def opened(self) -> AbstractAsyncContextManager[None]:
        """Connected to where they are. Raises NoWorkers."""

    async def keep_at_work(self, ticket: Ticket) -> None:
        """Have every worker that comes take part, until cancelled."""


class ClusterRun(Running):
    """The sessions are dealt to workers; the journal is here. ledger: a `SharedLedger`."""

    _ahead_s = AHEAD_S
    _last_grace_s = 3.0  # for what workers tell at their end

    def __init__(
        self, terms: ClusterTerms, *given: Any, ledger: SharedLedger, pool: MakePool = Pool, **named: Any
    ) -> None:
        """given, named: as of any engine. pool: finds the workers."""
        super().__init__(*given, ledger=ledger, **named)
        self._terms = terms
        self._pool = pool
        self._ledger = ledger
        self._coordinator: Coordinator | None = None
        self._replies = Replies(self._doing.services)
        self._entered_s = time.monotonic()
        self._is_ready = False

    @property
    def began_s(self) -> float:
        """Looking for workers is no part of the run."""
        return self._began_s if self._is_ready else self._began_s + time.monotonic() - self._entered_s

    @property
    def workers(self) -> Workers | None:
        """Who takes part, as figures."""
        return Workers() if self._coordinator is None else self._coordinator.figures()

    @asynccontextmanager
    async def _ready(self) -> AsyncGenerator[None, None]:
        async with asyncio.TaskGroup() as group:
            coordinator = self._coordinator = Coordinator(self._doing, self._ledger, self._replies, group)
            pool = self._pool(self._terms, coordinator.note_trouble, coordinator.refuse)
            async with pool.opened():
                token = new_token()
                host, port = await asyncio.to_thread(_asked_for, self._terms)  # may ask for a name's address
                server = await _listening(host, port, token, coordinator)
                ticket = Ticket(self._doing.services.run, host, server.sockets[0].getsockname()[1], token)
                beside = [
                    group.create_task(pool.keep_at_work(ticket)),
                    *Tending(coordinator, self._controls, self._terms.silent_s).start(group),
                ]
                try:
                    with self._patient():
                        await _first(coordinator, self._controls, pool)
                    self._begin(coordinator)
                    yield
                    await coordinator.part(_CLOSE_S)
                finally:
                    for task in beside:
                        task.cancel()
                    server.close()
                    coordinator.close()

    @contextmanager
    def _patient(self) -> Iterator[None]:
        """Say what is waited for where it takes long."""
        hold = asyncio.get_running_loop().call_later(_PATIENCE_S, self._controls.hold, "first", _LOOKING)
        try:
            yield
        finally:
            hold.cancel()
            self._controls.release("first")

    def _begin(self, coordinator: Coordinator) -> None:
        self._began_s, self._is_ready = self.began_s, True
        self._doing = msgspec.structs.replace(self._doing, began_s=self._began_s)
        coordinator.set_clock(self._doing)
        self._ledger.begin()

    @asynccontextmanager
    async def _place(self, base: Session) -> AsyncGenerator[None, None]:
        coordinator = self._coordinator
        assert coordinator is not None  # ready
        terms = self._terms
        make = partial(errand_of, send_secrets=terms.send_secrets, silent_s=terms.silent_s)
        errand = await asyncio.to_thread(make, self._plan, self._doing.services, base)
        self._replies.begin(base, errand)
        coordinator.begin(errand)
        yield
        await coordinator.finish()

    async def _start(self, pacer: Pacer, turn: Turn, standing: Standing | None) -> bool:
        coordinator = self._coordinator
        assert coordinator is not None  # ready
        coordinator.limit = lambda: pacer.limit(self._now_s())
        due_s = await pacer.due()
        if pacer.over or self._controls.stopping:
            return False
        scheduled = due_s is not None
        while not coordinator.dealer.has_room(scheduled=scheduled) and not self._controls.stopping:
            await coordinator.dealer.changed()
        if not await self._controls.may_start():
            return False
        doubtful = standing is not None and (standing.claimed or standing.shut)
        drop = pacer.overflow is Overflow.DROP and not doubtful
        requests = () if self._recorded is None else tuple(self._recorded.effective(key, "") for key in turn.steps)
        coordinator.put(Open(Dealt(turn, standing, due_s, drop, requests), self._controls.still_s))
        return True


async def _listening(host: str, port: int, token: bytes, coordinator: Coordinator) -> asyncio.Server:
    try:
        return await listen(host, port, token, coordinator.serve)
    except OSError:
        pass
    try:
        # The name by which workers know this machine need not be one of its own.
        return await listen("", port, token, coordinator.serve)
    except OSError as error:
        raise NoWorkers(f"Workers can't be listened for at {host}:{port}: {error.strerror or error}.") from error


def _asked_for(terms: ClusterTerms) -> tuple[str, int]:
    """Where workers reach this process."""
    if not terms.listen:
        return (_own_host(terms.scheduler) if terms.scheduler else "127.0.0.1"), 0
    return listen_place(terms.listen)


def _own_host(scheduler: str) -> str:
    """The address by which this machine is seen from the scheduler's."""
    parts = urlsplit(scheduler)
    host, port = parts.hostname or "127.0.0.1", parts.port or 8786
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect(address)  # sends nothing
            found: str = probe.getsockname()[0]
            return found
    except OSError:
        return socket.gethostname()


async def _first(coordinator: Coordinator, controls: Controls, pool: WorkerPool) -> None:
    """Wait for a worker that may take part, or for a stop. Raises NoWorkers where there is none."""
    try:
        async with asyncio.timeout(_FIRST_S):
            while not (coordinator.welcome or controls.stopping):
                if coordinator.refused and len(coordinator.refused) >= pool.found:
                    raise NoWorkers(next(iter(coordinator.refused.values())))
                coordinator.arrived.clear()
                await coordinator.arrived.wait()
    except TimeoutError as error:
        raise NoWorkers(_nobody(coordinator, pool)) from error


def _nobody(coordinator: Coordinator, pool: WorkerPool) -> str:
    if coordinator.refused:
        return next(iter(coordinator.refused.values()))
    if pool.found:
        return (
            f"None of the {pool.found} workers took part within {_FIRST_S:g} s: they may be busy with other work, or "
            "can't reach this machine (--listen says where it is reached). See docs/cluster.md."
        )
    return f"No worker came within {_FIRST_S:g} s. Start one with `dask worker SCHEDULER`, or see docs/cluster.md."
