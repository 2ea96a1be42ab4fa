"""Streams of events: a list that follows the newest, and the event that was opened below it."""

from __future__ import annotations

import time
from collections import deque
from typing import Final

from textual import getters, on, work
from textual.app import ComposeResult
from textual.message import Message
from textual.selection import Selection
from textual.widgets import Input, Static

from tui_client.model.event_stream import EventStream
from tui_client.model.exchange import BodyContent, BytesBody, TimedContent
from tui_client.text import format_bytes, format_count, format_duration_ms, hidden, safe
from tui_client.tui.panels.response_viewer.pages import Page
from tui_client.tui.panels.response_viewer.reading import Reading
from tui_client.tui.widgets.body_rows import COPY_LIMIT, BodyDocument
from tui_client.tui.widgets.body_view import BodyView
from tui_client.tui.widgets.byte_window import PIECE
from tui_client.tui.widgets.events.event_index import EventIndex, Found
from tui_client.tui.widgets.events.event_row import event_row
from tui_client.tui.widgets.events.events_view import EventsView
from tui_client.tui.widgets.events.filtering import filter_of
from tui_client.tui.widgets.events.framing import Framing
from tui_client.tui.widgets.events.ndjson import JSON_LINES, JSON_SEQUENCE
from tui_client.tui.widgets.events.sse import ServerSentEvents
from tui_client.tui.widgets.lexers import Language
from tui_client.tui.widgets.line_input import LineInput
from tui_client.tui.widgets.pretty import AT_ONCE, Refused, pretty, pretty_now
from tui_client.tui.widgets.rows_view import RowsView
from tui_client.tui.widgets.say_line import say_line

_FRAMINGS: Final[dict[EventStream, Framing]] = {
    EventStream.SSE: ServerSentEvents(),
    EventStream.LINES: JSON_LINES,
    EventStream.SEQUENCE: JSON_SEQUENCE,
}
_OPENED_BYTES: Final = 16 << 20  # of one event
_RATED: Final = 30  # looks at the count, some three seconds


