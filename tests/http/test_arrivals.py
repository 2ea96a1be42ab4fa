"""Marks of when bytes came."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui_client.http.arrivals import Arrivals


def test_each_byte_came_with_the_piece_it_is_in() -> None:
    """Seconds are counted from the beginning that was given."""
    marks = Arrivals(100.0)
    assert marks.at(0) == 0.0
    marks.note(0, 100.5)
    marks.note(10, 101.5)
    assert [marks.at(offset) for offset in (0, 9, 10, 99)] == [0.5, 0.5, 1.5, 1.5]


@given(st.lists(st.floats(0, 0.01), min_size=1, max_size=300))
def test_marks_are_few_and_near(gaps_s: list[float]) -> None:
    """However many pieces come, the marks stay below their bound, in order, and off by the resolution at most."""
    marks, now, came = Arrivals(0.0, most=8), 0.0, []
    for offset, gap_s in enumerate(gaps_s):
        now += gap_s
        came.append(now)
        marks.note(offset, now)
        assert len(marks) < 8
    found = [marks.at(offset) for offset in range(len(came))]
    assert found == sorted(found)
    widest_s = marks.resolution_s + max(gaps_s) * 8
    assert all(0 <= true - mark <= widest_s + 1e-9 for true, mark in zip(came, found, strict=True))
