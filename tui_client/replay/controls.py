"""Steering a run while it runs: pause, pace, stop; and why nothing is sent at the moment."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from tui_client.replay.journal.header import Ended
from tui_client.replay.plan import MAX_CONCURRENCY

_SLOWEST: Final = 0.001  # requests a second
_FASTEST: Final = 100_000.0


class Controls:
    """Held by who watches the run; the engine asks it before each step. All calls come from the event loop's thread.

    in_flight: steps that are being sent now. grace_s: seconds that steps in flight get to end after `stop()`.
    concurrency, rate: set while it runs; None: as the plan has them. rate is requests a second.
    reason: why no more steps start, the first one that was given.
    """

    def __init__(self, grace_s: float = 5.0) -> None:
        self.grace_s = grace_s
        self.in_flight = 0
        self.paused = False
        self.stopping = False
        self.interrupted = False
        self.reason = Ended.NOT
        self.concurrency: int | None = None
        self.rate: float | None = None
        self.rate_set_s = 0.0
        self._holds: dict[str, str] = {}
        self._waits: Counter[str] = Counter()
        self._still_since_s: float | None = None
        self._still_s = 0.0
        self._stopped = asyncio.Event()
        self._changed = asyncio.Event()

    def pause(self) -> None:
        """Start no more steps; those in flight go on."""
        self.paused = True
        self._settle()

    def resume(self) -> None:
        """Start steps again."""
        self.paused = False
        self._settle()

    def hold(self, reason: str, text: str) -> None:
        """Start no more steps until `release(reason)`; text: a sentence for people. Several reasons add up."""
        self._holds[reason] = text
        self._settle()

    def release(self, reason: str) -> None:
        """This reason is gone; nothing happens if there was none."""
        if self._holds.pop(reason, None) is not None:
            self._settle()

    @contextmanager
    def waiting(self, text: str) -> Iterator[None]:
        """While a step in flight waits before it is sent; text: a sentence that says what for."""
        self._waits[text] += 1
        try:
            yield
        finally:
            self._waits[text] -= 1
            if not self._waits[text]:
                del self._waits[text]

    @property
    def held(self) -> str:
        """Why nothing is sent at the moment, a pause apart, as a sentence; "" if something is, or could be."""
        if self._holds:
            return next(iter(self._holds.values()))
        if self._waits and self._waits.total() >= self.in_flight:
            return next(iter(self._waits))
        return ""

    @property
    def still(self) -> bool:
        """No step may start: a pause, or a hold."""
        return self.paused or bool(self._holds)

    @property
    def still_s(self) -> float:
        """Seconds so far in which no step could start."""
        return self._still_s if self._still_since_s is None else self._still_s + _now_s() - self._still_since_s

    def set_concurrency(self, sessions: int) -> None:
        """Change how many sessions run side by side; more start at once, fewer as sessions end."""
        self.concurrency = max(1, min(sessions, MAX_CONCURRENCY))
        self.wake()

    def set_rate(self, requests_per_s: float) -> None:
        """Change how many requests a second begin, from now on; a ramp or a recording's timing ends with it."""
        self.rate = max(_SLOWEST, min(requests_per_s, _FASTEST))
        self.rate_set_s = _now_s() - self.still_s
        self.wake()

    def stop(self) -> None:
        """Start no more steps, let those in flight end within the grace time, then end the run as interrupted."""
        self.interrupted = True
        self.end(Ended.STOPPED)

    def end(self, reason: Ended = Ended.BAIL) -> None:
        """Start no more steps, for a reason of the run's own (bail, a failed setup, its duration)."""
        self.reason = self.reason or reason
        self.stopping = True
        self._stopped.set()
        self.wake()

    async def stopped(self) -> None:
        """Wait until no more steps are wanted."""
        await self._stopped.wait()

    async def may_start(self) -> bool:
        """Wait out a pause and holds; False when no more steps may start."""
        while self.still and not self.stopping:
            await self.changed()
        return not self.stopping

    async def changed(self) -> None:
        """Wait until anything changed since the call."""
        await self._changed.wait()

    def wake(self) -> None:
        """Tell all who wait that something changed."""
        self._changed.set()
        self._changed = asyncio.Event()

    def _settle(self) -> None:
        now_s = _now_s()
        if self.still:
            self._still_since_s = now_s if self._still_since_s is None else self._still_since_s
        elif self._still_since_s is not None:
            self._still_s += now_s - self._still_since_s
            self._still_since_s = None
        self.wake()


def _now_s() -> float:
    try:
        return asyncio.get_running_loop().time()
    except RuntimeError:
        return time.monotonic()
