"""A raw server that plays what a test tells it, and a sender that shows all that came of one request."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import trustme

from tui_client.errors import Failure, FailureKind, RequestFailed
from tui_client.http.profile import ConnectionProfile
from tui_client.http.trace import Trace
from tui_client.http.transport import Transport
from tui_client.model.options import Timeouts


@dataclass
class Peer:
    """The server's side of one connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    wire: Wire
    number: int

    async def head(self) -> bytes:
        """The next request's head, which counts as an arrival."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        self.wire.heads.append(head)
        self.wire.arrived.set()
        return head

    def send(self, data: bytes) -> None:
        self.writer.write(data)

    async def hang(self) -> None:
        """Nothing more, until the test ends."""
        await asyncio.Event().wait()

    async def pause(self, seconds: float) -> None:
        """A server that is slow: the subject of a test, not a way to wait for something."""
        passed = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_later(seconds, passed.set_result, None)
        await passed

    async def gone(self) -> bytes:
        """What the client still sent until it closed."""
        try:
            rest = await self.reader.read()
        except ConnectionError:
            rest = b""
        self.wire.closed += 1
        self.wire.left.set()
        return rest

    def reset(self) -> None:
        """End with RST."""
        raw = self.writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


Play = Callable[[Peer], Awaitable[Any]]


@dataclass
class Wire:
    """A server on loopback; `heads` holds each request head that arrived, in order."""

    play: Play
    port: int = 0
    accepted: int = 0
    closed: int = 0
    heads: list[bytes] = field(default_factory=list)
    tasks: set[asyncio.Task[Any]] = field(default_factory=set)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    left: asyncio.Event = field(default_factory=asyncio.Event)
    scheme: str = "http"
    host: str = "127.0.0.1"

    def url(self, path: str = "/") -> str:
        return f"{self.scheme}://{self.host}:{self.port}{path}"

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.tasks.add(task)
        self.accepted += 1
        try:
            await self.play(Peer(reader, writer, self, self.accepted))
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError, ssl.SSLError):
            pass
        finally:
            writer.close()
            self.tasks.discard(task)


@dataclass
class Outcome:
    """All that came of one request."""

    status: int | None
    headers: list[tuple[bytes, bytes]]
    body: bytes
    failure: Failure | None
    extensions: dict[str, Any]
    trace: Trace

    @property
    def kind(self) -> FailureKind | None:
        return None if self.failure is None else self.failure.kind


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


class Sender:
    """Sends over one transport with short limits."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport

    async def __call__(
        self,
        url: str,
        method: str = "GET",
        *,
        headers: list[tuple[bytes, bytes]] | None = None,
        content: Any = None,
        target: bytes | None = None,
        timeouts: Timeouts | None = None,
        profile: ConnectionProfile | None = None,
    ) -> Outcome:
        trace = Trace(time.monotonic())
        extensions: dict[str, Any] = {"trace": trace, "timeouts": timeouts or Timeouts(connect=5, read=5, write=5)}
        if target is not None:
            extensions["target"] = target
        if profile is not None:
            extensions["profile"] = profile
        given = {"stream": content} if isinstance(content, httpx.AsyncByteStream) else {"content": content}
        request = httpx.Request(method, url, headers=headers, extensions=extensions, **given)
        # httpx writes methods in capitals.
        request.method = method
        if headers is not None:
            request.headers = httpx.Headers(headers)
        body = bytearray()
        try:
            response = await self.transport.handle_async_request(request)
        except RequestFailed as error:
            return Outcome(None, [], b"", error.failure, {}, trace)
        failure = None
        assert isinstance(response.stream, httpx.AsyncByteStream)
        try:
            async for chunk in response.stream:
                body += chunk
        except RequestFailed as error:
            failure = error.failure
        await response.aclose()
        return Outcome(response.status_code, response.headers.raw, bytes(body), failure, response.extensions, trace)

    def pools(self) -> list[Any]:
        """The pools of all HTTP/1.1 clients, to count their slots."""
        clients = self.transport._clients.values()
        return [pool for client in clients for _, pool in client._pools.values()]  # type: ignore[attr-defined]  # HTTP/1.1


@pytest.fixture
async def transport() -> AsyncIterator[Transport]:
    """A transport that is closed at the end."""
    transport = Transport()
    yield transport
    await transport.aclose()


@pytest.fixture
def send(transport: Transport) -> Sender:
    """Send one request and get its outcome."""
    return Sender(transport)


@pytest.fixture
async def serve() -> AsyncIterator[Callable[..., Awaitable[Wire]]]:
    """Start a server that plays; several may run in one test."""
    servers: list[tuple[Wire, asyncio.AbstractServer]] = []

    async def start(play: Play, *, tls: ssl.SSLContext | None = None, path: Path | None = None) -> Wire:
        wire = Wire(play, scheme="https" if tls else "http")
        if path is not None:
            server: asyncio.AbstractServer = await asyncio.start_unix_server(wire.handle, path)
        else:
            server = await asyncio.start_server(wire.handle, "127.0.0.1", 0, ssl=tls, limit=1 << 20, backlog=512)
            wire.port = server.sockets[0].getsockname()[1]
        servers.append((wire, server))
        return wire

    yield start
    for wire, server in servers:
        server.close()
        for task in list(wire.tasks):
            task.cancel()
        async with asyncio.timeout(5):
            await asyncio.gather(*wire.tasks, return_exceptions=True)
    # Sockets are closed in the turn after.
    await asyncio.sleep(0)


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
