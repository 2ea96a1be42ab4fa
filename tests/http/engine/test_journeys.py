"""Redirects, cookies and authentication over real sockets."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable, Generator
from typing import Any

import httpx
import pytest

from tui_client.errors import FailureKind
from tui_client.http.cookies import CookieJar
from tui_client.http.engine import Engine
from tui_client.kinds.auth._kind import AuthContext, AuthKind
from tui_client.kinds.auth.api_key import ApiKey
from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.auth.bearer import Bearer
from tui_client.kinds.auth.digest import Digest
from tui_client.kinds.auth.oauth2 import OAuth2
from tui_client.kinds.body.text import Text
from tui_client.model.exchange import Event, Exchange, HeadReceived, Started, header_values

Serve = Callable[..., Awaitable[Any]]
Answer = Callable[[bytes, bytes], bytes]


def reply(status: str, *headers: str, body: bytes = b"") -> bytes:
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


def router(answer: Answer) -> Callable[[Any], Awaitable[None]]:
    """Answers each request by its head and body."""

    async def play(peer: Any) -> None:
        while True:
            head = await peer.head()
            length = next(
                (int(row[15:]) for row in head.split(b"\r\n") if row.lower().startswith(b"content-length:")), 0
            )
            peer.send(answer(head, await peer.reader.readexactly(length)))

    return play


def rows(head: bytes) -> dict[bytes, bytes]:
    return {name.lower(): value for name, _, value in (row.partition(b": ") for row in head.split(b"\r\n")[1:])}


def target(head: bytes) -> bytes:
    return head.split(b" ", 2)[1]


async def test_a_chain_is_followed_and_kept(explore: Any, serve: Serve) -> None:
    """Each hop has its request, status, headers and timings; total covers them all; one connection serves."""
    places = {b"/1": "/2?x=%2F+", b"/2?x=%2F+": "./3"}

    def answer(head: bytes, body: bytes) -> bytes:
        place = places.get(target(head))
        return reply("302 Found", f"Location: {place}", body=b"moved") if place else reply("200 OK", body=b"here")

    wire = await serve(router(answer))
    events: list[Event] = []
    exchange: Exchange = await explore(wire.url("/1"), on_event=events.append)
    assert exchange.failure is None
    assert [target(head) for head in wire.heads] == [b"/1", b"/2?x=%2F+", b"/3"]
    assert [(hop.request.target, hop.status, hop.reason) for hop in exchange.hops] == [
        (b"/1", 302, "Found"),
        (b"/2?x=%2F+", 302, "Found"),
    ]
    assert exchange.request.url == wire.url("/3")
    assert exchange.response is not None
    assert exchange.response.body.read() == b"here"
    assert sum(hop.timings.total for hop in exchange.hops) < exchange.timings.total
    assert wire.accepted == 1
    assert [event.request.target for event in events if isinstance(event, Started)] == [b"/1", b"/2?x=%2F+", b"/3"]
    assert [event.hop for event in events if isinstance(event, HeadReceived)] == [2]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_another_origin_gets_no_credentials(explore: Any, serve: Serve, status: int) -> None:
    """Authorization, cookies, API keys and custom headers stay; the hop names them."""
    there = await serve(router(lambda head, body: reply("200 OK")))
    here = await serve(router(lambda head, body: reply(f"{status} Go", f"Location: {there.url('/x')}")))
    jar = CookieJar()
    jar.update(here.url("")[: -0 or None], "/", [(b"Set-Cookie", b"session=canary; Path=/")])
    exchange: Exchange = await explore(
        here.url("/"),
        "POST",
        jar=jar,
        headers=(("X-API-Key", "canary"), ("Proxy-Authorization", "canary"), ("X-Custom", "canary"), ("Accept", "a/b")),
        auth=Bearer(token="canary"),
        body=Text(content="hello"),
    )
    assert exchange.failure is None
    assert b"canary" in here.heads[0]
    assert b"canary" not in there.heads[0]
    assert rows(there.heads[0])[b"accept"] == b"a/b"
    assert rows(there.heads[0])[b"host"] == f"127.0.0.1:{there.port}".encode()
    assert exchange.hops[0].dropped_headers == (
        "X-API-Key",
        "Proxy-Authorization",
        "X-Custom",
        "Cookie",
        "Authorization",
    )


@pytest.mark.parametrize("status", [307, 308])
async def test_a_secret_in_a_body_is_not_repeated_elsewhere(explore: Any, serve: Serve, status: int) -> None:
    """The other origin is not even spoken to; the reply that led there is kept, and the next send works."""
    there = await serve(router(lambda head, body: reply("200 OK")))
    here = await serve(router(lambda head, body: reply(f"{status} Go", f"Location: {there.url('/x')}", body=b"moved")))
    secret = {"auth": Bearer(token="canary-token"), "body": Text(content="t=canary-token")}
    exchange: Exchange = await explore(here.url("/"), "POST", **secret)
    assert exchange.failure is not None and exchange.failure.kind is FailureKind.REDIRECT_INVALID
    assert exchange.response is not None and exchange.response.body.read() == b"moved"
    assert there.heads == []
    assert (await explore(there.url("/"))).failure is None


async def test_a_kept_body_is_sent_again(explore: Any, serve: Serve) -> None:
    """307 and 308 repeat method and body."""
    bodies: list[bytes] = []

    def answer(head: bytes, body: bytes) -> bytes:
        bodies.append(body)
        return reply("307 Again", "Location: /b") if target(head) == b"/a" else reply("200 OK")

    exchange: Exchange = await explore((await serve(router(answer))).url("/a"), "PUT", body=Text(content="hello"))
    assert bodies == [b"hello", b"hello"]
    assert exchange.request.body_bytes == 5


@pytest.mark.parametrize(
    ("location", "kind"),
    [("/again", FailureKind.REDIRECT_TOO_MANY), ("ftp://x/", FailureKind.REDIRECT_INVALID)],
)
async def test_a_refused_redirect_keeps_its_reply(explore: Any, serve: Serve, location: str, kind: FailureKind) -> None:
    """The last reply is there with its body, beside the failure."""
    wire = await serve(router(lambda head, body: reply("302 Found", f"Location: {location}", body=b"moved")))
    exchange: Exchange = await explore(wire.url(), max_redirects=3)
    assert exchange.failure is not None
    assert exchange.failure.kind is kind
    assert exchange.response is not None
    assert exchange.response.status == 302
    assert exchange.response.body.read() == b"moved"
    assert exchange.response.complete
    assert len(exchange.hops) == (3 if kind is FailureKind.REDIRECT_TOO_MANY else 0)


async def test_redirects_that_are_not_wanted_are_replies(explore: Any, serve: Serve) -> None:
    """`follow_redirects = false` shows the 302 itself, with any Location."""
    wire = await serve(router(lambda head, body: reply("302 Found", "Location: http://[bad")))
    exchange: Exchange = await explore(wire.url(), follow_redirects=False)
    assert exchange.failure is None
    assert exchange.response is not None
    assert exchange.response.status == 302


async def test_a_redirects_endless_body_is_not_waited_for(explore: Any, serve: Serve) -> None:
    """What a redirect carries is dropped after a moment."""

    async def play(peer: Any) -> None:
        if target(await peer.head()) == b"/a":
            peer.send(b"HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 9\r\n\r\nx")
            await peer.hang()
        peer.send(reply("200 OK"))

    async with asyncio.timeout(2):
        exchange: Exchange = await explore((await serve(play)).url("/a"))
    assert exchange.failure is None


async def test_cookies_are_kept_for_their_origin_and_shown(explore: Any, serve: Serve) -> None:
    """Set by a redirect, sent with the next hop and the next request, to this port only."""

    def answer(head: bytes, body: bytes) -> bytes:
        if target(head) == b"/login":
            return reply("303 Go", "Set-Cookie: sid=abc; Path=/; HttpOnly", "Location: /home")
        return reply("200 OK")

    wire, other = await serve(router(answer)), await serve(router(answer))
    jar = CookieJar()
    exchange: Exchange = await explore(wire.url("/login"), jar=jar)
    assert header_values(exchange.request.headers, "cookie") == ["sid=abc"]
    await explore(wire.url("/more"), jar=jar)
    await explore(other.url("/more"), jar=jar)
    assert [rows(head).get(b"cookie") for head in wire.heads] == [None, b"sid=abc", b"sid=abc"]
    assert b"cookie" not in rows(other.heads[0])
    assert [(cookie.name, cookie.origin) for cookie in jar.all()] == [("sid", wire.url(""))]


async def test_cookies_can_be_left_out(explore: Any, serve: Serve) -> None:
    """A Cookie header of the user's wins; `cookies = false` neither sends nor keeps any."""
    wire = await serve(router(lambda head, body: reply("200 OK", "Set-Cookie: b=2; Path=/")))
    jar = CookieJar()
    jar.update(wire.url(""), "/", [(b"Set-Cookie", b"a=1; Path=/")])
    await explore(wire.url(), jar=jar, cookies=False)
    assert len(jar.all()) == 1
    await explore(wire.url(), jar=jar, headers=(("cookie", "mine=1"),))
    assert [rows(head).get(b"cookie") for head in wire.heads] == [None, b"mine=1"]


