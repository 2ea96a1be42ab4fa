"""A reply's body as httpx reads it: raw bytes, not decoded, in step with the reader."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx

from tui_client.errors import RequestFailed
from tui_client.http.h1.connection import Connection
from tui_client.http.h1.reply import Reply


class ReplyStream(httpx.AsyncByteStream):
    """Raises RequestFailed where the body is cut, after giving all that came."""

    def __init__(self, connection: Connection, reply: Reply, read_s: float | None) -> None:
        self._connection = connection
        self._reply = reply
        self._read_s = read_s

    async def __aiter__(self) -> AsyncIterator[bytes]:
        reply = self._reply
        while True:
            if reply.chunks:
                yield reply.take()
            elif reply.failure is not None:
                raise RequestFailed(reply.failure)
            elif reply.complete:
                return
            else:
                await self._more()

    def whole(self, most_bytes: int) -> bytes | None:
        """The body, if all of it is here already and it is no larger; None if it must be waited for."""
        reply = self._reply
        if not reply.complete or reply.failure is not None or reply.buffered > most_bytes:
            return None
        return reply.take() if reply.chunks else b""

    def limit_reads(self, read_s: float | None) -> None:
        """Wait this long for each next part of the body; None: for as long as it takes."""
        self._read_s = read_s

    async def _more(self) -> None:
        arrived = False
        try:
            await self._connection.wait_body(self._reply, self._read_s)
            arrived = True
        finally:
            if not arrived:
                self._connection.abandon(self._reply)

    async def aclose(self) -> None:
        """Close the connection, unless the body is already over."""
        self._connection.abandon(self._reply)
