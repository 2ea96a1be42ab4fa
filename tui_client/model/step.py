"""What a step of a replay (or a single send, which is a plan of one step) comes to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import msgspec

from tui_client.errors import Failure
from tui_client.model.exchange import Exchange
from tui_client.model.values import QueryValue, Value


class CheckResult(msgspec.Struct, frozen=True):
    """One assert and what it found. `error` is set where the operator or query could not be applied at all."""

    query: str
    expr: str
    op: str
    value: Value
    actual: QueryValue
    passed: bool
    negated: bool = False
    error: str = ""


class StepId(msgspec.Struct, frozen=True, order=True):
    """Which step of a run.

    row: the data row, from 1; 0 without data. iteration: from 0. index: place in the row from 0; negative in setup.
    """

    row: int
    iteration: int
    index: int
    key: str


class Replied(msgspec.Struct, frozen=True):
    """A whole reply came. `http_error`: the status is 400 or more and nothing asserts on the status."""

    exchange: Exchange
    checks: tuple[CheckResult, ...] = ()
    captures: Mapping[str, Value] = {}
    http_error: bool = False

    @property
    def passed(self) -> bool:
        # A generator would cost more than the looking, and a replay asks several times a step.
        if self.http_error:
            return False
        for check in self.checks:  # noqa: SIM110
            if not check.passed:
                return False
        return True


class Errored(msgspec.Struct, frozen=True):
    """No whole reply, or a capture that could not be taken; `exchange` None if nothing was sent."""

    failure: Failure
    exchange: Exchange | None = None


class Skipped(msgspec.Struct, frozen=True):
    """Not sent, since an earlier step of the same row failed."""

    because: str


class Dropped(msgspec.Struct, frozen=True):
    """Not sent: its time came while all sessions were busy, and the plan says not to wait (overflow = "drop")."""


class InDoubt(msgspec.Struct, frozen=True):
    """Claimed by a run that died before it knew what came of it; not sent a second time, since that may do it twice."""


Outcome: TypeAlias = Replied | Errored | Skipped | Dropped | InDoubt


class StepResult(msgspec.Struct, frozen=True):
    """One step, done. `label`: method and URL for lists, secrets masked.

    finished_s, due_s: seconds since the run began. due_s: when it should have been sent; None where nothing said when.
    attempts: how often it was sent, 0 if it was not. late: it was sent later than due for want of a free session.
    """

    step: StepId
    outcome: Outcome
    finished_s: float = 0.0
    label: str = ""
    due_s: float | None = None
    attempts: int = 0
    late: bool = False

    @property
    def passed(self) -> bool:
        return isinstance(self.outcome, Replied) and self.outcome.passed

    @property
    def exchange(self) -> Exchange | None:
        """The exchange, if there was one."""
        return self.outcome.exchange if isinstance(self.outcome, Replied | Errored) else None
