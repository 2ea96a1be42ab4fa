"""One reply as it arrives: the head, the bytes of the body that nobody has taken yet, and who waits for more."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from tui_client.errors import Failure, FailureKind, RequestFailed
from tui_client.http.trace import Trace
from tui_client.model.exchange import BodyEnd, RawHeader


class Reply:
    """Filled by the parser, emptied by the body's reader. `failure` or `complete` is set once, at its end.

    continued: a `100 Continue` came. interim: informational replies so far. expected: the announced length.
    """

    __slots__ = (
        "_last_progress",
        "_timer",
        "_waiter",
        "body_bytes",
        "body_end",
        "buffered",
        "chunks",
        "complete",
        "continued",
        "expected",
        "failure",
        "head_done",
        "headers",
        "interim",
        "keep_alive",
        "method",
        "reason",
        "status",
        "subject",
        "trace",
        "version",
    )

    def __init__(self, method: str, subject: str, trace: Trace) -> None:
        self.method = method
        self.subject = subject
        self.trace = trace
        self.status = 0
        self.reason = b""
        self.version = b"HTTP/1.1"
        self.headers: list[RawHeader] = []
        self.head_done = False
        self.body_end = BodyEnd.NONE
        self.expected: int | None = None
        self.chunks: list[bytes] = []
        self.buffered = 0
        self.body_bytes = 0
        self.interim = 0
        self.continued = False
        self.keep_alive = False
        self.complete = False
        self.failure: Failure | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._last_progress = 0.0

    @property
    def ended(self) -> bool:
        """Nothing more will arrive."""
        return self.complete or self.failure is not None

    def take(self) -> bytes:
        """All bytes of the body that are here, and forget them."""
        chunks = self.chunks
        data = chunks[0] if len(chunks) == 1 else b"".join(chunks)
        chunks.clear()
        self.buffered = 0
        return data

    async def wait(self, done: Callable[[], bool], kind: FailureKind, limit_s: float | None) -> None:
        """Sleep until `done`; a gap of limit_s seconds without `progress` raises RequestFailed(kind).

        One task may wait at a time.
        """
        loop = asyncio.get_running_loop()
        self._last_progress = loop.time()
        if limit_s is not None:
            self._timer = loop.call_later(limit_s, self._expire, loop, kind, limit_s)
        try:
            while not done():
                self._waiter = loop.create_future()
                await self._waiter
        finally:
            self._waiter = None
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

    def progress(self, now: float) -> None:
        """Bytes moved at this loop time: the gap begins anew."""
        self._last_progress = now

    def wake(self) -> None:
        """Let who waits look again."""
        waiter = self._waiter
        if waiter is not None and not waiter.done():
            waiter.set_result(None)

    def _expire(self, loop: asyncio.AbstractEventLoop, kind: FailureKind, limit_s: float) -> None:
        quiet = loop.time() - self._last_progress
        if quiet < limit_s - 0.001:
            self._timer = loop.call_later(limit_s - quiet, self._expire, loop, kind, limit_s)
            return
        self._timer = None
        waiter = self._waiter
        if waiter is not None and not waiter.done():
            waiter.set_exception(RequestFailed(Failure(kind, self.subject, limit_s=limit_s)))
