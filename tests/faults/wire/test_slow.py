"""Servers that take for ever: by silence, or by a byte now and then."""

from __future__ import annotations

import asyncio

import pytest
from fault_matrix import fault
from faulty_plays import DRIPS
from faulty_world import World, is_cut, is_without_reply, soon

from tui_client.errors import FailureKind
from tui_client.http.cancellation import Cancellation
from tui_client.model.exchange import BytesReceived, Event, Exchange

SILENT = {
    "/hang/before": None,
    "/hang/status": None,
    "/hang/headers": None,
    "/hang/continue": None,
    "/hang/body": b"half",
    "/hang/chunk": b"half",
    "/hang/until_close": b"half",
}


def is_over(exchange: Exchange, kind: FailureKind, kept: bytes | None) -> None:
    """What came before the head is nothing to keep, what came after is."""
    if kept is None:
        is_without_reply(exchange, kind)
    else:
        is_cut(exchange, kind, kept)


@fault("wire.hang")
@pytest.mark.parametrize(("path", "kept"), SILENT.items())
async def test_silence_ends_with_the_limit_of_a_read(world: World, path: str, kept: bytes | None) -> None:
    """Before, in the head, after a 100 and in the body: timeout.read, with the limit it says."""
    exchange = await world.suffer(path, timeouts=soon(read=0.06))
    is_over(exchange, FailureKind.TIMEOUT_READ, kept)
    assert exchange.failure is not None
    assert exchange.failure.limit_s == 0.06


@fault("wire.hang")
@pytest.mark.parametrize(("path", "kept"), SILENT.items())
async def test_a_cancel_ends_silence(world: World, path: str, kept: bytes | None) -> None:
    """Esc in each of these stages: the send is over and the task goes on."""
    cancellation = Cancellation()
    body = asyncio.Event()

    def on_event(event: Event) -> None:
        if isinstance(event, BytesReceived):
            body.set()

    async def cancel() -> None:
        await world.wire.arrived.wait()
        if kept is not None:
            await body.wait()
        cancellation.cancel()

    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        group.create_task(cancel())
        request = world.explore.prepare(world.wire.url(path))
        exchange = await world.sender.send(request, on_event=on_event, cancellation=cancellation)
    is_over(exchange, FailureKind.CANCELLED, kept)
    await world.fine()


@fault("wire.dripped_body")
@pytest.mark.parametrize("path", ["/drip/body", "/drip/chunks", "/drip/until_close"])
async def test_a_dripped_body_ends_with_the_limit_of_all(world: World, path: str) -> None:
    """Bytes keep coming, so timeout.read never would: timeout.total ends it, and what came is kept."""
    exchange = await world.suffer(f"{path}?ms=5", timeouts=soon(total=0.2))
    assert exchange.response is not None
    kept = exchange.response.body.read()
    assert 0 < len(kept) < 100
    is_cut(exchange, FailureKind.TIMEOUT_TOTAL, len(kept) * b"x")
    assert exchange.failure is not None
    assert exchange.failure.limit_s == 0.2


@fault("wire.dripped_header")
@pytest.mark.parametrize("path", ["/drip/status", "/drip/header", "/drip/headers"])
async def test_a_dripped_head_ends_with_the_limit_of_all(world: World, path: str) -> None:
    """In the status line, in one header, and header by header."""
    is_without_reply(await world.suffer(f"{path}?ms=5", timeouts=soon(total=0.1)), FailureKind.TIMEOUT_TOTAL)


@fault("wire.dripped_header")
async def test_headers_that_drip_behind_a_redirect_end_too(world: World) -> None:
    """The limit is one for the whole way, which is kept."""
    exchange = await world.suffer("/redirect/to?location=/drip/header", timeouts=soon(total=0.1))
    is_without_reply(exchange, FailureKind.TIMEOUT_TOTAL)
    assert [hop.status for hop in exchange.hops] == [302]


@fault("wire.endless_1xx")
@pytest.mark.parametrize("path", [name for name in DRIPS if name.startswith("drip/1")])
async def test_slow_informational_replies_end_with_the_limit_of_all(world: World, path: str) -> None:
    """100, 102 and 103 keep no request alive."""
    is_without_reply(await world.suffer(f"/{path}?ms=20", timeouts=soon(total=0.1)), FailureKind.TIMEOUT_TOTAL)


@fault("wire.endless_1xx")
@pytest.mark.parametrize("path", ["/flood/100", "/flood/103"])
async def test_fast_informational_replies_are_counted(world: World, path: str) -> None:
    """More than a few are no HTTP any more: nothing of them is gathered."""
    exchange = await world.suffer(path)
    is_without_reply(exchange, FailureKind.PROTOCOL)
    assert exchange.failure is not None
    assert exchange.failure.detail == "more than 20 informational replies"
