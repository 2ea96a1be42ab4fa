"""One event as a row of text: number, time, type, id and data, as much as there is room for."""

from __future__ import annotations

from typing import Final, NamedTuple

from tui_client.model.exchange import TimedContent
from tui_client.text import format_duration_ms, hidden, safe_line
from tui_client.tui.widgets.byte_window import PIECE
from tui_client.tui.widgets.events.event_index import EventIndex, Found

_SHOWN_BYTES: Final = 2048  # of the data; no row is wider
_LOOKED_AT: Final = 2 * _SHOWN_BYTES  # a secret may begin among those that are shown
_TIME: Final = 9
_MOST_TYPE: Final = 16
_MOST_ID: Final = 12
_ROOMY: Final = 60  # cells below which a type and an id would leave no room for data


class EventRow(NamedTuple):
    """An event's row, its texts safe to print. time: since the head of the reply, "" where it isn't known."""

    number: int
    time: str
    type: str
    id: str
    data: str


class Columns(NamedTuple):
    """Cells of each column before the data; 0: it is left out."""

    number: int
    time: int
    type: int
    id: int

    @property
    def width(self) -> int:
        """Cells before the data, with a sign before them and a blank behind each."""
        return 1 + sum(cells + 1 for cells in self if cells)


def event_row(index: EventIndex, found: Found, secrets: frozenset[str] = frozenset()) -> EventRow:
    """What to show of an event, these values hidden; only its first 64 KiB are looked at."""
    frame = found.frame
    event = index.framing.parse(index.data(frame, PIECE))
    content = index.content
    # It is here when its last byte is.
    time = format_time(content.arrived_s(frame.end - 1)) if isinstance(content, TimedContent) else ""
    return EventRow(
        found.number,
        time,
        safe_line(event.type[: 2 * _MOST_TYPE]),
        safe_line(frame.id[: 2 * _MOST_ID].decode("utf-8", "replace")),
        safe_line(hidden(event.data[:_LOOKED_AT], secrets)[:_SHOWN_BYTES].decode("utf-8", "replace")),
    )


def format_time(seconds: float) -> str:
    """To the millisecond for a quarter of an hour, "12.345 s", then "1:02:03"."""
    return f"{seconds:.3f} s" if seconds < 1000 else format_duration_ms(seconds * 1000)


def columns_for(width: int, events: int, rows: list[EventRow], before: Columns) -> Columns:
    """Columns for a view of `width` cells; they only get wider, so that they don't jump while one scrolls."""
    number = max(4, len(str(events)), before.number)
    time = _TIME if any(row.time for row in rows) else before.time
    if width < _ROOMY:
        return Columns(number, time, 0, 0)
    kind = min(_MOST_TYPE, max([before.type, *(len(row.type) for row in rows)]))
    return Columns(number, time, kind, min(_MOST_ID, max([before.id, *(len(row.id) for row in rows)])))
