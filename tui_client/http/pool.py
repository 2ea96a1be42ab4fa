"""Connections to one origin, kept for the next request: O(1) to take, to give back and to lose."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from typing import TYPE_CHECKING

from tui_client.errors import FailureKind
from tui_client.http.oserrors import failed

if TYPE_CHECKING:
    from tui_client.http.h1.connection import Connection


class Pool:
    """At most `limit` connections; who waits is served in order.

    A slot belongs to a connection from before it is dialled until it is closed. Waiters are handed a connection, or
    None: a slot to dial with.
    """

    def __init__(self, subject: str, limit: int, idle_s: float) -> None:
        self.subject = subject
        self._limit = limit
        self._idle_s = idle_s
        self._taken = 0
        self._idle: OrderedDict[Connection, float] = OrderedDict()
        self._busy: set[Connection] = set()
        self._waiters: OrderedDict[asyncio.Future[Connection | None], None] = OrderedDict()
        self._sweeper: asyncio.TimerHandle | None = None

    @property
    def taken(self) -> int:
        """Slots in use: connections open, or being dialled."""
        return self._taken

    async def acquire(self, limit_s: float | None) -> Connection | None:
        """A connection that is alive, or None: the caller dials, and owns a slot.

        Raises RequestFailed (timeout.pool) after limit_s seconds.
        """
        while True:
            while self._idle:
                connection, since = self._idle.popitem()
                self._busy.add(connection)
                if time.monotonic() - since < self._idle_s and connection.is_fresh():
                    return connection
                connection.close()
            if self._taken < self._limit:
                self._taken += 1
                return None
            offered = await self._wait(limit_s)
            if offered is None or offered.is_fresh():
                return offered
            offered.close()

    async def _wait(self, limit_s: float | None) -> Connection | None:
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[Connection | None] = loop.create_future()
        self._waiters[waiter] = None
        timer = None if limit_s is None else loop.call_later(limit_s, self._expire, waiter, limit_s)
        try:
            return await waiter
        except asyncio.CancelledError:
            # A slot handed over in the same turn of the loop as the cancel must not be lost.
            if waiter.done() and not waiter.cancelled() and waiter.exception() is None:
                self._pass_on(waiter.result())
            raise
        finally:
            self._waiters.pop(waiter, None)
            if timer is not None:
                timer.cancel()

    def _expire(self, waiter: asyncio.Future[Connection | None], limit_s: float) -> None:
        if not waiter.done():
            waiter.set_exception(failed(FailureKind.TIMEOUT_POOL, self.subject, limit_s=limit_s))

    def _pass_on(self, offer: Connection | None) -> None:
        while self._waiters:
            waiter, _ = self._waiters.popitem(last=False)
            if not waiter.done():
                waiter.set_result(offer)
                return
        if offer is None:
            self._taken -= 1
        elif offer in self._busy:
            self._busy.discard(offer)
            self._idle[offer] = time.monotonic()
            if self._sweeper is None:
                self._sweeper = asyncio.get_running_loop().call_later(self._idle_s, self._sweep)

    def add(self, connection: Connection) -> None:
        """A connection was dialled with a slot of this pool."""
        self._busy.add(connection)

    def put_back(self, connection: Connection) -> None:
        """The exchange is over and the connection can serve another."""
        self._pass_on(connection)

    def forget(self, connection: Connection) -> None:
        """The connection is closed; its slot is free. Later calls do nothing."""
        if connection in self._busy:
            self._busy.discard(connection)
        elif self._idle.pop(connection, None) is None:
            return
        self._pass_on(None)

    def free_slot(self) -> None:
        """No connection came of the slot."""
        self._pass_on(None)

    def _sweep(self) -> None:
        self._sweeper = None
        oldest = time.monotonic() - self._idle_s
        for connection in [connection for connection, since in self._idle.items() if since <= oldest]:
            connection.close()
        if self._idle:
            wait = next(iter(self._idle.values())) - oldest
            self._sweeper = asyncio.get_running_loop().call_later(max(wait, 0.01), self._sweep)

    def close(self) -> None:
        """Close every connection, also those in use."""
        if self._sweeper is not None:
            self._sweeper.cancel()
            self._sweeper = None
        for connection in (*self._idle, *self._busy):
            connection.close()
