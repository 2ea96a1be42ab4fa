"""One client for everything, whatever the settings."""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tui_client.http.engine import Engine
from tui_client.http.transport import Transport

Serve = Callable[..., Awaitable[Any]]


class Counting(Transport):
    """The real transport, which counts."""

    def __init__(self) -> None:
        super().__init__()
        self.profiles: list[Any] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.profiles.append(request.extensions["profile"])
        return await super().handle_async_request(request)


async def test_fifty_mixed_requests_make_one_client(
    explore: Any,
    serve: Serve,
    ok: Any,
    ca_file: str,
    server_tls: Callable[..., ssl.SSLContext],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """TLS, verification, proxy, socket and HTTP/2 differ; the client is made once, and all pass its transport."""
    made: list[object] = []
    construct = httpx.AsyncClient.__init__

    def counted(self: httpx.AsyncClient, **settings: Any) -> None:
        made.append(self)
        construct(self, **settings)

    monkeypatch.setattr(httpx.AsyncClient, "__init__", counted)
    plain, proxy = await serve(ok), await serve(ok)
    secure = await serve(ok, tls=server_tls())
    unix = tmp_path / "s"
    await serve(ok, path=unix)
    mixes: list[tuple[str, dict[str, Any]]] = [
        (plain.url(), {}),
        (secure.url(), {"ca": ca_file}),
        (secure.url(), {"verify": False}),
        (plain.url(), {"proxy": f"http://127.0.0.1:{proxy.port}"}),
        (secure.url(), {"ca": ca_file, "http2": True}),
        (plain.url(), {"http2": True}),
        ("http://anything/", {"proxy": f"unix:{unix}"}),
    ]
    transport = Counting()
    async with Engine(transport=transport) as engine:
        for number in range(50):
            url, options = mixes[number % len(mixes)]
            exchange = await engine.send(explore.prepare(url, **options))
            assert exchange.failure is None, exchange.failure
    assert len(made) == 1
    assert len(transport.profiles) == 50
    assert len(set(transport.profiles)) == len(mixes)


async def test_closing_the_engine_closes_its_connections(explore: Any, serve: Serve) -> None:
    """No connection outlives the engine."""

    async def play(peer: Any) -> None:
        await peer.head()
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
        await peer.gone()

    wire = await serve(play)
    async with Engine() as engine:
        await engine.send(explore.prepare(wire.url()))
        assert not wire.left.is_set()
    await wire.left.wait()


async def test_proxy_variables_do_not_reach_httpx(
    explore: Any, serve: Serve, ok: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The environment counts where a request is prepared, and nowhere else."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    wire = await serve(ok)
    async with Engine() as engine:
        assert (await engine.send(explore.prepare(wire.url()))).failure is None


async def test_many_headers_are_looked_at_once(
    explore: Any, serve: Serve, ok: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """httpx's own cookies would look up each of them among all: seconds for thousands."""
    looked_up: list[str] = []
    monkeypatch.setattr(httpx.Headers, "__getitem__", lambda self, name: looked_up.append(name) or "")
    wire = await serve(ok)
    exchange = await explore(wire.url(), headers=tuple((f"X-{number}", "v") for number in range(1000)))
    assert exchange.failure is None
    assert len(looked_up) < 10
