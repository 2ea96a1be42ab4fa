"""Steering a run while it runs: pause, pace, stop."""

from __future__ import annotations

import asyncio

from tui_client.replay.plan import MAX_CONCURRENCY


class Controls:
    """Held by who watches the run; the engine asks it before each step. All calls come from the event loop's thread.

    in_flight: steps that are being sent now. grace_s: seconds that steps in flight get to end after `stop()`.
    """

    def __init__(self, grace_s: float = 5.0) -> None:
        self.grace_s = grace_s
        self.in_flight = 0
        self.paused = False
        self.stopping = False
        self.interrupted = False
        self.concurrency: int | None = None
        self._stopped = asyncio.Event()
        self._changed = asyncio.Event()

    def pause(self) -> None:
        """Start no more steps; those in flight go on."""
        self.paused = True

    def resume(self) -> None:
        """Start steps again."""
        self.paused = False
        self.wake()

    def set_concurrency(self, sessions: int) -> None:
        """Change how many sessions run side by side; more start at once, fewer as sessions end."""
        self.concurrency = max(1, min(sessions, MAX_CONCURRENCY))
        self.wake()

    def stop(self) -> None:
        """Start no more steps, let those in flight end within the grace time, then end the run as interrupted."""
        self.interrupted = True
        self.end()

    def end(self) -> None:
        """Start no more steps, for a reason of the run's own (bail, a failed setup)."""
        self.stopping = True
        self._stopped.set()
        self.wake()

    async def stopped(self) -> None:
        """Wait until no more steps are wanted."""
        await self._stopped.wait()

    async def may_start(self) -> bool:
        """Wait out a pause; False when no more steps may start."""
        while self.paused and not self.stopping:
            await self.changed()
        return not self.stopping

    async def changed(self) -> None:
        """Wait until anything changed since the call."""
        await self._changed.wait()

    def wake(self) -> None:
        """Tell all who wait that something changed."""
        self._changed.set()
        self._changed = asyncio.Event()
