"""Two texts compared, side by side or one under the other; only the rows on the screen are made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Final

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.events import Click
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui_client.replay.comparison.blocks import Kind, Layout
from tui_client.replay.comparison.diff_rows import DiffRows, Line, Row
from tui_client.text import format_bytes, format_count, safe_line
from tui_client.tui.widgets.lexers import Language, spans
from tui_client.tui.widgets.row_paint import Styled, character_at, in_one_strip, overlay, paint
from tui_client.tui.widgets.token_colours import token_components, token_css

_LANGUAGES: Final = {"json": Language.JSON, "markup": Language.MARKUP}
_LEFT_SIGNS: Final = {Kind.CHANGED: "-", Kind.REMOVED: "-", Kind.WRITTEN: "≈", Kind.IGNORED: "·"}
_RIGHT_SIGNS: Final = {Kind.CHANGED: "+", Kind.ADDED: "+", Kind.WRITTEN: "≈", Kind.IGNORED: "·"}
_BACKGROUNDS: Final = frozenset({"cursor", "removed", "added", "removed-part", "added-part", "absent"})
_TAB: Final = 4


class DiffView(ScrollView, can_focus=True):
    """Rows of `DiffRows` with a cursor row, which goes from difference to difference too.

    Both sides scroll sideways together. With `folded`, what is far from a difference is one row that says how much.
    """

    # Of two texts beside each other a selection would take both.
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "cursor(-1)", "Up", show=False),
        Binding("down", "cursor(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home,ctrl+home", "top", "Top", show=False),
        Binding("end,ctrl+end", "bottom", "Bottom", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "diff-view--gutter",
        "diff-view--written",
        "diff-view--ignored",
        "diff-view--hidden",
        *(f"diff-view--{name}" for name in _BACKGROUNDS),
        *token_components("diff-view"),
    }
    DEFAULT_CSS = (
        """
    DiffView {
        height: 1fr;
        color: $text;
        overflow-y: scroll;
        scrollbar-size: 1 1;
        & .diff-view--gutter { color: $text-muted; }
        & .diff-view--cursor { background: $foreground 12%; }
        & .diff-view--absent { background: $foreground 4%; }
        & .diff-view--removed { background: $error 14%; }
        & .diff-view--added { background: $success 14%; }
        & .diff-view--removed-part { background: $error 40%; }
        & .diff-view--added-part { background: $success 40%; }
        & .diff-view--written { color: $text-accent; }
        & .diff-view--ignored { color: $text-muted; text-style: italic; }
        & .diff-view--hidden { color: $text-muted; text-style: italic; }
    """
        + token_css("diff-view")
        + "}"
    )

    arrangement: reactive[Layout] = reactive(Layout.SIDES)
    folded: reactive[bool] = reactive(True)
    cursor: reactive[int] = reactive(0)

    class Moved(Message):
        """The cursor is on another row, or other rows are shown."""

        def __init__(self, view: DiffView) -> None:
            super().__init__()
            self.view = view

        @property
        def control(self) -> DiffView:
            return self.view

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._rows: DiffRows | None = None
        self._language = Language.PLAIN
        self._digits = 1
        self._widest = 0
        self._styles: dict[str, Style] = {}
        self._base = Style()

    # What is shown

    def show(self, rows: DiffRows) -> None:
        """Show another comparison; the cursor goes to its first difference."""
        self._rows = rows
        self._language = _LANGUAGES.get(rows.head.how, Language.PLAIN)
        self._digits = len(str(max(rows.line_counts)))
        self._widest = 0
        self.set_reactive(DiffView.cursor, 0)
        self._resized()
        self.scroll_to(0, 0, animate=False)
        if rows.stop_count:
            self.go_to(0)
        self.post_message(self.Moved(self))

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        return self._rows.count(self.arrangement, folded=self.folded) if self._rows else 0

    def _row(self, at: int) -> Row:
        assert self._rows is not None
        return self._rows.row(self.arrangement, at, folded=self.folded)

    @property
    def _gutter(self) -> int:
        """Cells of a line's number and sign."""
        if self.arrangement is Layout.INLINE:
            return 2 * self._digits + 4
        return self._digits + 3

    @property
    def _room(self) -> int:
        return max(1, self.scrollable_content_region.width)

    @property
    def _widths(self) -> tuple[int, int]:
        """Cells for the text of the left side and of the right one; inline, both are the same room."""
        if self.arrangement is Layout.INLINE:
            width = max(1, self._room - self._gutter)
            return width, width
        left = (self._room - 1) // 2
        return max(1, left - self._gutter), max(1, self._room - 1 - left - self._gutter)

    def _resized(self) -> None:
        self.virtual_size = Size(self._room + max(0, self._widest - min(self._widths)), max(1, self.row_count))
        self.refresh()

    def on_resize(self) -> None:
        """Both sides get their half."""
        self._resized()

    # Differences

    @property
    def _full(self) -> int:
        """The row of the cursor when nothing is hidden."""
        assert self._rows is not None
        return self._rows.full_row(self.arrangement, self.cursor, folded=self.folded)

    @property
    def stop(self) -> int | None:
        """The difference that the cursor is on."""
        if self._rows is None or not self.row_count or self._row(self.cursor).hidden:
            return None
        return self._rows.stop_at(self._full, self.arrangement)

    def step(self, by: int) -> None:
        """To the next difference, or the one before; after the last comes the first."""
        rows = self._rows
        if rows is None or not rows.stop_count:
            return
        # Inside a difference, the one before is not this one.
        here = self.stop
        before = rows.stops_before(self._full, self.arrangement) if here is None else here
        after = before if here is None else here + 1
        self.go_to((after if by > 0 else before - 1) % rows.stop_count)

    def go_to(self, stop: int) -> None:
        """To this difference, with what is around it."""
        assert self._rows is not None
        self._go_to_full(self._rows.stop_row(stop, self.arrangement))

    def _go_to_full(self, full: int) -> None:
        assert self._rows is not None
        self.cursor = self._rows.shown_row(self.arrangement, full, folded=self.folded)
        self._centre()

    def _centre(self) -> None:
        height = self.scrollable_content_region.height
        if not height:
            self.call_after_refresh(self._centre)
        elif not 0 <= self.cursor - self.scroll_offset.y < max(1, height - 2):
            self.scroll_to(None, max(0, self.cursor - height // 3), animate=False)

    def watch_folded(self, before: bool, after: bool) -> None:
        """The cursor stays on what it was on."""
        if rows := self._rows:
            full = rows.full_row(self.arrangement, self.cursor, folded=before)
            self._again(full)

    def watch_arrangement(self, before: Layout, after: Layout) -> None:
        """The cursor stays on what it was on."""
        if rows := self._rows:
            full = rows.full_row(
                before, min(self.cursor, rows.count(before, folded=self.folded) - 1), folded=self.folded
            )
            self._again(rows.moved(max(0, full), before, after))

    def _again(self, full: int) -> None:
        self._resized()
        self._go_to_full(full)
        self.post_message(self.Moved(self))

    # Painting

    def notify_style_update(self) -> None:
        """Colours change with the theme."""
        super().notify_style_update()
        self._styles.clear()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Some lines of the screen."""
        self._base = self.rich_style
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        at = self.scroll_offset.y + y
        if at >= self.row_count:
            return Strip.blank(self.size.width, self._base)
        row = self._row(at)
        on_cursor = at == self.cursor
        if row.hidden:
            return self._hidden(row.hidden, on_cursor)
        if self.arrangement is Layout.INLINE:
            return self._inline(row, at, on_cursor)
        left, right = self._widths
        middle = Segment("│", self._base + self._style("gutter"))
        halves = (
            self._half(row, row.left, "left", left, (at, on_cursor)),
            self._half(row, row.right, "right", right, (at, on_cursor)),
        )
        return Strip.join([halves[0], Strip([middle], 1), halves[1]])

    def _hidden(self, count: int, on_cursor: bool) -> Strip:
        text = f"{'›' if on_cursor else ' '}⋯ {format_count(count)} rows without a difference"
        style = self._line_style("hidden", on_cursor)
        return Strip([Segment(text, style)]).adjust_cell_length(self._room, style)

    def _inline(self, row: Row, at: int, on_cursor: bool) -> Strip:
        numbers = [f"{line.number if line else '':>{self._digits}}" for line in (row.left, row.right)]
        signs = _LEFT_SIGNS if row.left else _RIGHT_SIGNS
        margin = f"{'›' if on_cursor else ' '}{' '.join(numbers)}{signs.get(row.kind, ' ')} "
        side, line = ("left", row.left) if row.right is None else ("right", row.right)
        assert line is not None
        return self._painted(row, line, side, self._widths[0], (margin, at, on_cursor))

    def _half(self, row: Row, line: Line | None, side: str, width: int, cursor: tuple[int, bool]) -> Strip:
        at, on_cursor = cursor
        if line is None:
            style = self._line_style("cursor" if on_cursor else "absent", on_cursor)
            return Strip([Segment(" " * (self._gutter + width), style)])
        sign = (_LEFT_SIGNS if side == "left" else _RIGHT_SIGNS).get(row.kind, " ")
        mark = "›" if on_cursor and (side == "left" or row.left is None) else " "
        margin = f"{mark}{line.number:>{self._digits}}{sign} "
        return self._painted(row, line, side, width, (margin, at, on_cursor))

    def _painted(self, row: Row, line: Line, side: str, width: int, margin: tuple[str, int, bool]) -> Strip:
        label, at, on_cursor = margin
        text = shown_text(line)
        if (wide := cell_len(text)) > self._widest:
            self._widest = wide
            self.call_later(self._resized)
        base = self._line_style(_BACKGROUND_OF.get((row.kind, side), ""), on_cursor)
        seen = character_at(text, self.scroll_offset.x), character_at(text, self.scroll_offset.x + width)
        segments = paint(text, seen, base, self._coloured(row, text, base))
        if line.part and row.kind is Kind.CHANGED:
            part = _shown_part(line)
            style = self._style("removed-part" if side == "left" else "added-part")
            segments = overlay(segments, [part], style, offset=seen[0])
        gutter = Segment(label, base + self._style("gutter"))
        return in_one_strip(gutter, segments, width, base, (seen[0], at))

    def _coloured(self, row: Row, text: str, base: Style) -> Iterator[Styled]:
        if row.kind in (Kind.IGNORED, Kind.WRITTEN):
            yield 0, len(text), base + self._style(row.kind.name.lower())
            return
        for start, end, token in spans(text, self._language, continued=text.startswith("…")):
            yield start, end, base + self._style(token)

    def _line_style(self, name: str, on_cursor: bool) -> Style:
        style = self._base + self._style(name) if name else self._base
        return style + self._style("cursor") if on_cursor and name not in ("removed", "added") else style

    def _style(self, name: str) -> Style:
        """A component's own part of a style: a background, or a colour."""
        if name not in self._styles:
            component = f"diff-view--{name}"
            whole = self.get_component_rich_style(component)
            # Taken from the whole style, where transparent colours have been mixed with those beneath.
            mixed = Style(bgcolor=whole.bgcolor) if name in _BACKGROUNDS else Style(color=whole.color)
            self._styles[name] = self.get_component_rich_style(component, partial=True) + mixed
        return self._styles[name]

    def line_text(self) -> str:
        """The line of the cursor, safe to print: that of the right side if it has one."""
        row = self._row(self.cursor) if self.row_count else None
        line = (row.right or row.left) if row else None
        return shown_text(line).strip() if line else ""

    # Moving

    def action_cursor(self, rows: int) -> None:
        """Move the cursor by some rows."""
        self.cursor += rows
        self._into_view()

    def action_page(self, pages: int) -> None:
        """Move the cursor by as many rows as are seen."""
        self.cursor += pages * max(1, self.scrollable_content_region.height - 1)
        self._into_view()

    def action_top(self) -> None:
        """Go to the first row."""
        self.cursor = 0
        self._into_view()

    def action_bottom(self) -> None:
        """Go to the last row."""
        self.cursor = self.row_count
        self._into_view()

    def _into_view(self) -> None:
        top, height = self.scroll_offset.y, max(1, self.scrollable_content_region.height)
        if self.cursor < top:
            self.scroll_to(None, self.cursor, animate=False)
        elif self.cursor >= top + height:
            self.scroll_to(None, self.cursor - height + 1, animate=False)

    def validate_cursor(self, cursor: int) -> int:
        return max(0, min(cursor, self.row_count - 1))

    def watch_cursor(self) -> None:
        self.refresh()
        self.post_message(self.Moved(self))

    def on_click(self, event: Click) -> None:
        """The cursor goes to the row that was clicked."""
        self.cursor = self.scroll_offset.y + event.y


_BACKGROUND_OF: Final = {
    (Kind.CHANGED, "left"): "removed",
    (Kind.REMOVED, "left"): "removed",
    (Kind.CHANGED, "right"): "added",
    (Kind.ADDED, "right"): "added",
}


def shown_text(line: Line) -> str:
    """A line as it is painted: safe, tabs as blanks, what was left out at its end said."""
    text = _painted_text(line.text)
    return f"{text}… {format_bytes(line.cut)} more" if line.cut else text


def _painted_text(text: str) -> str:
    return safe_line(text.expandtabs(_TAB))


def _shown_part(line: Line) -> tuple[int, int]:
    """Where the part that differs stands in what is painted."""
    begin, end = line.part or (0, 0)
    return len(_painted_text(line.text[:begin])), len(_painted_text(line.text[:end]))
