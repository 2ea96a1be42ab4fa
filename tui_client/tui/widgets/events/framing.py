"""What all ways to tell the events of a stream apart have in common."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import msgspec


class Frame(NamedTuple):
    """One event's bytes in the body. `id`: the last id that the stream set up to its end, at most 256 bytes of it."""

    start: int
    end: int
    id: bytes = b""


class State(NamedTuple):
    """A scan that can be continued after byte `offset`; a fixed size, however long an event is.

    begin: where the event under way begins. head: the first bytes of a line that has not ended. filled: there is
    something in the event. after_cr: a line feed would belong to the line before.
    """

    offset: int = 0
    begin: int = 0
    head: bytes = b""
    filled: bool = False
    after_cr: bool = False
    id: bytes = b""


class StreamEvent(msgspec.Struct, frozen=True):
    """One event as its bytes say. type: "" where the format has none. retry_ms: how long to wait before a new try."""

    type: str
    data: bytes
    retry_ms: int | None = None


class Framing(Protocol):
    """A format of streams. Any cut of the bytes gives the same events."""

    typed: bool  # whether its events have types and ids

    def scan(self, state: State, data: bytes) -> tuple[State, list[Frame]]:
        """The events that end in these bytes, which follow those of before."""

    def tail(self, state: State) -> Frame | None:
        """What becomes of the event under way when the stream ends; None: it is left out."""

    def is_whole(self, data: bytes) -> bool:
        """Whether the event under way, of these bytes, can be shown before its end is here."""

    def parse(self, data: bytes) -> StreamEvent:
        """The event of one frame's bytes, or of as many of them as there are."""
