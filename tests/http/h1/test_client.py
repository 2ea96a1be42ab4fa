"""Connections that are kept, replaced, waited for and given up; requests that are never sent twice."""

from __future__ import annotations

import asyncio
import time

import httpx
import pytest

from tui_client.errors import FailureKind, RequestFailed
from tui_client.http.trace import Trace, timings
from tui_client.http.transport import Transport
from tui_client.model.options import Timeouts

K = FailureKind
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"


async def test_the_wire_has_exactly_the_bytes_given(send, serve, ok):
    """Request line and headers arrive as the engine made them: target, case, order, duplicates."""
    wire = await serve(ok)
    headers = [(b"hOST", b"me"), (b"X-b", b"1"), (b"x-B", b"2"), (b"X-b", b"\xc3\xa9"), (b"X-Empty", b"")]
    await send(wire.url("/other"), "pATCH", headers=headers, target=b"/a%2fb/./c?x=+&y=%7e&x=")
    assert wire.heads == [
        b"pATCH /a%2fb/./c?x=+&y=%7e&x= HTTP/1.1\r\nhOST: me\r\nX-b: 1\r\nx-B: 2\r\nX-b: \xc3\xa9\r\nX-Empty: \r\n\r\n"
    ]


async def test_requests_in_turn_share_one_connection(send, serve, ok):
    """Keep-alive: one connection for all, and only the first has dialled."""
    wire = await serve(ok)
    outcomes = [await send(wire.url()) for _ in range(10)]
    assert (wire.accepted, len(wire.heads)) == (1, 10)
    assert [outcome.trace.reused for outcome in outcomes] == [False] + [True] * 9
    first, last = (timings(outcome.trace, time.monotonic()) for outcome in (outcomes[0], outcomes[-1]))
    assert first.connect is not None
    assert (first.dns, first.tls, last.connect) == (None, None, None)
    assert last.send is not None
    assert last.wait is not None
    assert last.receive is not None


async def test_a_connection_is_free_before_anyone_reads_the_reply(transport, serve, ok):
    """A reply that is here whole holds no slot, even if nobody reads or closes it."""
    wire = await serve(ok)
    for _ in range(5):
        await transport.handle_async_request(httpx.Request("GET", wire.url()))
    assert wire.accepted == 1


@pytest.mark.parametrize("method", ["GET", "DELETE", "POST"])
async def test_a_connection_that_dies_under_a_request_fails_it_and_nothing_is_sent_again(send, serve, method):
    """A kept connection closes as the second request comes: one arrival, one typed failure, no repeat."""

    async def play(peer):
        await peer.head()
        peer.send(OK)
        if peer.number == 1:
            await peer.head()

    wire = await serve(play)
    outcomes = [await send(wire.url(), method) for _ in range(3)]
    assert [outcome.kind for outcome in outcomes] == [None, K.CLOSED_EARLY, None]
    assert len(wire.heads) == 3


@pytest.mark.parametrize("method", ["GET", "DELETE", "POST"])
async def test_a_connection_known_to_be_dead_is_replaced(send, serve, until, method):
    """Closed while idle: the next request gets a new connection and arrives once."""

    async def play(peer):
        await peer.head()
        peer.send(OK)
        await peer.writer.drain()
        peer.writer.close()
        peer.wire.left.set()

    wire = await serve(play)
    for _ in range(3):
        wire.left.clear()
        assert (await send(wire.url(), method)).kind is None
        async with asyncio.timeout(5):
            await wire.left.wait()
        await until(lambda: send.pools()[0].taken == 0)
    assert (wire.accepted, len(wire.heads)) == (3, 3)


async def test_an_idle_connection_expires(serve, ok):
    """Connections nobody uses are closed after their time."""
    transport = Transport(idle_s=0.02)

    async def play(peer):
        await peer.head()
        peer.send(OK)
        await peer.gone()

    wire = await serve(play)
    response = await transport.handle_async_request(httpx.Request("GET", wire.url()))
    assert await response.aread() == b"hi"
    async with asyncio.timeout(5):
        await wire.left.wait()
    assert wire.closed == 1
    await transport.aclose()


async def test_no_more_connections_than_allowed_and_waiters_are_served_in_order(serve):
    """The pool is bounded and fair."""
    transport = Transport(max_connections=2)
    open_now, most, order = 0, 0, []

    async def play(peer):
        nonlocal open_now, most
        open_now += 1
        most = max(most, open_now)
        while True:
            head = await peer.head()
            order.append(head.split()[1])
            await asyncio.sleep(0)
            peer.send(OK)

    wire = await serve(play)

    async def one(number):
        request = httpx.Request("GET", wire.url(f"/{number}"))
        return await (await transport.handle_async_request(request)).aread()

    bodies = await asyncio.gather(*(one(number) for number in range(40)))
    assert bodies == [b"hi"] * 40
    assert most == 2
    assert all(abs(int(path[1:]) - place) <= 2 for place, path in enumerate(order))
    await transport.aclose()


