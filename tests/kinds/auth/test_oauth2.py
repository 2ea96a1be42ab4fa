"""OAuth 2.0 tokens are fetched, kept, renewed, and never shown."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest

from tui_client.errors import Failure, FailureKind, RequestFailed
from tui_client.kinds.auth import AuthContext
from tui_client.kinds.auth.oauth2 import OAuth2

CLIENT = OAuth2(
    token_url="http://auth/token?a=%2f", client_id="id é", client_secret="s:cret", scope="a b", audience="x"
)


class Tokens:
    """A store in memory that remembers what it was told."""

    def __init__(self, **kept: str) -> None:
        self.kept = dict(kept)
        self.expiry: dict[str, float | None] = {}

    def get(self, key: str) -> str | None:
        return self.kept.get(key)

    def put(self, key: str, token: str, expires_s: float | None) -> None:
        self.kept[key] = token
        self.expiry[key] = expires_s


class Driver:
    """One request's flow, driven step by step."""

    def __init__(self, auth: OAuth2, tokens: Tokens | None = None) -> None:
        self.tokens = tokens or Tokens()
        self.request = httpx.Request("GET", "http://api/x", extensions={"target": b"/x", "profile": "p", "trace": "t"})
        self.flow = auth.flow(AuthContext(self.tokens)).sync_auth_flow(self.request)
        self.current = next(self.flow)

    def reply(self, status: int = 200, **members: Any) -> httpx.Request:
        self.current = self.flow.send(httpx.Response(status, content=json.dumps(members).encode()))
        return self.current

    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.current.content.decode()))


def refusal(reply: httpx.Response, auth: OAuth2 = CLIENT) -> Failure:
    driver = Driver(auth)
    with pytest.raises(RequestFailed) as caught:
        driver.flow.send(reply)
    return caught.value.failure


def test_client_credentials_by_basic() -> None:
    """The exact token request: URL as given, id and secret form-encoded in Basic, the rest in the body."""
    driver = Driver(CLIENT)
    asked = driver.current
    assert (asked.method, asked.extensions) == ("POST", {"profile": "p", "target": b"/token?a=%2f"})
    assert asked.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert asked.headers["Authorization"] == f"Basic {CLIENT.derived_secrets()[0]}"
    assert httpx.BasicAuth("id+%C3%A9", "s%3Acret")._auth_header == asked.headers["Authorization"]
    assert driver.form() == {"grant_type": "client_credentials", "scope": "a b", "audience": "x"}
    assert driver.reply(access_token="tok", expires_in=3600) is driver.request
    assert (b"Authorization", b"Bearer tok") in driver.request.headers.raw
    assert driver.request.extensions["secrets"] == {"tok"}
    assert driver.request.extensions["target"] == b"/x"


@pytest.mark.parametrize(
    ("auth", "form"),
    [
        (
            OAuth2(token_url="http://a/", client_id="i", client_secret="s", client_auth="body"),
            {"grant_type": "client_credentials", "client_id": "i", "client_secret": "s"},
        ),
        (
            OAuth2("password", "http://a/", "i", username="u", password="p", refresh_token="unused"),
            {"grant_type": "password", "username": "u", "password": "p", "client_id": "i"},
        ),
        (
            OAuth2("refresh_token", "http://a/", "i", "s", refresh_token="r", username="unused"),
            {"grant_type": "refresh_token", "refresh_token": "r"},
        ),
    ],
)
def test_each_grant_sends_its_own_fields(auth: OAuth2, form: dict[str, str]) -> None:
    """A client without a secret names itself in the body."""
    driver = Driver(auth)
    assert driver.form() == form
    assert ("Authorization" in driver.current.headers) is ("client_id" not in form)


