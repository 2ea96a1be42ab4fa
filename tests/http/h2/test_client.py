"""HTTP/2 against a small server of h2 itself; its failures are ours too."""

from __future__ import annotations

import asyncio

import h2.config
import h2.connection
import h2.errors
import h2.events
import httpx
import pytest

from tui_client.errors import FailureKind, RequestFailed
from tui_client.http.profile import ConnectionProfile
from tui_client.model.exchange import BodyEnd
from tui_client.model.options import Timeouts

K = FailureKind


def speaking_h2(answer, seen):
    """A play: `answer(connection, stream)` acts once a request has ended; `seen` collects headers and bodies."""

    async def play(peer):
        connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        connection.initiate_connection()
        peer.send(connection.data_to_send())
        bodies = {}
        while data := await peer.reader.read(65536):
            for event in connection.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    bodies[event.stream_id] = (event.headers, bytearray())
                elif isinstance(event, h2.events.DataReceived):
                    bodies[event.stream_id][1].extend(event.data)
                    connection.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                elif isinstance(event, h2.events.StreamEnded):
                    seen.append(bodies[event.stream_id])
                    peer.wire.arrived.set()
                    if answer(connection, event.stream_id) == "close":
                        peer.send(connection.data_to_send())
                        return
            peer.send(connection.data_to_send())

    return play


def hello(connection, stream):
    connection.send_headers(stream, [(":status", "200"), ("x-b", "1"), ("x-b", "2")])
    connection.send_data(stream, b"hello", end_stream=True)


@pytest.fixture
def start(serve, server_tls, ca_file):
    """A server that speaks HTTP/2, and the profile that reaches it."""

    async def start(answer, seen=None, alpn=("h2",)):
        wire = await serve(speaking_h2(answer, [] if seen is None else seen), tls=server_tls(alpn=alpn))
        return wire, ConnectionProfile(ca=ca_file, http2=True)

    return start


async def test_requests_go_over_http_2_on_one_connection(send, start):
    """Method, target, headers and body arrive; the reply says HTTP/2, its phases are timed."""
    seen = []
    wire, profile = await start(hello, seen)
    headers = [(b"Host", b"me"), (b"X-A", b"1"), (b"x-a", b"2"), (b"Content-Length", b"3")]
    outcomes = [
        await send(wire.url(), "POST", headers=headers, content=b"abc", target=b"/a%2fb?q=+", profile=profile)
        for _ in range(2)
    ]
    for outcome in outcomes:
        assert (outcome.failure, outcome.status, outcome.body) == (None, 200, b"hello")
        assert outcome.headers == [(b"x-b", b"1"), (b"x-b", b"2")]
        assert outcome.extensions["http_version"] == b"HTTP/2"
        assert outcome.extensions["body_end"] is BodyEnd.HTTP2
        assert outcome.extensions["remote"] == f"127.0.0.1:{wire.port}"
    sent, body = seen[0]
    assert body == b"abc"
    assert {(b":method", b"POST"), (b":authority", b"me"), (b":path", b"/a%2fb?q=+")} <= set(sent)
    assert [value for name, value in sent if name == b"x-a"] == [b"1", b"2"]
    first, second = (outcome.trace for outcome in outcomes)
    marks = [first.connect_start, first.connect_end, first.tls_start, first.tls_end, first.send_start]
    marks += [first.send_end, first.first_byte, first.last_byte]
    assert marks == sorted(marks)
    assert (second.connect_start, second.tls_start, second.reused, wire.accepted) == (None, None, True, 1)


async def test_a_server_without_http_2_is_spoken_to_in_http_1(send, serve, ok, server_tls, ca_file):
    """ALPN decides; asking for HTTP/2 is no demand."""
    wire = await serve(ok, tls=server_tls(alpn=("http/1.1",)))
    outcome = await send(wire.url(), profile=ConnectionProfile(ca=ca_file, http2=True))
    assert (outcome.body, outcome.extensions["http_version"]) == (b"hi", b"HTTP/1.1")
    assert outcome.extensions["body_end"] is BodyEnd.LENGTH


async def test_a_streamed_body_arrives_whole(send, start):
    """Chunked framing has no place in HTTP/2; the bytes do."""

    async def stream():
        yield b"ab"
        yield b"c" * 100_000

    seen = []
    wire, profile = await start(hello, seen)
    headers = [(b"Host", b"me"), (b"Transfer-Encoding", b"chunked")]
    assert (await send(wire.url(), "POST", headers=headers, content=stream(), profile=profile)).status == 200
    assert seen[0][1] == b"ab" + b"c" * 100_000


async def test_a_request_without_host_gets_an_authority(send, start):
    """httpcore would fail with an IndexError."""
    seen = []
    wire, profile = await start(hello, seen)
    assert (await send(wire.url(), headers=[(b"X", b"1")], profile=profile)).status == 200
    assert (b":authority", b"127.0.0.1:%d" % wire.port) in seen[0][0]


def reset_before_head(connection, stream):
    connection.reset_stream(stream, h2.errors.ErrorCodes.INTERNAL_ERROR)


def reset_in_body(connection, stream):
    connection.send_headers(stream, [(":status", "200")])
    connection.send_data(stream, b"hel")
    connection.reset_stream(stream, h2.errors.ErrorCodes.INTERNAL_ERROR)


def close_in_body(connection, stream):
    connection.send_headers(stream, [(":status", "200")])
    connection.send_data(stream, b"hel")
    return "close"


def silent(connection, stream):
    return None


def close_before_head(connection, stream):
    return "close"


