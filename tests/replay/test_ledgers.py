"""What becomes of a step: counted once, and journalled where there is a journal."""

from __future__ import annotations

from pathlib import Path

from handmade_journal import passed
from journals import header, rows, step, store_in

from tui_client.model.step import InDoubt, StepResult
from tui_client.replay.journal.header import Ended
from tui_client.replay.ledgers import JournalLedger
from tui_client.replay.report import Report

CLAIMS = "SELECT iteration FROM claims ORDER BY iteration"


async def test_a_claim_is_kept_taken_back_or_doubted(tmp_path: Path) -> None:
    """What was not sent leaves nothing; what may have been done keeps its claim, and is counted."""
    report = Report()
    writer = store_in(tmp_path).create(header())
    ledger = JournalLedger(report, writer)
    for iteration in range(3):
        await ledger.claim(step(iteration), resendable=False)
    await ledger.done(passed(step(0)))
    ledger.unclaim(step(1))
    ledger.doubt(StepResult(step(2), InDoubt(), attempts=1))
    await writer.close(Ended.STOPPED, 1.0)
    assert rows(writer.path, CLAIMS) == [(2,)]
    assert rows(writer.path, "SELECT iteration, outcome FROM steps") == [(0, "passed")]
    summary = report.summary(1.0)
    assert (summary.done, summary.passed, summary.in_doubt) == (1, 1, 1)
    ledger.unclaim(step(2))  # too late, and no error
    assert rows(writer.path, CLAIMS) == [(2,)]


async def test_without_a_journal_all_is_counted() -> None:
    """A run that nobody would resume has the same figures."""
    report = Report()
    ledger = JournalLedger(report, None)
    await ledger.claim(step(0), resendable=True)
    await ledger.done(passed(step(0)))
    ledger.unclaim(step(1))
    ledger.forget(0, 0)
    assert report.summary(1.0).passed == 1
