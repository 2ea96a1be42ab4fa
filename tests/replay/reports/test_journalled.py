"""A run as its journal has it."""

from __future__ import annotations

from pathlib import Path

import pytest
from handmade_journal import HandmadeJournal, exchange_of, failed, passed, refused

from tui_client.errors import BrokenFile
from tui_client.model.step import Dropped, InDoubt, Skipped, StepId, StepResult
from tui_client.replay.generator import Load
from tui_client.replay.journal.carry import Sealer
from tui_client.replay.journal.header import Ended
from tui_client.replay.journal.reader import JournalReader
from tui_client.replay.plan import Plan
from tui_client.replay.reasons import reason
from tui_client.replay.record import record_of
from tui_client.replay.reports.journalled import JournalData, summary_of
from tui_client.replay.summary import Summary, summary_text
from tui_client.storage.batch import Threshold

SEALER = Sealer(bytes(32))
LIMIT = Threshold(metric="failures", op="<", value=0.1)


def _step(iteration: int, index: int = 0) -> StepId:
    return StepId(0, iteration, index, "users/get")


RESULTS = [
    passed(_step(0)),
    failed(_step(1), exchange_of(status=500)),
    refused(_step(2)),
    StepResult(_step(3), Skipped("users/get"), 1.0),
    StepResult(_step(4), Dropped(), 1.0),
    StepResult(_step(5), InDoubt(), 1.0),
    passed(_step(6), attempts=3),
]


def _made(tmp_path: Path, **run: object) -> HandmadeJournal:
    plan = Plan(steps=("users/get",), rate=50.0, thresholds=(LIMIT,))
    journal = HandmadeJournal(tmp_path / "20261122-093012-a1b2.sqlite", plan, **run)
    journal.add(*RESULTS)
    return journal


def _summary(journal: HandmadeJournal, *, running: bool = False) -> Summary:
    with JournalReader(journal.path) as reader:
        return summary_of(reader, reader.header(SEALER), running)


def test_reports_get_all_steps_and_why_some_did_not_pass(tmp_path: Path) -> None:
    """Steps, failures and exchanges, each as often as it is asked for."""
    journal = _made(tmp_path)
    with JournalReader(journal.path) as reader:
        data = JournalData(reader, reader.header(SEALER), Summary(run="r"))
        for _ in range(2):
            assert list(data.records()) == [record_of(result) for result in RESULTS]
            bad = [result for result in RESULTS if not result.passed]
            assert list(data.failures()) == [(record_of(result), reason(result)) for result in bad]
            assert [result.step for result in data.results()] == [result.step for result in RESULTS]
        assert (data.header.plan.rate, data.diff) == (50.0, None)


def test_the_figures_are_those_of_the_run(tmp_path: Path) -> None:
    """Counted anew, limits judged, and what only the run itself could measure as it was noted."""
    load = Load(0.5, 12.0, True)
    journal = _made(
        tmp_path, ended="finished", summary=summary_text(Summary(run="r", generator=load, ended=Ended.FINISHED.value))
    )
    found = _summary(journal)
    assert (found.done, found.passed, found.failed, found.errors) == (4, 2, 1, 1)
    assert (found.skipped, found.dropped, found.in_doubt, found.retried) == (1, 1, 1, 2)
    assert (found.planned, found.seconds, found.target_rate) == (10, 2.5, 50.0)
    assert (found.interrupted, found.ended, found.generator) == (False, "finished", load)
    assert [verdict.passed for verdict in found.thresholds] == [False]
    assert {group.name for group in found.by_tag} == {"smoke"}


@pytest.mark.parametrize(
    ("ended", "running", "interrupted"),
    [
        ("", False, True),
        ("", True, False),
        ("stopped", False, True),
        ("bail", False, False),
        ("duration", False, False),
    ],
)
def test_a_run_that_died_was_interrupted(tmp_path: Path, ended: str, running: bool, interrupted: bool) -> None:
    """As one that was stopped; one that still runs was not."""
    assert _summary(_made(tmp_path, ended=ended), running=running).interrupted is interrupted


def test_only_what_may_not_be_done_twice_is_in_doubt(tmp_path: Path) -> None:
    """The rest of what a dead run had claimed is sent again; while a run lives, claims are what is in flight."""
    journal = _made(tmp_path)
    journal.claim(_step(7))
    journal.claim(_step(8), resendable=True)
    assert _summary(journal).in_doubt == 2
    assert _summary(journal, running=True).in_doubt == 1


def test_a_damaged_journal_is_named(tmp_path: Path) -> None:
    """Not a traceback."""
    journal = _made(tmp_path, summary="{")
    with pytest.raises(BrokenFile):
        _summary(journal)
    with JournalReader(journal.path) as reader:
        data = JournalData(reader, reader.header(SEALER), Summary(run="r"))
        journal.connection.execute("UPDATE steps SET outcome = 'odd' WHERE iteration = 1")
        with pytest.raises(BrokenFile):
            list(data.failures())
