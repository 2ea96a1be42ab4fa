"""One engine in a hostile world: what it makes of each fault, and that it serves the next request all the same."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from explorer import Explorer
from faulty_plays import misbehave
from loopback import Loopback, Wire

from tui_client.errors import FailureKind
from tui_client.http.cancellation import Cancellation
from tui_client.http.cookies import CookieJar
from tui_client.http.engine import DirectSender, Engine
from tui_client.http.prepare import PreparedRequest
from tui_client.model.exchange import Event, Exchange, Failed, Finished
from tui_client.model.options import Timeouts
from tui_client.model.wording import describe

LIMIT_BYTES = 4 << 20
# Longer than any limit of a request in these tests: it ends only what has none.
_ENDS_S = 20


def soon(**limits: float) -> Timeouts:
    """Short limits in seconds; those not given never end a test."""
    return Timeouts(**{"connect": 5, "read": 5, "write": 5, "pool": 5, "total": 15, **limits})  # type: ignore[arg-type]


class World:
    """Plays faults and sends to them, through httpx's client or past it as a replay does."""

    def __init__(self, loopback: Loopback, engine: Engine, wire: Wire, way: str) -> None:
        self.loopback = loopback
        self.engine = engine
        self.wire = wire
        self.explore = Explorer(engine)
        self.sender: Engine | DirectSender = engine if way == "client" else engine.direct
        self.events: list[Event] = []

    async def send(self, url: str, method: str = "GET", **request: Any) -> Exchange:
        """Send to any address; it is over, in time, and the last event says how."""
        request.setdefault("timeouts", soon())
        jar, cancellation = request.pop("jar", None), request.pop("cancellation", None)
        return await self.send_prepared(self.explore.prepare(url, method, **request), jar, cancellation)

    async def send_prepared(
        self, request: PreparedRequest, jar: CookieJar | None = None, cancellation: Cancellation | None = None
    ) -> Exchange:
        """The same for what is prepared."""
        events: list[Event] = []
        self.events = events
        async with asyncio.timeout(_ENDS_S):
            exchange = await self.sender.send(request, jar, on_event=events.append, cancellation=cancellation)
        assert events[-1] == (Finished(exchange) if exchange.failure is None else Failed(exchange))
        return exchange

    async def suffer(self, path: str, method: str = "GET", **request: Any) -> Exchange:
        """Send to a fault; the next request on the same engine then gets its reply."""
        exchange = await self.send(self.wire.url(path), method, **request)
        await self.fine()
        return exchange

    async def fine(self, url: str = "", **request: Any) -> None:
        """The engine works."""
        exchange = await self.send(url or self.wire.url("/ok"), **request)
        assert exchange.failure is None
        assert exchange.response is not None
        assert exchange.response.body.read() == b"hi"


def is_without_reply(exchange: Exchange, kind: FailureKind) -> None:
    """Nothing came that could be shown, and it is said why."""
    assert exchange.failure is not None
    assert (exchange.failure.kind, exchange.response) == (kind, None)
    assert exchange.failure.subject


def is_cut(exchange: Exchange, kind: FailureKind, kept: bytes) -> None:
    """What came is there, and nobody could take it for the whole."""
    assert exchange.failure is not None
    assert exchange.failure.kind is kind
    response = exchange.response
    assert response is not None
    assert response.status == 200
    assert response.body.read() == kept
    assert not response.complete
    assert response.note == describe(exchange.failure)


@pytest.fixture(params=["client", "direct"])
async def world(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    """A server that plays what a path asks for, and one engine."""
    loopback = Loopback()
    async with Engine(spool_dir=tmp_path / "spool", max_body_bytes=LIMIT_BYTES) as engine:
        yield World(loopback, engine, await loopback.start(misbehave), request.param)
    await loopback.aclose()
