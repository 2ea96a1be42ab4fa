"""What a hostile server does in HTTP/2, chosen by the path."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Awaitable, Callable
from typing import Final

import h2.config
import h2.connection
import h2.errors
import h2.events
import h2.exceptions
from faulty_plays import GZIP
from loopback import Peer

_OK: Final = [(":status", "200")]


class Speaker:
    """One connection's server side; a method plays one path."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        self.h2 = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding=None))

    def flush(self) -> None:
        self.peer.send(self.h2.data_to_send())

    def half(self, stream: int, *headers: tuple[str, str]) -> None:
        """The head and the beginning of a body."""
        self.h2.send_headers(stream, [*_OK, *headers])
        self.h2.send_data(stream, b"half")

    async def ok(self, stream: int) -> None:
        self.h2.send_headers(stream, _OK)
        self.h2.send_data(stream, b"hi", end_stream=True)

    async def rst_before(self, stream: int) -> None:
        self.h2.reset_stream(stream, h2.errors.ErrorCodes.INTERNAL_ERROR)

    async def rst_refused(self, stream: int) -> None:
        self.h2.reset_stream(stream, h2.errors.ErrorCodes.REFUSED_STREAM)

    async def rst_body(self, stream: int) -> None:
        self.half(stream)
        self.h2.reset_stream(stream, h2.errors.ErrorCodes.INTERNAL_ERROR)

    async def goaway_before(self, stream: int) -> None:
        self.h2.close_connection(h2.errors.ErrorCodes.ENHANCE_YOUR_CALM, last_stream_id=0)
        self.flush()
        self.peer.writer.close()

    async def goaway_body(self, stream: int) -> None:
        self.half(stream)
        self.h2.close_connection(h2.errors.ErrorCodes.INTERNAL_ERROR, last_stream_id=stream)
        self.flush()
        self.peer.writer.close()

    async def close_before(self, stream: int) -> None:
        self.peer.writer.close()

    async def close_body(self, stream: int) -> None:
        self.half(stream)
        self.flush()
        self.peer.writer.close()

    async def reset_before(self, stream: int) -> None:
        self.peer.reset()

    async def reset_body(self, stream: int) -> None:
        self.half(stream)
        self.flush()
        self.peer.reset()

    async def cut_length(self, stream: int) -> None:
        self.h2.send_headers(stream, [*_OK, ("content-length", "100")])
        # h2 itself refuses to end a stream so: an empty DATA frame that ends it, by hand.
        self.h2.send_data(stream, b"half")
        self.flush()
        self.peer.send(b"\0\0\0\0\x01" + stream.to_bytes(4, "big"))

    async def cut_gzip(self, stream: int) -> None:
        self.h2.send_headers(stream, [*_OK, ("content-encoding", "gzip")])
        self.h2.send_data(stream, GZIP[: len(GZIP) // 2], end_stream=True)

    async def garbage_frames(self, stream: int) -> None:
        self.flush()
        self.peer.send(b"this is no frame of HTTP/2 at all")

    async def garbage_in_body(self, stream: int) -> None:
        self.half(stream)
        self.flush()
        self.peer.send(b"\xff" * 64)

    async def hang_before(self, stream: int) -> None:
        return

    async def hang_body(self, stream: int) -> None:
        self.half(stream)

    async def drip_body(self, stream: int) -> None:
        self.half(stream)
        while not self.peer.writer.is_closing():
            self.h2.send_data(stream, b"x")
            self.flush()
            await self.peer.pause(0.005)

    async def flood_100(self, stream: int) -> None:
        while not self.peer.writer.is_closing():
            self.h2.send_headers(stream, [(":status", "103"), ("link", "</x>")])
            self.flush()
            await self.peer.writer.drain()
            await self.peer.pause(0)

    async def flood_fields(self, stream: int) -> None:
        self.h2.send_headers(stream, [*_OK, *((f"x-field-{number}", "v" * 100) for number in range(2_000))])
        self.h2.send_data(stream, b"hi", end_stream=True)

    async def flood_ping(self, stream: int) -> None:
        while not self.peer.writer.is_closing():
            self.h2.ping(b"pingpong")
            self.flush()
            await self.peer.writer.drain()
            await self.peer.pause(0)


async def misbehave_h2(peer: Peer) -> None:
    """Play what the path of each request asks for ("/rst/body"); requests of one connection at once."""
    speaker = Speaker(peer)
    speaker.h2.initiate_connection()
    speaker.flush()
    async with asyncio.TaskGroup() as group:
        while data := await _read(peer):
            for event in speaker.h2.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    path = dict(event.headers)[b":path"]
                    peer.wire.heads.append(path)
                    peer.wire.arrived.set()
                    group.create_task(_answer(speaker, path.decode(), event.stream_id))
            speaker.flush()


async def _read(peer: Peer) -> bytes:
    try:
        return await peer.reader.read(65536)
    except (ConnectionError, ssl.SSLError):
        return b""


async def _answer(speaker: Speaker, path: str, stream: int) -> None:
    play: Callable[[int], Awaitable[None]] = getattr(speaker, path.partition("?")[0].strip("/").replace("/", "_"))
    # Whoever gave up its stream, or left, is not answered any more.
    with contextlib.suppress(ConnectionError, h2.exceptions.ProtocolError):
        await play(stream)
        if not speaker.peer.writer.is_closing():
            speaker.flush()


PATHS: Final = tuple(
    "/" + name.replace("_", "/", 1)
    for name in vars(Speaker)
    if not name.startswith("_") and name not in ("flush", "half")
)
