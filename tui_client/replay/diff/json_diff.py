"""What changed between two JSON documents: one change for exactly each field that did."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

import msgspec

from tui_client.replay.diff.align import Aligner
from tui_client.replay.diff.ignore import Cuts, Ignore, under
from tui_client.replay.diff.keys import Keys, children
from tui_client.replay.diff.places import path_text
from tui_client.replay.diff.values import Json, shown, shown_both

MAX_CHANGES: Final = 1000
MORE: Final = "more"


class Change(msgspec.Struct, frozen=True):
    """One difference. before, after: the value as it was written, cut to 100 characters; None: not there.

    where: "status", "header content-type", "body", "outcome", "more", or a JSONPath ("$.items[0].price"). Its indices
    are those after, but for an element that was removed. All of it is outside text: `safe_line` it.
    """

    where: str
    before: str | None
    after: str | None


class _Absent:
    """In place of a value where there is none."""


_ABSENT: Final = _Absent()
_Place: TypeAlias = "tuple[_Place, int | str] | None"


class _Pair(msgspec.Struct, frozen=True):
    """Two values that belong together, and what is left out under them."""

    place: _Place
    before: Json | _Absent
    after: Json | _Absent
    cuts_before: Cuts | None = None
    cuts_after: Cuts | None = None


def changes(before: Json, after: Json, ignore: Ignore) -> Iterator[Change]:
    """The differences in the order of the document, 1,000 at most; then one that says how many more there are.

    Numbers are compared by value, exactly (1 is 1.0, not "1"). Elements of arrays that stayed are recognised, so one
    more or less in the middle is one change. Raises QueryError for an ignored path that takes more than a second.
    """
    count = 0
    for pair in _different(before, after, ignore):
        count += 1
        if count <= MAX_CHANGES:
            yield _change(pair)
    if count > MAX_CHANGES:
        yield Change(MORE, None, f"{count - MAX_CHANGES:,} more changes are not listed")


def _change(pair: _Pair) -> Change:
    where = path_text(_location(pair.place))
    if isinstance(pair.before, _Absent):
        return Change(where, None, None if isinstance(pair.after, _Absent) else shown(pair.after))
    if isinstance(pair.after, _Absent):
        return Change(where, shown(pair.before), None)
    return Change(where, *shown_both(pair.before, pair.after))


def _location(place: _Place) -> list[int | str]:
    keys: list[int | str] = []
    while place is not None:
        place, key = place
        keys.append(key)
    return keys[::-1]


def _different(before: Json, after: Json, ignore: Ignore) -> Iterator[_Pair]:
    keys, aligner = Keys(), Aligner()
    stack = [_Pair(None, before, after, ignore.cuts(before), ignore.cuts(after))]
    while stack:
        pair = stack.pop()
        if any(cuts is not None and cuts.whole for cuts in (pair.cuts_before, pair.cuts_after)):
            continue
        if isinstance(pair.before, _Absent) or isinstance(pair.after, _Absent):
            yield pair
        elif keys.of(pair.before, pair.cuts_before) == keys.of(pair.after, pair.cuts_after):
            continue
        elif isinstance(pair.before, dict) and isinstance(pair.after, dict):
            stack += reversed(list(_members(pair, pair.before, pair.after)))
        elif isinstance(pair.before, list) and isinstance(pair.after, list):
            stack += reversed(list(_elements(pair, pair.before, pair.after, keys, aligner)))
        else:
            yield pair


def _members(pair: _Pair, before: dict[str, Json], after: dict[str, Json]) -> Iterator[_Pair]:
    for name in before | after:
        yield _Pair(
            (pair.place, name),
            before.get(name, _ABSENT),
            after.get(name, _ABSENT),
            under(pair.cuts_before, name),
            under(pair.cuts_after, name),
        )


def _elements(pair: _Pair, before: list[Json], after: list[Json], keys: Keys, aligner: Aligner) -> Iterator[_Pair]:
    left = list(children(before, pair.cuts_before))
    right = list(children(after, pair.cuts_after))
    numbers_left = [keys.of(value, cuts) for _, value, cuts in left]
    numbers_right = [keys.of(value, cuts) for _, value, cuts in right]

    def alike(at_left: int, at_right: int) -> int:
        (_, was, cuts), (_, now, cuts_after) = left[at_left], right[at_right]
        return keys.shared_members(was, cuts, now, cuts_after)

    for at_left, at_right in aligner.differences(numbers_left, numbers_right, alike):
        # What was left out in one document alone must not come up as new or gone in the other.
        if at_left is None:
            at, now, cuts = right[at_right or 0]
            yield _Pair((pair.place, at), _ABSENT, now, under(pair.cuts_before, at), cuts)
        elif at_right is None:
            at, was, cuts = left[at_left]
            yield _Pair((pair.place, at), was, _ABSENT, cuts, under(pair.cuts_after, at))
        else:
            _, was, cuts = left[at_left]
            at, now, cuts_after = right[at_right]
            yield _Pair((pair.place, at), was, now, cuts, cuts_after)
