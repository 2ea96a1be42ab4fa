"""Requests and replies that are made only as far as somebody looks."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from tui_client.http.lean import LeanRequest, LeanResponse, request_rows, response_rows

ROWS = [(b"Host", b"h"), (b"X-A", b"1"), (b"x-a", b"2")]


class Pieces(httpx.AsyncByteStream):
    """A body of two pieces; counts how often it is closed."""

    closed = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"one"
        yield b"two"

    async def aclose(self) -> None:
        self.closed += 1


def request(url: str = "http://h/a?b=1") -> LeanRequest:
    return LeanRequest("get", lambda: httpx.URL(url), ROWS, httpx.ByteStream(b"body"), {"target": b"/a"})


def response(stream: httpx.AsyncByteStream | None = None) -> LeanResponse:
    extensions = {"http_version": b"HTTP/1.1", "reason_phrase": b"Fine"}
    return LeanResponse(200, ROWS, stream or Pieces(), extensions)


def test_rows_are_handed_on_as_they_came() -> None:
    """Nothing is normalised, also after somebody has looked."""
    made, plain = request(), httpx.Request("GET", "http://h/", headers=ROWS)
    assert request_rows(made) is ROWS
    assert made.headers == httpx.Headers(ROWS)
    assert list(request_rows(made)) == ROWS == list(request_rows(plain))
    assert made.method == "get"


def test_what_an_auth_flow_changes_is_what_is_sent() -> None:
    """Headers are added, replaced or set as a whole; so is the URL."""
    made = request()
    made.headers["Authorization"] = "x"
    assert list(request_rows(made)) == [*ROWS, (b"Authorization", b"x")]
    made.headers = httpx.Headers({"A": "b"})
    assert list(request_rows(made)) == [(b"A", b"b")]
    made.url = made.url.copy_with(query=b"c=2")
    assert str(made.url) == "http://h/a?c=2"


async def test_a_request_can_be_read_as_any() -> None:
    """As a flow that signs bodies does; what was read is still sent."""
    made = request()
    assert await made.aread() == b"body" == made.content
    streamed = LeanRequest("POST", lambda: httpx.URL("http://h/"), ROWS, Pieces(), {})
    assert await streamed.aread() == b"onetwo"
    assert isinstance(streamed.stream, httpx.ByteStream)


def test_a_request_is_shown_whatever_its_url() -> None:
    """In a traceback or a log, without its URL, which may hold secrets or be none."""
    assert repr(request("http://[h/?token=secret")) == "<LeanRequest('get')>"


async def test_a_reply_is_read_once_and_closed_once() -> None:
    """As httpx's own: what was read stays, and nothing can be read after closing."""
    stream = Pieces()
    reply = response(stream)
    assert await reply.aread() == b"onetwo" == await reply.aread() == reply.content
    await reply.aclose()
    await reply.aclose()
    assert (reply.is_closed, reply.is_stream_consumed, stream.closed) == (True, True, 1)
    with pytest.raises(httpx.StreamConsumed):
        async for _ in reply.aiter_raw():
            pass
    unread = response()
    await unread.aclose()
    with pytest.raises(httpx.StreamClosed):
        await unread.aread()
    with pytest.raises(httpx.ResponseNotRead):
        _ = unread.content


async def test_a_reply_answers_as_httpx_does() -> None:
    """Whatever the client and the auth kinds ask of it."""
    lean = response()
    own = httpx.Response(200, headers=ROWS, stream=Pieces(), extensions=lean.extensions)
    for name in (
        "status_code",
        "reason_phrase",
        "http_version",
        "is_error",
        "has_redirect_location",
        "charset_encoding",
    ):
        assert getattr(lean, name) == getattr(own, name), name
    assert repr(lean) == repr(own)
    assert lean.headers == own.headers
    assert list(response_rows(lean)) == list(response_rows(own)) == ROWS
    for one in (lean, own):
        with pytest.raises(RuntimeError):
            _ = one.request
    lean.request = httpx.Request("GET", "http://h/")
    assert str(lean.url) == "http://h/"
