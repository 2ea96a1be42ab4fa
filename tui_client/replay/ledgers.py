"""What becomes of a step's result: it is counted, and journalled where the run has a journal."""

from __future__ import annotations

from collections.abc import Mapping

from tui_client.http.cookies import Cookie
from tui_client.model.step import StepId, StepResult
from tui_client.model.values import Value
from tui_client.replay.journal.carry import Carry
from tui_client.replay.journal.writer import JournalWriter
from tui_client.replay.record import record_of
from tui_client.replay.report import Report


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
