"""Waiting until an app has nothing to do, by looking at its event loop."""

from __future__ import annotations

import asyncio
from time import monotonic, process_time

import textual.app
import textual.pilot

_STEP_S = 0.003
# A thread that works is waited for; what the loop itself does in a step is less than this.
_IDLE_CPU_S = _STEP_S / 5
# Textual lays out and paints 60 times a second: what was asked for comes within this.
_FRAME_S = 1 / 60 + _STEP_S
# Something is always due while figures move: frames that are waited for at most.
_FRAMES = 3


async def settled(min_sleep: float = 0, max_sleep: float = 1) -> None:
    """Return once nothing is ready to run, no frame is due, and no thread is at work.

    Textual's own wait sleeps 20 ms at least, twice for each key, and again while the process was not quite idle.
    """
    start = monotonic()
    while True:
        cpu_s = process_time()
        await asyncio.sleep(_STEP_S)
        spent_s = monotonic() - start
        idle = process_time() - cpu_s < _IDLE_CPU_S and (spent_s > _FRAMES * _FRAME_S or not _due(_FRAME_S))
        if spent_s >= max_sleep or (spent_s > min_sleep and idle):
            return


def _due(within_s: float) -> bool:
    """Whether the running loop has something to call by then."""
    loop = asyncio.get_running_loop()
    until = loop.time() + within_s
    return bool(loop._ready) or any(not timer.cancelled() and timer.when() <= until for timer in loop._scheduled)


def use_settled() -> None:
    """Let pilots wait like this."""
    textual.app.wait_for_idle = settled
    textual.pilot.wait_for_idle = settled
