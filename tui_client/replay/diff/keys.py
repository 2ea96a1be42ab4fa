"""One number for each different JSON value, so that equal parts of two documents are known without looking again."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from typing import TypeAlias

from tui_client.replay.diff.ignore import Cuts
from tui_client.replay.diff.values import Json, scalar_key

_Container: TypeAlias = list[Json] | dict[str, Json]


class Keys:
    """Numbers the values of the documents given to it, what is left out of them not counted.

    The documents must live as long as this does.
    """

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}
        self._known: dict[tuple[int, int], int] = {}

    def of(self, value: Json, cuts: Cuts | None) -> int:
        """The number of a value: the same as that of every equal one."""
        if isinstance(value, list | dict) and (id(value), id(cuts)) not in self._known:
            self._number_all(value, cuts)
        return self._found(value, cuts)

    def shared_members(self, one: Json, cuts: Cuts | None, other: Json, other_cuts: Cuts | None) -> int:
        """How many members two objects have in common; 0 for other values."""
        if not (isinstance(one, dict) and isinstance(other, dict)):
            return 0
        members = {(name, self.of(child, lower)) for name, child, lower in children(one, cuts)}
        return sum((name, self.of(child, lower)) in members for name, child, lower in children(other, other_cuts))

    def _number_all(self, value: _Container, cuts: Cuts | None) -> None:
        # A stack of its own, since a document may be nested deeper than Python's calls.
        stack = [(value, cuts, False)]
        while stack:
            item, inner, ready = stack.pop()
            if ready:
                self._known[id(item), id(inner)] = self._number(self._parts(item, inner))
            elif (id(item), id(inner)) not in self._known:
                stack.append((item, inner, True))
                for _, child, lower in children(item, inner):
                    if isinstance(child, list | dict):
                        stack.append((child, lower, False))

    def _parts(self, item: _Container, cuts: Cuts | None) -> Hashable:
        found = self._found
        if isinstance(item, dict):
            return frozenset([(name, found(child, lower)) for name, child, lower in children(item, cuts)])
        return tuple([found(child, lower) for _, child, lower in children(item, cuts)])

    def _found(self, value: Json, cuts: Cuts | None) -> int:
        if isinstance(value, list | dict):
            return self._known[id(value), id(cuts)]
        return self._number(scalar_key(value))

    def _number(self, what: Hashable) -> int:
        return self._numbers.setdefault(what, len(self._numbers))


def children(item: _Container, cuts: Cuts | None) -> Iterable[tuple[int | str, Json, Cuts | None]]:
    """The members or elements that are not left out, and what is left out under each."""
    members = item.items() if isinstance(item, dict) else enumerate(item)
    if cuts is None:
        return [(key, child, None) for key, child in members]
    return _uncut(members, cuts.inner)


def _uncut(
    members: Iterable[tuple[int | str, Json]], inner: dict[int | str, Cuts]
) -> Iterator[tuple[int | str, Json, Cuts | None]]:
    for key, child in members:
        lower = inner.get(key)
        if lower is None or not lower.whole:
            yield key, child, lower
