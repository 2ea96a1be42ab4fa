"""What HTTP/2 makes of a request is what the view shows."""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable
from typing import Any

import h2.config
import h2.connection
import h2.events

from tui_client.kinds.body.text import Text
from tui_client.model.exchange import BodyEnd, Exchange

Serve = Callable[..., Awaitable[Any]]


def hello_to(seen: list[list[tuple[bytes, bytes]]]) -> Callable[[Any], Awaitable[None]]:
    """Answers every request with a word; `seen` gets its headers."""

    async def play(peer: Any) -> None:
        connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding=None))
        connection.initiate_connection()
        peer.send(connection.data_to_send())
        while data := await peer.reader.read(65536):
            for event in connection.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    seen.append(list(event.headers))
                elif isinstance(event, h2.events.StreamEnded):
                    connection.send_headers(event.stream_id, [(":status", "200")])
                    connection.send_data(event.stream_id, b"hello", end_stream=True)
            peer.send(connection.data_to_send())

    return play


async def test_headers_are_shown_as_http_2_has_them(
    explore: Any, serve: Serve, ca_file: str, server_tls: Callable[..., ssl.SSLContext]
) -> None:
    """Names in lower case, :authority in place of Host, the rest in order; the version says so."""
    seen: list[list[tuple[bytes, bytes]]] = []
    wire = await serve(hello_to(seen), tls=server_tls(alpn=("h2",)))
    exchange: Exchange = await explore(
        wire.url("/a%2Fb?x=+&x="),
        "POST",
        headers=(("X-B", "1"), ("x-b", "2"), ("X-Empty", "")),
        body=Text(content="hi"),
        ca=ca_file,
        http2=True,
    )
    assert exchange.failure is None
    assert exchange.response is not None
    assert (exchange.response.http_version, exchange.response.body_end) == ("HTTP/2", BodyEnd.HTTP2)
    assert exchange.response.body.read() == b"hello"
    sent = exchange.request
    assert sent.http_version == "HTTP/2"
    (arrived,) = seen
    pseudo = dict(arrived[:4])
    assert (pseudo[b":path"], pseudo[b":method"]) == (sent.target, sent.method.encode())
    assert sent.headers[0] == (b":authority", pseudo[b":authority"])
    assert list(sent.headers[1:]) == arrived[4:]


async def test_a_server_without_http_2_is_shown_as_http_1(
    explore: Any, serve: Serve, ok: Any, ca_file: str, server_tls: Callable[..., ssl.SSLContext]
) -> None:
    """What was agreed on counts, not what was asked for."""
    wire = await serve(ok, tls=server_tls(alpn=("http/1.1",)))
    exchange: Exchange = await explore(wire.url(), headers=(("X-Case", "1"),), ca=ca_file, http2=True)
    assert exchange.failure is None
    assert exchange.request.http_version == "HTTP/1.1"
    assert (b"X-Case", b"1") in exchange.request.headers
    assert b"X-Case: 1\r\n" in wire.heads[0]
