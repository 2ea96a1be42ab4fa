"""A merge by lines: what was read, what is on disk now, and what would be written; pure text.

Line ends count for nothing here; `storage.saving` gives the merged text those of the file on disk.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final, TypeAlias

import msgspec

# The comparison takes time with the square of the lines; of a longer part, all is one region.
_MOST_LINES: Final = 2_000

_Lines: TypeAlias = tuple[str, ...]
_Block: TypeAlias = tuple[int, int, int]  # where the same lines stand in two texts, and how many


class Side(StrEnum):
    """Who changed a region."""

    NOBODY = ""
    THEIRS = "theirs"
    MINE = "mine"
    ALIKE = "alike"
    CONFLICT = "conflict"


class Take(StrEnum):
    """What of a region goes into the result."""

    MINE = "mine"
    THEIRS = "theirs"
    MINE_THEIRS = "mine, then theirs"
    THEIRS_MINE = "theirs, then mine"


class Region(msgspec.Struct, frozen=True):
    """Lines that belong together, without their ends."""

    side: Side
    base: _Lines
    theirs: _Lines
    mine: _Lines

    @property
    def differs(self) -> bool:
        """Whether anybody changed it."""
        return self.side is not Side.NOBODY

    @property
    def default(self) -> Take | None:
        """What goes into the result where nobody says anything; None where somebody must."""
        match self.side:
            case Side.CONFLICT:
                return None
            case Side.THEIRS:
                return Take.THEIRS
            case _:
                return Take.MINE

    def lines(self, take: Take) -> _Lines:
        """What it becomes."""
        match take:
            case Take.MINE:
                return self.mine
            case Take.THEIRS:
                return self.theirs
            case Take.MINE_THEIRS:
                return self.mine + self.theirs
            case Take.THEIRS_MINE:
                return self.theirs + self.mine


def regions(base: str, theirs: str, mine: str) -> tuple[Region, ...]:
    """The three texts, cut where they agree or not; their regions put together are the texts again."""
    return tuple(_joined(_refined(_cut(_lines(base), _lines(theirs), _lines(mine)))))


def merged(found: tuple[Region, ...], taken: Mapping[int, Take]) -> str | None:
    """The result, "\\n" after each line; None while a conflict is undecided. taken: by the index of a region."""
    lines: list[str] = []
    for index, region in enumerate(found):
        take = taken.get(index, region.default)
        if take is None:
            return None
        lines += region.lines(take)
    return "".join(f"{line}\n" for line in lines)


def left_out(found: tuple[Region, ...], taken: Mapping[int, Take], side: Take) -> bool:
    """Whether something that one side changed is not in the result."""
    return any(
        region.side in (Side.CONFLICT, Side(side.value)) and taken.get(index, region.default) in _OTHER[side]
        for index, region in enumerate(found)
    )


_OTHER: Final = {Take.MINE: (Take.THEIRS, None), Take.THEIRS: (Take.MINE, None)}


def _lines(text: str) -> _Lines:
    """Cut at line feeds alone: a form feed in a body is no end of a line."""
    lines = text.replace("\r\n", "\n").split("\n")
    return tuple(lines[:-1] if lines[-1] == "" else lines)


def _region(base: _Lines, theirs: _Lines, mine: _Lines) -> Region:
    if theirs == mine:
        side = Side.NOBODY if base == mine else Side.ALIKE
    elif base == theirs:
        side = Side.MINE
    elif base == mine:
        side = Side.THEIRS
    else:
        side = Side.CONFLICT
    return Region(side, base, theirs, mine)


def _cut(base: _Lines, theirs: _Lines, mine: _Lines) -> Iterator[Region]:
    at_base = at_theirs = at_mine = 0
    for start, in_theirs, in_mine, count in _agreed(_blocks(base, theirs), _blocks(base, mine)):
        yield _region(base[at_base:start], theirs[at_theirs:in_theirs], mine[at_mine:in_mine])
        yield _region(*(base[start : start + count],) * 3)
        at_base, at_theirs, at_mine = start + count, in_theirs + count, in_mine + count
    yield _region(base[at_base:], theirs[at_theirs:], mine[at_mine:])


def _agreed(theirs: list[_Block], mine: list[_Block]) -> Iterator[tuple[int, int, int, int]]:
    """Where all three have the same lines: their places in the three texts, and how many."""
    left, right = 0, 0
    while left < len(theirs) and right < len(mine):
        (one, in_theirs, one_count), (two, in_mine, two_count) = theirs[left], mine[right]
        start, end = max(one, two), min(one + one_count, two + two_count)
        if start < end:
            yield start, in_theirs + start - one, in_mine + start - two, end - start
        if one + one_count < two + two_count:
            left += 1
        else:
            right += 1


def _blocks(one: _Lines, two: _Lines) -> list[_Block]:
    """The lines that two texts share, in order."""
    shortest = min(len(one), len(two))
    head = next((at for at in range(shortest) if one[at] != two[at]), shortest)
    rest = shortest - head
    tail = next((at for at in range(rest) if one[-1 - at] != two[-1 - at]), rest)
    inner_one, inner_two = one[head : len(one) - tail], two[head : len(two) - tail]
    middle: list[_Block] = []
    if max(len(inner_one), len(inner_two)) <= _MOST_LINES:
        matches = SequenceMatcher(None, inner_one, inner_two, autojunk=False).get_matching_blocks()
        middle = [(head + match.a, head + match.b, match.size) for match in matches if match.size]
    return [(0, 0, head), *middle, (len(one) - tail, len(two) - tail, tail)]


def _refined(found: Iterator[Region]) -> Iterator[Region]:
    for region in found:
        if region.side is not Side.CONFLICT:
            yield region
        elif len(region.base) == len(region.theirs) == len(region.mine):
            # Lines of a request stand for themselves: neighbours that were changed by one side each don't conflict.
            yield from (
                _region((b,), (t,), (m,)) for b, t, m in zip(region.base, region.theirs, region.mine, strict=True)
            )
        else:
            yield from _without_same_ends(region)


def _without_same_ends(region: Region) -> Iterator[Region]:
    """What both wrote alike at the beginning and the end of a conflict is none."""
    theirs, mine = region.theirs, region.mine
    shortest = min(len(theirs), len(mine))
    head = next((at for at in range(shortest) if theirs[at] != mine[at]), shortest)
    rest = shortest - head
    tail = next((at for at in range(rest) if theirs[-1 - at] != mine[-1 - at]), rest)
    if any(map(_opens, (*theirs[head : len(theirs) - tail], *mine[head : len(mine) - tail]))):
        # The same pair in another table, or in a text, says something else.
        tail = 0
    yield _region((), theirs[:head], mine[:head])
    yield _region(region.base, theirs[head : len(theirs) - tail], mine[head : len(mine) - tail])
    yield _region((), theirs[len(theirs) - tail :], mine[len(mine) - tail :])


def _opens(line: str) -> bool:
    """Whether what stands below a line may belong to it: the header of a table, a text of several lines, a list."""
    return line.lstrip().startswith("[") or line.rstrip().endswith(("[", "{")) or "'''" in line or '"""' in line


def _joined(found: Iterator[Region]) -> Iterator[Region]:
    """Neighbours of a kind as one, and none that are empty."""
    last: Region | None = None
    for region in found:
        if not (region.base or region.theirs or region.mine):
            continue
        if last is not None and last.side is region.side:
            last = Region(last.side, last.base + region.base, last.theirs + region.theirs, last.mine + region.mine)
            continue
        if last is not None:
            yield last
        last = region
    if last is not None:
        yield last
