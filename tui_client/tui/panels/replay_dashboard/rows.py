"""The steps of a replay as rows: which step, what came of it, how long it took, why it did not pass."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from typing import Final, Protocol, TypeAlias

import msgspec

from tui_client.model.step import StepId, StepResult
from tui_client.replay.reasons import reason
from tui_client.replay.record import OutcomeKind, Recorded, record_of
from tui_client.text import format_duration_ms
from tui_client.tui.widgets.outline import OutlineRow, RowState

# A step and its number in the run, from 1.
Numbered: TypeAlias = tuple[int, StepResult]
# A step as the journal has it, and why it did not pass.
Explained: TypeAlias = tuple[Recorded, str]

_RECENT: Final = 500
_FAILED: Final = 1000
_LONGEST_KEY: Final = 40
_STATES: Final = {
    OutcomeKind.PASSED: RowState.PASSED,
    OutcomeKind.FAILED: RowState.FAILED,
    OutcomeKind.ERROR: RowState.ERRORED,
    OutcomeKind.SKIPPED: RowState.SKIPPED,
    OutcomeKind.DROPPED: RowState.SKIPPED,
    OutcomeKind.IN_DOUBT: RowState.SKIPPED,
}


class Results(msgspec.Struct, frozen=True):
    """What is listed at one moment: the last 500 steps, and the first 1,000 that did not pass."""

    recent: tuple[Numbered, ...] = ()
    failed: tuple[Numbered, ...] = ()

    def listed(self) -> tuple[Numbered, ...]:
        """Those that are shown, in the order in which they came."""
        first = self.recent[0][0] if self.recent else 0
        return self.failed[: bisect_left(self.failed, first, key=lambda one: one[0])] + self.recent


class Kept:
    """Takes every result and keeps those that are listed; memory does not grow with the run."""

    def __init__(self) -> None:
        self.count = 0
        self._recent: deque[Numbered] = deque(maxlen=_RECENT)
        self._failed: list[Numbered] = []

    def add(self, result: StepResult) -> None:
        """Take the next result."""
        self.count += 1
        self._recent.append((self.count, result))
        if not result.passed and len(self._failed) < _FAILED:
            self._failed.append((self.count, result))

    def results(self) -> Results:
        """What is listed now."""
        return Results(tuple(self._recent), tuple(self._failed))


class StepRows(Protocol):
    """Rows of steps, for an outline."""

    def __len__(self) -> int: ...

    def __getitem__(self, index: int) -> OutlineRow: ...

    def place(self, id_: str) -> int | None: ...

    def step(self, index: int) -> tuple[StepId, StepResult | None]:
        """The step of a row; its result where that is at hand."""


class ResultRows:
    """Rows of results as they come; each is made when it is drawn."""

    def __init__(self, listed: tuple[Numbered, ...] = (), key_cells: int = 0) -> None:
        self._listed = listed
        self._key_cells = min(key_cells, _LONGEST_KEY)

    def __len__(self) -> int:
        return len(self._listed)

    def __getitem__(self, index: int) -> OutlineRow:
        number, result = self._listed[index]
        return result_row(number, result, self._key_cells)

    def place(self, id_: str) -> int | None:
        """Where the row with this id stands; the next one after it where it is listed no more."""
        if not id_.isdecimal():
            return None
        return min(bisect_left(self._listed, int(id_), key=lambda one: one[0]), len(self._listed) - 1)

    def step(self, index: int) -> tuple[StepId, StepResult | None]:
        """The step of a row, and its result."""
        result = self._listed[index][1]
        return result.step, result


class JournalRows:
    """Rows as the journal has them. Made in any thread."""

    def __init__(self, listed: tuple[Explained, ...] = (), key_cells: int = 0) -> None:
        self._listed = listed
        self._key_cells = min(key_cells, _LONGEST_KEY)
        self._places = {_id(record.step): place for place, (record, _) in enumerate(listed)}

    def __len__(self) -> int:
        return len(self._listed)

    def __getitem__(self, index: int) -> OutlineRow:
        record, why = self._listed[index]
        method = record.label.partition(" ")[0]
        return _row(_id(record.step), record, method, why, self._key_cells)

    def place(self, id_: str) -> int | None:
        """Where the row with this id stands; None where it is not listed."""
        return self._places.get(id_)

    def step(self, index: int) -> tuple[StepId, StepResult | None]:
        """The step of a row; its result is in the journal."""
        return self._listed[index][0].step, None


def result_row(number: int, result: StepResult, key_cells: int = 0) -> OutlineRow:
    """One row: "row 118  users/create  POST 500  41.0 ms  status == 201, was 500"."""
    method = result.exchange.request.method if result.exchange else result.label.partition(" ")[0]
    return _row(str(number), record_of(result), method, reason(result), key_cells)


def _row(id_: str, record: Recorded, method: str, why: str, key_cells: int) -> OutlineRow:
    step = record.step
    took = "" if record.service_ms is None else format_duration_ms(record.service_ms)
    came = f"{_came(record, method):<10}"
    columns = (_where(step), f"{step.key:<{key_cells}}", came, f"{took:>9}" if took else "", why)
    label = "  ".join(column for column in columns if column).rstrip()
    return OutlineRow(id_, label, 0, _STATES[record.outcome])


def _id(step: StepId) -> str:
    return f"{step.iteration}.{step.row}.{step.index}"


def _where(step: StepId) -> str:
    if step.index < 0:
        return f"{'setup':<10}"
    if step.row:
        return f"{f'row {step.row}':<10}"
    return f"{f'time {step.iteration + 1}':<10}" if step.iteration else ""


def _came(record: Recorded, method: str) -> str:
    """Method and status, or what became of it instead."""
    match record.outcome:
        case OutcomeKind.PASSED | OutcomeKind.FAILED:
            return f"{method} {'—' if record.status is None else record.status}"
        case OutcomeKind.ERROR:
            return record.error
        case OutcomeKind.IN_DOUBT:
            return "in doubt"
        case kind:
            return kind.value
