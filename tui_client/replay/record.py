"""A step's result as figures: what the report counts, the journal keeps in columns and the reports list."""

from __future__ import annotations

from enum import StrEnum
from typing import assert_never

import msgspec

from tui_client.model.step import Dropped, Errored, InDoubt, Replied, Skipped, StepId, StepResult


class OutcomeKind(StrEnum):
    """What came of a step, in one word."""

    PASSED = "passed"
    FAILED = "failed"  # a whole reply, and a check or its status failed the step
    ERROR = "error"  # no whole reply, or a capture not taken
    SKIPPED = "skipped"
    DROPPED = "dropped"
    IN_DOUBT = "in_doubt"


class Recorded(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One step without its headers and bodies.

    label: method and URL, secrets masked. error: a `FailureKind`, "" for none. attempts: times sent.
    finished_s, due_s: seconds since the run began; pauses between a death and a resume don't count.
    service_ms: the last attempt, from the call to the last byte. scheduled_ms: from when it was due, retries included;
    None where nothing said when. received_bytes: the body as it came over the wire.
    """

    step: StepId
    outcome: OutcomeKind
    label: str = ""
    status: int | None = None
    error: str = ""
    attempts: int = 0
    finished_s: float = 0.0
    due_s: float | None = None
    late: bool = False
    service_ms: float | None = None
    checks: int = 0
    checks_failed: int = 0
    received_bytes: int = 0

    @property
    def scheduled_ms(self) -> float | None:
        if self.due_s is None or self.service_ms is None:
            return None
        return max(0.0, (self.finished_s - self.due_s) * 1000)


def record_of(result: StepResult) -> Recorded:
    """The figures of a result."""
    status: int | None = None
    service_ms: float | None = None
    error, received, checks, failed = "", 0, 0, 0
    exchange = result.exchange
    if exchange is not None and exchange.response is not None:
        status, received = exchange.response.status, exchange.response.encoded_bytes
    match result.outcome:
        case Replied():
            outcome = OutcomeKind.PASSED if result.outcome.passed else OutcomeKind.FAILED
            checks = len(result.outcome.checks)
            failed = 0 if outcome is OutcomeKind.PASSED else sum(not one.passed for one in result.outcome.checks)
            service_ms = result.outcome.exchange.timings.total
        case Errored(failure=failure):
            outcome, error = OutcomeKind.ERROR, failure.kind.value
            service_ms = None if exchange is None else exchange.timings.total
        case Skipped():
            outcome = OutcomeKind.SKIPPED
        case Dropped():
            outcome = OutcomeKind.DROPPED
        case InDoubt():
            outcome = OutcomeKind.IN_DOUBT
        case _:
            assert_never(result.outcome)
    return Recorded(
        step=result.step,
        outcome=outcome,
        label=result.label,
        status=status,
        error=error,
        attempts=result.attempts,
        finished_s=result.finished_s,
        due_s=result.due_s,
        late=result.late,
        service_ms=service_ms,
        checks=checks,
        checks_failed=failed,
        received_bytes=received,
    )
