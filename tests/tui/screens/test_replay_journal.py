"""What the replay screen reads from journals."""

from __future__ import annotations

from pathlib import Path

import pytest
from handmade_journal import HandmadeJournal, exchange_of, failed, passed, refused
from journals import RUN, store_in

from tui_client.errors import NotFound, UsageError
from tui_client.model.step import StepId
from tui_client.replay.journal.filter import Filter
from tui_client.replay.journal.store import RunStore
from tui_client.replay.plan import Plan
from tui_client.replay.record import OutcomeKind
from tui_client.tui.panels.replay_dashboard.picks import MOST_LISTED, NOT_PASSED, Picked
from tui_client.tui.screens._replay_journal import Past, newest_of, read_past, read_result, read_rows, write
from tui_client.tui.screens._replay_view import past_view

DOUBT = Picked("in doubt", Filter(outcomes=(OutcomeKind.IN_DOUBT,)))


def step(iteration: int) -> StepId:
    """A step of the only request."""
    return StepId(0, iteration, 0, "users/get")


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    """One run that died: two passed, one failed, one was refused, one may have been sent."""
    made = store_in(tmp_path)
    made.folder.mkdir(parents=True)
    plan = Plan(steps=("users/get",), title="batches/nightly")
    journal = HandmadeJournal(made.folder / f"{RUN}.sqlite", plan, workspace=str(tmp_path))
    journal.add(passed(step(0)), passed(step(1), exchange_of(b"x" * 30_000)), failed(step(2)), refused(step(3)))
    journal.claim(step(4))
    journal.connection.close()
    return made


def past_of(store: RunStore, told: list[int] | None = None) -> Past:
    """The run, folded."""
    return read_past(store, RUN, ([] if told is None else told).append)


def test_a_past_run_has_the_figures_that_it_had(store: RunStore) -> None:
    """And says that it was cut off."""
    past = past_of(store)
    summary, view = past.summary, past_view(past)
    assert (summary.done, summary.passed, summary.failed, summary.errors, summary.in_doubt) == (4, 2, 1, 1, 1)
    assert (summary.planned, summary.by_status, summary.by_error) == (10, {200: 2, 500: 1}, {"connect.refused": 1})
    assert (view.state, view.title, view.summary.run) == ("interrupted", "nightly", RUN)
    assert [group.name for group in summary.by_tag] == ["smoke"]


def test_a_long_journal_tells_how_far_it_was_read(store: RunStore) -> None:
    """Now and then."""
    journal = HandmadeJournal(store.folder / "20261123-x.sqlite", run="20261123-x")
    journal.connection.execute(
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 40999) INSERT INTO steps "
        "SELECT i, 0, 0, 'users/get', 'passed', '', 200, '', '', 1, 1.0, NULL, 0, 1.0, 0, 0, 0, NULL, '', NULL, NULL "
        "FROM n"
    )
    journal.connection.close()
    told: list[int] = []
    assert read_past(store, "20261123-x", told.append).summary.done == 41_000
    assert told == [20_000, 40_000]


def test_the_newest_rows_that_fit_are_read(store: RunStore) -> None:
    """With the reason why they did not pass."""
    listing = read_rows(store, RUN, NOT_PASSED, 10)
    assert (listing.run, listing.picked, listing.more, len(listing.rows)) == (RUN, NOT_PASSED, False, 2)
    assert [listing.rows.step(index)[0] for index in range(2)] == [step(3), step(2)]
    assert listing.rows[1].label.endswith("status == 200, was 500")
    assert len(read_rows(store, RUN, None, 10).rows) == 4


def test_what_is_in_doubt_was_claimed_and_never_heard_of(store: RunStore) -> None:
    """It stands in no step, and is listed all the same."""
    rows = read_rows(store, RUN, DOUBT, 10).rows
    assert rows.step(0) == (step(4), None)
    assert "In doubt: it may have been sent" in rows[0].label


def test_more_rows_than_are_listed_are_told(store: RunStore) -> None:
    """The others are for the reports."""
    journal = HandmadeJournal(store.folder / "20261123-x.sqlite", run="20261123-x")
    journal.add(*(passed(step(number)) for number in range(MOST_LISTED + 5)))
    listing = read_rows(store, "20261123-x", None, 0)
    assert (len(listing.rows), listing.more) == (MOST_LISTED, True)
    assert listing.rows.step(0)[0] == step(MOST_LISTED + 4)


def test_a_row_has_all_that_was_kept(store: RunStore) -> None:
    """None for a step that has no result."""
    result = read_result(store, RUN, step(1))
    assert result is not None
    assert result.exchange is not None
    assert result.exchange.response is not None
    assert result.exchange.response.body.size == 30_000
    assert read_result(store, RUN, step(4)) is None
    with pytest.raises(NotFound):
        read_result(store, "20000101-x", step(0))


def test_the_newest_run_is_that_of_the_workspace(store: RunStore, tmp_path: Path) -> None:
    """Runs of others don't count."""
    HandmadeJournal(store.folder / "20261123-x.sqlite", run="20261123-x", workspace="/elsewhere")
    found = newest_of(store, tmp_path)
    assert found is not None
    assert found.run == RUN
    assert newest_of(store, tmp_path / "other") is None


@pytest.mark.parametrize("suffix", [".html", ".xml", ".json", ".jsonl", ".csv", ".har"])
def test_a_report_is_written_where_it_is_wanted(store: RunStore, tmp_path: Path, suffix: str) -> None:
    """In each of the formats."""
    path = write(store, RUN, str(tmp_path / f"report{suffix}"))
    assert "users/get" in path.read_text() or suffix == ".har"
    assert path.stat().st_size > 100


def test_a_report_of_no_format_is_refused(store: RunStore, tmp_path: Path) -> None:
    """Nothing is written."""
    with pytest.raises(UsageError, match="No report format"):
        write(store, RUN, str(tmp_path / "report.pdf"))
    assert not (tmp_path / "report.pdf").exists()
