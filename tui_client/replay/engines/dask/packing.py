"""The sessions of a chunk in few objects: what they share is said once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from tui_client.model.values import Value
from tui_client.replay.engines.dask.messages import Dealt
from tui_client.replay.feed import Turn
from tui_client.replay.recording import RecordedBody
from tui_client.replay.rows import Row

_MOST_BYTES: Final = 8 << 20
_LEAST_BYTES: Final = 32

# Names of the columns, steps, drop, and for each session its row, iteration, values and time; or a whole `Dealt`.
Packed: TypeAlias = tuple[tuple[str, ...], tuple[str, ...], bool, list["tuple[object, ...] | Dealt"]]


def pack(sessions: list[Dealt]) -> Packed:
    """The sessions of one chunk, in order."""
    first = next((one for one in sessions if _is_plain(one)), None)
    if first is None:
        return (), (), False, list(sessions)
    assert isinstance(first.turn.row, Row)  # it is plain
    names, steps, drop = tuple(first.turn.row.values), first.turn.steps, first.drop
    packed: list[tuple[object, ...] | Dealt] = []
    for one in sessions:
        turn, row = one.turn, one.turn.row
        alike = one.standing is None and not one.requests and one.drop == drop and turn.steps == steps
        if alike and type(row) is Row and tuple(row.values) == names:
            packed.append((row.number, turn.iteration, one.due_s, *row.values.values()))
        else:
            packed.append(one)
    return names, steps, drop, packed


def parts(sized: Iterable[tuple[Dealt, int]]) -> Iterator[list[Dealt]]:
    """Sessions in groups that a message can take. sized: each with its `size_of`."""
    group: list[Dealt] = []
    taken = 0
    for one, size in sized:
        if group and taken + size > _MOST_BYTES:
            yield group
            group, taken = [], 0
        group.append(one)
        taken += size
    if group:
        yield group


def size_of(dealt: Dealt) -> int:
    """Bytes that the row of a session takes, or the bodies that it brings along, about."""
    row = dealt.turn.row
    if type(row) is not Row:
        bodies = [request.body for request in dealt.requests]
        return _LEAST_BYTES + sum([len(body.content) for body in bodies if isinstance(body, RecordedBody)])
    return _LEAST_BYTES + sum([len(value) if type(value) is str else _size(value) for value in row.values.values()])


def _size(value: Value) -> int:
    # Lists and objects of JSON rows; they are few, and may be anything.
    return len(repr(value)) if isinstance(value, list | dict | str | bytes) else 0


def unpack(packed: Packed) -> list[Dealt]:
    """What `pack` was given."""
    names, steps, drop, sessions = packed
    found = []
    for one in sessions:
        if isinstance(one, Dealt):
            found.append(one)
            continue
        number, iteration, due_s, *values = one
        row = Row(number, dict(zip(names, values, strict=True)))  # type: ignore[arg-type]  # as it was packed
        found.append(Dealt(Turn(row, number, iteration, steps), None, due_s, drop))  # type: ignore[arg-type]  # likewise
    return found


def _is_plain(one: Dealt) -> bool:
    return one.standing is None and not one.requests and type(one.turn.row) is Row
