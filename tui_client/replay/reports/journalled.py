"""A run as its journal has it: what reports are made of, and its figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from tui_client.model.step import StepResult
from tui_client.replay.diff.runs import DiffReport
from tui_client.replay.generator import Load
from tui_client.replay.journal.codec import RECORD_COLUMNS, record_of_row
from tui_client.replay.journal.header import Ended, RunHeader
from tui_client.replay.journal.reader import JournalReader
from tui_client.replay.record import Recorded
from tui_client.replay.report import Report
from tui_client.replay.summary import Summary

_FAILURES: Final = f"SELECT {', '.join(RECORD_COLUMNS)}, reason FROM steps"
_PAGE: Final = 2000


class JournalData:
    """A `RunData` over a journal that is open for reading; each iterator reads it anew, and raises BrokenFile."""

    def __init__(
        self, reader: JournalReader, header: RunHeader, summary: Summary, diff: DiffReport | None = None
    ) -> None:
        self.summary = summary
        self.header = header
        self.diff = diff
        self._reader = reader

    def records(self) -> Iterator[Recorded]:
        """All steps that have a result, by iteration, row and step."""
        return self._reader.records()

    def failures(self) -> Iterator[tuple[Recorded, str]]:
        """Those that did not pass, in the same order, each with the sentence that says why."""
        for page in self._reader.file.pages(_FAILURES, ("outcome <> 'passed'",), size=_PAGE):
            for row in page:
                try:
                    record = record_of_row(row[:-1])
                except KeyError as error:
                    raise self._reader.file.broken(error) from error
                yield record, row[-1]

    def results(self) -> Iterator[StepResult]:
        """All steps with their exchanges, as far as they were kept."""
        return self._reader.results()


class _Kept(msgspec.Struct, frozen=True):
    generator: Load = Load()


def summary_of(reader: JournalReader, header: RunHeader, running: bool) -> Summary:
    """The figures of a run, folded from its journal; reads every step. running: a process holds its lock.

    Raises BrokenFile.
    """
    report = Report(header.run, header.tags, header.plan.thresholds)
    reader.fold(report)
    info = reader.info(running)
    report.planned = info.planned
    report.ended = info.ended.value
    # A run that died was not stopped by anybody, but there is as much left of it.
    report.interrupted = info.ended is Ended.STOPPED or (info.ended is Ended.NOT and not running)
    report.target_rate = header.plan.own_rate
    report.generator = _load(reader)
    summary = report.summary(info.seconds)
    doubtful = 0 if running else _doubtful(reader)
    return msgspec.structs.replace(summary, in_doubt=summary.in_doubt + doubtful)


def _doubtful(reader: JournalReader) -> int:
    """What was claimed, never heard of again, and may not be sent a second time; the rest is simply sent again."""
    ((claimed,),) = reader.file.select("SELECT count(*) FROM claims WHERE NOT resendable")
    return int(claimed)


def _load(reader: JournalReader) -> Load:
    ((text,),) = reader.file.select("SELECT summary FROM run")
    try:
        return msgspec.json.decode(text, type=_Kept).generator if text else Load()
    except ValueError as error:
        raise reader.file.broken(error) from error
