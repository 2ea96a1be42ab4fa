"""Bytes as rows of a hex view."""

from __future__ import annotations

from typing import Final

from tui_client.tui.widgets.byte_window import ByteWindow
from tui_client.tui.widgets.line_index import Row

PER_ROW: Final = 16
_SHOWN: Final = "".join(chr(code) if 0x20 <= code < 0x7F else "·" for code in range(256))


class HexRows:
    """A body as rows of sixteen bytes; the same questions as LineIndex answers, with nothing to count."""

    def __init__(self, window: ByteWindow, per_row: int = PER_ROW) -> None:
        self.window = window
        self.per_row = per_row
        self.indexed_bytes = 0

    @property
    def complete(self) -> bool:
        """Whether the body has not grown since `extend`."""
        return self.indexed_bytes >= self.window.size

    @property
    def row_count(self) -> int:
        """Rows known so far."""
        return -(-self.indexed_bytes // self.per_row)

    @property
    def line_count(self) -> int:
        """The same as rows."""
        return self.row_count

    def extend(self) -> None:
        """Take in all there is; rows follow from the size."""
        self.indexed_bytes = self.window.size

    def row(self, number: int) -> Row:
        """The row of this number, from 0."""
        start = number * self.per_row
        return Row(start, min(start + self.per_row, self.indexed_bytes), number + 1, False)

    def row_at(self, offset: int) -> int:
        """The number of the row that holds this byte."""
        return max(0, min(offset // self.per_row, self.row_count - 1))

    def row_of_line(self, line: int) -> int:
        """The row of this number, counted from 1."""
        return max(0, min(line, self.row_count) - 1)


def hex_text(data: bytes, per_row: int = PER_ROW) -> str:
    """One row: the bytes in hex, in two halves, and the printable ones beside them."""
    half = per_row // 2
    left, right = data[:half].hex(" "), data[half:].hex(" ")
    width = half * 3 - 1
    return f"{left:<{width}}  {right:<{width}}  {''.join(_SHOWN[byte] for byte in data)}"


def hex_column(position: int, per_row: int = PER_ROW) -> int:
    """The column of the byte at this position in its row."""
    return position * 3 + (1 if position >= per_row // 2 else 0)
