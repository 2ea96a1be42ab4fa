"""What is to be replayed, as a value; and the sessions that it comes to."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

import msgspec

from tui_client.errors import UsageError

MAX_CONCURRENCY = 1000


class Exhausted(StrEnum):
    """What happens when there are more iterations than data rows."""

    STOP = "stop"
    WRAP = "wrap"
    HOLD = "hold"


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """A run before it begins. Keys as the library knows them, in the order in which they are sent.

    data: the file whose rows feed the sessions. iterations: how many sessions, each one run of `steps`;
    None: one for each row, or one without data. concurrency: sessions in flight at most.
    bail: stop at the first step that doesn't pass. allow_http_errors: a status of 400 or more fails no step.
    """

    steps: tuple[str, ...]
    setup: tuple[str, ...] = ()
    environment: str = ""
    given: Mapping[str, str] = {}
    data: Path | None = None
    iterations: int | None = None
    on_exhausted: Exhausted = Exhausted.STOP
    concurrency: int = 1
    bail: bool = False
    allow_http_errors: bool = False

    def sessions(self, rows: int | None) -> int | None:
        """How many sessions there will be, for so many data rows; None while the rows are not counted."""
        if self.data is None:
            return self.iterations or 1
        if self.iterations is None:
            return rows
        if self.on_exhausted is not Exhausted.STOP:
            return self.iterations
        return None if rows is None else min(rows, self.iterations)

    def planned_steps(self, rows: int | None) -> int | None:
        """How many steps will be done in all, those of the setup included; None while the rows are not counted."""
        sessions = self.sessions(rows)
        return None if sessions is None else len(self.setup) + sessions * len(self.steps)


def checked(plan: Plan) -> Plan:
    """The plan, if it can be run. Raises UsageError where it can't."""
    if not plan.steps:
        raise UsageError("There is nothing to replay: no request matches.")
    if not 1 <= plan.concurrency <= MAX_CONCURRENCY:
        raise UsageError(f"The concurrency must be between 1 and {MAX_CONCURRENCY}, not {plan.concurrency}.")
    if plan.iterations is not None and plan.iterations < 1:
        raise UsageError(f"There must be at least one iteration, not {plan.iterations}.")
    return plan
