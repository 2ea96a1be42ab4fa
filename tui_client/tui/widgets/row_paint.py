"""From the text of a row to styled segments of the part that is seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from rich.cells import cell_len, chop_cells, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

Range: TypeAlias = tuple[int, int]
Styled: TypeAlias = tuple[int, int, Style]


def wrap_points(text: str, width: int) -> list[Range]:
    """Where a text is cut to fit `width` cells: character ranges, at least one."""
    if not text:
        return [(0, 0)]
    if text.isascii():
        return [(start, min(start + width, len(text))) for start in range(0, len(text), width)]
    points: list[Range] = []
    start = 0
    for part in chop_cells(text, width):
        points.append((start, start + len(part)))
        start += len(part)
    return points


def character_at(text: str, cell: int) -> int:
    """The character that stands at this cell."""
    if text.isascii():
        return min(cell, len(text))
    return len(chop_cells(text, cell)[0]) if 0 < cell < cell_len(text) else (0 if cell <= 0 else len(text))


def paint(text: str, seen: Range, base: Style, styled: Iterable[Styled]) -> list[Segment]:
    """Segments of the characters in `seen`; `styled` ranges are in order, apart, and their styles whole ones."""
    at, end = seen
    segments: list[Segment] = []
    for start, stop, style in styled:
        start, stop = max(start, at), min(stop, end)
        if start >= stop:
            if start >= end:
                break
            continue
        if at < start:
            segments.append(Segment(text[at:start], base))
        segments.append(Segment(text[start:stop], style))
        at = stop
    if at < end:
        segments.append(Segment(text[at:end], base))
    return segments


def overlay(segments: list[Segment], ranges: Sequence[Range], style: Style, *, offset: int = 0) -> list[Segment]:
    """The segments with a style laid over some ranges of characters, in order; the first segment begins at `offset`."""
    if not ranges:
        return segments
    result: list[Segment] = []
    at = offset
    for text, own, _ in segments:
        end = at + len(text)
        plain = at
        for start, stop in ranges:
            low, high = max(start, plain), min(stop, end)
            if low >= high:
                continue
            if plain < low:
                result.append(Segment(text[plain - at : low - at], own))
            result.append(Segment(text[low - at : high - at], (own or Style()) + style))
            plain = high
        if plain < end:
            result.append(Segment(text[plain - at :], own))
        at = end
    return result


def in_one_strip(
    margin: Segment, segments: list[Segment], width: int, base: Style, offset: Range | None = None
) -> Strip:
    """A line of the screen: the margin, then text filled up or cut to `width` cells.

    offset: character and row where the text begins; a selection by mouse finds them in the segments' styles, of which
    each is another one then: twice the work. None where nobody asks for them.
    """
    line = [margin]
    room = width
    for segment in segments:
        if room <= 0:
            break
        cells = cell_len(segment.text)
        if cells > room:
            segment, cells = Segment(set_cell_size(segment.text, room), segment.style), room
        line.append(segment if segment.style else Segment(segment.text, base))
        room -= cells
    if offset is not None:
        line[1:] = _with_offsets(line[1:], offset, base)
    if room > 0:
        line.append(Segment(" " * room, base))
    return Strip(line, margin.cell_length + width)


def _with_offsets(segments: list[Segment], offset: Range, base: Style) -> list[Segment]:
    at, row = offset
    result: list[Segment] = []
    for text, style, _ in segments:
        result.append(Segment(text, (style or base) + Style.from_meta({"offset": (at, row)})))
        at += len(text)
    return result