async def test_waiting_for_a_connection_is_bounded(serve):
    """All connections busy: timeout.pool, and the pool works on afterwards."""
    transport = Transport(max_connections=1)
    go = asyncio.Event()

    async def play(peer):
        while True:
            await peer.head()
            await go.wait()
            peer.send(OK)

    wire = await serve(play)
    request = httpx.Request("GET", wire.url(), extensions={"timeouts": Timeouts(pool=0.03)})
    async with asyncio.TaskGroup() as group:
        first = group.create_task(transport.handle_async_request(request))
        await wire.arrived.wait()
        with pytest.raises(RequestFailed) as caught:
            await transport.handle_async_request(request)
        assert (caught.value.failure.kind, caught.value.failure.limit_s) == (K.TIMEOUT_POOL, 0.03)
        go.set()
    assert first.result().status_code == 200
    assert (await transport.handle_async_request(request)).status_code == 200
    assert wire.accepted == 1
    await transport.aclose()


async def cancel_at(stage: int, task: asyncio.Task[object]) -> bool:
    """Let a task run some turns of the loop, then cancel it; true if it was not over."""
    for _ in range(stage):
        await asyncio.sleep(0)
    cancelled = task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return cancelled


async def test_cancels_at_every_stage_lose_no_slot(serve, until):
    """Thousands of requests cancelled while waiting, connecting, sending, reading: all slots come back."""
    transport = Transport(max_connections=3)

    async def play(peer):
        while True:
            head = await peer.head()
            peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab")
            if b"/slow" in head:
                await peer.pause(0.001)
            peer.send(b"cd")

    wire = await serve(play)

    async def one(path):
        response = await transport.handle_async_request(httpx.Request("GET", wire.url(path)))
        try:
            return await response.aread()
        finally:
            await response.aclose()

    cancels = []
    async with asyncio.TaskGroup() as group:
        for number in range(2000):
            task = group.create_task(one("/slow" if number % 2 else "/"))
            cancels.append(group.create_task(cancel_at(number % 40, task)))
            if number % 20 == 0:
                await asyncio.sleep(0)
    assert sum(cancel.result() for cancel in cancels) > 1000
    pool = transport._clients[next(iter(transport._clients))]._pools.popitem()[1][1]
    await until(lambda: not pool._busy and not pool._waiters)
    assert pool.taken == len(pool._idle) <= 3
    assert await asyncio.gather(*(one("/") for _ in range(20))) == [b"abcd"] * 20
    await transport.aclose()


@pytest.mark.parametrize("reply", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab"])
async def test_a_cancel_closes_its_own_connection_only(transport, serve, reply):
    """Others of the same origin go on; the server sees one connection close."""

    async def play(peer):
        while True:
            head = await peer.head()
            if b"/hang" in head:
                peer.send(reply)
                await peer.gone()
                return
            peer.send(OK)

    wire = await serve(play)

    async def one(path):
        return await (await transport.handle_async_request(httpx.Request("GET", wire.url(path)))).aread()

    async with asyncio.TaskGroup() as group:
        hanging = group.create_task(one("/hang"))
        await wire.arrived.wait()
        assert await one("/") == b"hi"
        for _ in range(20):
            await asyncio.sleep(0)
        hanging.cancel()
    async with asyncio.timeout(5):
        await wire.left.wait()
    assert await one("/") == b"hi"
    assert (wire.accepted, wire.closed) == (2, 1)


async def test_closing_a_reply_before_its_end_closes_the_connection(transport, serve):
    """aclose: no bytes of the rest can reach another request."""

    async def play(peer):
        await peer.head()
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab")
        await peer.gone()

    wire = await serve(play)
    response = await transport.handle_async_request(httpx.Request("GET", wire.url()))
    await response.aclose()
    async with asyncio.timeout(5):
        await wire.left.wait()
    assert wire.closed == 1


async def test_closing_the_transport_ends_what_waits(serve):
    """No request hangs for ever on a client that was closed."""
    transport = Transport()

    async def play(peer):
        await peer.head()
        await peer.gone()

    wire = await serve(play)

    async def one():
        with pytest.raises(RequestFailed):
            await transport.handle_async_request(httpx.Request("GET", wire.url()))

    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        group.create_task(one())
        await wire.arrived.wait()
        await transport.aclose()


async def test_a_server_that_speaks_first_is_not_http(send, serve):
    """A banner before any request: a typed failure, whenever it is noticed, and no slot lost."""

    async def play(peer):
        peer.send(b"SSH-2.0-OpenSSH_9.2\r\n")
        await peer.gone()

    wire = await serve(play)
    assert (await send(wire.url())).kind is K.PROTOCOL
    assert [pool.taken for pool in send.pools()] == [0]


async def test_a_server_that_closes_at_once_has_closed_early(send, serve):
    """Accepted and closed, before or after the request left."""

    async def play(peer):
        peer.writer.close()

    wire = await serve(play)
    for _ in range(20):
        assert (await send(wire.url())).kind in (K.CLOSED_EARLY, K.CONNECT_RESET)
    assert [pool.taken for pool in send.pools()] == [0]


async def test_a_trace_is_optional_and_times_are_monotonic(transport, serve, ok):
    """Marks come in the order of the phases."""
    wire = await serve(ok)
    trace = Trace(time.monotonic())
    response = await transport.handle_async_request(httpx.Request("GET", wire.url(), extensions={"trace": trace}))
    await response.aread()
    marks = [trace.start, trace.connect_start, trace.connect_end, trace.send_start, trace.send_end]
    marks += [trace.first_byte, trace.last_byte, time.monotonic()]
    assert marks == sorted(marks)
    assert trace.remote == f"127.0.0.1:{wire.port}"
