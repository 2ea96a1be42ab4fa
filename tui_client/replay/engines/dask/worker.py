"""A run on a worker: sessions as they are dealt, done by the same steps as everywhere."""

from __future__ import annotations

import asyncio
import os
import platform
import socket
import time
from collections import deque
from contextlib import suppress
from typing import Final, assert_never

import tui_client
from tui_client.errors import SaveFailed
from tui_client.http.cancellation import Cancellation
from tui_client.http.cookies import CookieJar
from tui_client.model.step import StepResult
from tui_client.replay.calm import calm_collector
from tui_client.replay.controls import Controls
from tui_client.replay.engines.dask import messages
from tui_client.replay.engines.dask.channel import Channel, ChannelClosed
from tui_client.replay.engines.dask.errand import Errand, Shipped
from tui_client.replay.engines.dask.messages import Dealt
from tui_client.replay.engines.dask.outbox import Outbox
from tui_client.replay.engines.dask.packing import unpack
from tui_client.replay.engines.dask.remote import Questions, SharedHosts
from tui_client.replay.engines.dask.worker_services import worker_services
from tui_client.replay.engines.sessions import LATE_S, Doing, RowSession, drop_session
from tui_client.replay.generator import Gauge
from tui_client.replay.journal.header import Ended
from tui_client.replay.services import Services
from tui_client.replay.session import Session
from tui_client.replay.turnstile import Turnstile

_BEAT_S: Final = 0.5
_TICKS: Final = 5
_ODD: Final = "it speaks another protocol"


class RefusedHere(Exception):
    """The coordinator does not want this worker; the text says why."""


async def take_part(channel: Channel, name: str) -> int:
    """Do what is dealt until the run is over; how many sessions that were.

    Raises RefusedHere, ChannelClosed.
    """
    ahead_s = await _ahead_s(channel)
    hello = messages.Hello(name, tui_client.__version__, platform.python_version(), socket.gethostname(), os.getpid())
    channel.post(messages.up(hello))
    match messages.read_down(await channel.receive()):
        case messages.Welcome(errand=Errand() as errand, began_s=began_s):
            began_s += ahead_s
        case messages.Refused(reason=reason):
            raise RefusedHere(reason)
        case _:
            raise ChannelClosed(_ODD)
    questions = Questions(lambda message: channel.post(messages.up(message)))
    async with worker_services(errand, questions) as services:
        with calm_collector():
            return await Part(channel, errand, services, questions, began_s).work()


async def _ahead_s(channel: Channel) -> float:
    """By how much this clock is ahead of the coordinator's, by that of several readings which took the least time."""
    best_s, ahead_s = float("inf"), 0.0
    for _ in range(_TICKS):
        channel.post(messages.up(messages.Ticks(time.monotonic())))
        tocks = messages.read_down(await channel.receive())
        if not isinstance(tocks, messages.Tocks):
            raise ChannelClosed(_ODD)
        now_s = time.monotonic()
        took_s = now_s - tocks.at
        if took_s < best_s:
            best_s, ahead_s = took_s, now_s - took_s / 2 - tocks.now_s
    return ahead_s


