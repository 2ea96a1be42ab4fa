"""Streams of events last; all else ends in its time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from jumping_loop import run_jumping

from tui_client.errors import FailureKind, RequestFailed
from tui_client.http.engine import Engine
from tui_client.http.prepare import prepare
from tui_client.http.transport import Transport
from tui_client.model.effective import ResolvedRequest
from tui_client.model.exchange import BodyEnd, Exchange
from tui_client.model.options import SendOptions, Timeouts

HOUR_S = 3600.0


class _Events(httpx.AsyncByteStream):
    """One event, an hour of silence, another one."""

    def __init__(self) -> None:
        self.read_s: float | None = 30.0

    def limit_reads(self, read_s: float | None) -> None:
        self.read_s = read_s

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"data: 1\n\n"
        await asyncio.sleep(HOUR_S)
        yield b"data: 2\n\n"


class _Transport(httpx.AsyncBaseTransport):
    """Answers every request with such a stream."""

    def __init__(self, content_type: str) -> None:
        self.content_type = content_type
        self.stream = _Events()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        extensions = {"body_end": BodyEnd.CHUNKED, "raw_stream": self.stream}
        headers = {"Content-Type": self.content_type}
        return httpx.Response(200, headers=headers, stream=self.stream, extensions=extensions)


def _exchange(transport: _Transport, timeouts: Timeouts, *, direct: bool = False) -> Exchange:
    async def main() -> Exchange:
        options = SendOptions(timeouts=timeouts)
        resolved = ResolvedRequest(key="k", method="GET", url="http://events.test/", options=options)
        request = prepare(resolved, Path, environ={})
        async with Engine(transport=transport) as engine:
            return await (engine.direct if direct else engine).send(request)

    return run_jumping(main())


@pytest.mark.parametrize(
    "content_type", ["text/event-stream", "Text/Event-Stream; charset=utf-8", "application/x-ndjson"]
)
def test_a_stream_of_events_may_be_silent_for_hours(content_type: str) -> None:
    """Neither of the built-in limits ends it once its head is here."""
    transport = _Transport(content_type)
    exchange = _exchange(transport, Timeouts())
    assert exchange.failure is None
    assert exchange.response is not None and exchange.response.body.read() == b"data: 1\n\ndata: 2\n\n"
    assert transport.stream.read_s is None


@pytest.mark.parametrize(
    ("content_type", "timeouts", "direct"),
    [
        ("text/plain", Timeouts(), False),
        ("text/event-stream", Timeouts(given=frozenset({"total"})), False),
        ("text/event-stream", Timeouts(total=60), False),
        ("text/event-stream", Timeouts(), True),
    ],
)
def test_other_replies_and_limits_that_were_set_end(content_type: str, timeouts: Timeouts, direct: bool) -> None:
    """Another kind of reply, a limit of the user's own, even one as long as the built-in, and any send of a run."""
    exchange = _exchange(_Transport(content_type), timeouts, direct=direct)
    assert exchange.failure is not None and exchange.failure.kind is FailureKind.TIMEOUT_TOTAL
    assert exchange.response is not None and exchange.response.body.read() == b"data: 1\n\n"


async def test_the_transport_lets_the_wait_for_more_be_changed(serve: Callable[..., Awaitable[Any]]) -> None:
    """While the body is read: the head was waited for with another limit."""

    async def one_event(peer: Any) -> None:
        await peer.head()
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n")
        await peer.hang()

    wire = await serve(one_event)
    async with Transport() as transport:
        response = await transport.handle_async_request(httpx.Request("GET", wire.url()))
        response.extensions["raw_stream"].limit_reads(0.02)
        with pytest.raises(RequestFailed) as caught:
            async for _ in response.extensions["raw_stream"]:
                pass
    assert caught.value.failure.kind is FailureKind.TIMEOUT_READ


def test_a_read_limit_that_was_set_stays() -> None:
    """It is how a user says that silence means a dead server."""
    transport = _Transport("text/event-stream")
    _exchange(transport, Timeouts(read=45.0))
    assert transport.stream.read_s == 45.0