@pytest.mark.parametrize(
    ("answer", "kind", "status"),
    [
        (reset_before_head, K.CONNECT_RESET, None),
        (reset_in_body, K.INCOMPLETE, 200),
        (close_in_body, K.INCOMPLETE, 200),
        (close_before_head, K.CLOSED_EARLY, None),
        (silent, K.TIMEOUT_READ, None),
    ],
)
async def test_what_ends_an_exchange_early_is_a_typed_failure(send, start, answer, kind, status):
    """Nothing of httpx, httpcore or h2 gets out."""
    wire, profile = await start(answer)
    outcome = await send(wire.url(), profile=profile, timeouts=Timeouts(read=0.2))
    assert (outcome.kind, outcome.status) == (kind, status)
    assert outcome.failure.subject == f"127.0.0.1:{wire.port}"


async def test_the_wait_for_more_of_a_body_can_be_changed(send, start):
    """While it is read: a stream of events may be silent for longer than other replies."""

    def begins(connection, stream):
        connection.send_headers(stream, [(":status", "200")])
        connection.send_data(stream, b"one")

    wire, profile = await start(begins)
    extensions = {"profile": profile, "timeouts": Timeouts(read=30)}
    response = await send.transport.handle_async_request(httpx.Request("GET", wire.url(), extensions=extensions))
    stream, came = response.extensions["raw_stream"], []
    stream.limit_reads(0.02)
    with pytest.raises(RequestFailed) as caught:
        async for chunk in stream:
            came.append(chunk)
    assert (came, caught.value.failure.kind) == ([b"one"], K.TIMEOUT_READ)


@pytest.mark.parametrize(
    ("headers", "content"),
    [([(b"X", b"a\r\nb")], None), ([(b"Content-Length", b"4")], b"abc"), ([(b"X:Y", b"1")], None)],
)
async def test_what_http_1_refuses_http_2_refuses_too(send, headers, content):
    """The same rules before anything is sent."""
    profile = ConnectionProfile(http2=True)
    outcome = await send("https://127.0.0.1:1/", "POST", headers=headers, content=content, profile=profile)
    assert outcome.kind is K.HEADER_INVALID


@pytest.mark.parametrize(
    ("url", "profile", "kind"),
    [
        ("https://127.0.0.1:1/", ConnectionProfile(http2=True), K.CONNECT_REFUSED),
        ("https://nonexistent.invalid/", ConnectionProfile(http2=True), K.DNS),
        ("https://127.0.0.1:1/", ConnectionProfile(http2=True, proxy="http://127.0.0.1:1"), K.PROXY_REFUSED),
        ("https://127.0.0.1:1/", ConnectionProfile(http2=True, proxy="socks5://127.0.0.1:1"), K.PROXY_REFUSED),
        ("https://127.0.0.1:1/", ConnectionProfile(http2=True, proxy="ftp://127.0.0.1:1"), K.PROXY_INVALID),
        ("https://127.0.0.1:1/", ConnectionProfile(http2=True, proxy="unix:/none"), K.CONNECT_FAILED),
        ("https://127.0.0.1:1/", ConnectionProfile(http2=True, ca="/none.pem"), K.FILE_MISSING),
    ],
)
async def test_what_keeps_it_from_connecting_is_named_as_in_http_1(send, url, profile, kind):
    """The system's reason is found under httpcore's errors."""
    assert (await send(url, profile=profile)).kind is kind


@pytest.mark.parametrize(
    ("names", "trusted", "kind"), [(["127.0.0.1"], False, K.TLS_UNTRUSTED), (["other.test"], True, K.TLS_HOSTNAME)]
)
async def test_a_bad_certificate_is_refused(send, serve, ok, server_tls, ca_file, names, trusted, kind):
    """As in HTTP/1.1, with the same kinds."""
    wire = await serve(ok, tls=server_tls(*names))
    outcome = await send(wire.url(), profile=ConnectionProfile(http2=True, ca=ca_file if trusted else ""))
    assert outcome.kind is kind


async def test_a_proxy_that_asks_for_credentials_is_named(send, serve):
    """407 at CONNECT: proxy.auth."""

    async def play(peer):
        await peer.head()
        peer.send(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
        await peer.gone()

    proxy = await serve(play)
    profile = ConnectionProfile(http2=True, proxy=f"http://127.0.0.1:{proxy.port}")
    outcome = await send("https://nonexistent.invalid/", profile=profile)
    assert (outcome.kind, outcome.failure.subject) == (K.PROXY_AUTH, f"127.0.0.1:{proxy.port}")


async def test_a_cancel_leaves_the_connection_fit_for_others(send, start):
    """One stream given up, the next one served."""
    quiet = True

    def answer(connection, stream):
        nonlocal quiet
        if not quiet:
            hello(connection, stream)

    wire, profile = await start(answer)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(send(wire.url(), profile=profile))
        await wire.arrived.wait()
        task.cancel()
    quiet = False
    assert (await send(wire.url(), profile=profile)).status == 200


async def test_cancels_at_every_stage_leave_room_for_more(send, start, turns):
    """Hundreds of streams given up anywhere: the next requests are served all the same."""
    wire, profile = await start(hello)

    async def cancel_at(stage, task):
        await turns(stage)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    async with asyncio.TaskGroup() as group:
        for number in range(400):
            task = group.create_task(send(wire.url(), profile=profile, timeouts=Timeouts(read=2)))
            group.create_task(cancel_at(number % 60, task))
            if number % 10 == 0:
                await turns(1)
    outcomes = await asyncio.gather(*(send(wire.url(), profile=profile) for _ in range(20)))
    assert [outcome.kind for outcome in outcomes] == [None] * 20
