"""Figures by name, bounded."""

from __future__ import annotations

from tui_client.replay.histogram import place_of
from tui_client.replay.record import OutcomeKind
from tui_client.replay.tally import OTHERS, Latency, Tallies, Tally


def count(tally: Tally, ms: float) -> None:
    tally.count(OutcomeKind.PASSED, 2, 1)
    tally.latency.add_at(place_of(ms))


def test_names_come_in_the_order_in_which_they_were_seen() -> None:
    """A report reads as the run went."""
    tallies = Tallies(10)
    for name in ("b", "a", "c", "a"):
        count(tallies.find(name), 1.0)
    assert [(group.name, group.done) for group in tallies.groups()] == [("b", 1), ("a", 2), ("c", 1)]


def test_what_is_too_many_is_counted_under_one_name() -> None:
    """Memory is bounded, and no step is lost from the sum."""
    tallies = Tallies(2)
    for name in ("a", "b", "c", "d", "a"):
        count(tallies.find(name), 1.0)
    assert [(group.name, group.done) for group in tallies.groups()] == [("a", 2), ("b", 1), (OTHERS, 2)]
    assert len(list(tallies)) == 3


def test_a_bounded_renewal_reaches_all_in_turn() -> None:
    """Each call brings two of five up to date, the next call the next two."""
    tallies = Tallies(10)
    for name in "abcde":
        count(tallies.find(name), 1.0)
    seen = [[group.done for group in tallies.groups(2)] for _ in range(3)]
    assert seen == [[1, 1, 0, 0, 0], [1, 1, 1, 1, 0], [1, 1, 1, 1, 1]]
    count(tallies.find("a"), 1.0)
    count(tallies.find("e"), 1.0)
    assert [group.done for group in tallies.groups(1)] == [1, 1, 1, 1, 2]
    assert [group.done for group in tallies.groups()] == [2, 1, 1, 1, 2]
    assert Tallies(1).groups(3) == ()


def test_a_group_has_all_figures_of_its_tally() -> None:
    """Counts, checks, and latencies only where there are some."""
    tally = Tally()
    count(tally, 2.0)
    tally.count(OutcomeKind.FAILED, 1, 1)
    tally.count(OutcomeKind.ERROR, 0, 0)
    group = tally.group("x")
    assert (group.done, group.passed, group.failed, group.errors) == (3, 1, 1, 1)
    assert (group.checks_passed, group.checks_failed) == (1, 2)
    assert group.latency == Latency(*[2.0] * 7)
    assert group.scheduled is None


def test_merged_tallies_count_both() -> None:
    """What is selected by a pattern is the sum of what it matches."""
    one, other = Tally(), Tally()
    count(one, 2.0)
    count(other, 4.0)
    other.scheduled.add(9.0)
    one.merge(other)
    group = one.group("x")
    assert (group.done, group.checks_failed, group.latency.mean) == (2, 2, 3.0)
    assert group.scheduled is not None and group.scheduled.max == 9.0
