"""A result as figures."""

from __future__ import annotations

import msgspec
import pytest
from handmade_journal import exchange_of, failed, passed, refused

from tui_client.errors import Failure, FailureKind
from tui_client.model.step import CheckResult, Dropped, Errored, InDoubt, Outcome, Replied, Skipped, StepId, StepResult
from tui_client.replay.record import OutcomeKind, record_of

STEP = StepId(3, 1, 2, "a")


@pytest.mark.parametrize(
    ("outcome", "kind"),
    [(Skipped("b"), OutcomeKind.SKIPPED), (Dropped(), OutcomeKind.DROPPED), (InDoubt(), OutcomeKind.IN_DOUBT)],
)
def test_what_was_not_sent_has_no_latency(outcome: Outcome, kind: OutcomeKind) -> None:
    """Neither of its own nor from when it was due."""
    record = record_of(StepResult(STEP, outcome, 5.0, "a", due_s=1.0))
    assert (record.outcome, record.service_ms, record.scheduled_ms, record.status, record.error) == (
        kind,
        None,
        None,
        None,
        "",
    )


def test_checks_are_counted_where_they_failed_the_step() -> None:
    """A status of 500 fails a step whose checks all passed; its checks stay passed."""
    assert (record_of(failed(STEP)).checks, record_of(failed(STEP)).checks_failed) == (1, 1)
    well = CheckResult("status", "", "==", 500, 500, True)
    record = record_of(StepResult(STEP, Replied(exchange_of(status=500), (well,), {}, True)))
    assert (record.outcome, record.checks, record.checks_failed, record.status) == (OutcomeKind.FAILED, 1, 0, 500)


def test_a_reply_without_its_capture_is_an_error_with_a_status() -> None:
    """It came whole, so that it has a latency and its bytes count."""
    record = record_of(StepResult(STEP, Errored(Failure(FailureKind.CAPTURE_FAILED, "t"), exchange_of(b"12345"))))
    assert (record.outcome, record.error, record.status) == (OutcomeKind.ERROR, "capture.failed", 200)
    assert (record.service_ms, record.received_bytes) == (12.5, 5)
    assert record_of(refused(STEP)).service_ms is None


def test_scheduled_latency_is_never_less_than_nothing() -> None:
    """From when it was due to when it was over; the clock of a timer may be a little ahead."""
    result = passed(STEP, due_s=1.0, late=True)
    record = record_of(msgspec.structs.replace(result, finished_s=3.5))
    assert (record.scheduled_ms, record.late, record.step) == (2500.0, True, STEP)
    assert record_of(msgspec.structs.replace(result, finished_s=0.9)).scheduled_ms == 0.0
    assert record_of(msgspec.structs.replace(result, due_s=None)).scheduled_ms is None
