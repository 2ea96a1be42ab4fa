"""Searching a large body piece by piece, beside the event loop."""

from __future__ import annotations

import asyncio
import time
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final, NamedTuple

from tui_client.model.exchange import BodyContent
from tui_client.tui.widgets.find_pattern import PatternTooSlow
from tui_client.tui.widgets.find_query import Scanner
from tui_client.tui.widgets.find_text import Piece

LIMIT: Final = 100_000
LIMIT_S: Final = 1.0  # for one piece; most take a millisecond
_PIECE: Final = 1 << 18
_BEFORE: Final = 256  # bytes that are looked at again, for word borders and the like
_SLICE_S: Final = 0.03
_MANY: Final = 500  # matches in a piece
_REST_S: Final = 0.001
_REPORT_S: Final = 0.15


class Batch(NamedTuple):
    """What a scan found from byte `since` on, and up to where. `problem`: why it ended, "" if it did not."""

    since: int
    starts: array[int]
    ends: array[int]
    scanned_bytes: int
    again: int
    problem: str = ""


class Finder:
    """Matches of one search, in order, found piece by piece; at most 100,000 are kept.

    `scan` may run in any thread, all else belongs to the event loop.
    """

    def __init__(self, content: BodyContent, scanner: Scanner, origin: int = 0, *, piece: int = _PIECE) -> None:
        self.origin = origin  # the byte where the user began to search
        self.current: int | None = None
        self.starts = array("Q")
        self.ends = array("Q")
        self.scanned_bytes = 0
        self.problem = ""
        self.cancelled = self.searching = False
        self.walked = False  # whether the user went on from the first match
        self._again = 0
        self._content = content
        self._scanner = scanner
        self._piece = piece

    @property
    def complete(self) -> bool:
        """Whether all that is there was searched, or nothing more will be."""
        return self.full or self.cancelled or bool(self.problem) or self.scanned_bytes >= self._content.size

    @property
    def full(self) -> bool:
        """Whether there may be more matches than were kept."""
        return len(self.starts) >= LIMIT

    def extend(self) -> None:
        """Search one more piece, here and now."""
        self.take(self.scan(0))

    def scan(self, slice_s: float = _SLICE_S) -> Batch:
        """Search some pieces, for about so long; what it finds must be taken before the next scan."""
        until = time.monotonic() + slice_s
        # Where a body ended and grew since, its end is searched again.
        since = at = again = min(self._again, self.scanned_bytes)
        starts, ends = array("Q"), array("Q")
        room = bisect_left(self.starts, since)
        while True:
            try:
                at, again = self._scan_piece(at, starts, ends)
            except PatternTooSlow:
                return Batch(since, starts, ends, at, again, "the pattern takes too long")
            except OSError:
                return Batch(since, starts, ends, at, again, "the body can't be read any more")
            ended = again != at or at >= self._content.size or room + len(starts) >= LIMIT
            if ended or self.cancelled or time.monotonic() > until:
                return Batch(since, starts, ends, at, again)

    def _scan_piece(self, at: int, starts: array[int], ends: array[int]) -> tuple[int, int]:
        size = self._content.size
        begin = max(0, at - _BEFORE)
        data = self._content.read(begin, at - begin + self._piece + self._scanner.overlap)
        if len(data) <= at - begin:
            return size, size  # the body was closed
        last = begin + len(data) >= size
        found = self._scanner.scan(Piece(data, at - begin, last, time.monotonic() + LIMIT_S))
        starts.extend(begin + start for start, _ in found.spans)
        ends.extend(begin + end for _, end in found.spans)
        if len(found.spans) > _MANY:
            time.sleep(_REST_S)  # collecting them held the interpreter's lock
        searched = begin + found.searched
        return searched, begin + found.again if last else searched

    def take(self, batch: Batch) -> None:
        """Keep what a scan found."""
        known = bisect_left(self.starts, batch.since)
        del self.starts[known:], self.ends[known:]
        room = LIMIT - known
        self.starts.extend(batch.starts[:room])
        self.ends.extend(batch.ends[:room])
        self.scanned_bytes, self._again, self.problem = batch.scanned_bytes, batch.again, batch.problem
        if self.current is not None and self.current >= len(self.starts):
            self.current = None

    def between(self, start: int, end: int) -> range:
        """The numbers of the matches that touch these bytes."""
        return range(bisect_right(self.ends, start), bisect_left(self.starts, end))

    def next_from(self, offset: int) -> int | None:
        """The number of the first match at or after this byte, else the first of all; None if there is none yet."""
        if not self.starts:
            return None
        number = bisect_left(self.starts, offset)
        return number if number < len(self.starts) else 0


# One at a time: a pattern that is slow to give up holds back the next search, and nothing else.
_THREAD: Final = ThreadPoolExecutor(1, "search")


async def searching(finder: Finder) -> AsyncIterator[None]:
    """Search to the end; yields with the first match, then some times a second, and once at the end."""
    loop = asyncio.get_running_loop()
    reported, any_found = time.monotonic(), bool(finder.starts)
    finder.searching = True
    try:
        while not finder.complete:
            finder.take(await loop.run_in_executor(_THREAD, finder.scan))
            if time.monotonic() - reported > _REPORT_S or (finder.starts and not any_found):
                yield
                reported, any_found = time.monotonic(), bool(finder.starts)
    finally:
        finder.searching = False
    yield
