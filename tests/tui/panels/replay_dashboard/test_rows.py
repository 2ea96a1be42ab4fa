"""Steps of a replay as rows."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tui_client.errors import Failure, FailureKind
from tui_client.model.exchange import BytesBody, Exchange, Response, SentRequest, Timings
from tui_client.model.step import CheckResult, Errored, Outcome, Replied, Skipped, StepId, StepResult
from tui_client.replay.record import OutcomeKind, Recorded
from tui_client.tui.panels.replay_dashboard.rows import JournalRows, Kept, ResultRows, Results, result_row
from tui_client.tui.widgets.outline import RowState


def exchange(status: int = 200, ms: float = 41.0) -> Exchange:
    """A reply to POST /users."""
    sent = SentRequest("POST", "http://h/users", b"/users", ())
    response = Response(status, "", "HTTP/1.1", (), BytesBody())
    return Exchange(sent, response, Timings(total=ms), datetime(2026, 1, 1, tzinfo=UTC))


def result(outcome: Outcome, row: int = 0, iteration: int = 0, index: int = 0) -> StepResult:
    """A result of users/create."""
    return StepResult(StepId(row, iteration, index, "users/create"), outcome)


def check(actual: object, passed: bool = False, **more: object) -> CheckResult:
    """An assert on the status."""
    return CheckResult("status", "", "==", 201, actual, passed, **more)  # type: ignore[arg-type]  # any kind of value


PASSED = result(Replied(exchange()))
FAILED = result(Replied(exchange(500), (check(500),)), row=118)


def test_a_row_says_which_step_what_came_how_long_and_why() -> None:
    """In columns."""
    row = result_row(7, FAILED, 12)
    words = "row 118 users/create POST 500 41.0 ms status == 201, was 500"
    assert row.label.split() == words.split()
    assert (row.id, row.state) == ("7", RowState.FAILED)


@pytest.mark.parametrize(
    ("where", "outcome", "state", "words"),
    [
        ({"row": 3}, Replied(exchange()), RowState.PASSED, "row 3 users/create POST 200 41.0 ms"),
        ({"iteration": 4}, Replied(exchange()), RowState.PASSED, "time 5 users/create POST 200 41.0 ms"),
        ({"index": -1}, Replied(exchange()), RowState.PASSED, "setup users/create POST 200 41.0 ms"),
        (
            {},
            Skipped("auth/login"),
            RowState.SKIPPED,
            "users/create skipped Not sent: auth/login did not pass before it.",
        ),
        (
            {},
            Replied(exchange(404), http_error=True),
            RowState.FAILED,
            "users/create POST 404 41.0 ms a status of 400 or more that no check asks for",
        ),
        (
            {},
            Errored(Failure(FailureKind.CLOSED_EARLY, "h:80")),
            RowState.ERRORED,
            "users/create closed_early h:80 closed the connection before it answered.",
        ),
    ],
)
def test_each_outcome_has_its_sign_and_its_words(
    where: dict[str, int], outcome: Outcome, state: RowState, words: str
) -> None:
    """Whatever became of the step."""
    row = result_row(1, result(outcome, **where))
    assert row.state is state
    assert row.label.split() == words.split()


def test_the_last_steps_and_the_first_failures_are_kept() -> None:
    """However long the run; in the order in which they came, none twice."""
    kept = Kept()
    for number in range(5000):
        kept.add(FAILED if number % 4 == 0 else PASSED)
    results = kept.results()
    assert (len(results.recent), len(results.failed)) == (500, 1000)
    numbers = [number for number, _ in results.listed()]
    assert numbers == sorted(set(numbers))
    assert numbers[-1] == 5000


def test_a_short_run_is_listed_whole() -> None:
    """Nothing is left out, nothing twice."""
    kept = Kept()
    for one in (PASSED, FAILED, PASSED):
        kept.add(one)
    assert [number for number, _ in kept.results().listed()] == [1, 2, 3]
    assert Results().listed() == ()


def test_a_row_is_found_by_its_number() -> None:
    """One that is listed no more leads to the next one; a row of the journal to none."""
    rows = ResultRows(((3, PASSED), (7, FAILED), (9, PASSED)))
    assert [rows.place(id_) for id_ in ("3", "7", "9", "5", "1", "12")] == [0, 1, 2, 1, 0, 2]
    assert rows.place("0.7.1") is None
    assert rows.step(1) == (FAILED.step, FAILED)


def test_rows_of_the_journal_read_like_those_of_a_run() -> None:
    """The same columns, found by their step."""
    step = FAILED.step
    listed = Recorded(
        step=step, outcome=OutcomeKind.FAILED, label="POST http://h/users", status=500, service_ms=41.0, checks=1
    )
    rows = JournalRows(((listed, "status == 201, was 500"),), 12)
    assert rows[0].label == result_row(7, FAILED, 12).label
    assert rows[0].state is RowState.FAILED
    assert rows.place(rows[0].id) == 0
    assert rows.place("7") is None
    assert rows.step(0) == (step, None)


@pytest.mark.parametrize(
    ("outcome", "error", "words", "state"),
    [
        (OutcomeKind.ERROR, "connect.refused", "connect.refused why", RowState.ERRORED),
        (OutcomeKind.DROPPED, "", "dropped why", RowState.SKIPPED),
        (OutcomeKind.IN_DOUBT, "", "in doubt why", RowState.SKIPPED),
        (OutcomeKind.SKIPPED, "", "skipped why", RowState.SKIPPED),
    ],
)
def test_what_was_not_answered_says_what_became_of_it(
    outcome: OutcomeKind, error: str, words: str, state: RowState
) -> None:
    """In place of a status."""
    row = JournalRows(((Recorded(step=StepId(0, 0, 0, "a"), outcome=outcome, error=error), "why"),))[0]
    assert row.label.split() == ["a", *words.split()]
    assert row.state is state


def test_keys_are_padded_to_one_width() -> None:
    """So that the columns stand below each other; very long ones stick out."""
    assert "users/create      POST" in result_row(1, PASSED, 16).label
    assert ResultRows(((1, PASSED),), 500)[0].label.startswith("users/create" + " " * 30)