class Part:
    """A worker's part of one run."""

    def __init__(
        self, channel: Channel, errand: Errand, services: Services, questions: Questions, began_s: float
    ) -> None:
        self._channel = channel
        self._questions = questions
        self._controls = Controls()
        self._hosts = SharedHosts(self._post)
        self._outbox = Outbox(self._post, lambda: self._share)
        self._gauge = Gauge()
        self._waiting: deque[tuple[Dealt, float]] = deque()  # with how long the run had stood still by then
        self._share = 0
        self._settled = 0  # the share that was told of last
        self._going = 0
        self._count = 0
        self._over = False
        self._heard_s = time.monotonic()
        self._silent_s = errand.silent_s
        self._in_flight: set[Cancellation] = set()
        assert isinstance(services.source, Shipped)  # of `worker_services`
        self._source = services.source
        plan, jar = errand.plan, CookieJar(errand.cookies)
        self._base = Session(jar, plan.environment, plan.given, errand.captured, derived=errand.derived)
        self._doing = Doing(
            plan=plan,
            services=services,
            controls=self._controls,
            ledger=self._outbox,
            hosts=self._hosts,
            turnstile=Turnstile(None),
            tell=_nobody,
            in_flight=self._in_flight,
            began_s=began_s,
            derived=errand.derived,
        )

    async def work(self) -> int:
        """To the end of the run, or of the connection. Raises ChannelClosed."""
        async with asyncio.TaskGroup() as beside:
            side = [
                beside.create_task(self._gauge.watch()),
                beside.create_task(self._beat()),
                beside.create_task(self._end_after_grace()),
            ]
            try:
                async with asyncio.TaskGroup() as sessions:
                    begin = sessions.create_task(self._begin(sessions))
                    try:
                        gone = await self._listen()
                    finally:
                        self._leave("the connection to the coordinator is gone")
                        begin.cancel()
            finally:
                for task in side:
                    task.cancel()
        if gone is not None:
            raise gone
        return self._count

    def _post(self, message: messages.Up) -> None:
        try:
            self._channel.post(messages.up(message))
        except ChannelClosed:
            # Too long to be told. Who waits for an answer would wait for ever.
            self._channel.abort()

    def _leave(self, why: str) -> None:
        """Nothing that is done from here on would be known."""
        self._outbox.close(why)
        self._questions.close()
        self._controls.end(Ended.PROBLEM)
        for cancellation in tuple(self._in_flight):
            cancellation.cancel()

    async def _listen(self) -> ChannelClosed | None:
        """Until the run is over; or why nobody is there any more, which the groups of tasks would wrap."""
        try:
            while not self._over:
                message = messages.read_down(await self._channel.receive())
                self._heard_s = time.monotonic()
                self._hear(message)
        except ChannelClosed as error:
            return error
        self._channel.close()
        return None

    def _hear(self, message: messages.Down) -> None:
        match message:
            case messages.Noted(number=number, refused=refused):
                if refused:
                    self._controls.end(Ended.PROBLEM)
                self._outbox.noted(number, refused)
            case messages.Offered(chunk=chunk):
                self._channel.post(messages.up(messages.Taken(chunk)))
            case messages.Chunk(sessions=sessions):
                self._take([] if sessions is None else unpack(sessions))
            case messages.Share(sessions=share):
                self._share = share
                self._hand_back()
                self._settle()
                self._controls.wake()
            case messages.Answer():
                self._questions.answered(message)
            case messages.Pause(origin=origin, seconds=seconds):
                self._hosts.held_elsewhere(origin, seconds)
            case messages.Still() | messages.Stop():
                self._steer(message)
            case messages.Enough():
                self._over = True
            case messages.Heard():
                pass
            case messages.Welcome() | messages.Refused() | messages.Tocks():
                raise ChannelClosed(_ODD)
            case _:
                assert_never(message)

    def _steer(self, message: messages.Still | messages.Stop) -> None:
        match message:
            case messages.Still(still=True):
                self._controls.pause()
            case messages.Still():
                self._controls.resume()
            case messages.Stop(reason=reason, grace_s=grace_s):
                self._controls.grace_s = grace_s
                self._controls.end(Ended(reason))
                self._give_back()

    def _take(self, sessions: list[Dealt]) -> None:
        for dealt in sessions:
            self._source.add(dealt.requests)
            self._waiting.append((dealt, self._controls.still_s))
        if self._controls.stopping:
            self._give_back()
        self._hand_back()
        self._controls.wake()

    def _hand_back(self) -> None:
        """Without a share nothing will begin here: others do it."""
        if self._share or not self._waiting:
            return
        places = []
        while self._waiting:
            dealt, _ = self._waiting.popleft()
            self._source.forget(dealt.requests)
            places.append((dealt.turn.iteration, dealt.turn.number))
        self._channel.post(messages.up(messages.Unbegun(places)))

    def _give_back(self) -> None:
        """What has not begun will not."""
        while self._waiting:
            dealt, _ = self._waiting.popleft()
            self._outbox.ended(dealt.turn.iteration, dealt.turn.number)

    async def _beat(self) -> None:
        while True:
            beat = messages.Beat(self._controls.in_flight, self._going + len(self._waiting), self._gauge.load())
            self._channel.post(messages.up(beat))
            await asyncio.sleep(_BEAT_S)
            if time.monotonic() - self._heard_s > self._silent_s:
                # As when the connection breaks: what is done from here on would not be known.
                self._channel.abort()

    async def _end_after_grace(self) -> None:
        await self._controls.stopped()
        await asyncio.sleep(self._controls.grace_s)
        for cancellation in tuple(self._in_flight):
            cancellation.cancel()

    async def _begin(self, sessions: asyncio.TaskGroup) -> None:
        """Begin one session after the other, when its time has come and there is room."""
        while not self._controls.stopping:
            if not self._waiting:
                await self._controls.changed()
                continue
            dealt, still_s = self._waiting[0]
            due_s = await self._due(dealt, still_s)
            drop = dealt.drop and self._going >= self._share
            while not drop and self._going >= self._share and not self._controls.stopping:
                await self._controls.changed()
            if not await self._controls.may_start():
                return
            if not self._waiting or self._waiting[0][0] is not dealt:
                continue
            self._waiting.popleft()
            if due_s is not None and dealt.due_s is not None:
                # It may have stood still while there was no room.
                due_s = dealt.due_s + self._controls.still_s - still_s
            self._going += 1
            sessions.create_task(self._drop(dealt, due_s) if drop else self._session(dealt, due_s))

    async def _due(self, dealt: Dealt, still_s: float) -> float | None:
        """Wait until a session is due; when that is, by then."""
        if dealt.due_s is None:
            return None
        while True:
            due_s = dealt.due_s + self._controls.still_s - still_s
            left_s = due_s - self._doing.now_s()
            if left_s <= 0 or self._controls.stopping:
                return due_s
            try:
                async with asyncio.timeout(left_s):
                    await self._controls.changed()
            except TimeoutError:
                continue

    async def _session(self, dealt: Dealt, due_s: float | None) -> None:
        late = due_s is not None and self._doing.now_s() - due_s > LATE_S
        try:
            # What nobody is there to be told is in doubt where the claim is.
            with suppress(SaveFailed):
                await RowSession(self._doing, self._base, dealt.turn, dealt.standing).run(due_s, late)
        finally:
            self._end(dealt)

    async def _drop(self, dealt: Dealt, due_s: float | None) -> None:
        try:
            with suppress(SaveFailed):
                await drop_session(self._doing, dealt.turn, dealt.standing, due_s)
        finally:
            self._end(dealt)

    def _settle(self) -> None:
        """Tell that no more go on than may."""
        if self._share != self._settled and self._going <= self._share:
            self._settled = self._share
            self._channel.post(messages.up(messages.Settled(self._share)))

    def _end(self, dealt: Dealt) -> None:
        self._going -= 1
        self._settle()
        self._count += 1
        self._source.forget(dealt.requests)
        if not self._outbox.gone:
            self._outbox.ended(dealt.turn.iteration, dealt.turn.number)
        self._controls.wake()


async def _nobody(result: StepResult) -> None:
    """Who follows the run is elsewhere."""
