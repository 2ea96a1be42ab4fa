"""What a connection makes of servers that keep the rules, and of those that don't."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from tui_client.errors import FailureKind
from tui_client.model.exchange import BodyEnd
from tui_client.model.options import Timeouts

K = FailureKind
HEAD = b"HTTP/1.1 200 OK\r\n"


def playing(*replies, close=False, reset=False):
    """A play that answers one request with these pieces."""

    async def play(peer):
        await peer.head()
        for reply in replies:
            peer.send(reply)
            await peer.writer.drain()
        if reset:
            # The pieces must have left before the reset, which would take them along.
            await asyncio.sleep(0)
            peer.reset()
        elif not close:
            await peer.hang()

    return play


@pytest.mark.parametrize(
    ("reply", "body", "end"),
    [
        (HEAD + b"Content-Length: 5\r\n\r\nhello", b"hello", BodyEnd.LENGTH),
        (HEAD + b"Content-Length: 0\r\n\r\n", b"", BodyEnd.LENGTH),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n", b"hello", BodyEnd.CHUNKED),
        (HEAD + b"transfer-encoding: Chunked\r\n\r\n1\r\nh\r\n0\r\nTrailer: 1\r\n\r\n", b"h", BodyEnd.CHUNKED),
        (b"HTTP/1.1 204 No Content\r\n\r\n", b"", BodyEnd.NONE),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n", b"", BodyEnd.NONE),
        (b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + HEAD + b"Content-Length: 1\r\n\r\nx", b"x", BodyEnd.LENGTH),
        (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\nraw", b"", BodyEnd.NONE),
    ],
)
@pytest.mark.parametrize("size", [1, 7, 10_000])
async def test_each_framing_gives_its_body_however_it_is_cut_into_pieces(send, serve, reply, body, end, size):
    """Length, chunks, trailers, none: the body is exactly what the framing says, and how it ended is told."""
    wire = await serve(playing(*(reply[at : at + size] for at in range(0, len(reply), size))))
    outcome = await send(wire.url())
    assert outcome.failure is None
    assert (outcome.body, outcome.extensions["body_end"]) == (body, end)


async def test_a_body_that_ends_with_the_connection_is_complete_but_said_so(send, serve):
    """A reply delimited by close is badged: its end can't be verified."""
    wire = await serve(playing(HEAD + b"\r\nsome", b" text", close=True))
    outcome = await send(wire.url())
    assert (outcome.kind, outcome.body) == (None, b"some text")
    assert outcome.extensions["body_end"] is BodyEnd.CLOSE


