"""The same faults in HTTP/2, where one connection serves many: one that is spoilt serves no other."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import trustme
from fault_matrix import fault
from faulty_h2 import misbehave_h2
from faulty_plays import TEXT
from faulty_tls import server_context
from faulty_world import World, is_cut, is_without_reply, soon

from tui_client.errors import FailureKind
from tui_client.http.cancellation import Cancellation
from tui_client.model.exchange import Exchange

# Past the client nothing differs in HTTP/2 (tests/http/engine/test_direct.py).
pytestmark = pytest.mark.parametrize("world", ["client"], indirect=True)
Suffer = Callable[..., Awaitable[Exchange]]


@pytest.fixture
async def suffer(world: World, authority: trustme.CA, ca_file: str) -> Suffer:
    """Send to a fault in HTTP/2; the next request on the same engine then gets its reply, in HTTP/2 too."""
    context = server_context(authority)
    context.set_alpn_protocols(["h2"])
    world.wire = await world.loopback.start(misbehave_h2, tls=context)

    async def send(path: str, **request: Any) -> Exchange:
        return await world.suffer(path, ca=ca_file, http2=True, **request)

    async def fine() -> None:
        await World.fine(world, ca=ca_file, http2=True, timeouts=soon(total=5))

    world.fine = fine  # type: ignore[method-assign]  # of this server
    # The authorities of the system are read and the connection is open: limits count for the fault alone.
    await fine()
    return send


@fault("wire.reset")
@pytest.mark.parametrize(
    ("path", "kind", "detail"),
    [
        ("/rst/before", FailureKind.CONNECT_RESET, "the server reset the stream (INTERNAL_ERROR)"),
        ("/rst/refused", FailureKind.CONNECT_RESET, "the server reset the stream (REFUSED_STREAM)"),
        ("/goaway/before", FailureKind.CONNECT_RESET, "the server ended the connection (ENHANCE_YOUR_CALM)"),
        ("/reset/before", FailureKind.CONNECT_RESET, "Connection reset by peer"),
        ("/close/before", FailureKind.CLOSED_EARLY, "Server disconnected"),
    ],
)
async def test_an_end_before_the_head_leaves_no_reply(
    world: World, suffer: Suffer, path: str, kind: FailureKind, detail: str
) -> None:
    """A stream, a connection, a socket: what the server said is told, and nothing is sent twice."""
    exchange = await suffer(path)
    is_without_reply(exchange, kind)
    assert exchange.failure is not None
    assert exchange.failure.detail == detail
    assert world.wire.heads.count(path.encode()) == 1


@fault("wire.reset")
@pytest.mark.parametrize("path", ["/rst/body", "/goaway/body", "/reset/body", "/close/body"])
async def test_an_end_in_the_body_keeps_what_came(suffer: Suffer, path: str) -> None:
    """However it ends."""
    is_cut(await suffer(path), FailureKind.INCOMPLETE, b"half")


@fault("wire.cut_length")
async def test_a_stream_shorter_than_announced_is_incomplete(suffer: Suffer) -> None:
    """The stream has its proper end, yet the body lacks most of its Content-Length."""
    exchange = await suffer("/cut/length")
    is_cut(exchange, FailureKind.INCOMPLETE, b"half")
    assert exchange.failure is not None
    assert "4 of 100 bytes" in exchange.failure.detail


@fault("wire.cut_gzip")
async def test_compressed_data_that_ends_early_is_incomplete(suffer: Suffer) -> None:
    """In a stream with its proper end."""
    exchange = await suffer("/cut/gzip")
    assert exchange.response is not None
    kept = exchange.response.body.read()
    assert TEXT.startswith(kept) and kept
    is_cut(exchange, FailureKind.INCOMPLETE, kept)


@fault("wire.hang")
@pytest.mark.parametrize("limit", ["read", "total"])
@pytest.mark.parametrize(("path", "kept"), [("/hang/before", None), ("/hang/body", b"half")])
async def test_a_limit_ends_silence_and_the_connection_with_it(
    world: World, suffer: Suffer, path: str, kept: bytes | None, limit: str
) -> None:
    """The connection may be dead: whoever sends next gets another one."""
    exchange = await suffer(path, timeouts=soon(**{limit: 0.08}))
    kind = FailureKind.TIMEOUT_READ if limit == "read" else FailureKind.TIMEOUT_TOTAL
    if kept is None:
        is_without_reply(exchange, kind)
    else:
        is_cut(exchange, kind, kept)
    assert world.wire.accepted == 2


@fault("wire.dripped_body")
async def test_a_dripped_body_ends_with_the_limit_of_all(suffer: Suffer) -> None:
    """What came is kept."""
    exchange = await suffer("/drip/body", timeouts=soon(total=0.15))
    assert exchange.response is not None
    kept = exchange.response.body.read()
    is_cut(exchange, FailureKind.TIMEOUT_TOTAL, b"half" + b"x" * (len(kept) - 4))


@fault("wire.hang")
async def test_a_cancel_ends_silence_and_leaves_others_alone(world: World, suffer: Suffer, ca_file: str) -> None:
    """Another exchange on the same connection goes on to its own end."""
    cancellation = Cancellation()
    quiet = world.explore.prepare(world.wire.url("/hang/before"), ca=ca_file, http2=True)
    slow = world.explore.prepare(world.wire.url("/drip/body"), ca=ca_file, http2=True, timeouts=soon(total=0.3))
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        first = group.create_task(world.sender.send(quiet, cancellation=cancellation))
        await world.wire.arrived.wait()
        world.wire.arrived.clear()
        second = group.create_task(world.sender.send(slow))
        await world.wire.arrived.wait()
        cancellation.cancel()
        is_without_reply(await first, FailureKind.CANCELLED)
        await world.fine()
    other = second.result()
    assert other.failure is not None
    assert other.failure.kind is FailureKind.TIMEOUT_TOTAL
    assert other.response is not None
    assert other.response.body.size > 4
    assert world.wire.accepted == 2


@fault("wire.header_flood")
async def test_a_head_beyond_the_limit_is_refused(suffer: Suffer) -> None:
    """HTTP/2 has its own limit: 64 KiB."""
    is_without_reply(await suffer("/flood/fields"), FailureKind.TOO_LARGE_HEADERS)


@fault("wire.endless_1xx")
async def test_informational_replies_end_with_the_limit_of_all(suffer: Suffer) -> None:
    """103 Early Hints without end."""
    is_without_reply(await suffer("/flood/100", timeouts=soon(total=0.1)), FailureKind.TIMEOUT_TOTAL)


@fault("wire.garbage")
@pytest.mark.parametrize("path", ["/garbage/frames", "/garbage/in_body", "/flood/ping"])
async def test_frames_that_make_no_sense_end_with_the_limit_of_all(world: World, suffer: Suffer, path: str) -> None:
    """Even a connection that waits for the rest of a frame that will never come is not used again."""
    exchange = await suffer(path, timeouts=soon(total=0.1))
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.TIMEOUT_TOTAL
    assert exchange.response is None or not exchange.response.complete
    assert world.wire.accepted == 2
