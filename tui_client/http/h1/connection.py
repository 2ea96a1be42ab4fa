"""One HTTP/1.1 connection: bytes out with back-pressure, bytes in to the parser, and its end."""

from __future__ import annotations

import asyncio
import socket
import time
from typing import Final, cast

from tui_client.errors import Failure, FailureKind, RequestFailed
from tui_client.http.h1.parser import ReplyParser
from tui_client.http.h1.reply import Reply
from tui_client.http.oserrors import os_failure
from tui_client.http.pool import Pool
from tui_client.http.tls_details import details_of
from tui_client.model.exchange import BodyEnd
from tui_client.model.tls import TlsDetails

HIGH_WATER: Final = 256 * 1024
LOW_WATER: Final = 64 * 1024
_SETTLE_TURNS: Final = 10


class Connection(asyncio.Protocol):
    """Serves one exchange at a time; `begin` starts one, its end gives the connection back to the pool or closes it.

    Nothing is ever sent twice. remote: "127.0.0.1:8000", or a socket's path. tls: what the origin showed of itself.
    """

    def __init__(self, pool: Pool, raw_socket: socket.socket, remote: str) -> None:
        self.remote = remote
        self.tls: TlsDetails | None = None
        self._pool = pool
        self._socket = raw_socket
        self._parser = ReplyParser(pool.subject)
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._reply: Reply | None = None
        self._sent = True
        self._closed = False
        self._ended_by: Failure | None = None
        self._read_paused = False
        self._write_paused = False
        self._reusable = True

    # One exchange.

    def begin(self, reply: Reply) -> None:
        """The next bytes received belong to this reply."""
        reply.trace.remote = self.remote
        reply.trace.tls = self.tls
        self._reply = reply
        self._sent = False
        self._parser.begin(reply)

    def write(self, data: bytes | memoryview) -> None:
        """Hand bytes to the system; `drained` waits until it took them."""
        if self._transport is not None:
            self._transport.write(data)

    @property
    def stalled(self) -> bool:
        """The system has not taken all bytes yet."""
        return self._write_paused

    def sent(self, *, whole: bool) -> None:
        """No more of the request will be written; a complete reply frees the connection if it was written whole."""
        self._sent = True
        self._reusable = whole
        reply = self._reply
        if reply is not None and reply.ended:
            self._end_exchange(reply)

    async def drained(self, reply: Reply, limit_s: float | None) -> None:
        """Wait until all bytes left, or a reply made the rest pointless. Raises RequestFailed (timeout.write)."""
        await reply.wait(
            lambda: not self._write_paused or reply.head_done or reply.ended, FailureKind.TIMEOUT_WRITE, limit_s
        )

    async def wait_head(self, reply: Reply, limit_s: float | None) -> None:
        """Wait for the final reply's head. Raises RequestFailed."""
        if not (reply.head_done or reply.ended):
            await reply.wait(lambda: reply.head_done or reply.ended, FailureKind.TIMEOUT_READ, limit_s)
        if reply.failure is not None and not reply.head_done:
            raise RequestFailed(reply.failure)

    async def wait_continue(self, reply: Reply, patience_s: float) -> None:
        """Wait for `100 Continue`, a final head, or until patience ends."""
        until = self._loop.time() + patience_s
        timer = self._loop.call_at(until, reply.wake)
        try:
            await reply.wait(
                lambda: reply.continued or reply.head_done or reply.ended or self._loop.time() >= until - 0.001,
                FailureKind.TIMEOUT_READ,
                None,
            )
        finally:
            timer.cancel()

    async def wait_body(self, reply: Reply, limit_s: float | None) -> None:
        """Wait for more of the body, or its end. Raises RequestFailed (timeout.read)."""
        if self._reply is reply:
            self._resume_reading()
        await reply.wait(lambda: bool(reply.chunks) or reply.ended, FailureKind.TIMEOUT_READ, limit_s)

    def abandon(self, reply: Reply) -> None:
        """Its reader wants no more: close, unless the reply is already over."""
        if self._reply is reply:
            self.close()

    def _end_exchange(self, reply: Reply) -> None:
        self._reply = None
        if self._reusable and reply.complete and reply.keep_alive and not self._parser.surplus and not self._closed:
            self._resume_reading()
            self._pool.put_back(self)
        else:
            self.close()

    # Its life.

    def note_tls(self) -> TlsDetails | None:
        """Keep what the handshake with the origin came to."""
        self.tls = None if self._transport is None else details_of(self._transport.get_extra_info("ssl_object"))
        return self.tls

    def is_fresh(self) -> bool:
        """Fit for another request, as far as this side can know."""
        return (
            not self._closed and self._transport is not None and not self._transport.is_closing() and self._is_quiet()
        )

    def _is_quiet(self) -> bool:
        """Without this, an end that reached the system but not yet the event loop would cost a request.

        Servers that close after each reply without saying so are common, and a replay's next request comes at once.
        """
        try:
            self._socket.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    async def settle(self) -> None:
        """Let a fresh TLS connection read what the server said right after the handshake.

        In TLS 1.3 a server refuses a client's certificate only then, and resets: a write now would meet the reset
        and bury the reason.
        """
        for _ in range(_SETTLE_TURNS):
            if self._closed or self._is_quiet():
                return
            await asyncio.sleep(0)

    def check_alive(self) -> None:
        """Raises RequestFailed with what ended the connection before it was used."""
        if self._closed:
            raise RequestFailed(self._ended_by or Failure(FailureKind.CLOSED_EARLY, self._pool.subject))

    def close(self) -> None:
        """Close now, and give the slot back. Safe to call more than once."""
        if self._closed:
            return
        self._closed = True
        reply, self._reply = self._reply, None
        if reply is not None and not reply.ended:
            reply.failure = Failure(FailureKind.CANCELLED, self._pool.subject)
            reply.wake()
        self._pool.forget(self)
        if self._transport is not None:
            self._transport.abort()

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        # Any byte left counts as back-pressure: the end of sending is then the moment the system took the last one.
        self._transport.set_write_buffer_limits(high=1, low=0)

    def data_received(self, data: bytes) -> None:
        reply = self._reply
        if reply is None:
            self._ended_by = Failure(FailureKind.PROTOCOL, self._pool.subject, detail="it spoke before it was asked")
            self.close()
            return
        reply.progress(self._loop.time())
        self._parser.feed(data)
        if reply.ended:
            reply.trace.last_byte = time.monotonic()
            # A sender still at work ends the exchange itself, by `sent`.
            if self._sent or reply.failure is not None:
                self._end_exchange(reply)
        elif reply.buffered > HIGH_WATER and not self._read_paused and self._transport is not None:
            self._read_paused = True
            self._transport.pause_reading()
        reply.wake()

    def _resume_reading(self) -> None:
        if self._read_paused and self._transport is not None:
            self._read_paused = False
            self._transport.resume_reading()

    def eof_received(self) -> None:
        self._lost(None)

    def connection_lost(self, exc: Exception | None) -> None:
        if exc is not None:
            self._salvage()
        self._lost(exc)

    def _salvage(self) -> None:
        """A server that refuses an upload may answer and then reset: its answer still waits in the system's buffer."""
        reply = self._reply
        if reply is None or reply.ended or self._socket_is_tls():
            return
        try:
            while not reply.ended and (data := self._socket.recv(LOW_WATER)):
                self._parser.feed(data)
        except OSError:
            return

    def _socket_is_tls(self) -> bool:
        return self._transport is not None and self._transport.get_extra_info("sslcontext") is not None

    def _lost(self, exc: Exception | None) -> None:
        reply = self._reply
        if reply is not None:
            if not reply.ended:
                self._cut(reply, exc)
            reply.trace.last_byte = reply.trace.last_byte or time.monotonic()
            reply.wake()
        elif isinstance(exc, OSError) and self._ended_by is None:
            self._ended_by = os_failure(exc, self._pool.subject)
        self.close()

    def _cut(self, reply: Reply, exc: Exception | None) -> None:
        subject = self._pool.subject
        if reply.head_done:
            if reply.body_end is BodyEnd.CLOSE and exc is None:
                reply.complete = True
            else:
                reply.failure = Failure(FailureKind.INCOMPLETE, subject, detail=_cut_detail(reply, exc))
        elif isinstance(exc, OSError):
            reply.failure = os_failure(exc, subject)
        else:
            reply.failure = Failure(FailureKind.CLOSED_EARLY, subject, detail=str(exc or ""))

    def pause_writing(self) -> None:
        self._write_paused = True

    def resume_writing(self) -> None:
        self._write_paused = False
        if self._reply is not None:
            self._reply.progress(self._loop.time())
            self._reply.wake()


def _cut_detail(reply: Reply, exc: Exception | None) -> str:
    how = "the connection was reset" if exc is not None else "the connection was closed"
    if reply.body_end is BodyEnd.LENGTH:
        return f"{how} after {reply.body_bytes:,} of {reply.expected or 0:,} bytes"
    if reply.body_end is BodyEnd.CHUNKED:
        return f"{how} before the last chunk, after {reply.body_bytes:,} bytes"
    return f"{how} after {reply.body_bytes:,} bytes"
