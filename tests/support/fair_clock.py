"""How long something took, without the time in which a busy machine gave us no processor."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

_TICK_S: Final = 0.01


class FairClock:
    """Counts while the block runs. A starved process ticks late, so it ticks less."""

    def __init__(self) -> None:
        self._ticks = 0
        self._began_s = time.process_time()

    @property
    def took_s(self) -> float:
        """What it waited, or what it worked; the greater of both."""
        return max(self._ticks * _TICK_S, time.process_time() - self._began_s)

    async def tick(self) -> None:
        """Go on until cancelled."""
        while True:
            await asyncio.sleep(_TICK_S)
            self._ticks += 1


@asynccontextmanager
async def fair_clock() -> AsyncIterator[FairClock]:
    """A clock that runs during the block."""
    clock = FairClock()
    async with asyncio.TaskGroup() as group:
        ticking = group.create_task(clock.tick())
        try:
            yield clock
        finally:
            ticking.cancel()
