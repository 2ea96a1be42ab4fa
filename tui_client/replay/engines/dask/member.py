"""One worker as its coordinator sees it: what it was dealt, what it claimed, how fast it is."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Final

from tui_client.replay.engines.dask import messages
from tui_client.replay.engines.dask.channel import Channel
from tui_client.replay.engines.dask.messages import Dealt, Place
from tui_client.replay.engines.dask.packing import size_of
from tui_client.replay.generator import Load

_CHUNK_S: Final = 1.0  # work in a chunk; two of them are a worker's window
_MOST_SESSIONS: Final = 4096
_LEAST_SESSIONS: Final = 4
_SMOOTH: Final = 0.3
_MOST_BYTES: Final = 32 << 20  # of rows that it was dealt


class Open:
    """A session that a worker was dealt and has not ended. still_s: how long the run had stood still by then.

    first: its next step. claims: steps that may have been sent and have no result, and whether they may be sent again.
    losses: how many workers were lost that had it.
    """

    __slots__ = ("carry", "claims", "dealt", "first", "losses", "size", "still_s")

    def __init__(self, dealt: Dealt, still_s: float) -> None:
        self.dealt = dealt
        self.still_s = still_s
        self.first = 0 if dealt.standing is None else dealt.standing.first
        self.size = size_of(dealt)
        self.carry: bytes | None = None
        self.claims: dict[int, bool] = {}
        self.losses = 0

    @property
    def place(self) -> Place:
        return self.dealt.turn.iteration, self.dealt.turn.number

    @property
    def begun(self) -> bool:
        """Whether anything of it may have been done since it was dealt first."""
        standing = self.dealt.standing
        return bool(self.claims) or self.first > (0 if standing is None else standing.first)


class Member:
    """A worker that takes part. share: sessions that it may have side by side. steps: that it sends now.

    window: how many sessions it may be dealt ahead. chunk: how many go together. backlog: dealt, and not over.
    filling: sessions on their way into a chunk. offered: chunks that it has not claimed. sessions: those it has.
    """

    def __init__(self, name: str, host: str, pid: int, channel: Channel, now_s: float) -> None:
        self.name = name
        self.host = host
        self.pid = pid
        self.channel = channel
        self.heard_s = now_s
        self.share = 0
        self.settled = True  # it has no more going on than that
        self.steps = 0
        self.load = Load()
        self.done = 0
        self.rate = 0.0  # steps a second of late
        self.filling: list[Open] = []
        self.offered: dict[int, list[Open]] = {}
        self.sessions: dict[Place, Open] = {}
        self.window = 0
        self.chunk = 1
        self.backlog = 0
        self.bytes = 0
        self.keeping = asyncio.Lock()  # while what it told is being kept
        self.over = False
        self._ended = 0
        self._sessions_rate = 0.0
        self._looked_s = now_s
        self._done_then = 0

    def set_share(self, sessions: int) -> None:
        """It may have so many side by side from now on."""
        self.settled = sessions >= self.share
        self.share = sessions
        self._open_window()
        self.tell(messages.Share(sessions))

    def take_back(self) -> list[Open]:
        """What it has not claimed it will not get."""
        unclaimed = [*self.filling, *(one for chunk in self.offered.values() for one in chunk)]
        self.backlog -= len(unclaimed)
        self.bytes -= sum(one.size for one in unclaimed)
        self.filling = []
        self.offered.clear()
        return unclaimed

    def tell(self, message: messages.Down) -> None:
        """Send it a message."""
        self.channel.post(messages.down(message))

    def _open_window(self) -> None:
        """Two chunks, each a second's worth."""
        least = max(self.share * 2, _LEAST_SESSIONS)
        most = min(_MOST_SESSIONS, max(least, round(2 * _CHUNK_S * self._sessions_rate)))
        self.window = most if self.share else 0
        self.chunk = max(1, self.window // 2)

    def has_room(self, *, scheduled: bool) -> bool:
        """Whether it may be dealt one more now; scheduled: one that has its time, and waits for that there."""
        most = _MOST_SESSIONS if scheduled else self.window
        return self.backlog < most and self.bytes < _MOST_BYTES

    def deal(self, session: Open) -> None:
        """It gets this one, with the next chunk."""
        self.filling.append(session)
        self.backlog += 1
        self.bytes += session.size

    def offer(self, chunk: int) -> None:
        """It may claim what was put together."""
        self.offered[chunk], self.filling = self.filling, []
        self.tell(messages.Offered(chunk))

    def claim(self, chunk: int, still_s: float) -> list[tuple[Dealt, int]] | None:
        """It claims a chunk: sessions and their sizes; None where that is not there, or was claimed before."""
        found = self.offered.pop(chunk, None)
        if found is None:
            return None
        for one in found:
            self.sessions[one.place] = one
        return [(_shifted(one, still_s), one.size) for one in found]

    def end(self, place: Place) -> bool:
        """A session is over; False if it has none of this name."""
        if self.give_up(place) is None:
            return False
        self._ended += 1
        return True

    def give_up(self, place: Place) -> Open | None:
        """It has this session no more; None if it had none of this name."""
        session = self.sessions.pop(place, None)
        if session is not None:
            self.backlog -= 1
            self.bytes -= session.size
        return session

    def all(self) -> Iterator[Open]:
        """Whatever it was dealt and has not ended."""
        yield from self.sessions.values()
        for chunk in self.offered.values():
            yield from chunk
        yield from self.filling

    def look(self, now_s: float) -> None:
        """Measure how fast it is."""
        passed_s = now_s - self._looked_s
        if passed_s <= 0:
            return
        steps = (self.done - self._done_then) / passed_s
        self.rate += (steps - self.rate) * _SMOOTH
        # A worker that had nothing to do is not slow.
        sessions = self._ended / passed_s
        if self.sessions or sessions > self._sessions_rate:
            self._sessions_rate += (sessions - self._sessions_rate) * _SMOOTH
        self._looked_s, self._done_then, self._ended = now_s, self.done, 0
        self._open_window()


def _shifted(one: Open, still_s: float) -> Dealt:
    """Due later by how long the run has stood still since it was dealt."""
    dealt = one.dealt
    if dealt.due_s is None or still_s == one.still_s:
        return dealt
    dealt = Dealt(dealt.turn, dealt.standing, dealt.due_s + still_s - one.still_s, dealt.drop, dealt.requests)
    one.dealt, one.still_s = dealt, still_s
    return dealt


def shares(sessions: int, workers: int) -> list[int]:
    """So many sessions side by side, divided among workers: as even as whole numbers are, none lost."""
    if not workers:
        return []
    each, more = divmod(sessions, workers)
    return [each + (number < more) for number in range(workers)]
