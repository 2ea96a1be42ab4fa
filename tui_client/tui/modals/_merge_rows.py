"""Regions of a merge as rows that stand beside each other, and the rows of its result; pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from tui_client.storage.three_way import Region, Side, Take
from tui_client.tui.modals._merging import Merging

AROUND: Final = 3
_SHORT: Final = 2 * AROUND + 1


class Column:
    """The names of the three texts, and of what comes of them."""

    BASE: Final = "base"
    THEIRS: Final = "theirs"
    MINE: Final = "mine"


class Row(msgspec.Struct, frozen=True, gc=False):
    """One line of a region. hidden: so many lines are left out here that nobody changed."""

    region: int
    line: int
    hidden: int = 0


class Cell(msgspec.Struct, frozen=True):
    """A line in one column; None where the column has none. sign: what comes of it. look: a style's name."""

    text: str | None
    sign: str = " "
    look: str = ""


def rows_of(regions: tuple[Region, ...]) -> tuple[Row, ...]:
    """All rows; what is far from a difference is one row that says how much."""
    return tuple(row for index, region in enumerate(regions) for row in _rows(index, region, len(regions)))


def _rows(index: int, region: Region, count: int) -> Iterator[Row]:
    height = max(len(region.base), len(region.theirs), len(region.mine))
    if region.differs or height <= _SHORT:
        yield from (Row(index, line) for line in range(height))
        return
    head = AROUND if index else 0
    tail = AROUND if index < count - 1 else 0
    yield from (Row(index, line) for line in range(head))
    yield Row(index, head, height - head - tail)
    yield from (Row(index, line) for line in range(height - tail, height))


def cell_of(merging: Merging, row: Row, column: str) -> Cell:
    """What stands in one column of a row."""
    region = merging.regions[row.region]
    lines: tuple[str, ...] = getattr(region, column)
    if row.line >= len(lines):
        return Cell(None, look="" if not region.differs else "absent")
    text = lines[row.line]
    if not region.differs:
        return Cell(text)
    if column == Column.BASE:
        return Cell(text, "-", "base")
    take = merging.take(row.region)
    if take is None:
        return Cell(text, "!", "undecided")
    if region.side is Side.ALIKE:
        return Cell(text, "=", "alike")
    sign = _SIGNS[take].get(column, "")
    return Cell(text, sign, column) if sign else Cell(text, "×", "left")


_SIGNS: Final = {
    Take.MINE: {Column.MINE: "✓"},
    Take.THEIRS: {Column.THEIRS: "✓"},
    Take.MINE_THEIRS: {Column.MINE: "1", Column.THEIRS: "2"},
    Take.THEIRS_MINE: {Column.THEIRS: "1", Column.MINE: "2"},
}


class ResultRow(msgspec.Struct, frozen=True):
    """A line of the result: the region it is of, and whose it is."""

    region: int
    cell: Cell


def result_rows(merging: Merging) -> tuple[ResultRow, ...]:
    """The result as it is now; a conflict that is undecided has one row that says so."""
    return tuple(ResultRow(index, cell) for index in range(len(merging.regions)) for cell in _result(merging, index))


def _result(merging: Merging, index: int) -> Iterator[Cell]:
    region, take = merging.regions[index], merging.take(index)
    if take is None:
        yield Cell("here stands what you choose", "!", "undecided")
    elif not region.differs:
        yield from (Cell(line) for line in region.mine)
    elif region.side is Side.ALIKE:
        yield from (Cell(line, "=", "alike") for line in region.mine)
    else:
        order = {Take.MINE: "m", Take.THEIRS: "t", Take.MINE_THEIRS: "mt", Take.THEIRS_MINE: "tm"}[take]
        for letter in order:
            name = Column.MINE if letter == "m" else Column.THEIRS
            yield from (Cell(line, letter, name) for line in getattr(region, name))
