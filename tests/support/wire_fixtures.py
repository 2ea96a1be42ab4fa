"""Fixtures of the tests that speak over real sockets: servers that play, certificates, and waiting without clocks."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import trustme
from loopback import Loopback, Peer, Play, Wire


async def turns_until(condition: Callable[[], bool]) -> None:
    """Let the loop turn until it is so; fails if it never is."""
    for _ in range(100_000):
        if condition():
            return
        await asyncio.sleep(0)
    pytest.fail("it never came to be so")


@pytest.fixture
def until() -> Callable[[Callable[[], bool]], Awaitable[None]]:
    """Wait for a condition no event tells of."""
    return turns_until


@pytest.fixture
def turns() -> Callable[[int], Awaitable[None]]:
    """Let the loop turn this often."""

    async def turn(count: int) -> None:
        for _ in range(count):
            await asyncio.sleep(0)

    return turn


@pytest.fixture
async def serve() -> AsyncIterator[Callable[..., Awaitable[Wire]]]:
    """Start a server that plays; several may run in one test."""
    loopback = Loopback()
    yield loopback.start
    await loopback.aclose()


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """A certificate authority nobody trusts, unless told to."""
    return trustme.CA()


@pytest.fixture(scope="session")
def ca_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The authority's certificate as a PEM file."""
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return str(path)


@pytest.fixture
def server_tls(authority: trustme.CA) -> Callable[..., ssl.SSLContext]:
    """A server's context with a certificate for these names; `dates` as in trustme."""

    def make(*names: str, alpn: tuple[str, ...] = (), **dates: Any) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(*(names or ("127.0.0.1",)), **dates).configure_cert(context)
        if alpn:
            context.set_alpn_protocols(list(alpn))
        return context

    return make


@pytest.fixture
def ok() -> Play:
    """Answers every request with 200 and two bytes."""

    async def play(peer: Peer) -> None:
        while True:
            await peer.head()
            peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")

    return play
