"""Where the events of a stream are, found piece by piece: a state is kept of each piece, events are found again."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Sequence
from typing import Final, NamedTuple

from tui_client.model.exchange import BodyContent
from tui_client.tui.widgets.byte_window import PIECE, ByteWindow
from tui_client.tui.widgets.events.filtering import EventFilter
from tui_client.tui.widgets.events.framing import Frame, Framing, State

SEARCHED_BYTES: Final = 1 << 20  # of one event
_KEPT: Final = 48


class Found(NamedTuple):
    """An event: where it is, and its number in the stream, from 1."""

    frame: Frame
    number: int


class _Piece(NamedTuple):
    """The events that end in one piece and that the filter lets through, and their numbers."""

    frames: list[Frame]
    numbers: Sequence[int]


class EventIndex:
    """Events of a body that may still grow, those that a filter lets through. `extend` looks at one more piece.

    Some 150 bytes are kept for each 64 KiB of the body, whatever the number of events in them.
    """

    def __init__(self, content: BodyContent, framing: Framing, wanted: EventFilter | None = None) -> None:
        self.content = content
        self.framing = framing
        self.wanted = wanted
        self._window = ByteWindow(content)
        self._states = [State()]
        self._rows = array("Q", [0])  # that end before each piece
        self._events = array("Q", [0])
        self._known: OrderedDict[int, _Piece] = OrderedDict()
        # Of the last piece, as far as it is here.
        self._state = State()
        self._live = _Piece([], [])
        self._live_events = 0
        self._tail: Found | None = None
        self._has_tail = False
        self._tailed = -1
        self._ended = False

    @property
    def complete(self) -> bool:
        """Whether all bytes that are there have been looked at."""
        return self._state.offset >= self.content.size and self._tailed == self._state.offset

    @property
    def row_count(self) -> int:
        """Events known so far that the filter lets through."""
        return self._rows[-1] + len(self._live.frames) + (self._tail is not None)

    @property
    def event_count(self) -> int:
        """All events known so far."""
        return self._events[-1] + self._live_events + self._has_tail

    @property
    def unfinished_bytes(self) -> int:
        """How much of an event is here whose end is not."""
        state = self._state
        return state.offset - state.begin if (state.filled or state.head) and not self._has_tail else 0

    def end(self) -> None:
        """No more bytes will come."""
        if not self._ended:
            self._ended, self._tailed = True, -1

    def extend(self) -> None:
        """Look at one more piece: some 64 KiB, about a millisecond."""
        start = self._state.offset
        end = min((start // PIECE + 1) * PIECE, self.content.size)
        if start < end:
            self._state, frames = self.framing.scan(self._state, self._window.read(start, end))
            more = self._through(frames, self.event_count - self._has_tail)
            self._live = _Piece(self._live.frames + more.frames, [*self._live.numbers, *more.numbers])
            self._live_events += len(frames)
            if self._state.offset % PIECE == 0:
                self._next_piece()
        self._look_at_tail()

    def row(self, number: int) -> Found:
        """The event of this row, from 0."""
        if self._tail is not None and number == self.row_count - 1:
            return self._tail
        piece = bisect_right(self._rows, number) - 1
        at = number - self._rows[piece]
        frames, numbers = self._piece(piece)
        return Found(frames[at], numbers[at])

    def row_of(self, event: int) -> int:
        """The row of the event of this number, else of the next one that is let through."""
        piece = min(max(0, bisect_left(self._events, event) - 1), len(self._states) - 1)
        row = self._rows[piece] + bisect_left(self._piece(piece).numbers, event)
        return max(0, min(row, self.row_count - 1))

    def data(self, frame: Frame, most: int) -> bytes:
        """The first bytes of an event."""
        return self._window.read(frame.start, min(frame.end, frame.start + most))

    def _next_piece(self) -> None:
        self._states.append(self._state)
        self._rows.append(self._rows[-1] + len(self._live.frames))
        self._events.append(self._events[-1] + self._live_events)
        self._live, self._live_events = _Piece([], []), 0

    def _look_at_tail(self) -> None:
        if self._state.offset < self.content.size:
            return
        frame = self._frame_of_tail()
        self._tailed = self._state.offset
        self._has_tail = frame is not None
        shown = frame is not None and self._through([frame], 0).frames
        self._tail = Found(frame, self.event_count) if frame is not None and shown else None

    def _frame_of_tail(self) -> Frame | None:
        frame = self.framing.tail(self._state)
        if frame is None or self._ended:
            return frame
        whole = frame.end - frame.start <= SEARCHED_BYTES and self.framing.is_whole(self.data(frame, SEARCHED_BYTES))
        return frame if whole else None

    def _piece(self, number: int) -> _Piece:
        if number >= len(self._states) - 1:
            return self._live
        known = self._known.get(number)
        if known is None:
            data = self._window.read(number * PIECE, (number + 1) * PIECE)
            _, frames = self.framing.scan(self._states[number], data)
            known = self._known[number] = self._through(frames, self._events[number])
            if len(self._known) > _KEPT:
                self._known.popitem(last=False)
        else:
            self._known.move_to_end(number)
        return known

    def _through(self, frames: list[Frame], before: int) -> _Piece:
        wanted = self.wanted
        if wanted is None:
            return _Piece(frames, range(before + 1, before + 1 + len(frames)))
        numbers = [at for at, frame in enumerate(frames) if wanted.lets(self.data(frame, SEARCHED_BYTES), self.framing)]
        return _Piece([frames[at] for at in numbers], [before + 1 + at for at in numbers])