@pytest.mark.parametrize(
    ("reply", "kind", "body"),
    [
        (b"", K.CLOSED_EARLY, b""),
        (b"HTTP/1.1 20", K.CLOSED_EARLY, b""),
        (HEAD + b"Content-Le", K.CLOSED_EARLY, b""),
        (HEAD + b"Content-Length: 100\r\n\r\nhello", K.INCOMPLETE, b"hello"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n10\r\nhello", K.INCOMPLETE, b"hello"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", K.INCOMPLETE, b"hello"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n", K.INCOMPLETE, b"hello"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", K.PROTOCOL, b""),
        (b"SSH-2.0-OpenSSH_9.2\r\n", K.PROTOCOL, b""),
        (b"\x15\x03\x01\x00\x02\x02\x46", K.PROTOCOL, b""),
        (HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", K.PROTOCOL, b""),
        (HEAD + b"Content-Length: -1\r\n\r\nab", K.PROTOCOL, b""),
        (HEAD + b"Content-Length: 99999999999999999999999\r\n\r\nab", K.PROTOCOL, b""),
        (HEAD + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", K.PROTOCOL, b""),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 50, K.PROTOCOL, b""),
        (b"HTTP/1.1 199 Whatever\r\n\r\n", K.PROTOCOL, b""),
    ],
)
async def test_a_reply_that_is_cut_or_wrong_becomes_its_failure(send, serve, reply, kind, body):
    """Short lengths, cut chunks, garbage: a typed failure, and what arrived is kept."""
    wire = await serve(playing(reply, close=True))
    outcome = await send(wire.url())
    assert (outcome.kind, outcome.body) == (kind, body)
    assert outcome.failure.subject == f"127.0.0.1:{wire.port}"
    assert all(pool.taken == 0 for pool in send.pools())


@pytest.mark.parametrize(
    ("reply", "kind"),
    [(b"", K.CONNECT_RESET), (HEAD + b"Content-Length: 9\r\n\r\nabc", K.INCOMPLETE), (HEAD + b"\r\nabc", K.INCOMPLETE)],
)
async def test_a_reset_is_a_failure_even_where_close_would_end_the_body(send, serve, reply, kind):
    """RST before the head, and in the body: never a plain success."""
    wire = await serve(playing(*([reply] if reply else []), reset=True))
    assert (await send(wire.url())).kind is kind


@pytest.mark.parametrize("reply", [b"", HEAD + b"Content-", HEAD + b"Content-Length: 9\r\n\r\nabc"])
async def test_silence_ends_at_the_read_limit(send, serve, reply):
    """A server that stops before, in or after the head can't hold a request for ever."""
    wire = await serve(playing(reply))
    outcome = await send(wire.url(), timeouts=Timeouts(read=0.05))
    assert (outcome.kind, outcome.failure.limit_s) == (K.TIMEOUT_READ, 0.05)
    assert all(pool.taken == 0 for pool in send.pools())


async def test_bytes_that_keep_coming_never_meet_the_read_limit(send, serve):
    """The read limit is for a gap: a drip that is slow as a whole is not cut by it."""

    async def drip(peer):
        await peer.head()
        for byte in HEAD + b"Content-Length: 2\r\n\r\nhi":
            peer.send(bytes([byte]))
            await peer.pause(0.004)
        await peer.hang()

    wire = await serve(drip)
    outcome = await send(wire.url(), timeouts=Timeouts(read=0.1))
    assert (outcome.kind, outcome.body) == (None, b"hi")
    assert outcome.trace.last_byte - outcome.trace.send_end > 0.1


@pytest.mark.parametrize(
    "flood",
    [
        b"".join(b"X-%d: 1\r\n" % number for number in range(10_002)),
        b"X-Big: " + b"a" * 300_000 + b"\r\n",
        b"X-A: " + b"a" * 100_000 + b"\r\nX-B: " + b"b" * 200_000 + b"\r\n\r\n",
    ],
    ids=["fields", "one value", "in two pieces"],
)
async def test_a_flood_of_headers_is_refused(send, serve, flood):
    """More than 10,000 fields or 256 KiB of head is a typed failure, not memory."""
    wire = await serve(playing(HEAD + flood))
    assert (await send(wire.url())).kind is K.TOO_LARGE_HEADERS


@pytest.mark.parametrize("tail", [b"X: " + b"a" * 600_000, b"1;" + b"e" * 600_000], ids=["trailer", "extension"])
async def test_a_trailer_or_a_chunk_extension_without_end_is_refused(send, serve, tail):
    """What the parser gathers outside the body is bounded too."""
    start = b"0\r\n" if tail.startswith(b"X") else b""
    wire = await serve(playing(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + start + tail))
    assert (await send(wire.url())).kind is K.PROTOCOL


async def test_a_fast_server_is_held_back_by_a_slow_reader(transport, serve, until):
    """Back-pressure: what nobody reads stays in the server, not in our memory."""
    written = 0

    async def flood(peer):
        nonlocal written
        await peer.head()
        peer.send(HEAD + b"Content-Length: 100000000\r\n\r\n")
        while written < 100_000_000:
            peer.send(b"x" * 100_000)
            await peer.writer.drain()
            written += 100_000

    wire = await serve(flood)
    response = await transport.handle_async_request(httpx.Request("GET", wire.url()))
    chunks = response.stream.__aiter__()
    first = await anext(chunks)
    reply = response.stream._reply
    await until(lambda: response.stream._connection._read_paused)
    for _ in range(100):
        await asyncio.sleep(0)
    assert reply.buffered <= 1024 * 1024
    assert len(first) + len(await anext(chunks)) + len(await anext(chunks)) > 256 * 1024
    await chunks.aclose()
    await response.aclose()
    assert written < 50_000_000


async def test_a_reply_to_head_has_no_body_and_frees_the_connection(send, serve):
    """HEAD: the length is announced, nothing follows, and the connection serves the next request."""

    async def play(peer):
        while True:
            await peer.head()
            peer.send(HEAD + b"Content-Length: 10\r\n\r\n")

    wire = await serve(play)
    outcomes = [await send(wire.url(), "HEAD") for _ in range(3)]
    assert [(outcome.kind, outcome.body) for outcome in outcomes] == [(None, b"")] * 3
    assert wire.accepted == 1


async def test_a_body_in_reply_to_head_costs_the_connection(send, serve):
    """Bytes after the head of a HEAD reply are never taken for the next reply."""

    async def play(peer):
        while True:
            await peer.head()
            peer.send(HEAD + b"Content-Length: 2\r\n\r\nhi")

    wire = await serve(play)
    assert [(await send(wire.url(), "HEAD")).status for _ in range(3)] == [200] * 3
    assert wire.accepted == 3


async def test_bytes_beyond_the_reply_are_never_taken_for_the_next_one(send, serve):
    """A second reply nobody asked for closes the connection instead of answering the next request."""

    async def play(peer):
        await peer.head()
        peer.send(HEAD + b"Content-Length: 2\r\n\r\nhi" + HEAD + b"Content-Length: 4\r\n\r\nevil")
        await peer.gone()

    wire = await serve(play)
    assert [(await send(wire.url())).body for _ in range(2)] == [b"hi", b"hi"]
    assert wire.accepted == 2


async def test_names_values_and_reason_come_as_they_were_sent(send, serve):
    """Case, order, duplicates, empty values and odd bytes of a reply's head are kept."""
    pairs = [(b"X-b", b"1"), (b"x-B", b"2"), (b"Set-Cookie", b"a=1"), (b"X-Empty", b""), (b"set-cookie", b"\xe9\xff")]
    lines = b"".join(name + b": " + value + b"\r\n" for name, value in pairs)
    wire = await serve(playing(b"HTTP/1.1 200 [/bold] \xc3\xa9\r\n" + lines + b"Content-Length: 0\r\n\r\n"))
    outcome = await send(wire.url())
    assert outcome.headers == [*pairs, (b"Content-Length", b"0")]
    assert outcome.extensions["reason_phrase"] == b"[/bold] \xc3\xa9"
    assert outcome.extensions["http_version"] == b"HTTP/1.1"
    assert outcome.extensions["remote"] == f"127.0.0.1:{wire.port}"


async def test_an_http_1_0_reply_closes_the_connection(send, serve):
    """An old server's reply is read, its version is told, and the connection is not used again."""
    wire = await serve(playing(b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi"))
    outcomes = [await send(wire.url()) for _ in range(2)]
    assert [outcome.extensions["http_version"] for outcome in outcomes] == [b"HTTP/1.0"] * 2
    assert wire.accepted == 2


@pytest.mark.parametrize(
    ("head", "headers"),
    [
        (b"X: \x1b[31m\0\r\n", [(b"X", b"\x1b[31m\0")]),
        (b"X: a\r\n b\r\n", [(b"X", b"a b")]),
        (b"X:  a \t \r\n", [(b"X", b"a")]),
        (b"X: a\n", [(b"X", b"a")]),
    ],
    ids=["control signs", "folded", "blanks", "LF alone"],
)
async def test_odd_heads_are_read_as_curl_reads_them(send, serve, head, headers):
    """A server that bends the rules where framing is not at stake is shown, not refused."""
    wire = await serve(playing(HEAD + head + b"Content-Length: 2\r\n\r\nhi"))
    outcome = await send(wire.url())
    assert (outcome.failure, outcome.body) == (None, b"hi")
    assert outcome.headers == [*headers, (b"Content-Length", b"2")]
