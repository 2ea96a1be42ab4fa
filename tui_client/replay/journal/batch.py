"""What one commit of the journal writes, and its statements.

Every row of a kind goes in by a statement of many rows. Python gives its lock away in each statement and waits for it
afterwards, mostly longer than the writing takes: so there are few, filled up with empty rows that are left out.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Final, TypeAlias

from tui_client.model.step import StepResult
from tui_client.replay.journal.codec import STEP_COLUMNS, step_row
from tui_client.replay.record import Recorded

# iteration, row, step
Key: TypeAlias = tuple[int, int, int]
Cell: TypeAlias = str | int | float | bytes | None
Row: TypeAlias = tuple[Cell, ...]

# Few sizes, so that their statements are parsed once.
_SIZES: Final = (1, 4, 16, 32, 64)
_OUTCOME: Final = STEP_COLUMNS.index("outcome")

# With a bare IN (VALUES …) the table is scanned, with a SELECT its key is used.
_FILLED: Final = ") WHERE column1 IS NOT NULL"
_UNCLAIM: Final = ("DELETE FROM claims WHERE (iteration, row, step) IN (SELECT * FROM (VALUES ", f"{_FILLED})")
_FORGET: Final = ("DELETE FROM carry WHERE step >= 0 AND (iteration, row) IN (SELECT * FROM (VALUES ", f"{_FILLED})")
_CLAIM: Final = (
    "INSERT OR REPLACE INTO claims SELECT *, (julianday('now') - 2440587.5) * 86400.0 FROM (VALUES ",
    _FILLED,
)
_STEPS: Final = f"steps ({', '.join(STEP_COLUMNS)}) SELECT * FROM (VALUES "
_ADD: Final = (f"INSERT INTO {_STEPS}", _FILLED)
_REPLACE: Final = (f"INSERT OR REPLACE INTO {_STEPS}", _FILLED)
_OLD: Final = (
    "SELECT outcome FROM (VALUES ",
    ") AS new JOIN steps ON iteration = column1 AND row = column2 AND step = column3",
)
_COUNT: Final = (
    "INSERT INTO counts (outcome, steps) VALUES (?, ?) "
    "ON CONFLICT (outcome) DO UPDATE SET steps = steps + excluded.steps"
)
_CARRY: Final = ("INSERT OR REPLACE INTO carry (iteration, row, step, secret) SELECT * FROM (VALUES ", _FILLED)


class Waiting(asyncio.Future[None]):
    """Many tasks wait on one of these. Cancelling one of them wakes all; the others look and wait anew."""

    def cancel(self, msg: object = None) -> bool:
        if not self.done():
            self.set_result(None)
        return False  # the task that is cancelled hears of it when it wakes


class Batch:
    """What is to be written in one commit. Filled in the event loop, then written in the thread, never both.

    size: operations so far. commits: it ends the transaction; what does not is on disk with the next one that does.
    over: the thread has done with it; `written` says whether it is on disk.
    """

    def __init__(self) -> None:
        self.unclaimed: list[Key] = []
        self.claims: dict[Key, Row] = {}
        self.steps: dict[Key, tuple[StepResult, Recorded] | Row] = {}  # a result, or its row as another process made it
        self._rows: list[Row] | None = None
        self.carries: dict[Key, bytes] = {}
        self.forgotten: list[tuple[int, int]] = []
        self.run: dict[str, Cell] = {}
        self.size = 0
        self.commits = True
        self.written = False
        self.over = False
        self._waiting: Waiting | None = None

    def step_rows(self) -> list[Row]:
        """The steps as they are written; called in the thread, so that the event loop has time for the run."""
        if self._rows is None:
            self._rows = [_row_of(step) for step in self.steps.values()]
        return self._rows

    def without_rest(self) -> Batch:
        """Leave here what its claims need to be on disk, the earlier steps of their sessions; the rest is given back.

        Turning results into rows and writing them takes longer than a commit: those who wait for a claim need not wait
        for it.
        """
        rest = Batch()
        claimed = {key[:2] for key in self.claims}
        moved = [key for key in self.steps if key[:2] not in claimed]
        for key in moved:
            rest.steps[key] = self.steps.pop(key)
            if key in self.carries:
                rest.carries[key] = self.carries.pop(key)
        rest.forgotten, self.forgotten = self.forgotten, []
        rest.size = len(moved) + len(rest.forgotten)
        return rest

    @property
    def awaited(self) -> bool:
        """Whether a task waits for it."""
        return self._waiting is not None

    async def wait(self) -> None:
        """Until it is over."""
        while not self.over:
            if self._waiting is None or self._waiting.done():
                self._waiting = Waiting()
            await self._waiting

    def end(self) -> None:
        """It is over: all who wait go on."""
        self.over = True
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)


def _row_of(step: tuple[StepResult, Recorded] | Row) -> Row:
    match step:
        case (StepResult() as result, Recorded() as record):
            return step_row(result, record)
        case _:
            return step


def write(connection: sqlite3.Connection, batch: Batch, staged: list[Batch]) -> None:
    """Write it all; nothing of the transaction stays if that fails. Raises sqlite3.Error.

    staged: what stands in the transaction already, or must be put there again. Empty after a commit.
    """
    rows = batch.step_rows()
    try:
        if not connection.in_transaction:
            connection.execute("BEGIN IMMEDIATE")
            for earlier in staged:
                _write_rows(connection, earlier, earlier.step_rows())
        _write_rows(connection, batch, rows)
        if not batch.commits:
            staged.append(batch)
            return
        connection.execute("COMMIT")
        staged.clear()
    except BaseException:
        if connection.in_transaction:  # a full disk may have ended it
            connection.execute("ROLLBACK")
        raise


def _write_rows(connection: sqlite3.Connection, batch: Batch, steps: Sequence[Row]) -> None:
    _execute(connection, _UNCLAIM, [*batch.unclaimed, *batch.steps])
    _write_steps(connection, steps)
    _execute(connection, _CLAIM, list(batch.claims.values()))
    _execute(connection, _CARRY, [(*key, secret) for key, secret in batch.carries.items()])
    _execute(connection, _FORGET, batch.forgotten)
    if batch.run:
        columns = ", ".join(f"{name} = ?" for name in batch.run)
        connection.execute(f"UPDATE run SET {columns}", tuple(batch.run.values()))


def _write_steps(connection: sqlite3.Connection, steps: Sequence[Row]) -> None:
    counts = Counter(str(row[_OUTCOME]) for row in steps)
    for rows in _chunks(steps):
        try:
            _execute_one(connection, _ADD, rows)
        except sqlite3.IntegrityError:
            # A step that was done before is rare: a setup sent again, a step that was in doubt.
            old = _execute_one(connection, _OLD, [row[:3] for row in rows])
            counts.subtract(outcome for (outcome,) in old)
            _execute_one(connection, _REPLACE, rows)
    for outcome, steps_more in counts.items():
        connection.execute(_COUNT, (outcome, steps_more))


def _execute(connection: sqlite3.Connection, statement: tuple[str, str], rows: Sequence[Row]) -> None:
    for chunk in _chunks(rows):
        _execute_one(connection, statement, chunk)


def _execute_one(connection: sqlite3.Connection, statement: tuple[str, str], rows: Sequence[Row]) -> sqlite3.Cursor:
    columns = len(rows[0])
    size = next(size for size in _SIZES if size >= len(rows))
    empty = (None,) * (columns * (size - len(rows)))
    return connection.execute(_text(statement, columns, size), (*chain.from_iterable(rows), *empty))


@lru_cache(maxsize=64)
def _text(statement: tuple[str, str], columns: int, rows: int) -> str:
    before, after = statement
    marks = "(" + ",".join("?" * columns) + ")"
    return before + ",".join([marks] * rows) + after


def _chunks(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    for start in range(0, len(rows), _SIZES[-1]):
        yield rows[start : start + _SIZES[-1]]
