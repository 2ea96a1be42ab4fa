"""Which rows, and which part of each, stand on each line of a body view."""

from __future__ import annotations

from collections.abc import Iterable

from textual.geometry import Size

from tui_client.tui.widgets.body_rows import BodyDocument, BodyRows
from tui_client.tui.widgets.json_nesting import Fold
from tui_client.tui.widgets.row_paint import Range, wrap_points

UNWRAPPED = 1024  # bytes after which a line without an end goes on in a row of its own
_HEX_GUTTER = 11
_GUTTER = 5
_WRAPPED_LINES = 3
_NARROWEST = 32


class RowLayout:
    """Rows of one document in a view of this size; made anew when its width changes."""

    def __init__(self, document: BodyDocument, size: Size, *, wrap: bool) -> None:
        self.size = size
        self.wrap = wrap and not document.hex
        # Wrapped rows of a line without an end fill whole lines, and few, so that it scrolls smoothly.
        block = max(_NARROWEST, (size.width - _GUTTER) * _WRAPPED_LINES) if self.wrap else UNWRAPPED
        self.rows = BodyRows(document, block, size.width - _HEX_GUTTER)
        self.index = self.rows.rows
        self._seen: list[tuple[int, Range]] = []
        self._seen_key = (-1, -1)

    def grow_to(self, size: Size) -> None:
        """Fill a view of the same width and another height; what was counted stays."""
        self.size = size
        self._seen_key = (-1, -1)

    def hide(self, secrets: frozenset[str]) -> None:
        """Hide these values from now on, and no others."""
        self.rows.hide(secrets)
        self._seen_key = (-1, -1)

    def fold(self, folds: Iterable[Fold]) -> None:
        """Hide what is in these, and nothing else; the rows have other numbers then."""
        self.rows.fold(folds)
        self.index = self.rows.rows
        self._seen_key = (-1, -1)

    @property
    def gutter(self) -> int:
        """Cells before the text."""
        if self.rows.document.hex:
            return _HEX_GUTTER
        known, indexed = self.index.line_count, self.index.indexed_bytes
        # Guessed for all lines from those counted, so that it does not change at each new digit.
        guess = known * self.index.window.size // indexed if indexed else 0
        return max(3, len(str(max(known, guess)))) + 2 + self.marks

    @property
    def marks(self) -> int:
        """Cells for signs between the numbers and the blank before the text."""
        return int(self.rows.document.indented)

    @property
    def text_width(self) -> int:
        """Cells for the text."""
        return max(1, self.size.width - self.gutter)

    def height_of(self, number: int) -> int:
        """Lines that a row takes."""
        return len(wrap_points(self.rows.shown(number).text, self.text_width)) if self.wrap else 1

    def top_for(self, number: int) -> int:
        """The first row of a screen whose last row is this one."""
        room = self.size.height - self.height_of(number)
        while number > 0 and (room := room - self.height_of(number - 1)) >= 0:
            number -= 1
        return number

    @property
    def last_top(self) -> int:
        """The first row of the last screen; a guess while rows are still being counted."""
        count = self.index.row_count
        if not count:
            return 0
        return self.top_for(count - 1) if self.index.complete else count - 1

    def seen(self, top: int) -> list[tuple[int, Range]]:
        """The row and its characters on each line of a screen that begins with row `top`, when wrapped."""
        key = (top, self.index.indexed_bytes)
        if key != self._seen_key:
            self._seen, self._seen_key = [], key
            number = top
            while number < self.index.row_count and len(self._seen) < self.size.height:
                text = self.rows.shown(number).text
                self._seen += [(number, part) for part in wrap_points(text, self.text_width)]
                number += 1
        return self._seen
