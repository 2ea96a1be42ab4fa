"""Connections by origin, each kept for the next exchange until one on it is given up."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

import httpx

Origin: TypeAlias = tuple[str, bytes, int | None]


class Lane:
    """The connections to one origin. users: exchanges under way on them."""

    def __init__(self, origin: Origin, inner: httpx.AsyncHTTPTransport) -> None:
        self.origin = origin
        self.inner = inner
        self.users = 0


class Lanes:
    """Lanes of one profile, made when first needed.

    An exchange that is given up retires its lane, as HTTP/1.1 closes a connection then: httpcore tells the server
    nothing, never makes up for what the rest of the body takes of the connection's window, and goes on using a
    connection that may be dead. Others on a retired lane come to their end there.
    """

    def __init__(self, make: Callable[[], Awaitable[httpx.AsyncHTTPTransport]]) -> None:
        self._make = make
        self._by_origin: dict[Origin, Lane] = {}
        self._retired: set[Lane] = set()

    async def take(self, origin: Origin) -> Lane:
        """A lane for one exchange, which must leave it."""
        lane = self._by_origin.get(origin)
        if lane is None:
            inner = await self._make()
            # Another request may have made it while this one waited.
            lane = self._by_origin.setdefault(origin, Lane(origin, inner))
        lane.users += 1
        return lane

    async def leave(self, lane: Lane, *, given_up: bool) -> None:
        """An exchange is over; given_up: not by its reply's end, nor by a failure that httpcore told of."""
        lane.users -= 1
        if given_up and self._by_origin.get(lane.origin) is lane:
            del self._by_origin[lane.origin]
            self._retired.add(lane)
        if lane in self._retired and not lane.users:
            self._retired.discard(lane)
            await lane.inner.aclose()

    async def aclose(self) -> None:
        """Close every connection, also those in use."""
        lanes = [*self._by_origin.values(), *self._retired]
        self._by_origin.clear()
        self._retired.clear()
        for lane in lanes:
            await lane.inner.aclose()
