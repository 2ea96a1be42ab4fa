"""The thread that writes the history: whoever records never waits for it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from threading import Condition, Thread
from typing import Final, NamedTuple, TypeAlias

from tui_client.history.sent import Sent

MOST_WAITING: Final = 4000
MOST_WAITING_BYTES: Final = 128 * 1024 * 1024  # of bodies in memory
_BATCH: Final = 32
_IDLE_S: Final = 60.0

# Writes a batch, in the thread; an empty one opens the file. Gives what went wrong, "" for nothing.
Write: TypeAlias = Callable[[list[Sent]], str]
# What else there is to do when nothing waits; whether there is more of it.
Tend: TypeAlias = Callable[[], bool]


class _Waiting(NamedTuple):
    sent: Sent
    size: int


class Writer:
    """A bounded queue and its thread, which begins with the first record.

    problem: why the last batch could not be written, "" for none. dropped: how many records were lost by now.
    """

    def __init__(self, write: Write, tend: Tend) -> None:
        self._write = write
        self._tend = tend
        self._changed = Condition()
        self._queue: deque[_Waiting] = deque()
        self._queued_bytes = 0
        self._taken = 0  # records ever put into the queue
        self._done = 0
        self._closing = False
        self._thread: Thread | None = None
        self.problem = ""
        self.dropped = 0

    def start(self) -> None:
        """Have the thread running, so that it can open what it needs before the first record comes."""
        with self._changed:
            self._start()

    def put(self, sent: Sent) -> None:
        """Have something written; what does not fit is dropped. Never waits."""
        size = _memory_bytes(sent)
        with self._changed:
            full = len(self._queue) >= MOST_WAITING or self._queued_bytes + size > MOST_WAITING_BYTES
            if self._closing or (full and self._queue):
                self.dropped += 1
                return
            self._queue.append(_Waiting(sent, size))
            self._queued_bytes += size
            self._taken += 1
            self._start()
            self._changed.notify_all()

    def wait(self, timeout_s: float) -> bool:
        """Wait until all that was put by now is written or given up; whether that came in time."""
        with self._changed:
            wanted = self._taken
            return self._changed.wait_for(lambda: self._done >= wanted, timeout_s)

    def close(self, timeout_s: float) -> None:
        """Write what waits, as far as the time goes, and end the thread."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join(timeout_s)

    def _start(self) -> None:
        if self._thread is None and not self._closing:
            self._thread = Thread(target=self._run, name="history", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        batch: list[Sent] | None = []  # opens the file
        while batch is not None:
            self._written(batch)
            # In bites, so that a record waits for one of them at most, and so does the end.
            while self._tend() and not self._is_busy:
                pass
            batch = self._next()

    @property
    def _is_busy(self) -> bool:
        return bool(self._queue) or self._closing

    def _next(self) -> list[Sent] | None:
        """What is to be written now, maybe nothing; None at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_busy, _IDLE_S)
            taken = [self._queue.popleft() for _ in range(min(_BATCH, len(self._queue)))]
            self._queued_bytes -= sum(one.size for one in taken)
            return None if self._closing and not taken else [one.sent for one in taken]

    def _written(self, batch: list[Sent]) -> None:
        problem = self._write(batch)
        with self._changed:
            self.problem = problem
            self._done += len(batch)
            if problem:
                self.dropped += len(batch)
            self._changed.notify_all()


def _memory_bytes(sent: Sent) -> int:
    exchange = sent.exchange
    body = None if exchange.response is None else exchange.response.body
    return len(exchange.request.body) + (body.size if body is not None and body.path is None else 0)
