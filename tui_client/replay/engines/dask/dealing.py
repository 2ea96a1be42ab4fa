"""Which worker gets which session: in chunks, a few ahead, by how much each one has left."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping
from typing import Final

from tui_client.replay.engines.dask.member import Member, Open, shares

AHEAD_S: Final = 1.0  # sessions with a time of their own are dealt so much before it
_HALF_S: Final = AHEAD_S / 2


class Dealer:
    """Deals to those who take part at the moment; what nobody can take waits here."""

    def __init__(self, members: Mapping[str, Member]) -> None:
        self._members = members
        self._waiting: deque[Open] = deque()
        self._chunks = 0
        self._shares: dict[Member, int] = {}
        self._current: Member | None = None
        self._changed = asyncio.Event()

    def put(self, session: Open) -> None:
        """Deal a session; one that has a time goes to whom most is left, others fill one chunk after the other."""
        member = self._for(session)
        if member is None:
            self._waiting.append(session)
            return
        member.deal(session)
        if len(member.filling) >= member.chunk:
            self._offer(member)

    def forget(self, member: Member) -> None:
        """It is gone."""
        if self._current is member:
            self._current = None

    def put_back(self, sessions: list[Open]) -> None:
        """Sessions of a worker that is gone."""
        self._waiting.extend(sessions)
        self._deal_waiting()

    def has_room(self, *, scheduled: bool = False) -> bool:
        """Whether a session could be dealt now; scheduled: one that has its time."""
        if self._waiting:
            return False
        # A generator would cost more than the looking.
        for member in self._members.values():  # noqa: SIM110
            if member.has_room(scheduled=scheduled):
                return True
        return False

    @property
    def left(self) -> int:
        """Sessions that are not over."""
        return len(self._waiting) + sum(member.backlog for member in self._members.values())

    def share(self, sessions: int) -> None:
        """Divide what may go on side by side; again whenever workers come and go."""
        members = list(self._members.values())
        self._shares = dict(zip(members, shares(sessions, len(members)), strict=True))
        for member, share in self._shares.items():
            if share < member.share:
                member.set_share(share)
        # Who may do nothing for now would keep for ever what it was dealt.
        self._waiting.extend(one for member in members if not member.share for one in member.take_back())
        self.grow()

    def grow(self) -> None:
        """Who gets more gets it once those who give something up have done so: together they never have too many."""
        if all(member.settled for member in self._members.values()):
            for member, share in self._shares.items():
                if share > member.share and self._members.get(member.name) is member:
                    member.set_share(share)
        self._deal_waiting()
        self.wake()

    def flush(self, now_s: float) -> None:
        """Offer what is put together where it is time to."""
        for member in self._members.values():
            if member.filling:
                due_s = member.filling[0].dealt.due_s
                if due_s is None or due_s - now_s < _HALF_S:
                    self._offer(member)

    def drop(self) -> None:
        """Nothing that has not begun will."""
        self._waiting.clear()
        for member in self._members.values():
            member.take_back()
        self.wake()

    async def changed(self) -> None:
        """Wait until anything changed since the call."""
        await self._changed.wait()

    def wake(self) -> None:
        """Something changed."""
        self._changed.set()
        self._changed = asyncio.Event()

    def _deal_waiting(self) -> None:
        for _ in range(len(self._waiting)):
            self.put(self._waiting.popleft())

    def _for(self, session: Open) -> Member | None:
        current = self._current
        scheduled = session.dealt.due_s is not None
        if current is not None and current.filling and current.share and not scheduled:
            return current
        able = [member for member in self._members.values() if member.share]
        if not able:
            return None
        if scheduled:
            return min(able, key=lambda member: member.backlog / member.share)
        current = self._current = min(able, key=lambda member: member.backlog / member.window)
        return current

    def _offer(self, member: Member) -> None:
        self._chunks += 1
        member.offer(self._chunks)
