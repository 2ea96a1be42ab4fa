"""The texts of a merge beside each other, and its result; only the rows on the screen are made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui_client.text import format_count, safe_line
from tui_client.tui.modals._merge_rows import Cell, Column, ResultRow, Row, cell_of, result_rows, rows_of
from tui_client.tui.modals._merging import Merging

_LOOKS: Final = ("undecided", "mine", "theirs", "alike", "left", "base", "absent", "title", "gutter", "hidden", "here")
_TITLES: Final = {
    Column.BASE: "before, as opened",
    Column.THEIRS: "theirs, on disk now",
    Column.MINE: "mine, in the editor",
}
_LONGEST: Final = 4_000  # characters of a line; more is cut
_TAB: Final = 4
_MARGIN: Final = 3  # cells before a line: whether it is looked at, its sign, a blank


class _Rows(ScrollView, can_focus=True):
    """What both views share: a title that stays, rows below it, marks beside those that are looked at."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"merge--{name}" for name in _LOOKS}
    DEFAULT_CSS = """
    _Rows {
        height: 1fr;
        color: $text;
        overflow-y: scroll;
        scrollbar-size: 1 1;
        & .merge--title { color: $text-muted; text-style: bold; }
        & .merge--gutter { color: $text-muted; }
        & .merge--hidden { color: $text-muted; text-style: italic; }
        & .merge--here { color: $primary; text-style: bold; }
        & .merge--undecided { background: $error 25%; }
        & .merge--mine { background: $success 20%; }
        & .merge--theirs { background: $primary 25%; }
        & .merge--alike { background: $foreground 10%; }
        & .merge--left { color: $text-muted; text-style: strike; }
        & .merge--base { color: $text-muted; }
        & .merge--absent { background: $foreground 4%; }
    }
    """

    merging: reactive[Merging] = reactive(Merging(()), layout=False)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._styles: dict[str, Style] = {}
        self._base = Style()
        self._widest = 0

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        raise NotImplementedError

    def _first_row(self, region: int) -> int:
        """The row where a region begins."""
        raise NotImplementedError

    def _row(self, at: int) -> Strip:
        raise NotImplementedError

    def _title(self) -> Strip:
        raise NotImplementedError

    @property
    def _room(self) -> int:
        return max(1, self.scrollable_content_region.width)

    def _resized(self) -> None:
        self.virtual_size = Size(self._room + max(0, self._widest - self._narrowest), self.row_count + 1)
        self.refresh()

    @property
    def _narrowest(self) -> int:
        """Cells that each line has."""
        return self._room - _MARGIN

    def on_resize(self) -> None:
        """The columns share what there is."""
        self._resized()
        self._look()

    def watch_merging(self) -> None:
        """Show what was chosen, and what is looked at."""
        self._resized()
        self._look()

    def _look(self) -> None:
        """Scroll to the difference that is looked at, unless it is seen."""
        height = self.scrollable_content_region.height - 1
        at = self._first_row(self.merging.region) if self.merging.region >= 0 else 0
        if height > 0 and not 0 <= at - self.scroll_offset.y < max(1, height - 2):
            self.scroll_to(None, max(0, at - height // 3), animate=False, force=True)

    # Painting

    def notify_style_update(self) -> None:
        """Colours change with the theme."""
        super().notify_style_update()
        self._styles.clear()

    def _style(self, name: str) -> Style:
        if name not in self._styles:
            self._styles[name] = self.get_component_rich_style(f"merge--{name}") if name else self._base
        return self._styles[name]

    def render_lines(self, crop: Region) -> list[Strip]:
        """Some lines of the screen."""
        if self._base != self.rich_style:
            self._base = self.rich_style
            self._styles.clear()
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        at = self.scroll_offset.y + y - 1
        if y == 0:
            return self._title()
        return self._row(at) if at < self.row_count else Strip.blank(self._room, self._base)

    def _painted(self, cell: Cell, width: int, *, here: bool) -> Strip:
        """A cell with its margin, `width` cells in all."""
        style = self._style(cell.look)
        mark = Segment("▌" if here else " ", self._style("here") if here else style)
        if cell.text is None:
            return Strip([mark, Segment(" " * (width - 1), style)])
        text = _shown(cell.text)
        if (wide := cell_len(text)) > self._widest:
            self._widest = wide
            self.call_later(self._resized)
        left = self.scroll_offset.x
        line = Strip([Segment(text, style)]).crop(left, left + width - _MARGIN)
        return Strip.join(
            [Strip([mark, Segment(f"{cell.sign} ", style)]), line.adjust_cell_length(width - _MARGIN, style)]
        )

    def _heading(self, text: str, width: int) -> Strip:
        style = self._style("title")
        return Strip([Segment(f"{' ' * _MARGIN}{text}", style)]).adjust_cell_length(width, style)


class MergeView(_Rows):
    """Two or three texts beside each other. `base`: whether what was read is one of them."""

    base: reactive[bool] = reactive(True)

    def __init__(self, merging: Merging, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows: Sequence[Row] = rows_of(merging.regions)
        self._first = {row.region: at for at, row in reversed(list(enumerate(self._rows)))}
        self.set_reactive(MergeView.merging, merging)

    def watch_base(self) -> None:
        """One column more or less."""
        self._resized()

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    def _first_row(self, region: int) -> int:
        return self._first.get(region, 0)

    @property
    def _columns(self) -> tuple[str, ...]:
        return (*((Column.BASE,) if self.base else ()), Column.THEIRS, Column.MINE)

    @property
    def _widths(self) -> list[int]:
        count = len(self._columns)
        room = self._room - (count - 1)
        return [room * (at + 1) // count - room * at // count for at in range(count)]

    @property
    def _narrowest(self) -> int:
        return min(self._widths) - _MARGIN

    def _beside(self, strips: list[Strip]) -> Strip:
        line = Strip([Segment("│", self._style("gutter"))], 1)
        return Strip.join([part for strip in strips for part in (line, strip)][1:])

    def _title(self) -> Strip:
        pairs = zip(self._columns, self._widths, strict=True)
        return self._beside([self._heading(_TITLES[column], width) for column, width in pairs])

    def _row(self, at: int) -> Strip:
        row = self._rows[at]
        if row.hidden:
            style = self._style("hidden")
            text = f"{' ' * _MARGIN}⋯ {format_count(row.hidden)} lines that nobody changed"
            return Strip([Segment(text, style)]).adjust_cell_length(self._room, style)
        here = row.region == self.merging.region
        pairs = zip(self._columns, self._widths, strict=True)
        return self._beside(
            [self._painted(cell_of(self.merging, row, column), width, here=here) for column, width in pairs]
        )


class ResultView(_Rows):
    """What would be saved."""

    def __init__(self, merging: Merging, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: Sequence[ResultRow] = result_rows(merging)
        self.set_reactive(ResultView.merging, merging)

    def watch_merging(self) -> None:
        """Show what was chosen, and what is looked at."""
        self._lines = result_rows(self.merging)
        super().watch_merging()

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        return len(self._lines)

    def _first_row(self, region: int) -> int:
        return next((at for at, row in enumerate(self._lines) if row.region >= region), 0)

    def _title(self) -> Strip:
        return self._heading("result, as it would be saved", self._room)

    def _row(self, at: int) -> Strip:
        row = self._lines[at]
        return self._painted(row.cell, self._room, here=row.region == self.merging.region)


def _shown(text: str) -> str:
    cut = text[:_LONGEST]
    return safe_line(cut.expandtabs(_TAB)) + ("…" if len(text) > _LONGEST else "")