class EventsPage(Page):
    """The events of one body. Enter opens the one of the cursor, and goes on to it; moving opens another."""

    DEFAULT_CSS = """
    EventsPage {
        #events-question { height: 1; border: none; padding: 0 1; }
        #event-title { height: 1; padding: 0 1; color: $text-muted; background: $foreground 6%; }
        #event { height: 1fr; }
    }
    """

    events = getters.query_one(EventsView)
    question = getters.query_one("#events-question", Input)
    title = getters.query_one("#event-title", Static)
    event = getters.query_one("#event", BodyView)

    class _Prepared(Message):
        """An event's data is indented, in the background."""

        def __init__(self, found: Found, document: BodyDocument) -> None:
            super().__init__()
            self.found = found
            self.document = document

    def __init__(self) -> None:
        super().__init__()
        self._content: BodyContent | None = None
        self._framing: Framing = JSON_LINES
        self._growing = False
        self._opened: Found | None = None
        self._counts: deque[tuple[float, int]] = deque(maxlen=_RATED)
        self._asks_line = False
        self._secrets: frozenset[str] = frozenset()

    def compose(self) -> ComposeResult:
        shown, closed = EventsView(), (Static(id="event-title", markup=False), BodyView(id="event"))
        question = LineInput(id="events-question", compact=True)
        for widget in (question, *closed):
            widget.display = False
        shown.secrets = self._secrets
        yield from (question, shown, *closed)

    # What is shown

    def show(self, content: BodyContent, reading: Reading, *, growing: bool) -> None:
        """Show the events of another body, or of the same one that has come to its end."""
        self._growing = growing
        if content is not self._content:
            self._content = content
            self._framing = _FRAMINGS[reading.events or EventStream.LINES]
            self._counts.clear()
            self._close_event()
            self._list("")
        elif not growing:
            self.events.index.end()
        self.grow()

    def hide(self, secrets: frozenset[str]) -> None:
        """Hide these values in the list and in the opened event."""
        self._secrets = secrets
        if self.is_mounted:
            self.events.secrets = secrets
            self.events.refresh()
            self.event.hide(secrets)

    def forget(self) -> None:
        """Let go of the body: its file is gone with the last who holds it."""
        self._content, self._growing = None, False
        if self.is_mounted:
            self._close_event()
            self.event.show(BodyDocument())
            self.events.show(EventIndex(BytesBody(), self._framing), follow=False)

    def _list(self, wanted: str) -> None:
        if self._content is None:
            return
        index = EventIndex(self._content, self._framing, filter_of(wanted))
        if not self._growing:
            index.end()
        self.events.show(index, follow=self._growing)

    def grow(self) -> None:
        """Show what arrived since."""
        self.events.grow()
        if self._growing:
            self._counts.append((time.monotonic(), self.events.index.event_count))
        self._tell()

    @on(EventsView.Changed)
    def _moved(self, event: EventsView.Changed) -> None:
        event.stop()
        if self._opened is not None and self.events.current not in (None, self._opened):
            self._open()
        self._tell()

    @on(RowsView.Changed)
    def _event_moved(self, event: RowsView.Changed) -> None:
        event.stop()

    def _tell(self) -> None:
        self.post_message(self.Changed(self))

    # What it says of itself

    @property
    def remark(self) -> str:
        """How many, how fast, for how long, and whether the newest is followed."""
        index, view = self.events.index, self.events
        count = f"{format_count(index.event_count)}{'' if index.complete or self._growing else '+'} events"
        if index.wanted is not None:
            count = f"{format_count(view.row_count)} of {count}"
        parts = [count]
        if self._growing:
            parts.append("following" if view.following else f"{format_count(view.new_below)} new below, End follows")
        elif index.unfinished_bytes:
            parts.append(f"{format_bytes(index.unfinished_bytes)} of an unfinished one")
        parts += self._pace()
        if self._opened is None and view.row_count:
            parts.append("Enter opens")
        return " · ".join(parts)

    def _pace(self) -> list[str]:
        content = self._content
        if not isinstance(content, TimedContent):
            return []
        if not self._growing:
            return [f"in {_duration(content.arrived_s(content.size))}"]
        elapsed = _duration(content.age_s)
        if len(self._counts) < 2:
            return [elapsed]
        (begin, before), (end, after) = self._counts[0], self._counts[-1]
        return [f"{_rate((after - before) / max(0.001, end - begin))}/s", elapsed]

    def line_text(self) -> str:
        """The data of the cursor's event, safe to print."""
        found = self.events.current
        return "" if found is None else safe(self._data(found).decode("utf-8", "replace")[:COPY_LIMIT])

    def all_text(self) -> str:
        """The opened event, else the data of all that are listed, as much as a clipboard takes."""
        if self._opened is not None:
            selected = self.event.get_selection(Selection(None, None))
            return selected[0] if selected else ""
        index, parts, room = self.events.index, [], COPY_LIMIT
        for number in range(index.row_count):
            parts.append(event_row(index, index.row(number), self._secrets).data)
            room -= len(parts[-1]) + 1
            if room <= 0:
                break
        return "\n".join(parts)[:COPY_LIMIT]

    def focus_inside(self) -> None:
        """Put the keyboard into the list."""
        self.events.focus()

    # One event

    def _data(self, found: Found) -> bytes:
        data = self._framing.parse(self.events.index.data(found.frame, _OPENED_BYTES)).data
        return hidden(data, self._secrets)

    @on(EventsView.Opened)
    def _open_or_enter(self, event: EventsView.Opened) -> None:
        event.stop()
        if self._opened is not None and self._opened == self.events.current:
            self.event.focus()
        else:
            self._open()

    def _open(self) -> None:
        found = self.events.current
        if found is None:
            return
        self._opened = found
        self.title.display = self.event.display = True
        say_line(self.title, self._title(found))
        data = BytesBody(self._data(found))
        if data.size > AT_ONCE:
            self.event.show(BodyDocument(data))
            self._prepare(found, data)
            return
        formatted = pretty_now(data)
        self.event.show(BodyDocument(data) if isinstance(formatted, Refused) else _json(formatted.content))

    def _title(self, found: Found) -> str:
        row = event_row(self.events.index, found)
        size = found.frame.end - found.frame.start
        retry_ms = self._framing.parse(self.events.index.data(found.frame, PIECE)).retry_ms
        parts = [f"event {format_count(row.number)}", row.type, row.id and f"id {row.id}", row.time, format_bytes(size)]
        if size > _OPENED_BYTES:
            parts.append(f"the first {format_bytes(_OPENED_BYTES)}")
        if retry_ms is not None:
            parts.append(f"asks for {format_duration_ms(retry_ms)} before a retry")
        return " · ".join(part for part in parts if part)

    @work(exclusive=True, group="prepare", description="prepare an event")
    async def _prepare(self, found: Found, data: BytesBody) -> None:
        formatted = await pretty(data)
        if not isinstance(formatted, Refused):
            self.post_message(self._Prepared(found, _json(formatted.content)))

    @on(_Prepared)
    def _show_prepared(self, event: _Prepared) -> None:
        event.stop()
        if event.found == self._opened:
            self.event.show(event.document)

    def _close_event(self) -> None:
        self._opened = None
        self.title.display = self.event.display = False

    # Asking

    def ask(self, what: str) -> bool:
        """Ask for words that events must have, or for the number of one ("line")."""
        self._asks_line = what == "line"
        self.question.placeholder = "number of an event" if self._asks_line else "words, type:NAME"
        if self._asks_line:
            with self.question.prevent(Input.Changed):
                self.question.value = ""
        self.question.display = True
        self.screen.set_focus(self.question)
        return True

    @on(Input.Changed, "#events-question")
    def _filter(self, event: Input.Changed) -> None:
        event.stop()
        if not self._asks_line:
            self._list(event.value)

    @on(Input.Submitted, "#events-question")
    def _answer(self, event: Input.Submitted) -> None:
        event.stop()
        if self._asks_line:
            self.question.display = False
            if event.value.strip().isdecimal():
                self._go_to(int(event.value))
        self.events.focus()

    def _go_to(self, number: int) -> None:
        self.events.move_to(self.events.index.row_of(number))

    def step(self, by: int) -> None:
        """Go to the next event that is listed, or to one before."""
        self.events.action_cursor(by)

    def close(self) -> bool:
        """Close the question, else the event that is open, else end the filter; False where there is none of these."""
        if self.question.has_focus and self._asks_line:
            self.question.display = False
        elif self._opened is not None and not self.question.has_focus:
            self._close_event()
        elif self.question.display or self.events.index.wanted is not None:
            self._end_filter()
        else:
            return False
        self.events.focus()
        return True

    def _end_filter(self) -> None:
        with self.question.prevent(Input.Changed):
            self.question.value = ""
        self.question.display = False
        if self.events.index.wanted is not None:
            self._list("")


def _json(content: BodyContent) -> BodyDocument:
    return BodyDocument(content, Language.JSON)


def _duration(seconds: float) -> str:
    # Milliseconds would flicker while it runs.
    return f"{seconds:.1f} s" if seconds < 60 else format_duration_ms(seconds * 1000)


def _rate(per_second: float) -> str:
    return f"{per_second:,.0f}" if per_second >= 10 else f"{per_second:.1f}"
