"""How requests with bodies reach the wire, and stop when the reply makes the rest pointless."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from tui_client.errors import Failure, FailureKind, RequestFailed
from tui_client.model.options import Timeouts

K = FailureKind
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"


async def stream(*chunks):
    for chunk in chunks:
        yield chunk


def keeping(bodies, size):
    """Reads `size` bytes after each head, keeps them, answers."""

    async def play(peer):
        while True:
            await peer.head()
            bodies.append(await peer.reader.readexactly(size))
            peer.send(OK)

    return play


@pytest.mark.parametrize("size", [0, 1, 65_536, 65_537, 3_000_000])
@pytest.mark.parametrize("streamed", [False, True])
async def test_a_body_of_announced_length_arrives_whole(send, serve, size, streamed):
    """Small or large, in memory or streamed: the bytes are those given, and the connection is kept."""
    data = bytes(range(256)) * (size // 256 + 1)
    data, bodies = data[:size], []
    wire = await serve(keeping(bodies, size))
    for _ in range(2):
        content = stream(data[:10], b"", data[10:]) if streamed else data
        outcome = await send(wire.url(), "POST", headers=[(b"Content-Length", b"%d" % size)], content=content)
        assert outcome.failure is None
        assert outcome.trace.send_start <= outcome.trace.send_end <= outcome.trace.first_byte
    assert bodies == [data, data]
    assert wire.accepted == 1


@pytest.mark.parametrize("content", [b"hello", None])
async def test_a_chunked_body_is_sent_in_chunks(send, serve, content):
    """The engine's Transfer-Encoding decides; empty pieces don't end the body."""
    expected = b"5\r\nhello\r\n0\r\n\r\n" if content else b"3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"
    bodies = []
    wire = await serve(keeping(bodies, len(expected)))
    outcome = await send(
        wire.url(), "POST", headers=[(b"transfer-encoding", b"chunked")], content=content or stream(b"hel", b"", b"lo")
    )
    assert (outcome.failure, bodies) == (None, [expected])


@pytest.mark.parametrize(
    ("headers", "content", "kind"),
    [
        ([(b"Content-Length", b"4")], b"hello", K.HEADER_INVALID),
        ([], b"hello", K.HEADER_INVALID),
        ([(b"X", b"y")], "stream", K.HEADER_INVALID),
        ([(b"Content-Length", b"5"), (b"Transfer-Encoding", b"chunked")], b"hello", K.HEADER_INVALID),
    ],
)
async def test_a_body_its_headers_contradict_is_not_sent(send, serve, ok, headers, content, kind):
    """Framing is decided by the engine; what contradicts it never reaches the wire."""
    wire = await serve(ok)
    outcome = await send(wire.url(), "POST", headers=headers, content=stream(b"x") if content == "stream" else content)
    assert (outcome.kind, wire.accepted) == (kind, 0)


@pytest.mark.parametrize("chunks", [(b"abc",), (b"abc", b"defg")])
async def test_a_stream_that_is_not_as_long_as_announced_costs_the_connection(send, serve, chunks):
    """Too short or too long: a failure, and never the next request's bytes in this one's body."""

    async def play(peer):
        await peer.head()
        await peer.gone()

    wire = await serve(play)
    outcome = await send(wire.url(), "POST", headers=[(b"Content-Length", b"5")], content=stream(*chunks))
    assert outcome.kind is K.BODY_INVALID
    assert [pool.taken for pool in send.pools()] == [0]


async def test_a_failure_of_the_bodys_source_is_the_failure_of_the_send(send, serve):
    """A file that vanishes while it is sent: its own failure, and the connection is closed."""

    async def broken():
        yield b"abc"
        raise RequestFailed(Failure(K.FILE_MISSING, "x.bin"))

    async def play(peer):
        await peer.head()
        await peer.gone()

    wire = await serve(play)
    outcome = await send(wire.url(), "POST", headers=[(b"Content-Length", b"5")], content=broken())
    assert outcome.kind is K.FILE_MISSING
    async with asyncio.timeout(5):
        await wire.left.wait()


@pytest.mark.parametrize("how", ["early reply", "cancel"])
async def test_a_bodys_source_is_closed_when_its_upload_is_given_up(send, serve, how):
    """Its file is closed at once: after an early reply, and after a cancel."""
    closed = asyncio.Event()

    class Endless(httpx.AsyncByteStream):
        async def __aiter__(self):
            try:
                while True:
                    yield b"x" * 100_000
            finally:
                closed.set()

    async def play(peer):
        await peer.head()
        if how == "early reply":
            peer.send(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
        else:
            peer.writer.transport.pause_reading()
        await peer.hang()

    wire = await serve(play)
    sending = send(wire.url(), "PUT", headers=[(b"Transfer-Encoding", b"chunked")], content=Endless())
    if how == "early reply":
        assert (await sending).status == 413
    else:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(sending)
            await wire.arrived.wait()
            task.cancel()
    assert closed.is_set()


@pytest.mark.parametrize("end", ["reads on", "closes", "resets"])
async def test_a_reply_that_comes_before_the_body_ends_is_the_reply(send, serve, end):
    """413 while uploading: sending stops, the reply is delivered, the connection is not used again."""

    async def play(peer):
        await peer.head()
        await peer.reader.readexactly(1000)
        peer.send(b"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno")
        await peer.writer.drain()
        if end == "reads on":
            await peer.gone()
        elif end == "resets":
            peer.reset()

    wire = await serve(play)
    body = b"x" * 30_000_000
    outcome = await send(wire.url(), "PUT", headers=[(b"Content-Length", b"30000000")], content=body)
    assert (outcome.status, outcome.body, outcome.failure) == (413, b"no", None)
    assert (await send(wire.url(), "PUT", headers=[(b"Content-Length", b"30000000")], content=body)).status == 413
    assert wire.accepted == 2


async def test_a_server_that_takes_nothing_meets_the_write_limit(send, serve):
    """Back-pressure is bounded in time."""

    async def play(peer):
        await peer.head()
        peer.writer.transport.pause_reading()
        await peer.hang()

    wire = await serve(play)
    outcome = await send(
        wire.url(),
        "PUT",
        headers=[(b"Content-Length", b"50000000")],
        content=b"x" * 50_000_000,
        timeouts=Timeouts(write=0.1),
    )
    assert (outcome.kind, outcome.failure.limit_s) == (K.TIMEOUT_WRITE, 0.1)


async def test_expect_waits_for_the_server_to_agree(send, serve):
    """With Expect: 100-continue the body leaves after the server's 100, not before."""
    early = []

    async def play(peer):
        await peer.head()
        await peer.pause(0.02)
        early.append(bytes(peer.reader._buffer))
        peer.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        early.append(await peer.reader.readexactly(5))
        peer.send(OK)
        await peer.hang()

    wire = await serve(play)
    headers = [(b"Content-Length", b"5"), (b"Expect", b"100-continue")]
    outcome = await send(wire.url(), "POST", headers=headers, content=b"hello")
    assert (outcome.status, early) == (200, [b"", b"hello"])


async def test_expect_that_is_refused_keeps_the_body_at_home(send, serve):
    """A final reply instead of 100: no byte of the body is sent, and the connection is closed."""
    rest = []

    async def play(peer):
        await peer.head()
        peer.send(b"HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n")
        rest.append(await peer.gone())

    wire = await serve(play)
    headers = [(b"Content-Length", b"5"), (b"Expect", b"100-continue")]
    outcome = await send(wire.url(), "POST", headers=headers, content=b"hello")
    async with asyncio.timeout(5):
        await wire.left.wait()
    assert (outcome.status, rest) == (417, [b""])


async def test_a_server_deaf_to_expect_gets_the_body_after_a_while(send, serve, monkeypatch):
    """Many servers ignore Expect: patience ends, and the request goes on."""
    monkeypatch.setattr("tui_client.http.h1.sender.CONTINUE_PATIENCE_S", 0.02)
    bodies = []
    wire = await serve(keeping(bodies, 5))
    headers = [(b"Content-Length", b"5"), (b"Expect", b"100-continue")]
    assert (await send(wire.url(), "POST", headers=headers, content=b"hello")).status == 200
    assert bodies == [b"hello"]
