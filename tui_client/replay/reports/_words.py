"""How reports name steps, tell why they did not pass and word what changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tui_client.model.step import StepId
from tui_client.replay.diff.json_diff import Change
from tui_client.replay.plan import Plan
from tui_client.replay.record import OutcomeKind, Recorded
from tui_client.replay.reports._report import RunData

OUTCOME_WORDS: Final[dict[OutcomeKind, str]] = {
    OutcomeKind.PASSED: "passed",
    OutcomeKind.FAILED: "failed",
    OutcomeKind.ERROR: "error",
    OutcomeKind.SKIPPED: "skipped",
    OutcomeKind.DROPPED: "dropped",
    OutcomeKind.IN_DOUBT: "in doubt",
}


class StepNames:
    """Names for the steps of one run, each one different."""

    def __init__(self, plan: Plan) -> None:
        keys = (*plan.setup, *plan.steps)
        self._repeated = frozenset(key for key in keys if keys.count(key) > 1)

    def place(self, step: StepId) -> str:
        """ "row 118", "row 118 iteration 2", "setup" or "": what tells this step from others of its request."""
        parts = [f"row {step.row}"] if step.row else []
        if step.iteration:
            parts.append(f"iteration {step.iteration + 1}")
        if step.index < 0:
            parts.append("setup")
        if step.key in self._repeated:
            parts.append(f"step {abs(step.index) if step.index < 0 else step.index + 1}")
        return " ".join(parts)

    def name(self, step: StepId) -> str:
        """ "users/create row 118"; not yet safe to print."""
        return f"{step.key} {self.place(step)}".rstrip()


def with_reasons(data: RunData) -> Iterator[tuple[Recorded, str]]:
    """All steps, each with the sentence that says why it did not pass; "" for those that did."""
    failures = data.failures()
    waiting = next(failures, None)
    for record in data.records():
        if waiting is not None and waiting[0].step == record.step:
            yield record, waiting[1]
            waiting = next(failures, None)
        else:
            yield record, ""


def change_words(change: Change) -> str:
    """ "12 → 13", "added 13", "removed 12"; not yet safe to print."""
    if change.before is None:
        return "" if change.after is None else f"added {change.after}"
    return f"removed {change.before}" if change.after is None else f"{change.before} → {change.after}"
