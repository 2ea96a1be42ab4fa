"""Which elements of two arrays belong together."""

from __future__ import annotations

import random
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.replay.diff.align import Aligner

_NUMBERS: Final = st.lists(st.integers(0, 3), max_size=30)


def longest_common(before: list[int], after: list[int]) -> int:
    """The length of the longest common subsequence, by the textbook."""
    row = [0] * (len(after) + 1)
    for one in before:
        last = row
        row = [0]
        for at, other in enumerate(after):
            row.append(last[at] + 1 if one == other else max(last[at + 1], row[at]))
    return row[-1]


@given(_NUMBERS, _NUMBERS)
def test_as_many_elements_stay_as_can(before: list[int], after: list[int]) -> None:
    """No alignment would keep more elements, and those not named are equal one by one."""
    pairs = list(Aligner().differences(before, after))
    left_before = [x for at, x in enumerate(before) if at not in {pair[0] for pair in pairs}]
    left_after = [x for at, x in enumerate(after) if at not in {pair[1] for pair in pairs}]
    assert left_before == left_after
    if not set(before).isdisjoint(after):
        assert len(left_before) == longest_common(before, after)


@given(_NUMBERS, _NUMBERS)
def test_differences_come_in_order(before: list[int], after: list[int]) -> None:
    """The places of each side only grow, and none is named twice."""
    pairs = list(Aligner().differences(before, after))
    for side in (0, 1):
        places = [pair[side] for pair in pairs if pair[side] is not None]
        assert places == sorted(set(places), key=lambda at: at or 0)


def test_as_alike_as_can_be() -> None:
    """Among elements that all changed, those that have most in common are paired, in order; else the first ones."""
    shared = {(0, 1): 2, (1, 2): 1, (0, 2): 2}

    def alike(before: int, after: int) -> int:
        return shared.get((before, after), 0)

    def swapped(before: int, after: int) -> int:
        return alike(after, before)

    assert list(Aligner().differences([1, 2], [3, 4, 5, 6], alike)) == [(None, 0), (0, 1), (1, 2), (None, 3)]
    assert list(Aligner().differences([3, 4, 5, 6], [1, 2], swapped)) == [(0, None), (1, 0), (2, 1), (3, None)]
    assert list(Aligner().differences([1], [2, 3])) == [(0, 0), (None, 1)]
    assert list(Aligner().differences([], [2, 3])) == [(None, 0), (None, 1)]


def test_an_element_in_the_middle_of_thousands_is_found() -> None:
    """Length alone does not make an alignment fall back to indices."""
    before = [7] * 5000
    assert list(Aligner().differences(before, [*before[:2500], 1, *before[2500:]])) == [(None, 2500)]


@pytest.mark.parametrize("kinds", [2, 3, 5000])
def test_arrays_that_differ_all_over_go_by_index(kinds: int) -> None:
    """Past the limit of the work, every element is compared with the one at its own place: a bounded answer."""
    values = random.Random(1)
    before = [values.randrange(kinds) for _ in range(5000)]
    after = [values.randrange(kinds) for _ in range(5000)]
    pairs = list(Aligner().differences(before, after))
    assert all(was == now for was, now in pairs)


def test_the_work_is_bounded_for_all_arrays_of_a_comparison_together() -> None:
    """Once an aligner has used up its steps, it goes by index at once."""
    before, after = [1, 2, 3, 4], [2, 3, 4, 1]
    aligner = Aligner()
    assert list(aligner.differences(before, after)) == [(0, None), (None, 3)]
    for _ in range(40):
        list(aligner.differences([1, 2] * 2500, [1, 1, 2] * 1700))
    assert list(aligner.differences(before, after)) == [(0, 0), (1, 1), (2, 2), (3, 3)]
