"""What narrows the rows down, and where it stands."""

from __future__ import annotations

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.replay.journal.filter import Filter
from tui_client.replay.record import OutcomeKind
from tui_client.replay.summary import Summary
from tui_client.replay.tally import Group, Latency
from tui_client.tui.panels.replay_dashboard.groups import GroupRows
from tui_client.tui.panels.replay_dashboard.layout import drawn, laid
from tui_client.tui.panels.replay_dashboard.picks import (
    NOT_PASSED,
    Entry,
    Picked,
    bar_picked,
    kind_entries,
    outcome_entries,
    tag_picked,
)
from tui_client.tui.widgets.outline import RowState

SUMMARY = Summary(
    run="r",
    done=3214,
    passed=3180,
    failed=21,
    errors=13,
    by_status={200: 3180, 500: 21},
    by_error={"timeout.read": 13},
    bars=((1.5, 4), (12.0, 8), (960.0, 1)),
)


def texts(entries: tuple[Entry, ...]) -> list[str]:
    """What is read."""
    return [entry.text for entry in entries]


def test_outcomes_have_signs_and_words() -> None:
    """Signs alone where the words don't fit; what is rare only where there is some, and always with its word."""
    assert texts(outcome_entries(SUMMARY)) == ["✓ passed 3,180", "✗ failed 21", "⚠ errors 13"]
    assert texts(outcome_entries(SUMMARY, short=True)) == ["✓ 3,180", "✗ 21", "⚠ 13"]
    rare = Summary(run="", skipped=1, in_doubt=2, dropped=4, late=5)
    assert texts(outcome_entries(rare))[3:] == ["– skipped 1", "? in doubt 2", "↓ dropped 4", "late 5"]
    assert texts(outcome_entries(rare, short=True))[4:] == ["? in doubt 2", "↓ dropped 4", "late 5"]


def test_each_count_stands_for_its_rows() -> None:
    """As the journal finds them; what is late stands in no column of its own."""
    passed = outcome_entries(SUMMARY)[0].picked
    assert passed == Picked("passed", Filter(outcomes=(OutcomeKind.PASSED,)))
    assert [entry.picked and entry.picked.where for entry in kind_entries(SUMMARY)] == [
        Filter(statuses=(200,)),
        Filter(statuses=(500,)),
        Filter(errors=("timeout.read",)),
    ]
    assert outcome_entries(Summary(run="", late=1))[-1].picked is None
    assert OutcomeKind.PASSED not in NOT_PASSED.where.outcomes
    assert len(NOT_PASSED.where.outcomes) == len(OutcomeKind) - 1


def test_bars_side_by_side_leave_nothing_out() -> None:
    """Each begins where the one before ends, the first at nothing, the last with the longest."""
    ranges = [bar_picked(SUMMARY.bars, bar).where.service_ms for bar in range(3)]
    assert ranges == [(0.0, 1.5), (1.5, 12.0), (12.0, inf)]
    assert bar_picked(SUMMARY.bars, 1).label == "1.5–12.0 ms"


def test_a_tag_stands_for_its_requests() -> None:
    """And a hostile one is shown as it is."""
    tags = {"a": ("smoke",), "b": (), "c": ("slow", "smoke")}
    assert tag_picked("smoke", tags) == Picked("tag smoke", Filter(requests=("a", "c")))
    assert tag_picked("\x1b[31m", tags).label == "tag ␛[31m"


WIDE = st.integers(1, 60)


@given(st.lists(st.lists(st.integers(1, 30), max_size=6), max_size=3), WIDE, st.integers(1, 4))
def test_no_two_counts_lie_on_each_other(groups: list[list[int]], width: int, height: int) -> None:
    """Whatever the room; what has none is counted, and what is drawn is no wider than the room."""
    entries = tuple(
        tuple(Entry("x" * cells, "$text", Picked(f"{at}.{cells}", Filter())) for cells in group)
        for at, group in enumerate(groups)
    )
    found = laid(entries, width, height)
    assert len(found.places) + found.more == sum(map(len, entries))
    taken = [(place.line, cell) for place in found.places for cell in range(place.start, place.end)]
    assert len(taken) == len(set(taken))
    assert all(place.line < height for place in found.places)
    lines = drawn(found, width, height, None, None).plain.split("\n")
    assert len(lines) == height
    assert all(len(line) <= width for line in lines)


@pytest.mark.parametrize(("cell", "label"), [(0, "one"), (3, "one"), (5, "two"), (30, None)])
def test_the_mouse_finds_a_count(cell: int, label: str | None) -> None:
    """Its edges too."""
    entries = tuple(Entry(name, "$text", Picked(name, Filter())) for name in ("one", "two"))
    picked = laid((entries,), 40, 1).at(0, cell)
    assert (picked.label if picked else None) == label


def test_requests_and_tags_stand_in_columns() -> None:
    """With what failed of them; names are shown as they are."""
    latency = Latency(p50=12.0, p95=61.5, max=960.0)
    rows = GroupRows(
        Summary(
            run="",
            by_request=(
                Group(name="users/list", done=3214, passed=3202, failed=8, errors=4, latency=latency),
                Group(name="a\x1b[31m", done=1, passed=1),
            ),
            by_tag=(Group(name="smoke"),),
        )
    )
    words = "users/list 3,214 done 12 failed p50 12.0 p95 61.5 max 960"
    assert rows[0].label.split() == words.split()
    assert [rows[index].state for index in range(len(rows))] == [RowState.FAILED, RowState.PASSED, RowState.LEAF]
    assert rows[1].label.startswith("a␛[31m")
    assert rows[2].label.startswith("tag smoke")
    assert rows.place(rows[2].id) == 2
