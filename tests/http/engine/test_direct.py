"""What goes past the client's own layers comes to the same as what goes through them."""

from __future__ import annotations

import gzip
import ssl
from collections.abc import Awaitable, Callable
from itertools import product
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.http.engine.test_http2 import hello_to
from tests.http.engine.test_journeys import reply, router, rows, target
from tui_client.errors import FailureKind
from tui_client.http.cancellation import Cancellation
from tui_client.http.cookies import CookieJar
from tui_client.http.engine import Engine
from tui_client.http.prepare import PreparedRequest, prepare
from tui_client.kinds.auth.api_key import ApiKey
from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.auth.bearer import Bearer
from tui_client.kinds.auth.digest import Digest
from tui_client.kinds.body.file import File
from tui_client.kinds.body.text import Text
from tui_client.model.effective import ResolvedRequest
from tui_client.model.exchange import Event, Exchange, Timings
from tui_client.model.options import Timeouts

Serve = Callable[..., Awaitable[Any]]

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
CHALLENGE = 'WWW-Authenticate: Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256'
REPLIES = {
    "plain": reply("200 OK", "Content-Type: text/plain", "X-Two: 1", "x-two: 2", body=b"here"),
    "no reason": reply("200 ", body=b"here"),
    "empty": reply("200 OK"),
    "no content": b"HTTP/1.1 204 No Content\r\n\r\n",
    "not modified": b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n",
    "gzip": reply("200 OK", "Content-Encoding: gzip", body=gzip.compress(b"here" * 100, mtime=0)),
    "bad gzip": reply("200 OK", "Content-Encoding: gzip", body=b"no gzip"),
    "unknown encoding": reply("200 OK", "Content-Encoding: own", body=b"here"),
    "chunked": CHUNKED + b"2\r\nhe\r\n2\r\nre\r\n0\r\n\r\n",
    "bad chunk": CHUNKED + b"2\r\nhe\r\nzz\r\n",
    "large": reply("200 OK", body=b"x" * 300_000),
    "just large": reply("200 OK", body=b"x" * 64 * 1024),
    "cookies": reply("200 OK", "Set-Cookie: a=1", "Set-Cookie: b=2; Path=/", body=b"here"),
    "server error": reply("500 Oh", body=b"here"),
    "no such redirect": reply("302 Found", "Location: http://[", body=b"here"),
    "redirect without place": reply("302 Found", body=b"here"),
}
AUTHS = {
    "none": None,
    "basic": Basic(username="u", password="pass"),
    "bearer": Bearer(token="token"),
    "digest": Digest(username="u", password="pass"),
    "key": ApiKey(value="value"),
    "key in query": ApiKey(name="k", value="a b", place="query"),
    "key in cookie": ApiKey(name="k", value="v", place="cookie"),
}


def answer_for(data: bytes) -> Callable[[bytes, bytes], bytes]:
    """Two redirects, then a challenge where it is answered, then this reply."""

    def answer(head: bytes, body: bytes) -> bytes:
        path = target(head).partition(b"?")[0]
        if path == b"/1":
            return reply("307 Temporary Redirect", "Location: /2?x=%2F", "Set-Cookie: way=1", body=b"moved")
        if path == b"/2":
            return reply("303 See Other", "Location: /3", body=b"moved")
        if path == b"/guarded" and b"authorization" not in rows(head):
            return reply("401 Unauthorized", CHALLENGE, body=b"who?")
        if head.startswith(b"HEAD"):
            return data.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        return data

    return answer


def comparable(exchange: Exchange) -> Any:
    """All of an exchange but its times, and what chance puts into a digest."""
    response = exchange.response
    body = None if response is None else response.body.read()
    if response is not None:
        response = msgspec.structs.replace(response, body=None)

    def without_chance(request: Any) -> Any:
        headers = [(name, b"Digest" if value.startswith(b"Digest ") else value) for name, value in request.headers]
        return msgspec.structs.replace(request, headers=headers)

    hops = [msgspec.structs.replace(hop, timings=None, request=without_chance(hop.request)) for hop in exchange.hops]
    request = without_chance(exchange.request)
    known = {name for name, value in msgspec.structs.asdict(exchange.timings).items() if value is not None}
    cleared = msgspec.structs.replace(
        exchange, request=request, response=response, hops=hops, timings=Timings(), started=None
    )
    # The first of two opens the connection that the second one finds.
    return cleared, body, known - {"dns", "connect", "tls", "blocked"}


async def same(engine: Engine, prepared: PreparedRequest, cancellation: Callable[[], Any] = lambda: None) -> Exchange:
    """Send it both ways; fails unless they come to the same, event by event."""
    seen, jars, exchanges = [], [], []
    for sender in (engine, engine.direct):
        jar, events = CookieJar(), []
        jars.append(jar)
        exchanges.append(await sender.send(prepared, jar, on_event=events.append, cancellation=cancellation()))
        seen.append(_kinds(events))
    first, second = map(comparable, exchanges)
    assert first == second
    assert seen[0] == seen[1]
    assert jars[0].all() == jars[1].all()
    return exchanges[1]


