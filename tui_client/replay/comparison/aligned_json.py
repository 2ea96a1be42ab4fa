"""Two JSON documents aligned: the lines of both, indented, and what of them is the same."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise, zip_longest
from typing import Final, NamedTuple, TypeAlias

from tui_client.replay.comparison.blocks import Block, Blocks, Kind
from tui_client.replay.comparison.runs import Stayed, runs
from tui_client.replay.diff.align import Aligner
from tui_client.replay.diff.ignore import Cuts, Ignore, under
from tui_client.replay.diff.keys import Keys
from tui_client.replay.diff.places import path_text
from tui_client.replay.diff.values import Json

_LINE_FEED: Final = re.compile(b"\n")
_Place: TypeAlias = "tuple[_Place, int | str] | None"


class RepeatedName(ValueError):
    """A name stands twice in an object that must be looked into."""


class Document:
    """One document: its value, and its text with one line for each scalar, empty container, or bracket.

    text: the same value as `msgspec.json.format` indents it by two.
    """

    def __init__(self, value: Json, text: bytes) -> None:
        self.value = value
        self.text = text if text.endswith(b"\n") else text + b"\n"
        self.lines = line_starts(self.text)

    def written(self, line: int, count: int) -> bytes:
        """Some lines, without the comma behind them."""
        return self.text[self.lines[line] : self.lines[line + count]].rstrip(b",\n")

    def children(self, line: int, count: int) -> list[int]:
        """The first lines of the members or elements of a container, and behind them the line that closes it."""
        start, end = self.lines[line], self.lines[line + 1]
        opening = self.text[start:end]
        indent = len(opening) - len(opening.lstrip(b" ")) + 2
        last = line + count - 1
        found: list[int] = []
        at = line + 1
        for match in _child_pattern(indent).finditer(self.text, end - 1, self.lines[last]):
            at = bisect_left(self.lines, match.start() + 1, at)
            found.append(at)
        return [*found, last]


@cache
def _child_pattern(indent: int) -> re.Pattern[bytes]:
    return re.compile(b"\n" + b" " * indent + rb"[^ \]}]")


def line_starts(text: bytes) -> array[int]:
    """Where each line begins, and behind them where the last one ends; the text ends with a line feed."""
    starts = array("I", [0])
    starts.extend(found.end() for found in _LINE_FEED.finditer(text))
    return starts


class _Spot(NamedTuple):
    """A value, and the lines it takes; cuts: what is left out under it."""

    value: Json
    line: int
    height: int
    cuts: Cuts | None
    key: int | str = ""

    @property
    def ignored(self) -> bool:
        return self.cuts is not None and self.cuts.whole


class _Both(NamedTuple):
    place: _Place
    left: _Spot
    right: _Spot


class _Lone(NamedTuple):
    """A value on one side; line: of the other side, where it would stand; cuts: what is left out there."""

    place: _Place
    spot: _Spot
    line: int
    added: bool
    ignored: bool


class _Closing(NamedTuple):
    left: int
    right: int


class _Run(NamedTuple):
    """Elements that stayed."""

    place: _Place
    left: list[_Spot]
    right: list[_Spot]


_Task: TypeAlias = _Both | _Lone | _Closing | _Run


class JsonDiff:
    """Aligns two documents.

    blocks: in the order of the left one. reordered: objects whose names stand in another order, which is no difference.
    Raises QueryError for an ignored path that takes more than a second, RepeatedName where names are no keys.
    """

    def __init__(self, left: Document, right: Document, ignore: Ignore) -> None:
        self.blocks = Blocks()
        self.reordered = 0
        self._left, self._right = left, right
        self._keys, self._aligner = Keys(), Aligner()
        root = _Both(
            None,
            _Spot(left.value, 0, len(left.lines) - 1, ignore.cuts(left.value)),
            _Spot(right.value, 0, len(right.lines) - 1, ignore.cuts(right.value)),
        )
        self._walk(root)

    def _walk(self, root: _Both) -> None:
        stack: list[_Task] = [root]
        while stack:
            task = stack.pop()
            match task:
                case _Both():
                    stack.extend(reversed(self._both(task)))
                case _Run():
                    stack.extend(reversed(self._run(task)))
                case _Lone():
                    self._lone(task)
                case _Closing():
                    self.blocks.add(Block(Kind.SAME, task.left, 1, task.right, 1))

    def _both(self, pair: _Both) -> list[_Task]:
        left, right = pair.left, pair.right
        here, there = left.height, right.height
        if here == there and self._left.written(left.line, here) == self._right.written(right.line, there):
            self.blocks.add(Block(Kind.SAME, left.line, here, right.line, there))
            return []
        if left.ignored or right.ignored:
            self.blocks.add(Block(Kind.IGNORED, left.line, here, right.line, there))
            return []
        if left.value and right.value:
            if isinstance(left.value, dict) and isinstance(right.value, dict):
                inner = list(self._members(pair, left.value, right.value))
                return self._opened(pair, inner, here, there)
            if isinstance(left.value, list) and isinstance(right.value, list):
                inner = list(self._elements(pair))
                return self._opened(pair, inner, here, there)
        same = self._keys.of(left.value, left.cuts) == self._keys.of(right.value, right.cuts)
        kind = Kind.CHANGED if not same else Kind.WRITTEN if here == there == 1 else Kind.IGNORED
        self.blocks.add(Block(kind, left.line, here, right.line, there), self._path(pair.place))
        return []

    def _opened(self, pair: _Both, inner: list[_Task], here: int, there: int) -> list[_Task]:
        left, right = pair.left.line, pair.right.line
        self.blocks.add(Block(Kind.SAME, left, 1, right, 1))
        return [*inner, _Closing(left + here - 1, right + there - 1)]

    def _lone(self, lone: _Lone) -> None:
        kind = Kind.IGNORED if lone.ignored else Kind.ADDED if lone.added else Kind.REMOVED
        line, count = lone.spot.line, lone.spot.height
        block = Block(kind, lone.line, 0, line, count) if lone.added else Block(kind, line, count, lone.line, 0)
        self.blocks.add(block, self._path(lone.place))

    @staticmethod
    def _path(place: _Place) -> str:
        keys: list[int | str] = []
        while place is not None:
            place, key = place
            keys.append(key)
        return path_text(keys[::-1])

    @staticmethod
    def _spots(spot: _Spot, document: Document) -> list[_Spot]:
        """The members or elements of a container. Raises RepeatedName."""
        value = spot.value
        assert isinstance(value, list | dict)
        lines = document.children(spot.line, spot.height)
        if len(lines) != len(value) + 1:
            raise RepeatedName
        children: Iterable[tuple[int | str, Json]] = value.items() if isinstance(value, dict) else enumerate(value)
        return [
            _Spot(child, line, following - line, under(spot.cuts, key), key)
            for (key, child), (line, following) in zip(children, pairwise(lines), strict=True)
        ]

    # Objects

    def _members(self, pair: _Both, before: dict[str, Json], after: dict[str, Json]) -> Iterator[_Task]:
        """Those of the left one in their order; each new one behind the one that it stands behind on the right."""
        left = self._spots(pair.left, self._left)
        right = {spot.key: spot for spot in self._spots(pair.right, self._right)}
        if list(before) != list(after):
            common = [name for name in before if name in after]
            self.reordered += common != [name for name in after if name in before]
        new = self._new_members(before, right)
        line_left, line_right = pair.left.line + 1, pair.right.line + 1
        for spot in (None, *left):
            if spot is not None:
                place = (pair.place, spot.key)
                line_left = spot.line + spot.height
                if (other := right.get(spot.key)) is not None:
                    line_right = other.line + other.height
                    yield _Both(place, spot, other)
                else:
                    gone = under(pair.right.cuts, spot.key)
                    yield _Lone(place, spot, line_right, added=False, ignored=spot.ignored or _whole(gone))
            for other in new.get(spot.key if spot else None, ()):
                line_right = other.line + other.height
                gone = under(pair.left.cuts, other.key)
                place = (pair.place, other.key)
                yield _Lone(place, other, line_left, added=True, ignored=other.ignored or _whole(gone))

    @staticmethod
    def _new_members(before: dict[str, Json], right: dict[int | str, _Spot]) -> dict[int | str | None, list[_Spot]]:
        new: dict[int | str | None, list[_Spot]] = {}
        behind: int | str | None = None
        for name, spot in right.items():
            if name in before:
                behind = name
            else:
                new.setdefault(behind, []).append(spot)
        return new

    # Arrays

    def _elements(self, pair: _Both) -> Iterator[_Task]:
        left, right = self._spots(pair.left, self._left), self._spots(pair.right, self._right)
        kept_left = [spot for spot in left if not spot.ignored]
        kept_right = [spot for spot in right if not spot.ignored]
        keys = self._keys

        def alike(one: int, other: int) -> int:
            was, now = kept_left[one], kept_right[other]
            return keys.shared_members(was.value, was.cuts, now.value, now.cuts)

        numbers_left, numbers_right = self._numbered(kept_left, kept_right)
        all_kept = len(kept_left) == len(left) and len(kept_right) == len(right)
        sides = _Sides(pair, left, right)
        for run in runs(self._aligner, numbers_left, numbers_right, alike):
            if isinstance(run, Stayed):
                stayed_left = kept_left[run.left : run.left + run.length]
                stayed_right = kept_right[run.right : run.right + run.length]
                if all_kept:
                    sides.skip(len(stayed_left), len(stayed_right))
                    yield _Run(pair.place, stayed_left, stayed_right)
                    continue
                for one, other in zip(stayed_left, stayed_right, strict=True):
                    yield from sides.up_to(one, other)
            else:
                for at_left, at_right in run.pairs:
                    yield from sides.up_to(
                        None if at_left is None else kept_left[at_left],
                        None if at_right is None else kept_right[at_right],
                    )
        yield from sides.rest()

    def _numbered(self, left: list[_Spot], right: list[_Spot]) -> tuple[list[int], list[int]]:
        """The same number for what is written alike; only what is not has to be looked into."""
        here = [self._left.written(spot.line, spot.height) for spot in left]
        there = [self._right.written(spot.line, spot.height) for spot in right]
        known = {text: number for number, text in enumerate(set(here) & set(there))}

        def number(spot: _Spot, text: bytes) -> int:
            found = known.get(text)
            return -1 - self._keys.of(spot.value, spot.cuts) if found is None else found

        return [*map(number, left, here)], [*map(number, right, there)]

    def _run(self, run: _Run) -> list[_Task]:
        first_left, first_right = run.left[0].line, run.right[0].line
        here = run.left[-1].line + run.left[-1].height - first_left
        there = run.right[-1].line + run.right[-1].height - first_right
        if here == there and self._left.written(first_left, here) == self._right.written(first_right, there):
            self.blocks.add(Block(Kind.SAME, first_left, here, first_right, there))
            return []
        return [_Both((run.place, other.key), one, other) for one, other in zip(run.left, run.right, strict=True)]


def _whole(cuts: Cuts | None) -> bool:
    return cuts is not None and cuts.whole


class _Sides:
    """Goes through the elements of two arrays; those that are left out come along where they stand."""

    def __init__(self, pair: _Both, left: list[_Spot], right: list[_Spot]) -> None:
        self._pair = pair
        self._left, self._right = left, right
        self._at_left = self._at_right = 0

    def skip(self, left: int, right: int) -> None:
        """These many were told otherwise."""
        self._at_left += left
        self._at_right += right

    def up_to(self, left: _Spot | None, right: _Spot | None) -> Iterator[_Task]:
        """What is left out before these two, and these."""
        yield from self._ignored(left is not None, right is not None)
        if left is not None:
            self._at_left += 1
        if right is not None:
            self._at_right += 1
        yield self._task(left, right)

    def rest(self) -> Iterator[_Task]:
        """What is left out at the end."""
        yield from self._ignored(on_left=True, on_right=True)

    def _ignored(self, on_left: bool, on_right: bool) -> Iterator[_Task]:
        begun_left, begun_right = self._at_left, self._at_right
        while on_left and self._at_left < len(self._left) and self._left[self._at_left].ignored:
            self._at_left += 1
        while on_right and self._at_right < len(self._right) and self._right[self._at_right].ignored:
            self._at_right += 1
        lefts, rights = self._left[begun_left : self._at_left], self._right[begun_right : self._at_right]
        for one, other in zip_longest(lefts, rights):
            yield self._task(one, other)

    def _task(self, left: _Spot | None, right: _Spot | None) -> _Task:
        pair = self._pair
        if left is not None and right is not None:
            return _Both((pair.place, right.key), left, right)
        if left is not None:
            line = self._line(self._right, self._at_right, pair.right)
            ignored = left.ignored or _whole(under(pair.right.cuts, left.key))
            return _Lone((pair.place, left.key), left, line, added=False, ignored=ignored)
        assert right is not None
        line = self._line(self._left, self._at_left, pair.left)
        ignored = right.ignored or _whole(under(pair.left.cuts, right.key))
        return _Lone((pair.place, right.key), right, line, added=True, ignored=ignored)

    @staticmethod
    def _line(spots: list[_Spot], at: int, container: _Spot) -> int:
        return spots[at].line if at < len(spots) else container.line + 1
