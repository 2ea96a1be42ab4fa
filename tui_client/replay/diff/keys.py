"""One number for each different JSON value, so that equal parts of two documents are known without looking again."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from tui_client.replay.diff.ignore import Cuts, under
from tui_client.replay.diff.values import Json, scalar_key


class Keys:
    """Numbers the values of the documents given to it, what is left out of them not counted.

    The documents must live as long as this does.
    """

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}
        self._known: dict[tuple[int, int], int] = {}

    def of(self, value: Json, cuts: Cuts | None) -> int:
        """The number of a value: the same as that of every equal one."""
        # A stack of its own, since a document may be nested deeper than Python's calls.
        stack = [(value, cuts, False)]
        while stack:
            item, inner, ready = stack.pop()
            if not isinstance(item, list | dict) or (id(item), id(inner)) in self._known:
                continue
            if ready:
                self._known[id(item), id(inner)] = self._number(self._parts(item, inner))
                continue
            stack.append((item, inner, True))
            stack += [(child, lower, False) for _, child, lower in children(item, inner)]
        return self._found(value, cuts)

    def _parts(self, item: list[Json] | dict[str, Json], cuts: Cuts | None) -> Hashable:
        if isinstance(item, dict):
            return frozenset((name, self._found(child, lower)) for name, child, lower in children(item, cuts))
        return tuple(self._found(child, lower) for _, child, lower in children(item, cuts))

    def _found(self, value: Json, cuts: Cuts | None) -> int:
        if isinstance(value, list | dict):
            return self._known[id(value), id(cuts)]
        return self._number(scalar_key(value))

    def _number(self, what: Hashable) -> int:
        return self._numbers.setdefault(what, len(self._numbers))


def children(item: list[Json] | dict[str, Json], cuts: Cuts | None) -> Iterator[tuple[int | str, Json, Cuts | None]]:
    """The members or elements that are not left out, and what is left out under each."""
    for key, child in item.items() if isinstance(item, dict) else enumerate(item):
        lower = under(cuts, key)
        if lower is None or not lower.whole:
            yield key, child, lower
