"""A tree as rows: any number of them, and only those on the screen are made and drawn."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar, Final, Protocol

import msgspec
from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.cache import LRUCache
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui_client.text import safe_line
from tui_client.tui.widgets.scroll_extent import set_extent

# Methods up to this long ("OPTIONS") are shown whole.
_BADGE_CELLS: Final = 7


class RowState(StrEnum):
    """What kind of row it is; each has a sign of its own."""

    OPEN = "open"
    CLOSED = "closed"
    LEAF = "leaf"
    BROKEN = "broken"
    PASSED = "passed"
    FAILED = "failed"
    ERRORED = "errored"
    SKIPPED = "skipped"


_SIGNS: Final = {
    RowState.OPEN: "▾ ",
    RowState.CLOSED: "▸ ",
    RowState.LEAF: "  ",
    RowState.BROKEN: "! ",
    RowState.PASSED: "✓ ",
    RowState.FAILED: "✗ ",
    RowState.ERRORED: "⚠ ",
    RowState.SKIPPED: "– ",
}
_PARTS: Final = {
    RowState.OPEN: "outline--folder",
    RowState.CLOSED: "outline--folder",
    RowState.BROKEN: "outline--broken",
    RowState.FAILED: "outline--broken",
    RowState.ERRORED: "outline--warning",
    RowState.SKIPPED: "outline--note",
}


class OutlineRow(msgspec.Struct, frozen=True):
    """One row. badge: the method. mark: "*" for a draft. note: right-aligned, the status or the reason."""

    id: str
    label: str
    depth: int = 0
    state: RowState = RowState.LEAF
    badge: str = ""
    mark: str = ""
    note: str = ""


class Rows(Protocol):
    """Any number of rows; each is made when it is drawn."""

    def __len__(self) -> int: ...

    def __getitem__(self, index: int) -> OutlineRow: ...

    def place(self, id_: str) -> int | None:
        """Where the row with this id stands; None if it is gone."""


class RowList:
    """Rows that are made already."""

    def __init__(self, rows: tuple[OutlineRow, ...] = ()) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, index: int) -> OutlineRow:
        return self._rows[index]

    def place(self, id_: str) -> int | None:
        """Where the row with this id stands; None if it is gone."""
        return next((index for index, row in enumerate(self._rows) if row.id == id_), None)


class Outline(ScrollView, can_focus=True):
    """A virtual tree. It shows `rows` as given and posts what the user wants; the owner changes the rows.

    The cursor stays on its row, by id, when the rows change. With `follows`, a cursor on the last row stays on the
    last one as rows come in.
    """

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home", "first", "First", show=False),
        Binding("end", "last", "Last", show=False),
        Binding("enter", "choose", "Open", show=False),
        Binding("space", "choose", "Open", show=False),
        Binding("left", "fold(True)", "Fold", show=False),
        Binding("right", "fold(False)", "Unfold", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "outline--badge",
        "outline--broken",
        "outline--cursor",
        "outline--folder",
        "outline--note",
        "outline--note-bad",
        "outline--warning",
    }
    DEFAULT_CSS = """
    Outline {
        height: 1fr; scrollbar-size-horizontal: 0; scrollbar-size-vertical: 1;
        .outline--badge { color: $text-primary; text-style: bold; }
        .outline--broken { color: $text-error; }
        .outline--warning { color: $text-warning; }
        .outline--folder { color: $text-secondary; }
        .outline--note { color: $text-muted; }
        .outline--note-bad { color: $text-error; }
        .outline--cursor { background: $block-cursor-blurred-background; }
        &:focus .outline--cursor { background: $primary 40%; text-style: bold; }
    }
    """

    rows: reactive[Rows] = reactive(RowList, layout=False)
    cursor: reactive[int] = reactive(0)

    class Chosen(Message):
        """Enter or a click on a row."""

        def __init__(self, row: OutlineRow) -> None:
            super().__init__()
            self.row = row

    class FoldRequested(Message):
        """A folder should be folded, or unfolded."""

        def __init__(self, row: OutlineRow, fold: bool) -> None:
            super().__init__()
            self.row = row
            self.fold = fold

    class Seen(Message):
        """Other rows are on the screen now; their details may be wanted."""

        def __init__(self, ids: tuple[str, ...]) -> None:
            super().__init__()
            self.ids = ids

    def __init__(self, *, follows: bool = False, id: str | None = None) -> None:
        super().__init__(id=id)
        self._follows = follows
        self._strips: LRUCache[tuple[object, ...], Strip] = LRUCache(512)
        self._seen: tuple[str, ...] = ()

    @property
    def current(self) -> OutlineRow | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if 0 <= self.cursor < len(self.rows) else None

    def visible_ids(self) -> tuple[str, ...]:
        """The ids of the rows that are on the screen."""
        top = self.scroll_offset.y
        end = min(len(self.rows), top + max(1, self.size.height))
        return tuple(self.rows[index].id for index in range(top, end))

    def watch_rows(self, old: Rows, new: Rows) -> None:
        """Keep the cursor on its row, at its place on the screen, and the height that the rows need."""
        place = self._place_after(old, new)
        extent = Size(self.scrollable_content_region.width, len(new))
        if self.is_mounted and not self.styles.is_auto_height:
            set_extent(self, extent)
        else:
            self.virtual_size = extent
        if (moved := place - self.cursor) != 0:
            self.set_reactive(Outline.cursor, place)
            self.scroll_to(y=self.scroll_y + moved, animate=False, force=True, immediate=True)
            self._show_cursor()
        self._tell_seen()
        self.refresh()

    def _place_after(self, old: Rows, new: Rows) -> int:
        last = len(new) - 1
        if not len(old) or last < 0:
            return max(0, last) if self._follows else 0
        if self._follows and self.cursor >= len(old) - 1:
            return last
        id_ = old[min(self.cursor, len(old) - 1)].id
        if self.cursor <= last and new[self.cursor].id == id_:
            return self.cursor
        place = new.place(id_)
        return min(self.cursor, last) if place is None else place

    def watch_cursor(self) -> None:
        """Bring the cursor into view."""
        self._show_cursor()
        self.refresh()

    def _show_cursor(self) -> None:
        region = Region(0, self.cursor, 1, 1)
        self.scroll_to_region(region, animate=False, force=True, immediate=True, x_axis=False)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Tell which rows came into view."""
        super().watch_scroll_y(old_value, new_value)
        self._tell_seen()

    def on_resize(self, event: events.Resize) -> None:
        """Rows are as wide as the widget; the cursor stays in view."""
        self.virtual_size = Size(self.scrollable_content_region.width, len(self.rows))
        self._show_cursor()
        self._tell_seen()

    def notify_style_update(self) -> None:
        """Another theme: draw again."""
        super().notify_style_update()
        self._strips.clear()

    def _tell_seen(self) -> None:
        ids = self.visible_ids()
        if ids != self._seen:
            self._seen = ids
            self.post_message(self.Seen(ids))

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        index, width = y + self.scroll_offset.y, self.scrollable_content_region.width
        if index >= len(self.rows):
            return Strip.blank(width, self.rich_style)
        row, current = self.rows[index], index == self.cursor
        key = (row, current, width, self.has_focus)
        if (strip := self._strips.get(key)) is None:
            strip = self._strips[key] = self._draw(row, current, width)
        return strip

    def _part(self, name: str) -> Style:
        # Without its background, which would cover that of the cursor.
        style = self.get_component_rich_style(name)
        return Style(color=style.color, bold=style.bold)

    def _draw(self, row: OutlineRow, current: bool, width: int) -> Strip:
        base = self.rich_style
        if current:
            base += self.get_component_rich_style("outline--cursor")
        style = base + self._part(part) if (part := _PARTS.get(row.state)) else base
        segments = [Segment("  " * row.depth + _SIGNS[row.state], style)]
        if row.badge:
            badge = cut(safe_line(row.badge[:_BADGE_CELLS]), _BADGE_CELLS)
            segments.append(Segment(f"{badge:<{_BADGE_CELLS - 1}} ", base + self._part("outline--badge")))
        note = cut(safe_line(row.note[:width]), max(1, width // 2))
        room = width - sum(segment.cell_length for segment in segments) - cell_len(row.mark)
        room -= cell_len(note) + 2 if note else 0
        label = cut(safe_line(row.label[: width + 1]), max(1, room)) + safe_line(row.mark)
        segments.append(Segment(label, style))
        if note:
            bad = row.state is RowState.BROKEN or not note.startswith(("1", "2", "3"))
            gap = width - sum(segment.cell_length for segment in segments) - cell_len(note) - 1
            segments.append(Segment(" " * max(1, gap), base))
            segments.append(Segment(note, base + self._part("outline--note-bad" if bad else "outline--note")))
        return Strip(segments).adjust_cell_length(width, base)

    async def on_click(self, event: events.Click) -> None:
        """Choose the row under the mouse; the second of two quick clicks changes nothing more."""
        index = event.get_content_offset_capture(self).y + self.scroll_offset.y
        if event.chain == 1 and 0 <= index < len(self.rows):
            self.cursor = index
            self.action_choose()

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        self.cursor = max(0, min(self.cursor + by, len(self.rows) - 1))

    def action_first(self) -> None:
        """To the first row."""
        self.action_move(-len(self.rows))

    def action_last(self) -> None:
        """To the last row."""
        self.action_move(len(self.rows))

    def action_page(self, by: int) -> None:
        """Move the cursor by a screenful."""
        self.action_move(by * max(1, self.size.height - 1))

    def action_choose(self) -> None:
        """Open the row under the cursor; a folder folds or unfolds."""
        if (row := self.current) is None:
            return
        if row.state in (RowState.OPEN, RowState.CLOSED):
            self.post_message(self.FoldRequested(row, row.state is RowState.OPEN))
        else:
            self.post_message(self.Chosen(row))

    def action_fold(self, fold: bool) -> None:
        """Fold or unfold; on a row that can't, go to its folder."""
        if (row := self.current) is None:
            return
        if row.state is (RowState.OPEN if fold else RowState.CLOSED):
            self.post_message(self.FoldRequested(row, fold))
        elif fold and row.depth:
            above = (index for index in range(self.cursor - 1, -1, -1) if self.rows[index].depth < row.depth)
            self.cursor = next(above, self.cursor)


def cut(text: str, cells: int) -> str:
    """At most so many cells; what is cut ends in an ellipsis."""
    return text if cell_len(text) <= cells else set_cell_size(text, cells - 1) + "…"
