"""Why a step did not pass is said in one safe sentence."""

from __future__ import annotations

import pytest
from handmade_journal import exchange_of

from tui_client.errors import Failure, FailureKind
from tui_client.model.step import CheckResult, Dropped, Errored, InDoubt, Outcome, Replied, Skipped, StepId, StepResult
from tui_client.model.values import MISSING
from tui_client.replay.reasons import reason

OK = exchange_of()
SECRET = exchange_of(secrets=frozenset({"canary"}))


def _check(**more: object) -> CheckResult:
    fields: dict[str, object] = {
        "query": "status",
        "expr": "",
        "op": "==",
        "value": 200,
        "actual": 500,
        "passed": False,
    }
    return CheckResult(**(fields | more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (Replied(OK, (_check(passed=True),)), ""),
        (Replied(OK, (_check(passed=True), _check(), _check(op="<"))), "status == 200, was 500"),
        (Replied(OK, (_check(),), http_error=True), "status == 200, was 500"),
        (Replied(OK, http_error=True), "a status of 400 or more that no check asks for"),
        (
            Replied(OK, (_check(query="json", expr="$.id", op="exists", value=None, actual=MISSING),)),
            "json $.id exists, was nothing",
        ),
        (Replied(OK, (_check(op="contains", negated=True, actual="x\ny"),)), "status not contains 200, was x␊y"),
        (
            Replied(OK, (_check(error="no such filter"),)),
            "status == 200, could not be checked: no such filter",
        ),
        (Replied(OK, (_check(actual="y" * 200),)), f"status == 200, was {'y' * 100}…"),
        (
            Replied(SECRET, (_check(query="canary", expr="canary", value="canary", actual=["canary"]),)),
            '••• ••• == •••, was ["•••"]',
        ),
        (
            Errored(Failure(FailureKind.CONNECT_RESET, "canary", "canary", "canary"), SECRET),
            "••• closed the connection while it was being used: •••. (•••)",
        ),
        (Skipped("auth/login"), "Not sent: auth/login did not pass before it."),
        (Dropped(), "Dropped: its time came while all sessions were busy."),
        (InDoubt(), "In doubt: it may have been sent by a process that died, and was not sent again."),
    ],
)
def test_a_reason_says_what_was_wanted_and_what_came(outcome: Outcome, said: str) -> None:
    """The first check that failed, the failure or why it was not sent; one line, secrets masked, "" if it passed."""
    assert reason(StepResult(StepId(0, 0, 0, "a"), outcome)) == said


def test_a_secret_at_the_cut_of_a_long_reason_is_masked() -> None:
    """A detail is cut after its secrets were found, never in the middle of one."""
    failure = Failure(FailureKind.CAPTURE_FAILED, "id", detail="x" * 997 + "canary")
    said = reason(StepResult(StepId(0, 0, 0, "a"), Errored(failure, SECRET)))
    assert "can" not in said.removeprefix("The capture id found nothing: ")
