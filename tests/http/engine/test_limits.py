"""Every send ends: by its deadline, by the user, or with its task; what arrived is kept."""

from __future__ import annotations

import asyncio
import gzip
import time
import tracemalloc
import zlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from fair_clock import fair_clock

from tui_client.errors import FailureKind
from tui_client.http.cancellation import Cancellation
from tui_client.kinds.body.file import File
from tui_client.kinds.body.text import Text
from tui_client.model.exchange import BytesReceived, Event, Exchange, Failed
from tui_client.model.options import Timeouts

Serve = Callable[..., Awaitable[Any]]
Play = Callable[[Any], Awaitable[None]]


async def silent(peer: Any) -> None:
    await peer.head()
    await peer.hang()


async def half_a_head(peer: Any) -> None:
    await peer.head()
    peer.send(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    await peer.hang()


async def half_a_body(peer: Any) -> None:
    await peer.head()
    peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
    await peer.hang()


async def only_continue(peer: Any) -> None:
    await peer.head()
    peer.send(b"HTTP/1.1 100 Continue\r\n\r\n")
    await peer.hang()


async def dripping(peer: Any) -> None:
    await peer.head()
    peer.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not peer.writer.is_closing():
        peer.send(b"1\r\nx\r\n")
        await asyncio.sleep(0)


async def redirect_loop(peer: Any) -> None:
    while True:
        await peer.head()
        peer.send(b"HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n")


STAGES: dict[str, Play] = {
    "no head": silent,
    "half a head": half_a_head,
    "half a body": half_a_body,
    "100 and nothing more": only_continue,
    "dripped body": dripping,
    "redirects": redirect_loop,
}


@pytest.mark.parametrize("stage", STAGES)
async def test_the_total_deadline_ends_every_stage(explore: Any, serve: Serve, stage: str) -> None:
    """Whatever trickles in, the exchange is over in time, with what arrived."""
    wire = await serve(STAGES[stage])
    async with fair_clock() as clock:
        exchange: Exchange = await explore(wire.url(), timeouts=Timeouts(total=0.15), max_redirects=10**6)
    assert clock.took_s < 0.35
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.TIMEOUT_TOTAL
    assert exchange.failure.limit_s == 0.15
    if exchange.response is not None:
        assert not exchange.response.complete
        assert exchange.response.body.read() in (b"half", exchange.response.body.size * b"x")


@pytest.mark.parametrize("stage", STAGES)
async def test_a_cancel_ends_every_stage_at_once(explore: Any, serve: Serve, stage: str) -> None:
    """Within 200 ms the exchange is here, marked as cancelled, and the task goes on."""
    wire = await serve(STAGES[stage])
    cancellation = Cancellation()
    begun = asyncio.Event()

    def on_event(event: Event) -> None:
        if isinstance(event, BytesReceived):
            begun.set()

    async def cancel() -> float:
        await wire.arrived.wait()
        if "body" in stage:
            await begun.wait()
        cancellation.cancel()
        return time.monotonic()

    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        asked = group.create_task(cancel())
        exchange: Exchange = await explore(
            wire.url(), cancellation=cancellation, on_event=on_event, max_redirects=10**6
        )
        over = time.monotonic()
        assert over - await asked < 0.2
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.CANCELLED
    assert asyncio.current_task().cancelling() == 0  # type: ignore[union-attr]  # a test runs in a task
    if stage == "half a body":
        assert exchange.response is not None
        assert exchange.response.body.read() == b"half"
        assert "Cancelled" in exchange.response.note


@pytest.mark.parametrize("body", ["text", "file"])
async def test_a_cancel_ends_an_upload_nobody_reads(explore: Any, serve: Serve, tmp_path: Path, body: str) -> None:
    """A full socket buffer doesn't hold it up."""
    (tmp_path / "f").write_bytes(bytes(30 << 20))
    wire = await serve(silent)
    cancellation = Cancellation()
    carried = File(path=str(tmp_path / "f")) if body == "file" else Text(content="x" * (30 << 20))

    async def cancel() -> None:
        await wire.arrived.wait()
        await asyncio.sleep(0)
        cancellation.cancel()

    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        group.create_task(cancel())
        exchange: Exchange = await explore(wire.url(), "POST", body=carried, cancellation=cancellation)
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.CANCELLED


async def test_a_cancel_before_the_send_sends_nothing(explore: Any, serve: Serve, ok: Any) -> None:
    """Not a byte leaves."""
    wire = await serve(ok)
    cancellation = Cancellation()
    cancellation.cancel()
    events: list[Event] = []
    exchange: Exchange = await explore(wire.url(), cancellation=cancellation, on_event=events.append)
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.CANCELLED
    assert events == [Failed(exchange)]
    assert wire.accepted == 0


async def test_a_cancel_after_the_end_changes_nothing(explore: Any, serve: Serve, ok: Any) -> None:
    """Esc may come late."""
    cancellation = Cancellation()
    exchange: Exchange = await explore((await serve(ok)).url(), cancellation=cancellation)
    cancellation.cancel()
    await asyncio.sleep(0)
    assert exchange.failure is None


async def test_a_cancel_from_within_an_event_ends_the_send(explore: Any, serve: Serve) -> None:
    """A consumer may have had enough."""
    cancellation = Cancellation()

    def enough(event: Event) -> None:
        if isinstance(event, BytesReceived) and event.received_bytes > 3:
            cancellation.cancel()

    async with asyncio.timeout(5):
        exchange: Exchange = await explore((await serve(dripping)).url(), cancellation=cancellation, on_event=enough)
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.CANCELLED


async def test_the_end_of_the_task_goes_through(explore: Any, serve: Serve) -> None:
    """A task that is cancelled from outside ends as such, and its connection is closed."""
    wire = await serve(closing_noticed)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await explore(wire.url())
    async with asyncio.timeout(2):
        await wire.left.wait()


async def closing_noticed(peer: Any) -> None:
    await peer.head()
    peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
    await peer.gone()


async def test_a_body_beyond_the_limit_is_cut_and_said(explore: Any, serve: Serve) -> None:
    """64 MiB is this engine's limit: kept are exactly those."""
    squeezed = zlib.compress(bytes(70 << 20), 1)

    async def play(peer: Any) -> None:
        await peer.head()
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\nContent-Length: %d\r\n\r\n" % len(squeezed))
        peer.send(squeezed)

    exchange: Exchange = await explore((await serve(play)).url())
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.TOO_LARGE_BODY
    assert exchange.response is not None
    assert exchange.response.body.size == 64 << 20
    assert "67.1 MB" in exchange.response.note


async def test_a_bomb_is_harmless(explore: Any, serve: Serve) -> None:
    """A nested gzip that stands for 60 MiB raises memory by a few MiB, and the event loop keeps turning."""
    bomb = gzip.compress(gzip.compress(bytes(60 << 20), 1), 1)

    async def play(peer: Any) -> None:
        await peer.head()
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip, gzip\r\nContent-Length: %d\r\n\r\n" % len(bomb))
        peer.send(bomb)

    wire = await serve(play)
    gaps: list[float] = []
    over = asyncio.Event()

    async def tick() -> None:
        last = time.monotonic()
        while not over.is_set():
            await asyncio.sleep(0)
            now = time.monotonic()
            gaps.append(now - last)
            last = now

    tracemalloc.start()
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(tick())
            exchange: Exchange = await explore(wire.url())
            over.set()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert exchange.failure is None
    assert exchange.response is not None
    assert exchange.response.body.size == 60 << 20
    assert peak < 24 << 20
    assert max(gaps) < 0.1
