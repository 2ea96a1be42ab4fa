"""What becomes of a step's result: it is counted, and journalled where the run has a journal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import compress
from typing import Final

from tui_client.http.cookies import Cookie
from tui_client.model.step import StepId, StepResult
from tui_client.model.values import Value
from tui_client.replay.journal.batch import Key, Row
from tui_client.replay.journal.carry import Carry
from tui_client.replay.journal.codec import RECORD_COLUMNS, STEP_COLUMNS, record_of_row
from tui_client.replay.journal.writer import JournalWriter
from tui_client.replay.record import record_of
from tui_client.replay.report import Report

# Which columns of a step's row its figures are.
_RECORDED: Final = tuple(name in RECORD_COLUMNS for name in STEP_COLUMNS)


class JournalLedger:
    """An engine's `Ledger` over a report and a journal."""

    def __init__(self, report: Report, journal: JournalWriter | None) -> None:
        self._report = report
        self._journal = journal

    async def claim(self, step: StepId, *, resendable: bool) -> None:
        """Returns once it is on disk. Raises BrokenFile, SaveFailed."""
        if self._journal is not None:
            await self._journal.claim(step, resendable=resendable)

    async def done(
        self,
        result: StepResult,
        captured: Mapping[str, Value] | None = None,
        cookies: tuple[Cookie, ...] = (),
        lost: Mapping[str, str] | None = None,
    ) -> None:
        """Count it and hand it to the journal. Raises BrokenFile."""
        record = record_of(result)
        self._report.count(record)
        if self._journal is not None:
            carry = None if captured is None else Carry(captured, cookies, lost or {})
            await self._journal.done(result, record, carry)

    def unclaim(self, step: StepId) -> None:
        """Take a claim back."""
        if self._journal is not None:
            self._journal.unclaim(step)

    def doubt(self, result: StepResult) -> None:
        """Count it; the journal has its claim, which says the same."""
        self._report.count(record_of(result))

    def forget(self, iteration: int, row: int) -> None:
        """What its steps needed is needed no more."""
        if self._journal is not None:
            self._journal.forget(iteration, row)


class SharedLedger(JournalLedger):
    """Takes what other processes did, too: many steps in each call."""

    async def claim_all(self, steps: Sequence[tuple[Key, str, bool]]) -> None:
        """(place, request, resendable) each. Returns once all are on disk. Raises BrokenFile, SaveFailed."""
        if self._journal is not None:
            await self._journal.claim_all(steps)

    async def done_all(self, rows: Sequence[tuple[Key, Row, bytes | None]]) -> None:
        """Rows of the journal's table `steps`, with what later steps need, as JSON. Raises BrokenFile."""
        for _, row, _ in rows:
            self._report.count(record_of_row(tuple(compress(row, _RECORDED))))
        if self._journal is not None:
            await self._journal.done_all(rows)

    def begin(self) -> None:
        """The run begins now."""
        if self._journal is not None:
            self._journal.begin()

    def gather(self, seconds: float) -> None:
        """Let claims wait so long for others to share their commit."""
        if self._journal is not None:
            self._journal.gather_s = seconds

    def unclaim_all(self, keys: Sequence[Key]) -> None:
        """Take claims back."""
        if self._journal is not None:
            for key in keys:
                self._journal.unclaim_at(key)
