"""Raw servers on loopback that play what they are told, byte by byte, and count what they saw."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar


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
        passed = asyncio.Event()
        asyncio.get_running_loop().call_later(seconds, passed.set)
        await passed.wait()

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


class Closable(Protocol):
    """A server of another kind."""

    def close(self) -> None: ...


Other = TypeVar("Other", bound=Closable)


class Loopback:
    """Starts any number of servers, and ends them all."""

    def __init__(self) -> None:
        self._servers: list[tuple[Wire, asyncio.AbstractServer]] = []
        self._others: list[Closable] = []

    def keep(self, other: Other) -> Other:
        """End this server with the others."""
        self._others.append(other)
        return other

    async def start(
        self, play: Play, *, tls: ssl.SSLContext | None = None, path: Path | None = None, host: str = "127.0.0.1"
    ) -> Wire:
        """A server of TCP, of TLS, or on a Unix socket at `path`."""
        wire = Wire(play, scheme="https" if tls else "http", host=host)
        if path is not None:
            server: asyncio.AbstractServer = await asyncio.start_unix_server(wire.handle, path)
        else:
            server = await asyncio.start_server(wire.handle, host, 0, ssl=tls, limit=1 << 20, backlog=512)
            wire.port = server.sockets[0].getsockname()[1]
        self._servers.append((wire, server))
        return wire

    async def aclose(self) -> None:
        """End every server and every connection."""
        for wire, server in self._servers:
            server.close()
            for task in list(wire.tasks):
                task.cancel()
            async with asyncio.timeout(5):
                await asyncio.gather(*wire.tasks, return_exceptions=True)
        for other in self._others:
            other.close()
        # Sockets are closed in the turn after.
        await asyncio.sleep(0)