@pytest.mark.parametrize(
    ("announced", "kept_s"), [(3600, 3570.0), ("3600", 3570.0), (100, 90.0), (None, None), ("soon", None), (-5, 0.0)]
)
def test_a_token_is_kept_until_shortly_before_it_expires(announced: object, kept_s: float | None) -> None:
    """And used without asking again; without an expiry it is kept for the session."""
    tokens = Tokens()
    Driver(CLIENT, tokens).reply(access_token="tok", expires_in=announced)
    assert list(tokens.expiry.values()) == [kept_s]
    second = Driver(CLIENT, tokens)
    assert second.current is second.request
    assert second.request.headers["Authorization"] == "Bearer tok"


def test_the_key_of_a_token_tells_nothing_and_depends_on_every_field() -> None:
    """Another scope, user or secret never gets this token."""
    tokens = Tokens()
    for auth in (CLIENT, OAuth2(token_url=CLIENT.token_url), OAuth2(token_url=CLIENT.token_url, password="p")):
        Driver(auth, tokens).reply(access_token="tok")
    assert len(tokens.kept) == 3
    assert all(len(key) == 64 and "cret" not in key for key in tokens.kept)


def test_a_kept_token_that_is_refused_is_fetched_anew_once() -> None:
    """A revoked token heals itself; a second 401 is the user's to see."""
    tokens = Tokens()
    Driver(CLIENT, tokens).reply(access_token="old")
    driver = Driver(CLIENT, tokens)
    assert driver.reply(401).url.host == "auth"
    assert driver.reply(access_token="new") is driver.request
    assert driver.request.headers["Authorization"] == "Bearer new"
    with pytest.raises(StopIteration):
        driver.reply(401)
    assert list(tokens.kept.values()) == ["new"]


def test_a_fresh_token_that_is_refused_is_not_asked_for_again() -> None:
    """Another one would be refused too."""
    driver = Driver(CLIENT)
    driver.reply(access_token="tok")
    with pytest.raises(StopIteration):
        driver.reply(401)


def test_a_rotated_refresh_token_replaces_the_first() -> None:
    """The endpoint may have made the old one invalid."""
    auth, tokens = OAuth2("refresh_token", "http://a/", refresh_token="first"), Tokens()
    Driver(auth, tokens).reply(access_token="tok", refresh_token="second")
    driver = Driver(auth, tokens)
    driver.reply(401)
    assert driver.form()["refresh_token"] == "second"


@pytest.mark.parametrize(
    ("reply", "detail"),
    [
        (
            httpx.Response(401, json={"error": "invalid_client", "error_description": "no s:cret"}),
            "invalid_client: no •••",
        ),
        (httpx.Response(200, json={"error": "bad"}), "bad"),
        (httpx.Response(500, json={}), "status 500"),
        (httpx.Response(502, text="<html>"), "status 502, and the reply is not a JSON object"),
        (httpx.Response(200, json=["a"]), "status 200, and the reply is not a JSON object"),
        (httpx.Response(200, json={"access_token": 5}), "status 200, and no access_token in the reply"),
        (httpx.Response(200, content=b"\xff"), "status 200, and the reply is not a JSON object"),
    ],
)
def test_a_refusal_says_what_the_endpoint_said(reply: httpx.Response, detail: str) -> None:
    """Its error and description, no secret, and the endpoint without its query."""
    assert refusal(reply) == Failure(FailureKind.AUTH_FAILED, "http://auth/token", detail=detail)


def test_a_long_refusal_is_cut() -> None:
    """A page of HTML in a description is no message."""
    assert len(refusal(httpx.Response(400, json={"error": "x" * 10_000})).detail) == 300


@pytest.mark.parametrize("written", ["a/secret=of many signs", "a%2Fsecret%3Dof%20many%20signs"])
@pytest.mark.parametrize("which", ["client", "rotated"])
def test_a_refusal_is_not_cut_within_a_secret(written: str, which: str) -> None:
    """However the endpoint writes it, and also if it is the token that came in place of the first."""
    secret = "a/secret=of many signs"
    auth = OAuth2("refresh_token", "http://a/", refresh_token="first", client_secret=secret * (which == "client"))
    for padding in range(270, 300):
        tokens = Tokens()
        if which == "rotated":
            Driver(auth, tokens).reply(access_token="tok", refresh_token=secret)
        driver = Driver(auth, tokens)
        if which == "rotated":
            driver.reply(401)
        with pytest.raises(RequestFailed) as caught:
            driver.reply(400, error="x" * padding + written)
        assert "a/s" not in caught.value.failure.detail
        assert "a%2F" not in caught.value.failure.detail


