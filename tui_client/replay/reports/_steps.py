"""A step as named values, the same in JSON, JSON Lines and CSV."""

from __future__ import annotations

from typing import Final, TypeAlias

from tui_client.replay.record import Recorded

StepValue: TypeAlias = str | int | float | bool | None

COLUMNS: Final = (
    "row",
    "iteration",
    "step",
    "request",
    "label",
    "outcome",
    "status",
    "error",
    "reason",
    "attempts",
    "due_s",
    "finished_s",
    "late",
    "service_ms",
    "scheduled_ms",
    "checks",
    "checks_failed",
    "received_bytes",
)


def step_fields(record: Recorded, reason: str) -> dict[str, StepValue]:
    """The values of a step by the names in COLUMNS, in that order; texts are as they came."""
    step = record.step
    return {
        "row": step.row,
        "iteration": step.iteration,
        "step": step.index,
        "request": step.key,
        "label": record.label,
        "outcome": record.outcome.value,
        "status": record.status,
        "error": record.error,
        "reason": reason,
        "attempts": record.attempts,
        "due_s": _rounded(record.due_s),
        "finished_s": _rounded(record.finished_s),
        "late": record.late,
        "service_ms": _rounded(record.service_ms),
        "scheduled_ms": _rounded(record.scheduled_ms),
        "checks": record.checks,
        "checks_failed": record.checks_failed,
        "received_bytes": record.received_bytes,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
