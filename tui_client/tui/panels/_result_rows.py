"""The steps of a replay as rows: which step, what came of it, how long it took, why it did not pass."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from typing import Final, TypeAlias, assert_never

import msgspec

from tui_client.errors import Failure
from tui_client.model.step import CheckResult, Dropped, Errored, InDoubt, Replied, Skipped, StepId, StepResult
from tui_client.model.values import MISSING, QueryValue
from tui_client.model.wording import describe, why_unsent
from tui_client.text import format_duration_ms, redact
from tui_client.tui.widgets.outline import OutlineRow, RowState

# A step and its number in the run, from 1.
Numbered: TypeAlias = tuple[int, StepResult]

_RECENT: Final = 500
_FAILED: Final = 1000
_LONGEST_VALUE: Final = 100
# Secrets are looked for in so much of a value, far more than is shown: none may be cut in two before it is found.
_SEARCHED: Final = 4000
_LONGEST_KEY: Final = 40


class Results(msgspec.Struct, frozen=True):
    """What is listed at one moment: the last 500 steps, and the first 1,000 that did not pass."""

    recent: tuple[Numbered, ...] = ()
    failed: tuple[Numbered, ...] = ()

    def listed(self, only_failed: bool) -> tuple[Numbered, ...]:
        """Those that are shown, in the order in which they came."""
        if only_failed:
            return self.failed
        first = self.recent[0][0] if self.recent else 0
        return self.failed[: bisect_left(self.failed, first, key=lambda one: one[0])] + self.recent


class Kept:
    """Takes every result and keeps those that are listed; memory does not grow with the run."""

    def __init__(self) -> None:
        self._count = 0
        self._recent: deque[Numbered] = deque(maxlen=_RECENT)
        self._failed: list[Numbered] = []

    def add(self, result: StepResult) -> None:
        """Take the next result."""
        self._count += 1
        self._recent.append((self._count, result))
        if not result.passed and len(self._failed) < _FAILED:
            self._failed.append((self._count, result))

    def results(self) -> Results:
        """What is listed now."""
        return Results(tuple(self._recent), tuple(self._failed))


class ResultRows:
    """Rows of results; each is made when it is drawn."""

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
        return min(bisect_left(self._listed, int(id_), key=lambda one: one[0]), len(self._listed) - 1)

    def result(self, id_: str) -> StepResult | None:
        """The result behind a row."""
        place = self.place(id_)
        number, result = self._listed[place or 0] if self._listed else (0, None)
        return result if number == int(id_) else None


def result_row(number: int, result: StepResult, key_cells: int = 0) -> OutlineRow:
    """One row: "row 118  users/create  POST 500  41.0 ms  status == 201, was 500"."""
    where, step = _where(result.step), result.step
    came, took = _came(result)
    columns = (where, f"{step.key:<{key_cells}}", f"{came:<10}", f"{took:>9}" if took else "", reason(result))
    return OutlineRow(str(number), "  ".join(column for column in columns if column).rstrip(), 0, _state(result))


def _where(step: StepId) -> str:
    if step.index < 0:
        return f"{'setup':<10}"
    if step.row:
        return f"{f'row {step.row}':<10}"
    return f"{f'time {step.iteration + 1}':<10}" if step.iteration else ""


def _state(result: StepResult) -> RowState:
    match result.outcome:
        case Replied():
            return RowState.PASSED if result.passed else RowState.FAILED
        case Errored():
            return RowState.ERRORED
        case Skipped() | Dropped() | InDoubt():
            return RowState.SKIPPED
        case _:
            assert_never(result.outcome)


def _came(result: StepResult) -> tuple[str, str]:
    """Method and status, or the kind of error; and the milliseconds it took, "" if nothing was sent."""
    match result.outcome:
        case Replied(exchange=exchange):
            status = exchange.response.status if exchange.response else "—"
            return f"{exchange.request.method} {status}", format_duration_ms(exchange.timings.total)
        case Errored(failure=failure, exchange=exchange):
            return failure.kind.value, format_duration_ms(exchange.timings.total) if exchange else ""
        case Skipped():
            return "skipped", ""
        case Dropped():
            return "dropped", ""
        case InDoubt():
            return "in doubt", ""
        case _:
            assert_never(result.outcome)


def reason(result: StepResult) -> str:
    """Why a step did not pass, secrets masked; "" if it did."""
    match result.outcome:
        case Replied(exchange=exchange, checks=checks, http_error=http_error):
            bad = next((check for check in checks if not check.passed), None)
            if bad is not None:
                return _check(bad, exchange.request.secrets)
            return "a status of 400 or more that no check asks for" if http_error else ""
        case Errored(failure=failure, exchange=exchange):
            return redact(_failure(failure), exchange.request.secrets if exchange else frozenset())
        case Skipped() | Dropped() | InDoubt():
            return why_unsent(result.outcome)
        case _:
            assert_never(result.outcome)


def _failure(failure: Failure) -> str:
    return describe(msgspec.structs.replace(failure, detail=failure.detail[:1000]))


def _check(check: CheckResult, secrets: frozenset[str]) -> str:
    asked = f"{check.query} {check.expr}".strip()
    operator = f"{'not ' if check.negated else ''}{check.op}"
    wanted = "" if check.value is None else f" {_value(check.value, secrets)}"
    found = f"could not be checked: {check.error}" if check.error else f"was {_value(check.actual, secrets)}"
    return f"{redact(asked, secrets)} {operator}{wanted}, {found}"


def _value(value: QueryValue, secrets: frozenset[str]) -> str:
    if value is MISSING:
        return "nothing"
    text = redact((value if isinstance(value, str) else _json(value))[:_SEARCHED], secrets)
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"


def _json(value: QueryValue) -> str:
    try:
        return msgspec.json.encode(value).decode()
    except (TypeError, ValueError, RecursionError):
        return str(value)
