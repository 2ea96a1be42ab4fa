"""Sharing the event loop: many sessions that are ready at once go on a few at a time."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Final

# About 2 ms of work; a screen or a timer gets its turn after each such group.
_WIDTH: Final = 4


class Turnstile:
    """Lets a few through in each pass of the event loop.

    Without it, replies that come together make one long pass in which no key is read and nothing is drawn.
    """

    def __init__(self, width: int | None = _WIDTH) -> None:
        """width: how many in each pass; None: all, where nobody else needs the loop."""
        self._open = width is None
        self._width = width or 0
        self._free = self._width
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._turning = False

    async def enter(self) -> None:
        """Go through at once if this pass has room, else in one of the next, in the order of coming."""
        if self._open:
            return
        if not self._turning:
            self._turning = True
            asyncio.get_running_loop().call_soon(self._turn)
        if self._free and not self._waiting:
            self._free -= 1
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        await turn

    def _turn(self) -> None:
        self._free = self._width
        while self._free and self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(None)
                self._free -= 1
        self._turning = self._free < self._width
        if self._turning:
            asyncio.get_running_loop().call_soon(self._turn)
