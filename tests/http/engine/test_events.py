"""What is told while a send is under way, and what it comes to."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tui_client.errors import FailureKind
from tui_client.model.exchange import (
    BodyEnd,
    BytesReceived,
    Event,
    Exchange,
    Failed,
    Finished,
    HeadReceived,
    Started,
)

Explore = Callable[..., Awaitable[Exchange]]
Serve = Callable[..., Awaitable[Any]]


def answering(data: bytes) -> Callable[[Any], Awaitable[None]]:
    async def play(peer: Any) -> None:
        await peer.head()
        peer.send(data)

    return play


async def test_events_come_in_order_and_end_with_the_exchange(explore: Explore, serve: Serve, ok: Any) -> None:
    """Started, HeadReceived, BytesReceived, Finished; the last one holds what the call returns."""
    events: list[Event] = []
    wire = await serve(ok)
    exchange = await explore(wire.url(), on_event=events.append)
    assert [type(event) for event in events] == [Started, HeadReceived, BytesReceived, Finished]
    assert events[0] == Started(exchange.request)
    assert events[2] == BytesReceived(2, 2)
    assert events[3] == Finished(exchange)


async def test_headers_are_here_before_the_body_and_the_body_grows(explore: Explore, serve: Serve) -> None:
    """A reader of the live response sees each piece as it arrives."""
    go_on = asyncio.Event()
    seen: list[bytes] = []

    async def play(peer: Any) -> None:
        await peer.head()
        peer.send(b"HTTP/1.1 200 Fine\r\nContent-Length: 10\r\n\r\nfirst")
        await go_on.wait()
        peer.send(b"after")

    def on_event(event: Event) -> None:
        nonlocal response
        match event:
            case HeadReceived(response=response, hop=hop):
                assert (response.status, response.reason, hop) == (200, "Fine", 0)
                assert not response.complete
            case BytesReceived(expected_bytes=expected):
                assert expected == 10
                seen.append(response.body.read())
                go_on.set()
            case _:
                pass

    response: Any = None
    exchange = await explore((await serve(play)).url(), on_event=on_event)
    assert seen == [b"first", b"firstafter"]
    assert exchange.response is not None
    assert exchange.response.complete
    assert exchange.response.body is response.body


async def test_a_plain_reply(explore: Explore, serve: Serve) -> None:
    """Status, reason, version, raw headers, body, its end and where it came from."""
    data = b"HTTP/1.1 299 \xc3\xa4 [/bold]\r\nX-a: 1\r\nx-A: 2\r\nContent-Length: 2\r\n\r\nhi"
    wire = await serve(answering(data))
    before = datetime.now(UTC)
    exchange = await explore(wire.url())
    response = exchange.response
    assert response is not None
    assert (response.status, response.reason, response.http_version) == (299, "ä [/bold]", "HTTP/1.1")
    assert response.headers == ((b"X-a", b"1"), (b"x-A", b"2"), (b"Content-Length", b"2"))
    assert (response.body.read(), response.encoded_bytes, response.body_end) == (b"hi", 2, BodyEnd.LENGTH)
    assert exchange.remote == f"127.0.0.1:{wire.port}"
    assert before <= exchange.started <= datetime.now(UTC)


async def test_timings_add_up(explore: Explore, serve: Serve, ok: Any) -> None:
    """A first request has connect, the next one on its connection has not; total covers the phases."""
    wire = await serve(ok)
    first = (await explore(wire.url())).timings
    second = (await explore(wire.url())).timings
    assert first.connect is not None
    assert second.connect is None
    for timings in (first, second):
        phases = [timings.blocked, timings.dns, timings.connect, timings.send, timings.wait, timings.receive]
        assert 0 < sum(phase for phase in phases if phase is not None) <= timings.total + 1


async def test_a_large_body_is_spooled_to_disk(explore: Explore, serve: Serve, spool_dir: Path) -> None:
    """Past 1 MiB it lies in a file, whole."""
    body = bytes(range(256)) * 16_384 + b"the end"
    wire = await serve(answering(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)))
    exchange = await explore(wire.url())
    assert exchange.response is not None
    assert exchange.response.body.path is not None
    assert exchange.response.body.path.parent == spool_dir
    assert exchange.response.body.size == len(body)
    assert exchange.response.body.read() == body
    assert exchange.response.body.path.read_bytes() == body


@pytest.mark.parametrize(
    ("data", "end"),
    [
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n", BodyEnd.CHUNKED),
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhi", BodyEnd.CLOSE),
    ],
)
async def test_how_the_end_is_known(explore: Explore, serve: Serve, data: bytes, end: BodyEnd) -> None:
    """An end by close is marked as such."""
    response = (await explore((await serve(answering(data))).url())).response
    assert response is not None
    assert (response.body.read(), response.body_end, response.complete) == (b"hi", end, True)


@pytest.mark.parametrize(
    ("data", "kept"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", b"half"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nwhole\r\n9\r\nha", b"wholeha"),
        (
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 22\r\n\r\n"
            + gzip.compress(b"abcd", mtime=0)[:22],
            b"abcd",
        ),
    ],
)
async def test_a_cut_reply_is_incomplete_and_kept(explore: Explore, serve: Serve, data: bytes, kept: bytes) -> None:
    """Short Content-Length, cut chunk, cut gzip: a failure, and what arrived."""
    events: list[Event] = []
    exchange = await explore((await serve(answering(data))).url(), on_event=events.append)
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.INCOMPLETE
    assert exchange.response is not None
    assert exchange.response.body.read() == kept
    assert not exchange.response.complete
    assert "cut" in exchange.response.note
    assert events[-1] == Failed(exchange)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", FailureKind.CLOSED_EARLY),
        (b"SSH-2.0-OpenSSH\r\n", FailureKind.PROTOCOL),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 300_000, FailureKind.TOO_LARGE_HEADERS),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\noops", FailureKind.DECODING),
        (
            b"HTTP/1.1 200 OK\r\nContent-Encoding: br,br,br,br,br,br\r\nContent-Length: 4\r\n\r\noops",
            FailureKind.DECODING,
        ),
    ],
)
async def test_hostile_replies_are_failures_of_a_kind(
    explore: Explore, serve: Serve, data: bytes, kind: FailureKind
) -> None:
    """Nothing is raised; the kind says what it was, and whom it was about."""
    wire = await serve(answering(data))
    failure = (await explore(wire.url())).failure
    assert failure is not None
    assert failure.kind is kind
    assert failure.subject == f"127.0.0.1:{wire.port}"


async def test_nobody_listens(explore: Explore, unused_tcp_port: int) -> None:
    """The exchange then has the request, no response, and the failure."""
    exchange = await explore(f"http://127.0.0.1:{unused_tcp_port}/x")
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.CONNECT_REFUSED
    assert exchange.response is None
    assert exchange.request.url.endswith("/x")
    assert exchange.timings.total > 0


@pytest.mark.parametrize("status", [b"204 No Content", b"304 Not Modified"])
async def test_an_encoding_without_a_body_is_no_failure(explore: Explore, serve: Serve, status: bytes) -> None:
    """Nothing arrived, and nothing was missing; the same goes for HEAD."""
    wire = await serve(answering(b"HTTP/1.1 %b\r\nContent-Encoding: gzip\r\n\r\n" % status))
    assert (await explore(wire.url())).failure is None
    head = await serve(answering(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 99\r\n\r\n"))
    exchange = await explore(head.url(), "HEAD")
    assert exchange.failure is None
    assert exchange.response is not None
    assert exchange.response.body.size == 0


async def test_an_unknown_encoding_is_kept_and_said(explore: Explore, serve: Serve) -> None:
    """The body stays as it came."""
    data = b"HTTP/1.1 200 OK\r\nContent-Encoding: zstd\r\nContent-Length: 4\r\n\r\n\x28\xb5\x2f\xfd"
    response = (await explore((await serve(answering(data))).url())).response
    assert response is not None
    assert response.body.read() == b"\x28\xb5\x2f\xfd"
    assert "zstd" in response.note
    assert response.complete


async def test_a_body_that_grows_out_of_one_chunk_is_told_of_on_the_way(explore: Explore, serve: Serve) -> None:
    """What a few bytes unpack to is seen growing, not only once it is whole."""
    squeezed = gzip.compress(gzip.compress(bytes(48 << 20), 1), 1)
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip, gzip\r\nContent-Length: %d\r\n\r\n" % len(squeezed)
    events: list[Event] = []
    exchange = await explore((await serve(answering(head + squeezed))).url(), on_event=events.append)
    sizes = [event.received_bytes for event in events if isinstance(event, BytesReceived)]
    assert len(sizes) > 2
    assert sizes == sorted(sizes)
    assert exchange.response is not None and sizes[-1] == exchange.response.body.size == 48 << 20
