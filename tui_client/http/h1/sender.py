"""Writes one request: head, then body in step with what the server takes."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Final

import httpx

from tui_client.errors import FailureKind
from tui_client.http.h1.connection import Connection
from tui_client.http.h1.head import Framing
from tui_client.http.h1.reply import Reply
from tui_client.http.oserrors import failed
from tui_client.model.options import Timeouts

PIECE: Final = 64 * 1024
CONTINUE_PATIENCE_S: Final = 1.0


def whole_body(request: httpx.Request) -> bytes | None:
    """The body, if it is in memory; None if it must be streamed."""
    stream = request.stream
    return b"".join(stream) if type(stream) is httpx.ByteStream else None


def check_body(framing: Framing, body: bytes | None) -> None:
    """Refuse a body that its framing headers contradict. Raises RequestFailed (header.invalid)."""
    if framing.chunked:
        return
    if body is None:
        if framing.length is None:
            raise failed(FailureKind.HEADER_INVALID, "Content-Length", "a streamed body needs it, or chunked")
    elif framing.length is None:
        if body:
            raise failed(FailureKind.HEADER_INVALID, "Content-Length", "the request has a body and lacks it")
    elif framing.length != len(body):
        raise failed(FailureKind.HEADER_INVALID, "Content-Length", f"it contradicts the body's {len(body)} bytes")


class Sender:
    """Writes one request to one connection; stops where a reply or a failure makes the rest pointless."""

    def __init__(self, connection: Connection, reply: Reply, timeouts: Timeouts) -> None:
        self._connection = connection
        self._reply = reply
        self._write_s = timeouts.write

    async def send(self, head: bytes, framing: Framing, body: bytes | None, stream: object) -> None:
        """Send all; afterwards the connection knows if it can be used again. Raises RequestFailed."""
        trace, connection = self._reply.trace, self._connection
        trace.send_start = time.monotonic()
        if body is not None and len(body) <= PIECE and not framing.chunked and not framing.expects_continue:
            connection.write(head + body if body else head)
            if connection.stalled:
                await connection.drained(self._reply, self._write_s)
            finished = not connection.stalled
        else:
            connection.write(head)
            finished = await self._send_body(framing, body, stream)
        trace.send_end = time.monotonic()
        connection.sent(whole=finished)

    async def _send_body(self, framing: Framing, body: bytes | None, stream: object) -> bool:
        """False if the reply came before the body's end."""
        if framing.expects_continue and (body is None or body):
            await self._connection.wait_continue(self._reply, CONTINUE_PATIENCE_S)
        left = framing.length
        async with aclosing(_pieces(body, stream)) as pieces:
            async for piece in pieces:
                if left is not None:
                    left -= len(piece)
                    if left < 0:
                        raise failed(FailureKind.BODY_INVALID, "Content-Length", "the body is longer than it announced")
                if not await self._send_piece(piece, framing.chunked):
                    return False
        if left:
            raise failed(FailureKind.BODY_INVALID, "Content-Length", f"the body ended {left} bytes before its length")
        return not framing.chunked or await self._write(b"0\r\n\r\n")

    async def _send_piece(self, piece: bytes | memoryview, chunked: bool) -> bool:
        if not chunked:
            return await self._write(piece)
        # An empty chunk would end the body.
        return not piece or await self._write(b"".join((b"%x\r\n" % len(piece), piece, b"\r\n")))

    async def _write(self, data: bytes | memoryview) -> bool:
        reply, connection = self._reply, self._connection
        if reply.head_done or reply.ended:
            return False
        connection.write(data)
        if connection.stalled:
            await connection.drained(reply, self._write_s)
        return not connection.stalled


async def _pieces(body: bytes | None, stream: object) -> AsyncGenerator[bytes | memoryview, None]:
    if body is not None:
        view = memoryview(body)
        for start in range(0, len(view), PIECE):
            yield view[start : start + PIECE]
        return
    if not isinstance(stream, httpx.AsyncByteStream):
        raise failed(FailureKind.BODY_INVALID, "", "its stream is not an asynchronous one")
    source = stream.__aiter__()
    try:
        async for chunk in source:
            view = memoryview(chunk)
            for start in range(0, len(view), PIECE):
                yield view[start : start + PIECE]
    except httpx.StreamError as error:
        raise failed(FailureKind.BODY_INVALID, "", str(error)) from error
    except OSError as error:
        raise failed(FailureKind.BODY_INVALID, str(error.filename or ""), str(error)) from error
    finally:
        # An upload that is given up closes its file now, not when the collector comes by.
        if isinstance(source, AsyncGenerator):
            await source.aclose()
