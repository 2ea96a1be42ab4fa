"""The sessions of a chunk come out as they went in."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui_client.errors import Failure, FailureKind
from tui_client.replay.engines.dask import packing
from tui_client.replay.engines.dask.messages import Dealt
from tui_client.replay.engines.dask.packing import pack, parts, size_of, unpack
from tui_client.replay.feed import Turn
from tui_client.replay.journal.standings import Standing
from tui_client.replay.rows import BadRow, Row

VALUES = st.one_of(st.text(max_size=5), st.integers(), st.none(), st.lists(st.text(max_size=3), max_size=2))
CELLS = st.dictionaries(st.sampled_from(["a", "b", "c"]), VALUES, max_size=3)
ROWS = st.one_of(
    st.none(),
    st.tuples(st.integers(1, 9), CELLS).map(lambda made: Row(*made)),
    st.integers(1, 9).map(lambda number: BadRow(number, Failure(FailureKind.DATA_ROW, "Row"))),
)
STEPS = st.sampled_from([("x",), ("x", "y")])
TURNS = st.tuples(ROWS, st.integers(0, 3), STEPS).map(
    lambda made: Turn(made[0], made[0].number if made[0] else 0, made[1], made[2])
)
STANDINGS = st.sampled_from([None, Standing(first=1)])
DUE = st.one_of(st.none(), st.floats(0, 9))
SESSIONS = st.tuples(TURNS, STANDINGS, DUE, st.booleans()).map(lambda made: Dealt(*made))


@given(st.lists(SESSIONS, max_size=12))
def test_what_is_packed_is_unpacked(sessions: list[Dealt]) -> None:
    """Whatever the rows have in common, or have not."""
    assert unpack(pack(sessions)) == sessions


@given(st.lists(SESSIONS, max_size=12), st.integers(1, 200))
def test_parts_lose_nothing_and_are_bounded(sessions: list[Dealt], most: int) -> None:
    """One that is too large by itself goes alone."""
    before, packing._MOST_BYTES = packing._MOST_BYTES, most  # type: ignore[misc]
    try:
        found = list(parts((one, size_of(one)) for one in sessions))
    finally:
        packing._MOST_BYTES = before  # type: ignore[misc]
    assert [one for part in found for one in part] == sessions
    assert all(len(part) == 1 or sum(map(size_of, part)) <= most for part in found)
