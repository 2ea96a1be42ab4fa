"""A tree as rows: any number of them, and only those on the screen are drawn."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

import msgspec
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


class RowState(StrEnum):
    """What kind of row it is; each has a sign of its own."""

    OPEN = "open"
    CLOSED = "closed"
    LEAF = "leaf"
    BROKEN = "broken"


class OutlineRow(msgspec.Struct, frozen=True):
    """One row. badge: the method. mark: "*" for a draft. note: right-aligned, the status or the reason."""

    id: str
    label: str
    depth: int = 0
    state: RowState = RowState.LEAF
    badge: str = ""
    mark: str = ""
    note: str = ""


class Outline(ScrollView, can_focus=True):
    """A virtual tree. It shows `rows` as given and posts what the user wants; the owner changes the rows."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home", "move(-1000000)", "First", show=False),
        Binding("end", "move(1000000)", "Last", show=False),
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
    }
    DEFAULT_CSS = """
    Outline {
        height: 1fr; scrollbar-size-horizontal: 0;
        .outline--badge { color: $text-primary; text-style: bold; }
        .outline--broken { color: $text-error; }
        .outline--folder { color: $text-secondary; }
        .outline--note { color: $text-muted; }
        .outline--note-bad { color: $text-error; }
        .outline--cursor { background: $block-cursor-blurred-background; }
        &:focus .outline--cursor { background: $primary 40%; text-style: bold; }
    }
    """

    rows: reactive[tuple[OutlineRow, ...]] = reactive((), layout=False)
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

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._strips: LRUCache[tuple[object, ...], Strip] = LRUCache(512)
        self._seen: tuple[str, ...] = ()

    @property
    def current(self) -> OutlineRow | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if 0 <= self.cursor < len(self.rows) else None

    def visible_ids(self) -> tuple[str, ...]:
        """The ids of the rows that are on the screen."""
        top = self.scroll_offset.y
        return tuple(row.id for row in self.rows[top : top + max(1, self.size.height)])

    def watch_rows(self) -> None:
        """Keep the cursor inside, and the height that the rows need."""
        self.cursor = max(0, min(self.cursor, len(self.rows) - 1))
        self.virtual_size = Size(self.size.width, len(self.rows))
        self._tell_seen()
        self.refresh()

    def watch_cursor(self) -> None:
        """Bring the cursor into view."""
        self.scroll_to_region(Region(0, self.cursor, 1, 1), animate=False, force=True)
        self.refresh()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Tell which rows came into view."""
        super().watch_scroll_y(old_value, new_value)
        self._tell_seen()

    def on_resize(self, event: events.Resize) -> None:
        """Rows are as wide as the widget."""
        self.virtual_size = Size(event.size.width, len(self.rows))
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
        index, width = y + self.scroll_offset.y, self.size.width
        if index >= len(self.rows):
            return Strip.blank(width, self.rich_style)
        row, current = self.rows[index], index == self.cursor
        key = (row, current, width, self.has_focus)
        if (strip := self._strips.get(key)) is None:
            strip = self._strips[key] = self._draw(row, current, width)
        return strip

    def _draw(self, row: OutlineRow, current: bool, width: int) -> Strip:
        base = self.rich_style
        if current:
            base += self.get_component_rich_style("outline--cursor")
        left = self._left(row, base)
        used = sum(segment.cell_length for segment in left)
        note = safe_line(row.note)
        room = width - used - len(note) - 2
        if note and room >= 0:
            bad = row.state is RowState.BROKEN or not note.startswith(("1", "2", "3"))
            style = base + self.get_component_rich_style("outline--note-bad" if bad else "outline--note")
            left += [Segment(" " * (room + 1), base), Segment(note, style)]
        strip = Strip(left)
        return _fit(strip, width, base)

    def _left(self, row: OutlineRow, base: Style) -> list[Segment]:
        signs = {RowState.OPEN: "▾ ", RowState.CLOSED: "▸ ", RowState.LEAF: "  ", RowState.BROKEN: "! "}
        part = {RowState.BROKEN: "outline--broken", RowState.LEAF: ""}.get(row.state, "outline--folder")
        style = base + self.get_component_rich_style(part) if part else base
        segments = [Segment("  " * row.depth + signs[row.state], style)]
        if row.badge:
            badge = base + self.get_component_rich_style("outline--badge")
            segments.append(Segment(f"{safe_line(row.badge)[:6]:<4} ", badge))
        return [*segments, Segment(safe_line(row.label) + row.mark, style)]

    def on_click(self, event: events.Click) -> None:
        """Choose the row under the mouse."""
        index = event.get_content_offset_capture(self).y + self.scroll_offset.y
        if index < len(self.rows):
            self.cursor = index
            self.action_choose()

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        self.cursor = max(0, min(self.cursor + by, len(self.rows) - 1))

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
        elif fold:
            above = [i for i in range(self.cursor) if self.rows[i].depth < row.depth]
            self.cursor = above[-1] if above else self.cursor


def _fit(strip: Strip, width: int, style: Style) -> Strip:
    """Exactly `width` cells; what is cut ends in an ellipsis."""
    if strip.cell_length <= width:
        return strip.extend_cell_length(width, style)
    return Strip([*strip.crop(0, max(0, width - 1)), Segment("…", style)], width)
