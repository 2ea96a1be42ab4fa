"""A worker made by hand: it takes part by the real channel, and says what a test wants."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TypeVar, cast

import tui_client
from tui_client.model.exchange import BytesBody, Exchange, Response, SentRequest, Timings
from tui_client.model.step import Replied, StepId, StepResult
from tui_client.replay.engines.dask import channel, messages
from tui_client.replay.engines.dask.messages import Dealt, StepRow
from tui_client.replay.engines.dask.packing import unpack
from tui_client.replay.engines.dask.task import Ticket
from tui_client.replay.journal.codec import STEP_COLUMNS, step_row
from tui_client.replay.record import record_of

Kind = TypeVar("Kind")


class OddWorker:
    """Made by `join`. heard: all that its coordinator told, in order."""

    def __init__(self, link: channel.Channel) -> None:
        self.link = link
        self.heard: list[messages.Down] = []
        self._number = 0

    @classmethod
    async def join(cls, ticket: Ticket, name: str = "odd") -> OddWorker:
        """Connected and welcome."""
        found = cls(await channel.connect(ticket.host, ticket.port, ticket.token))
        found.say(messages.Hello(name, tui_client.__version__, "3", "h", 1))
        await found.hear(messages.Welcome)
        return found

    def say(self, *said: messages.Up) -> None:
        """Post messages at once, one behind the other."""
        for message in said:
            self.link.post(messages.up(message))

    async def hear(self, kind: type[Kind]) -> Kind:
        """The next message of a kind. Raises ChannelClosed."""
        while True:
            message = messages.read_down(await self.link.receive())
            self.heard.append(message)
            if isinstance(message, kind):
                return message

    async def take(self) -> list[Dealt]:
        """Claim the next chunk; its sessions."""
        offered = await self.hear(messages.Offered)
        self.say(messages.Taken(offered.chunk))
        chunk = await self.hear(messages.Chunk)
        return [] if chunk.sessions is None else unpack(chunk.sessions)

    def news(self, **what: object) -> messages.News:
        """The next message about steps."""
        self._number += 1
        return messages.News(self._number, **what)  # type: ignore[arg-type]  # as its fields are named

    async def tell(self, **what: object) -> messages.Noted:
        """Say something about steps; what is answered. Raises ChannelClosed."""
        self.say(self.news(**what))
        return await self.hear(messages.Noted)

    async def gone(self) -> None:
        """Until the coordinator has closed the connection."""
        try:
            while True:
                await self.hear(messages.Enough)
        except channel.ChannelClosed:
            return


def claim_of(dealt: Dealt, *, resendable: bool = True, step: int = 0) -> messages.Claim:
    """That this step of a session is about to be sent."""
    turn = dealt.turn
    return messages.Claim((turn.iteration, turn.number, step), turn.steps[step], resendable)


def row_of(dealt: Dealt, outcome: str = "passed", step: int = 0, **cells: object) -> StepRow:
    """A result as a worker tells it; cells: by the names of the journal's columns, in place of what is usual."""
    turn = dealt.turn
    sent = SentRequest("GET", "http://x/", b"/", ())
    reply = Response(200, "OK", "HTTP/1.1", (), BytesBody(b"{}"))
    place = StepId(turn.number, turn.iteration, step, turn.steps[step])
    replied = Replied(Exchange(sent, reply, Timings(), datetime.now(UTC)))
    result = StepResult(place, replied, 0.1, "GET http://x/", attempts=1)
    usual = dict(zip(STEP_COLUMNS, step_row(result, record_of(result)), strict=True))
    return cast("StepRow", tuple((usual | {"outcome": outcome} | cells).values()))


def kept(dealt: Dealt, outcome: str = "passed", *, carry: bytes | None = None, **more: object) -> messages.Kept:
    """The same as a part of `News`."""
    return messages.Kept(row_of(dealt, outcome, **more), carry)  # type: ignore[arg-type]  # step and cells