async def test_without_a_jar_nothing_is_remembered(explore: Any, serve: Serve) -> None:
    """Neither here nor in httpx."""
    wire = await serve(router(lambda head, body: reply("200 OK", "Set-Cookie: a=1; Path=/")))
    await explore(wire.url())
    await explore(wire.url())
    assert b"cookie" not in rows(wire.heads[1])


@pytest.mark.parametrize(
    ("auth", "header", "value"),
    [
        (Basic(username="me", password="pw"), b"authorization", b"Basic " + base64.b64encode(b"me:pw")),
        (Bearer(token="t0ken"), b"authorization", b"Bearer t0ken"),
        (ApiKey(name="X-Key", value="k", place="header"), b"x-key", b"k"),
        (ApiKey(name="key", value="k", place="cookie"), b"cookie", b"key=k"),
    ],
)
async def test_what_auth_adds_is_shown(
    explore: Any, serve: Serve, ok: Any, auth: Any, header: bytes, value: bytes
) -> None:
    """The header is on the wire and in the view, and its credentials count as secrets."""
    wire = await serve(ok)
    exchange: Exchange = await explore(wire.url(), auth=auth)
    assert rows(wire.heads[0])[header] == value
    assert value.decode() in header_values(exchange.request.headers, header.decode())
    assert exchange.request.secrets & {value.decode(), value.decode().partition(" ")[2], "k"}