def test_a_token_with_a_line_break_is_refused() -> None:
    """An endpoint can't add headers to our request."""
    assert refusal(httpx.Response(200, json={"access_token": "a\r\nX: b"})).kind is FailureKind.HEADER_INVALID


@pytest.mark.parametrize("url", ["", "auth/token", "ftp://h/", "http://", "http://h:port/", "http://u:canary@\n/"])
def test_a_bad_token_url_is_refused(url: str) -> None:
    """Nothing is sent, and a password in it is not shown."""
    with pytest.raises(RequestFailed) as caught:
        Driver(OAuth2(token_url=url))
    assert caught.value.failure.kind is FailureKind.URL_INVALID
    assert "canary" not in repr(caught.value.failure)


class Chunks(httpx.AsyncByteStream):
    """A body that counts how much of it was read, and knows whether it was closed."""

    def __init__(self, *chunks: bytes) -> None:
        self.chunks = chunks
        self.read = 0
        self.closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self.chunks:
            self.read += 1
            yield chunk

    async def aclose(self) -> None:
        self.closed = True


@pytest.mark.parametrize("kept", [True, False])
async def test_requests_at_once_fetch_one_token(kept: bool) -> None:
    """Those that wait use what the first one brought; if it brought nothing, each asks for itself."""
    context = AuthContext(Tokens())
    first, second = httpx.Request("GET", "http://api/1"), httpx.Request("GET", "http://api/2")
    one, two = CLIENT.flow(context).async_auth_flow(first), CLIENT.flow(context).async_auth_flow(second)
    assert await anext(one) is not first
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(anext(two))
        await asyncio.sleep(0)
        assert not waiting.done()
        if kept:
            assert await one.asend(httpx.Response(200, json={"access_token": "tok", "expires_in": 600})) is first
        else:
            await one.aclose()
    assert (waiting.result() is second) is kept
    assert second.headers.get("Authorization") == ("Bearer tok" if kept else None)
    await one.aclose()
    await two.aclose()


async def test_only_replies_of_the_endpoint_are_read() -> None:
    """The real reply still streams when the flow is over."""
    request = httpx.Request("GET", "http://api/")
    flow = CLIENT.flow(AuthContext(Tokens())).async_auth_flow(request)
    await anext(flow)
    token, reply = Chunks(b'{"access_', b'token":"tok"}'), Chunks(b"big")
    assert await flow.asend(httpx.Response(200, stream=token)) is request
    with pytest.raises(StopAsyncIteration):
        await flow.asend(httpx.Response(200, stream=reply))
    assert request.headers["Authorization"] == "Bearer tok"
    assert (token.closed, reply.read, reply.closed) == (True, 0, False)


@pytest.mark.parametrize(
    ("stream", "headers", "detail"),
    [
        (Chunks(*[b" " * 65_536] * 1000), {}, "the reply is longer than 1 MiB"),
        (Chunks(gzip.compress(b" " * 2**26)), {"Content-Encoding": "gzip"}, "the reply is longer than 1 MiB"),
        (Chunks(b"no gzip"), {"Content-Encoding": "gzip"}, "the reply could not be decoded"),
    ],
)
async def test_a_reply_without_end_is_refused(stream: Chunks, headers: dict[str, str], detail: str) -> None:
    """A token is small; the rest is not read, and the reply is closed."""
    flow = CLIENT.flow(AuthContext(Tokens())).async_auth_flow(httpx.Request("GET", "http://api/"))
    await anext(flow)
    with pytest.raises(RequestFailed) as caught:
        await flow.asend(httpx.Response(200, stream=stream, headers=headers))
    assert (caught.value.failure.kind, caught.value.failure.detail) == (FailureKind.AUTH_FAILED, detail)
    assert stream.closed
    assert stream.read < 50
