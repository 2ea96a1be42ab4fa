"""The events of a stream as rows; the newest is followed until the user looks at another one."""

from __future__ import annotations

from typing import ClassVar, Final

from rich.cells import set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import on, work
from textual.binding import Binding, BindingType
from textual.events import Click
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui_client.model.exchange import BytesBody
from tui_client.tui.widgets.events.event_index import EventIndex, Found
from tui_client.tui.widgets.events.event_row import Columns, EventRow, columns_for, event_row
from tui_client.tui.widgets.events.ndjson import JSON_LINES
from tui_client.tui.widgets.lexers import Language, spans
from tui_client.tui.widgets.row_paint import paint
from tui_client.tui.widgets.scroll_extent import set_extent
from tui_client.tui.widgets.slices import in_slices
from tui_client.tui.widgets.token_colours import token_components, token_css

_NO_COLUMNS: Final = Columns(0, 0, 0, 0)


class EventsView(ScrollView, can_focus=True):
    """Rows of an `EventIndex`, each made when it is drawn, with a cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "cursor(-1)", "Up", show=False),
        Binding("down", "cursor(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home,ctrl+home", "top", "Top", show=False),
        Binding("end,ctrl+end", "follow", "Newest", show=False),
        Binding("enter", "open", "Open", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "events-view--gutter",
        "events-view--type",
        "events-view--cursor",
        *token_components("events-view"),
    }
    DEFAULT_CSS = (
        """
    EventsView {
        height: 1fr;
        color: $text;
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size: 1 1;
        & .events-view--gutter { color: $text-muted; }
        & .events-view--type { color: $text-primary; }
        & .events-view--cursor { background: $foreground 8%; }
    """
        + token_css("events-view")
        + "}"
    )

    cursor: reactive[int] = reactive(0)

    class Changed(Message):
        """The cursor moved, more events are known, or following began or ended."""

    class Opened(Message):
        """The user wants to see the event of the cursor."""

    class _Indexed(Message):
        """More events of this index are known."""

        def __init__(self, index: EventIndex) -> None:
            super().__init__()
            self.index = index

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.index = EventIndex(BytesBody(), JSON_LINES)
        self.following = False
        self._looking: EventIndex | None = None
        self._left_at = 0
        self._columns = _NO_COLUMNS
        self._base = self._cursor_base = Style()

    # What is shown

    @property
    def row_count(self) -> int:
        """Events that are listed."""
        return self.index.row_count

    @property
    def new_below(self) -> int:
        """Events that came since the user stopped following."""
        return 0 if self.following else max(0, self.row_count - self._left_at)

    @property
    def current(self) -> Found | None:
        """The event of the cursor."""
        return self.index.row(self.cursor) if self.cursor < self.row_count else None

    def show(self, index: EventIndex, *, follow: bool) -> None:
        """Show other events, from the first or from the newest on."""
        self.index = index
        self.following = follow
        self._left_at = 0
        self._columns = _NO_COLUMNS
        self.set_reactive(EventsView.cursor, 0)
        if index.content.size:
            index.extend()
        self._rows_changed()
        if not follow:
            self.scroll_to(0, 0, animate=False)
        self.grow()

    def grow(self) -> None:
        """Look for events in what arrived since."""
        index = self.index
        if not index.complete:
            index.extend()
            self._rows_changed()
        # One that is under way goes on to what arrived meanwhile.
        if not index.complete and self._looking is not index:
            self._looking = index
            self._look(index)

    @work(exclusive=True, group="index", description="find events")
    async def _look(self, index: EventIndex) -> None:
        try:
            async for _ in in_slices(index):
                self.post_message(self._Indexed(index))
        finally:
            if self._looking is index:
                self._looking = None

    @on(_Indexed)
    def _more_events(self, event: _Indexed) -> None:
        event.stop()
        if event.index is self.index:
            self._rows_changed()

    def _rows_changed(self) -> None:
        set_extent(self, Size(1, max(1, self.row_count)))
        if self.following:
            self._go_to_newest()
        self.refresh()
        self.post_message(self.Changed())

    def _go_to_newest(self) -> None:
        self.cursor = self.row_count - 1
        self.scroll_to(0, max(0, self.row_count - self.size.height), animate=False)

    # Painting

    def render_lines(self, crop: Region) -> list[Strip]:
        """Some lines of the screen; the columns fit all that are seen."""
        top = self.scroll_offset.y
        self._base = self.rich_style
        self._cursor_base = self.get_component_rich_style("events-view--cursor")
        last = min(self.row_count, top + self.size.height)
        self._rows = [event_row(self.index, self.index.row(number), self.secrets) for number in range(top, last)]
        self._columns = columns_for(self.size.width, self.index.event_count, self._rows, self._columns)
        return super().render_lines(crop)

    secrets: frozenset[str] = frozenset()  # hidden in the rows
    _rows: list[EventRow] = []  # noqa: RUF012 - replaced, never changed

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        if y >= len(self._rows):
            return Strip.blank(self.size.width, self._base)
        return self._strip(self._rows[y], on_cursor=self.scroll_offset.y + y == self.cursor)

    def _strip(self, row: EventRow, *, on_cursor: bool) -> Strip:
        base = self._cursor_base if on_cursor else self._base
        gutter, kind = base + self._style("gutter"), base + self._style("type")
        columns = self._columns
        line = [Segment(f"{'›' if on_cursor else ' '}{row.number:>{columns.number}} ", gutter)]
        if columns.time:
            line.append(Segment(f"{row.time:>{columns.time}} ", gutter))
        for text, cells, style in ((row.type, columns.type, kind), (row.id, columns.id, gutter)):
            if cells:
                line.append(Segment(set_cell_size(text, cells) + " ", style))
        room = max(0, self.size.width - columns.width)
        language = Language.JSON if row.data[:1] in ("{", "[") else Language.PLAIN
        styled = ((start, end, base + self._style(token)) for start, end, token in spans(row.data[:room], language))
        line += paint(row.data, (0, min(room, len(row.data))), base, styled)
        return Strip(line).adjust_cell_length(self.size.width, base)

    def _style(self, name: str) -> Style:
        whole = self.get_component_rich_style(f"events-view--{name}")
        return Style(color=whole.color, bold=whole.bold)

    # Moving

    def validate_cursor(self, cursor: int) -> int:
        return max(0, min(cursor, self.row_count - 1))

    def watch_cursor(self) -> None:
        self.refresh()
        self.post_message(self.Changed())

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Who scrolls up wants to look at something, while more comes."""
        super().watch_scroll_y(old_value, new_value)
        if self.following and new_value < old_value and round(new_value) < self.max_scroll_y:
            self._follow(follow=False)

    def move_to(self, row: int) -> None:
        """Put the cursor there; on the last row it follows what comes."""
        self.cursor = row
        self._follow(follow=self.cursor == self.row_count - 1)
        self._show_cursor()

    def _show_cursor(self) -> None:
        top, height = self.scroll_offset.y, max(1, self.size.height)
        self.scroll_to(None, max(min(top, self.cursor), self.cursor - height + 1), animate=False)

    def on_resize(self) -> None:
        """What the user looks at stays in sight."""
        self._show_cursor()

    def _follow(self, *, follow: bool) -> None:
        if self.following and not follow:
            self._left_at = self.row_count
        self.following = follow
        self.post_message(self.Changed())

    def action_cursor(self, rows: int) -> None:
        """Move the cursor by some events."""
        self.move_to(self.cursor + rows)

    def action_page(self, pages: int) -> None:
        """Move the cursor by as many events as are seen."""
        self.move_to(self.cursor + pages * max(1, self.size.height - 1))

    def action_top(self) -> None:
        """Go to the first event."""
        self.move_to(0)

    def action_follow(self) -> None:
        """Go to the newest event, and on to those that come."""
        self._follow(follow=True)
        self._go_to_newest()

    def action_open(self) -> None:
        """Ask for the event of the cursor."""
        if self.current is not None:
            self.post_message(self.Opened())

    def on_click(self, event: Click) -> None:
        """The cursor goes to the event that was clicked; a second click opens it."""
        row = self.scroll_offset.y + event.y
        if row >= self.row_count:
            return
        if event.chain > 1:
            self.action_open()
        else:
            self.move_to(row)
