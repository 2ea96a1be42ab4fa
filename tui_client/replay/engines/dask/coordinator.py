"""The one end of a run on many workers: keeps claims and results, divides what is allowed, steers them.

A worker sends nothing before its claim is on this process's disk. Whatever a lost worker had claimed and not told of is
in doubt, or sent again where that does nothing twice; the rest of what it was dealt goes to others.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final, assert_never

import msgspec

import tui_client
from tui_client.replay.engines.dask import messages
from tui_client.replay.engines.dask.channel import Channel, ChannelClosed
from tui_client.replay.engines.dask.dealing import Dealer
from tui_client.replay.engines.dask.errand import Errand
from tui_client.replay.engines.dask.keeping import Keeping, Odd
from tui_client.replay.engines.dask.losses import again, doubtful, doubts
from tui_client.replay.engines.dask.member import Member, Open
from tui_client.replay.engines.dask.messages import News, Place
from tui_client.replay.engines.dask.packing import pack, parts
from tui_client.replay.engines.dask.questions import Replies
from tui_client.replay.engines.sessions import Doing
from tui_client.replay.ledgers import SharedLedger
from tui_client.replay.workers import WorkerFigures, Workers

# A commit costs the same for one claim as for fifty; of a few sessions none would come together.
_GATHER_S: Final = 0.004
_FEW: Final = 16
NO_WORKER: Final = "workers"
_GREETING_S: Final = 10.0


class Coordinator:
    """Of one run. For one event loop; `serve` has each worker to its end.

    members: who takes part, by name. refused: who may not, and why. lost: how many are gone. arrived: set whenever a
    worker is welcome or refused. trouble: why no workers can be found.
    """

    def __init__(self, doing: Doing, ledger: SharedLedger, replies: Replies, group: asyncio.TaskGroup) -> None:
        self.members: dict[str, Member] = {}
        self.dealer = Dealer(self.members)
        self.refused: dict[str, str] = {}
        self.welcome: set[str] = set()
        self.lost = 0
        self.trouble = ""
        self._settling = 0  # workers that are gone, and whose sessions are not dealt again yet
        self.arrived = asyncio.Event()
        self.limit: Callable[[], int] = lambda: doing.plan.concurrency
        self._pauses: dict[str, float] = {}  # until when, by origin
        self._doing = doing
        self._controls = doing.controls
        self._ledger = ledger
        self._keeping = Keeping(doing, ledger)
        self._replies = replies
        self._group = group
        self._errand: asyncio.Future[Errand] = asyncio.get_running_loop().create_future()

    def set_clock(self, doing: Doing) -> None:
        """The run begins now, and not when workers were looked for."""
        self._doing = self._keeping.doing = doing

    def begin(self, errand: Errand) -> None:
        """The setup is done: workers may begin."""
        self._errand.set_result(errand)

    def put(self, session: Open) -> None:
        """A session to be done by whoever can."""
        self.dealer.put(session)

    async def serve(self, channel: Channel) -> None:
        """Have one worker to its end; returns when it is gone."""
        member: Member | None = None
        try:
            member = await self._greeted(channel)
            while member is not None:
                message = messages.read_up(await channel.receive())
                if self.members.get(member.name) is not member:
                    break  # it was lost meanwhile: what it had is others' by now
                self._hear(member, message)
        except (ChannelClosed, msgspec.DecodeError, TimeoutError, Odd):
            pass
        finally:
            if member is not None and self.members.get(member.name) is member:
                self.lose(member)

    def lose(self, member: Member) -> None:
        """A worker is gone."""
        self.members.pop(member.name, None)
        self.dealer.forget(member)
        member.channel.abort()
        if not member.over:
            self.lost += 1
            self._settling += 1
            self._group.create_task(self._settle(member))
        self.reshare()
        self._controls.wake()

    def tell_all(self, message: messages.Down, but: Member | None = None) -> None:
        """Every worker hears this."""
        for member in tuple(self.members.values()):
            if member is not but:
                member.tell(message)

    def refuse(self, name: str, reason: str) -> None:
        """A worker may not, or can't, take part."""
        self.refused[name] = reason
        self.arrived.set()

    def note_trouble(self, text: str) -> None:
        """Why no workers can be found at present; "" when they can."""
        if text != self.trouble:
            self.trouble = text
            self._controls.wake()

    @property
    def begun(self) -> bool:
        """Whether workers may begin."""
        return self._errand.done()

    def stop(self, message: messages.Stop) -> None:
        """No more steps; what has not begun will not."""
        self.tell_all(message)
        self.dealer.drop()
        self.arrived.set()  # nobody is waited for any more

    async def finish(self) -> None:
        """Wait until all sessions are over, or, once the run stops, those that had begun."""
        while self.dealer.left or self._settling:
            await self.dealer.changed()

    async def part(self, within_s: float) -> None:
        """Let all workers go."""
        for member in tuple(self.members.values()):
            member.over = True
            member.tell(messages.Enough())
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                while self.members:
                    await self.dealer.changed()

    def close(self) -> None:
        """The run is over."""
        if not self._errand.done():
            self._errand.cancel()
        for member in tuple(self.members.values()):
            member.over = True
            member.channel.abort()
            # What it had claimed and is silent about since.
            for session in member.sessions.values():
                if (
                    session.claims
                    and (step := doubtful(session, retry_unsafe=self._doing.plan.retry_unsafe)) is not None
                ):
                    self._keeping.doubt(session, step)

    def now_s(self) -> float:
        """Since the run began."""
        return self._doing.now_s()

    def figures(self) -> Workers:
        """Who takes part."""
        living = [
            WorkerFigures(
                name=one.name,
                host=one.host,
                pid=one.pid,
                share=one.share,
                rate=one.rate,
                in_flight=one.steps,
                done=one.done,
                load=one.load,
            )
            for one in self.members.values()
        ]
        return Workers(living=tuple(living), lost=self.lost, refused=tuple(self.refused.values()))

    def reshare(self) -> None:
        """Divide anew what may go on side by side."""
        limit = self.limit()
        self._ledger.gather(_GATHER_S if limit > _FEW else 0.0)
        self.dealer.share(limit)
        self._controls.in_flight = sum(member.steps for member in self.members.values())

    async def _greeted(self, channel: Channel) -> Member | None:
        """A worker's first words. None: it may not take part. Raises ChannelClosed, DecodeError, Odd, TimeoutError."""
        async with asyncio.timeout(_GREETING_S):
            while isinstance(message := messages.read_up(await channel.receive()), messages.Ticks):
                self._tock(channel, message)
        if not isinstance(message, messages.Hello):
            raise Odd
        if reason := _unfit(message):
            self.refuse(message.name, reason)
            channel.post(messages.down(messages.Refused(reason)))
            await channel.drained()
            channel.close()
            return None
        self.welcome.add(message.name)
        self.arrived.set()
        errand = await asyncio.shield(self._errand)
        channel.post(messages.down(messages.Welcome(errand, self._doing.began_s)))
        member = Member(message.name, message.host, message.pid, channel, asyncio.get_running_loop().time())
        if (before := self.members.get(member.name)) is not None:
            self.lose(before)
        self.members[member.name] = member
        self._controls.release(NO_WORKER)  # not a reason to stand still for who has come
        if self._controls.still:
            member.tell(messages.Still(True))
        for origin, until_s in self._pauses.items():
            if (left_s := until_s - time.monotonic()) > 0:
                member.tell(messages.Pause(origin, left_s))
        self.reshare()
        self._controls.wake()
        return member

    def _tock(self, channel: Channel, ticks: messages.Ticks) -> None:
        channel.post(messages.down(messages.Tocks(ticks.at, time.monotonic())))

    def _hear(self, member: Member, message: messages.Up) -> None:
        member.heard_s = asyncio.get_running_loop().time()
        match message:
            case messages.News():
                self._group.create_task(self._keep(member, message))
            case messages.Beat(steps=steps, load=load):
                member.steps, member.load = steps, load
                member.tell(messages.Heard())
                self._controls.in_flight = sum(one.steps for one in self.members.values())
            case messages.Taken(chunk=chunk):
                self._hand_out(member, chunk)
            case messages.Asked(origin=origin, seconds=seconds):
                self._pauses[origin] = max(self._pauses.get(origin, 0.0), time.monotonic() + seconds)
                self.tell_all(messages.Pause(origin, seconds), but=member)
            case messages.Settled(share=share):
                member.settled = member.settled or share == member.share
                self.dealer.grow()
            case messages.Unbegun(places=places):
                self._deal_again(member, places)
            case messages.Ticks():
                self._tock(member.channel, message)
            case messages.MayReach() | messages.WhatIs() | messages.ValueOf():
                self._group.create_task(self._answer(member, message))
            case messages.Hello():
                raise Odd
            case _:
                assert_never(message)

    def _hand_out(self, member: Member, chunk: int) -> None:
        """A chunk that is claimed goes out in messages of bounded size, or is refused."""
        sessions = None if self._controls.stopping else member.claim(chunk, self._controls.still_s)
        if sessions is None:
            member.tell(messages.Chunk(chunk, None))
            return
        for part in parts(sessions):
            member.tell(messages.Chunk(chunk, pack(part)))

    def _deal_again(self, member: Member, places: list[Place]) -> None:
        """Others get what one has no share for. Raises Odd where it has begun."""
        back = [session for place in places if (session := member.sessions.get(place)) is not None]
        if any(session.begun for session in back):
            raise Odd
        for session in back:
            member.give_up(session.place)
        if not self._controls.stopping:
            self.dealer.put_back(back)
        self.dealer.wake()

    async def _answer(self, member: Member, asked: messages.MayReach | messages.WhatIs | messages.ValueOf) -> None:
        member.tell(await self._replies.answer(asked))

    async def _keep(self, member: Member, news: News) -> None:
        """Keep what a worker tells; its claims are answered once they are on disk."""
        async with member.keeping:
            try:
                refused = await self._keeping.keep(member, news)
            except Odd:
                if self.members.get(member.name) is member:
                    self.lose(member)
                return
            member.tell(messages.Noted(news.number, refused))
        if news.ended:
            self.dealer.wake()

    async def _settle(self, member: Member) -> None:
        """What becomes of the sessions of a worker that is gone."""
        async with member.keeping:
            back = []
            plan = self._doing.plan
            for session in member.all():
                step = doubtful(session, retry_unsafe=plan.retry_unsafe)
                if step is None:
                    back.append(again(session))
                elif self._controls.stopping:
                    self._keeping.doubt(session, step)
                else:
                    for result in doubts(session, step, self._doing.now_s()):
                        await self._doing.keep(result)
        self._settling -= 1
        if not self._controls.stopping:
            self.dealer.put_back(back)
        self.dealer.wake()


def _unfit(hello: messages.Hello) -> str:
    if hello.version == tui_client.__version__:
        return ""
    return (
        f"The worker {hello.name} has tui-client {hello.version}, and this is {tui_client.__version__}. "
        "Install the same version in both places."
    )