def _kinds(events: list[Event]) -> list[str]:
    """Of the bytes that came it is chance in how many pieces."""
    return list(dict.fromkeys(type(event).__name__ for event in events))


@pytest.mark.parametrize("name", REPLIES)
async def test_every_reply_is_the_same(explore: Any, serve: Serve, name: str) -> None:
    """Headers, body, status, notes and failures, with and without redirects before."""
    wire = await serve(router(answer_for(REPLIES[name])))
    for path, method in product(("/", "/1"), ("GET", "HEAD", "POST")):
        body = Text(content="sent") if method == "POST" else None
        await same(explore.engine, explore.prepare(wire.url(path), method, body=body))


@pytest.mark.parametrize("name", AUTHS)
async def test_every_auth_is_the_same(explore: Any, serve: Serve, name: str) -> None:
    """What it adds, its round trips, and what is masked."""
    wire = await serve(router(answer_for(REPLIES["plain"])))
    for path in ("/", "/?a=1", "/1", "/guarded"):
        exchange = await same(explore.engine, explore.prepare(wire.url(path), auth=AUTHS[name]))
        assert exchange.failure is None


async def test_an_upload_from_a_file_is_the_same(explore: Any, serve: Serve, tmp_path: Path) -> None:
    """Streamed, and streamed again after a redirect or a challenge."""
    path = tmp_path / "upload.bin"
    path.write_bytes(b"0123456789" * 100_000)
    wire = await serve(router(answer_for(REPLIES["plain"])))
    options = explore.prepare(wire.url("/")).options
    for place, auth in product(("/", "/1", "/guarded"), (None, AUTHS["digest"])):
        resolved = ResolvedRequest(
            key="k",
            method="POST",
            url=wire.url(place),
            body=File(path="upload.bin"),
            auth=auth,
            options=options,
        )
        exchange = await same(explore.engine, prepare(resolved, lambda name: tmp_path / name, environ={}))
        assert exchange.failure is None


async def test_a_body_beyond_a_small_limit_is_cut_and_said(serve: Serve, explore: Any) -> None:
    """Also where all of it came with its head."""
    wire = await serve(router(answer_for(REPLIES["plain"])))
    async with Engine(max_body_bytes=3) as engine:
        exchange = await same(engine, explore.prepare(wire.url("/")))
    assert exchange.failure is not None and exchange.failure.kind is FailureKind.TOO_LARGE_BODY
    assert exchange.response is not None and exchange.response.body.read() == b"her"


async def _reset(peer: Any) -> None:
    await peer.head()
    peer.reset()


async def _cut(peer: Any) -> None:
    await peer.head()
    peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")


async def _hang(peer: Any) -> None:
    await peer.head()
    await peer.hang()


async def _rubbish(peer: Any) -> None:
    await peer.head()
    peer.send(b"rubbish\r\n\r\n")


@pytest.mark.parametrize("play", [_reset, _cut, _hang, _rubbish])
async def test_every_failure_is_the_same(explore: Any, serve: Serve, play: Any) -> None:
    """Its kind, its subject, and what arrived before it."""
    wire = await serve(play)
    limits = Timeouts(connect=5, read=0.1, write=5, pool=5, total=5)
    exchange = await same(explore.engine, explore.prepare(wire.url("/"), "POST", timeouts=limits))
    assert exchange.failure is not None


async def test_what_is_never_sent_is_the_same(explore: Any, unused_tcp_port: int) -> None:
    """Nobody listens; it was cancelled before; or there is no time."""
    prepared = explore.prepare(f"http://127.0.0.1:{unused_tcp_port}/")
    assert (await same(explore.engine, prepared)).failure.kind is FailureKind.CONNECT_REFUSED

    def cancelled() -> Cancellation:
        found = Cancellation()
        found.cancel()
        return found

    assert (await same(explore.engine, prepared, cancelled)).failure.kind is FailureKind.CANCELLED
    none = explore.prepare("http://127.0.0.1:1/", timeouts=Timeouts(total=0))
    assert (await same(explore.engine, none)).failure is not None


async def test_http_2_is_the_same(
    explore: Any, serve: Serve, ca_file: str, server_tls: Callable[..., ssl.SSLContext]
) -> None:
    """Over TLS, with a body, and with credentials."""
    wire = await serve(hello_to([]), tls=server_tls(alpn=("h2",)))
    for auth in (None, AUTHS["basic"], AUTHS["key in query"]):
        prepared = explore.prepare(
            wire.url("/a?b=1"), "POST", body=Text(content="hi"), auth=auth, ca=ca_file, http2=True
        )
        exchange = await same(explore.engine, prepared)
        assert exchange.failure is None
        assert exchange.response is not None and exchange.response.http_version == "HTTP/2"
