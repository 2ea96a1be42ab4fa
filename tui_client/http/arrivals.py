"""When the bytes of a body came: few marks, however long it lasts."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from typing import Final

_MOST: Final = 1 << 15
_FINEST_S: Final = 0.001


class Arrivals:
    """Marks of offset and time, none closer than `resolution_s` to the one before; half a megabyte at most.

    When there are too many of them, every second one goes, and the resolution doubles: the bytes that it stood for
    count with those before.
    """

    def __init__(self, begin: float, most: int = _MOST) -> None:
        """begin: the clock's time that all others are counted from."""
        self._begin = begin
        self._most = most
        self._offsets = array("Q")
        self._seconds = array("d")
        self._next = float("-inf")
        self.resolution_s = _FINEST_S

    def __len__(self) -> int:
        return len(self._offsets)

    def note(self, offset: int, now: float) -> None:
        """Bytes from `offset` on have come now."""
        if now < self._next:
            return
        self._offsets.append(offset)
        self._seconds.append(now - self._begin)
        self._next = now + self.resolution_s
        if len(self._offsets) >= self._most:
            self._offsets, self._seconds = self._offsets[::2], self._seconds[::2]
            self.resolution_s *= 2

    def at(self, offset: int) -> float:
        """Seconds from the beginning to when this byte came; 0 while nothing has."""
        if not self._offsets:
            return 0.0
        return self._seconds[max(0, bisect_right(self._offsets, offset) - 1)]
