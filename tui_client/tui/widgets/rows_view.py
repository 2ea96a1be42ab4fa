"""Rows of a body of any size, of which only those on the screen are read, decoded, made safe and coloured."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import on, work
from textual.binding import Binding, BindingType
from textual.events import Click
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from tui_client.tui.widgets.body_rows import BodyDocument, ShownRow
from tui_client.tui.widgets.lexers import Token
from tui_client.tui.widgets.row_layout import RowLayout
from tui_client.tui.widgets.row_paint import Range, character_at, in_one_strip, overlay, paint
from tui_client.tui.widgets.scroll_extent import set_extent
from tui_client.tui.widgets.slices import in_slices
from tui_client.tui.widgets.token_colours import token_components, token_css


class RowsView(ScrollView, can_focus=True):
    """Rows of a `BodyDocument`, with a cursor row, wrapping and text selection.

    A position of the scrollbar is a row; when wrapped, that of the top row, which takes as many lines as it needs.
    """

    ALLOW_SELECT = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "cursor(-1)", "Up", show=False),
        Binding("down", "cursor(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home,ctrl+home", "top", "Top", show=False),
        Binding("end,ctrl+end", "bottom", "Bottom", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "body-view--gutter",
        "body-view--cursor",
        *token_components("body-view"),
    }
    DEFAULT_CSS = (
        """
    RowsView {
        height: 1fr;
        color: $text;
        overflow-y: scroll;
        scrollbar-size: 1 1;
        & .body-view--gutter { color: $text-muted; }
        & .body-view--cursor { background: $foreground 8%; }
    """
        + token_css("body-view")
        + "}"
    )

    wrap: reactive[bool] = reactive(True)
    cursor: reactive[int] = reactive(0)

    class Changed(Message):
        """The cursor moved, more rows are known, or more matches were found."""

        def __init__(self, view: RowsView) -> None:
            super().__init__()
            self.view = view

        @property
        def control(self) -> RowsView:
            return self.view

    class _Counted(Message):
        """More rows of these are known."""

        def __init__(self, layout: RowLayout) -> None:
            super().__init__()
            self.layout = layout

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._rows = RowLayout(BodyDocument(), Size(0, 0), wrap=True)
        self._base = self._cursor_base = Style()
        self._tokens: dict[tuple[bool, Token], Style] = {}
        self._styles: dict[str, Style] = {}
        self._widest = 0
        self._wanted: tuple[int, int] | None = None  # bytes at the top of the screen and at the cursor
        self._wanted_line = 0
        self.broken_text = self._follows = self._painting = False
        self._counting: RowLayout | None = None

    # What is shown

    @property
    def document(self) -> BodyDocument:
        """What is shown."""
        return self._rows.rows.document

    @property
    def _room(self) -> Size:
        """What is left beside the scrollbars."""
        return self.scrollable_content_region.size

    @property
    def row_count(self) -> int:
        """Rows known so far."""
        return self._rows.index.row_count

    @property
    def cursor_row(self) -> int:
        """The row of the cursor, where that is known: rows that are cut again or folded may not reach so far, yet."""
        return max(0, min(self.cursor, self.row_count - 1))

    @property
    def complete(self) -> bool:
        """Whether all rows are known."""
        return self._rows.index.complete

    @property
    def line_position(self) -> tuple[int, int]:
        """The line of the cursor, and how many are known."""
        index = self._rows.index
        return (index.row(self.cursor_row).line if self.row_count else 0), index.line_count

    def show(self, document: BodyDocument) -> None:
        """Show another document from its beginning; a selection ends."""
        if self.text_selection:
            self.screen.clear_selection()
        self.broken_text = self._follows = False
        self._wanted_line = 0
        self.set_reactive(RowsView.cursor, 0)
        self._begin(document)
        self.scroll_to(0, 0, animate=False)

    def hide(self, secrets: frozenset[str]) -> None:
        """Hide these values in the text from now on, and no others; all stays in its place."""
        self._rows.hide(secrets)
        self.refresh()

    def grow(self) -> None:
        """Look for bytes that were added to the body since."""
        if not self.complete:
            if not self.row_count:
                self._rows.index.extend()
                self._rows_changed()
            # A count that is under way goes on to what arrived meanwhile; begun anew each time, it would never tell.
            if self._counting is not self._rows:
                self._counting = self._rows
                self._count(self._rows)

    def _layout(self, document: BodyDocument) -> RowLayout:
        """The rows of a document for the room there is."""
        return RowLayout(document, self._room, wrap=self.wrap)

    def _begin(self, document: BodyDocument) -> None:
        self._rows = self._layout(document)
        self._widest = 0
        self._wanted = None
        if document.content.size:
            # The first screen is there at once, the rest is counted in the background.
            self._rows.index.extend()
        self._rows_changed()
        self.grow()

    def _cut_again(self) -> None:
        if not self.row_count:
            self._begin(self.document)
            return
        if self._follows:
            self._begin(self.document)
            return
        index = self._rows.index
        wanted = self._wanted or (
            index.row(min(self.scroll_offset.y, self.row_count - 1)).start,
            index.row(self.cursor_row).start,
        )
        self._begin(self.document)
        self._wanted = wanted
        self._return()

    def _return(self) -> None:
        """Go back to the bytes that were seen before the rows were cut again, once they are counted."""
        index = self._rows.index
        if self._wanted is None or (index.indexed_bytes <= max(self._wanted) and not index.complete):
            return
        top, cursor = self._wanted
        self._wanted = None
        self.scroll_to(0, index.row_at(top), animate=False)
        self.cursor = index.row_at(cursor)
        self._show_cursor()

    @work(exclusive=True, group="count", description="count rows")
    async def _count(self, layout: RowLayout) -> None:
        try:
            async for _ in in_slices(layout.index):
                self.post_message(self._Counted(layout))
        finally:
            if self._counting is layout:
                self._counting = None

    @on(_Counted)
    def _more_rows(self, event: _Counted) -> None:
        event.stop()
        if event.layout is self._rows:
            self._rows_changed()
            self._return()
            if self._wanted_line:
                self.go_to_line(self._wanted_line)

    def _rows_changed(self) -> None:
        layout = self._rows
        height = layout.last_top + layout.size.height if layout.wrap else self.row_count
        width = 1 if layout.wrap else layout.gutter + self._widest
        set_extent(self, Size(width, max(height, 1)))
        if self._follows:
            self.action_bottom()
        self.refresh()
        self.post_message(self.Changed(self))

    # Painting

    def render_lines(self, crop: Region) -> list[Strip]:
        """Some lines of the screen; what they share is worked out once."""
        self._mix_styles()
        self._painting = True
        try:
            return super().render_lines(crop)
        finally:
            self._painting = False

    def _mix_styles(self) -> None:
        self._base = self.rich_style
        self._cursor_base = self.get_component_rich_style("body-view--cursor")
        self._tokens = {
            (on_cursor, token): base + self._style(token)
            for on_cursor, base in ((False, self._base), (True, self._cursor_base))
            for token in Token
        }

    def render_line(self, y: int) -> Strip:
        """One line of the screen; asked for alone, as where the mouse is, it knows where its characters stand."""
        if not self._painting:
            self._mix_styles()
        layout, base = self._rows, self._base
        if layout.wrap:
            lines = layout.seen(self.scroll_offset.y)
            if y >= len(lines):
                return Strip.blank(self.size.width, base)
            number, part = lines[y]
            return self._strip(number, part, first=part[0] == 0)
        number = self.scroll_offset.y + y
        if number >= self.row_count:
            return Strip.blank(self.size.width, base)
        text = layout.rows.shown(number).text
        left = self.scroll_offset.x
        self._saw(cell_len(text))
        return self._strip(number, (character_at(text, left), character_at(text, left + layout.text_width)), first=True)

    def _saw(self, width: int) -> None:
        if width > self._widest:
            self._widest = width
            self.call_later(self._rows_changed)

    def _strip(self, number: int, part: Range, *, first: bool) -> Strip:
        shown = self._rows.rows.shown(number)
        self.broken_text = self.broken_text or shown.broken
        on_cursor = number == self.cursor_row
        base = self._cursor_base if on_cursor else self._base
        styled = ((start, end, self._tokens[on_cursor, token]) for start, end, token in shown.spans)
        segments = paint(shown.text, part, base, styled)
        for chosen, style in self._marks(number, shown):
            segments = overlay(segments, [chosen], style, offset=part[0])
        if (selection := self.text_selection) and (span := selection.get_span(number)):
            chosen = span[0], len(shown.text) if span[1] == -1 else span[1]
            style = self.screen.get_component_rich_style("screen--selection")
            segments = overlay(segments, [chosen], style, offset=part[0])
        margin = self._margin(number, shown, first=first)
        offset = None if self._painting else (part[0], number)
        return in_one_strip(margin, segments, self._rows.text_width, base, offset)

    def notify_style_update(self) -> None:
        """Colours change with the theme."""
        super().notify_style_update()
        self._styles.clear()

    def _style(self, name: str, *, over: bool = False) -> Style:
        """A component's own part of a style; `over` text it brings a background, else a colour.

        Both are taken from the whole style, where transparent colours have been mixed with those beneath.
        """
        if name not in self._styles:
            component = f"body-view--{name}"
            whole = self.get_component_rich_style(component)
            mixed = Style(bgcolor=whole.bgcolor) if over else Style(color=whole.color)
            self._styles[name] = self.get_component_rich_style(component, partial=True) + mixed
        return self._styles[name]

    def _marks(self, number: int, shown: ShownRow) -> list[tuple[Range, Style]]:
        """Styles to lay over some characters of a row."""
        return []

    def _margin(self, number: int, shown: ShownRow, *, first: bool) -> Segment:
        if self.document.hex:
            label = f"{shown.row.start:08x}"
        else:
            label = str(shown.row.line) if first and not shown.row.continued else "↪"
        sign = "›" if number == self.cursor_row and first else " "
        marks = self._rows.marks
        mark = self._mark(number, shown)[:marks] if first else ""
        text = f"{sign}{label:>{self._rows.gutter - 2 - marks}}{mark:{marks}} "
        return Segment(text, self._base + self._style("gutter"))

    def _mark(self, number: int, shown: ShownRow) -> str:
        """A sign after a row's number, where the layout leaves room for `marks`."""
        return ""

    # Moving

    def action_cursor(self, rows: int) -> None:
        """Move the cursor by some rows."""
        self.cursor = self.cursor_row + rows

    def action_page(self, pages: int) -> None:
        """Move the cursor by as many rows as are seen."""
        seen = self._room.height
        if self._rows.wrap:
            seen = len({number for number, _ in self._rows.seen(self.scroll_offset.y)})
        self.cursor = self.cursor_row + pages * max(1, seen - 1)

    def action_top(self) -> None:
        """Go to the first row."""
        self.cursor = 0

    def action_bottom(self) -> None:
        """Go to the last row, and on to those that come, until the cursor is moved or the view is scrolled up."""
        self.cursor = self.row_count
        self._follows = True

    def go_to_line(self, line: int) -> None:
        """Go to this line, from 1, once it is counted; too far goes to the end."""
        index = self._rows.index
        self.cursor = index.row_of_line(line) if self.row_count else 0
        self._wanted_line = 0 if index.complete or line < index.line_count else line

    def validate_cursor(self, cursor: int) -> int:
        return max(0, min(cursor, self.row_count - 1))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Who scrolls up wants to look at something, while more comes."""
        super().watch_scroll_y(old_value, new_value)
        if new_value < old_value and round(new_value) < self.max_scroll_y:
            self._follows = False

    def watch_cursor(self) -> None:
        # Whoever moves it wants no place that is still looked for.
        self._follows, self._wanted, self._wanted_line = False, None, 0
        self._show_cursor()
        self.refresh()
        self.post_message(self.Changed(self))

    def _show_cursor(self) -> None:
        if not self.row_count:
            return
        top = self.scroll_offset.y
        if self.cursor_row < top:
            self.scroll_to(None, self.cursor_row, animate=False)
        elif (lowest := self._rows.top_for(self.cursor_row)) > top:
            self.scroll_to(None, lowest, animate=False)

    def watch_wrap(self) -> None:
        if self.is_mounted:
            self._cut_again()

    def on_resize(self) -> None:
        """Rows are cut anew for another width; another height, as of a line that opens below, leaves them."""
        if self._room.width != self._rows.size.width:
            self._cut_again()
        elif self._room.height != self._rows.size.height:
            self._rows.grow_to(self._room)
            self._rows_changed()
            self._show_cursor()

    def on_click(self, event: Click) -> None:
        """The cursor goes to the row that was clicked."""
        lines = self._rows.seen(self.scroll_offset.y) if self._rows.wrap else []
        self.cursor = lines[event.y][0] if event.y < len(lines) else self.scroll_offset.y + event.y

    # Copying

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The selected text, safe to print, cut at some 256,000 characters."""
        return self._rows.rows.selected(selection), "\n"

    def line_text(self) -> str:
        """The row of the cursor, safe to print."""
        return self._rows.rows.shown(self.cursor_row).text if self.row_count else ""