async def test_auth_is_applied_again_on_the_same_origin(explore: Any, serve: Serve) -> None:
    """A redirect inside the origin carries the key once, not twice."""
    wire = await serve(
        router(lambda head, body: reply("302 Go", "Location: /b") if b"/a" in target(head) else reply("200 OK"))
    )
    await explore(wire.url("/a?x=1"), auth=ApiKey(name="key", value="k", place="query"))
    assert [target(head) for head in wire.heads] == [b"/a?x=1&key=k", b"/b?key=k"]


async def test_a_digest_challenge_is_a_hop(explore: Any, serve: Serve) -> None:
    """The 401 is kept, the answer repeats the body and names the exact target."""
    bodies: list[bytes] = []

    def answer(head: bytes, body: bytes) -> bytes:
        bodies.append(body)
        if b"authorization" in rows(head):
            return reply("200 OK", body=b"in")
        return reply("401 No", 'WWW-Authenticate: Digest realm="r", nonce="n", qop="auth"', body=b"out")

    wire = await serve(router(answer))
    exchange: Exchange = await explore(
        wire.url("/a%2Fb?x=+"), "POST", body=Text(content="hi"), auth=Digest(username="me", password="pw")
    )
    assert exchange.failure is None
    assert [(hop.status, b"authorization" in dict(hop.request.headers)) for hop in exchange.hops] == [(401, False)]
    assert b'uri="/a%2Fb?x=+"' in rows(wire.heads[1])[b"authorization"]
    assert bodies == [b"hi", b"hi"]
    assert wire.accepted == 1


async def test_a_wrong_password_leaves_the_401(explore: Any, serve: Serve) -> None:
    """A refusal is a reply, not a failure."""
    challenge = 'WWW-Authenticate: Digest realm="r", nonce="n", qop="auth"'
    wire = await serve(router(lambda head, body: reply("401 No", challenge, body=b"out")))
    exchange: Exchange = await explore(wire.url(), auth=Digest(username="me", password="pw"))
    assert exchange.failure is None
    assert exchange.response is not None
    assert (exchange.response.status, exchange.response.body.read()) == (401, b"out")


class Tokens:
    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def get(self, key: str) -> str | None:
        return self.kept.get(key)

    def put(self, key: str, token: str, expires_s: float | None) -> None:
        self.kept[key] = token


def token_server(status: str = "200 OK") -> Answer:
    def answer(head: bytes, body: bytes) -> bytes:
        if target(head) == b"/token":
            payload = json.dumps({"access_token": "t-canary", "token_type": "Bearer", "expires_in": 60}).encode()
            return reply(status, "Content-Type: application/json", body=payload)
        return reply("200 OK", body=rows(head).get(b"authorization", b"none"))

    return answer


async def test_a_token_is_fetched_once_and_its_hop_hides_the_secrets(explore: Any, serve: Serve) -> None:
    """The token request goes through the same client, is kept as a hop, and shows no secret."""
    wire = await serve(router(token_server()))
    auth = OAuth2(token_url=wire.url("/token"), client_id="me", client_secret="s-canary", client_auth="body")
    async with Engine(tokens=Tokens()) as engine:
        prepared = explore.prepare(wire.url("/x"), auth=auth)
        first, second = await engine.send(prepared), await engine.send(prepared)
    assert first.response is not None
    assert first.response.body.read() == b"Bearer t-canary"
    assert [target(head) for head in wire.heads] == [b"/token", b"/x", b"/x"]
    (hop,) = first.hops
    assert (hop.request.method, hop.request.target, hop.status) == ("POST", b"/token", 200)
    assert b"canary" not in hop.request.body
    assert b"grant_type=client_credentials" in hop.request.body
    assert second.hops == ()
    assert "t-canary" in first.request.secrets & second.request.secrets
    assert "s-canary" in first.request.secrets


async def test_no_token_no_request(explore: Any, serve: Serve) -> None:
    """A refused token request is auth.failed and stays as a hop; the request itself never leaves."""
    wire = await serve(router(token_server("400 Bad Request")))
    auth = OAuth2(token_url=wire.url("/token"), client_id="me", client_secret="s")
    exchange: Exchange = await explore(wire.url("/x"), auth=auth)
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.AUTH_FAILED
    assert exchange.response is None
    assert exchange.request.url == wire.url("/x")
    assert [target(head) for head in wire.heads] == [b"/token"]
    assert [hop.status for hop in exchange.hops] == [400]


async def test_an_endless_token_reply_is_cut(explore: Any, serve: Serve) -> None:
    """A token endpoint can't fill memory."""

    async def play(peer: Any) -> None:
        await peer.head()
        peer.send(b"HTTP/1.1 200 OK\r\n\r\n" + bytes(3 << 20))
        await peer.gone()

    wire = await serve(play)
    exchange: Exchange = await explore(wire.url("/x"), auth=OAuth2(token_url=wire.url("/token"), client_id="me"))
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.TOO_LARGE_BODY


class Elsewhere(AuthKind, frozen=True, tag="elsewhere-for-tests"):
    """Changes the URL and forgets the exact target."""

    def flow(self, context: AuthContext) -> httpx.Auth:
        return _Signed()


class _Signed(httpx.Auth):
    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.url = request.url.copy_with(query=b"signed=1")
        yield request


class Restless(AuthKind, frozen=True, tag="restless-for-tests"):
    """Never has enough."""

    def flow(self, context: AuthContext) -> httpx.Auth:
        return _Again()


class _Again(httpx.Auth):
    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        while True:
            yield request


async def test_a_changed_url_is_what_is_sent_and_shown(explore: Any, serve: Serve, ok: Any) -> None:
    """The target follows a kind that sets the URL alone."""
    wire = await serve(ok)
    exchange: Exchange = await explore(wire.url("/x"), auth=Elsewhere())
    assert [target(head) for head in wire.heads] == [b"/x?signed=1"]
    assert exchange.request.url == wire.url("/x?signed=1")


async def test_a_flow_without_end_is_ended(explore: Any, serve: Serve, ok: Any) -> None:
    """After a few round trips, as auth.failed."""
    wire = await serve(ok)
    exchange: Exchange = await explore(wire.url("/x"), auth=Restless())
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.AUTH_FAILED
    assert len(wire.heads) == 8


async def test_nothing_is_logged(explore: Any, serve: Serve, ok: Any, caplog: pytest.LogCaptureFixture) -> None:
    """httpx would write every URL into the log."""
    with caplog.at_level("DEBUG"):
        await explore((await serve(ok)).url("/?token=canary"))
    assert "canary" not in caplog.text
