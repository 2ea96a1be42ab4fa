"""What is printed and written once a run is over, or is looked at again; and what it says to the shell."""

from __future__ import annotations

from pathlib import Path

import msgspec

from tui_client.cli import output
from tui_client.cli.exit_codes import ExitCode, for_error, for_failure, gravest
from tui_client.cli.replay_compare import compared
from tui_client.cli.replay_journals import Journal, journal_of
from tui_client.cli.replay_json import run_json
from tui_client.cli.replay_options import Wanted
from tui_client.cli.replay_text import summary_lines
from tui_client.cli.replay_where import where_words
from tui_client.errors import FailureKind, TuiClientError, UsageError
from tui_client.model.wording import describe_error
from tui_client.replay.diff.render import diff_lines
from tui_client.replay.diff.runs import DiffReport
from tui_client.replay.journal.header import RunHeader
from tui_client.replay.journal.reader import JournalReader
from tui_client.replay.journal.store import RunStore
from tui_client.replay.plan import DiffRules, Shard
from tui_client.replay.reports._report import ReportFormat
from tui_client.replay.reports.catalog import parse_wanted, write_report
from tui_client.replay.reports.journalled import JournalData
from tui_client.replay.summary import Summary


class Asked(msgspec.Struct, frozen=True):
    """What is to come out besides the figures. before: the run to compare with. where: options that a resume needs."""

    as_json: bool = False
    reports: tuple[tuple[ReportFormat, Path], ...] = ()
    before: Journal | None = None
    where: str = ""


def asked_of(wanted: Wanted, store: RunStore) -> Asked:
    """What the command line asks for.

    Raises UsageError for a report of no known format, or in a folder that isn't there; NotFound for no such run.
    """
    reports = tuple(parse_wanted(text) for text in wanted.reports)
    for _, path in reports:
        # Known before hours are spent on the run.
        if not path.parent.is_dir():
            raise UsageError(f"There is no folder {path.parent} for the report {path.name}. Make it, and try again.")
    before = None if wanted.diff is None else journal_of(store, wanted.diff)
    return Asked(wanted.as_json, reports, before, where_words(wanted))


class Over(msgspec.Struct, frozen=True):
    """A run that is over, and where it stands. problem: what ended it early."""

    header: RunHeader
    summary: Summary
    journal: Journal
    problem: TuiClientError | None = None


def finish(over: Over, asked: Asked, rules: DiffRules) -> ExitCode:
    """Print the figures, the comparison, and where everything lies; write the reports. Returns the run's exit code.

    Raises BrokenFile for a journal that can't be read.
    """
    with JournalReader(over.journal.path) as reader:
        shown = _Shown(asked, over.summary, over.journal)
        shown.figures(over.problem, over.header.plan.shard)
        if asked.before is not None:
            shown.compare(asked.before, rules)
        shown.write_reports(reader, over.header)
        return shown.end()


class _Shown:
    """One run on its way to stdout and into reports; what goes wrong meanwhile is told, and the rest goes on."""

    def __init__(self, asked: Asked, summary: Summary, journal: Journal) -> None:
        self._asked = asked
        self._summary = summary
        self._journal = journal
        self._diff: DiffReport | None = None
        self._written: list[tuple[str, Path]] = []
        self._problems: list[TuiClientError] = []

    def figures(self, problem: TuiClientError | None, shard: Shard | None) -> None:
        """The summary, before what takes longer; what ended the run early. shard: of which these are the figures."""
        if problem is not None:
            self._trouble(problem)
        if self._asked.as_json:
            if self._summary.interrupted and self._journal.stored:
                output.say(f"Go on with: tui-client replay --resume {self._summary.run}{self._asked.where}")
            return
        with output.for_who_reads():
            if shard is not None:
                output.out_line(shard.words)
            for line in summary_lines(self._summary, self._journal.stored, self._asked.where):
                output.out_line(line)
            output.out_line(f"journal: {self._journal.path}")

    def compare(self, before: Journal, rules: DiffRules) -> None:
        """The replies with those of the earlier run."""
        try:
            self._diff = compared(before.path, self._journal.path, rules)
        except TuiClientError as error:
            self._trouble(error)
            return
        if not self._asked.as_json:
            with output.for_who_reads():
                output.out_line("")
                output.out_line(f"compared with {before.name}:")
                for line in diff_lines(self._diff):
                    output.out_line(line)

    def write_reports(self, reader: JournalReader, header: RunHeader) -> None:
        """Each in its format."""
        data = JournalData(reader, header, self._summary, self._diff)
        for kind, path in self._asked.reports:
            try:
                write_report(data, kind, path)
            except TuiClientError as error:
                self._trouble(error)
                continue
            self._written.append((kind.name, path))
            if not self._asked.as_json:
                with output.for_who_reads():
                    output.out_line(f"report: {path}")

    def end(self) -> ExitCode:
        """The one JSON object, where that is asked for. Returns the code that stands for all."""
        if self._asked.as_json:
            error = self._problems[0] if self._problems else None
            before = "" if self._asked.before is None else self._asked.before.name
            with output.for_who_reads():
                output.out_json(
                    run_json(self._summary, self._journal.path, tuple(self._written), before, self._diff, error)
                )
        differs = ExitCode.CHECKS_FAILED if self._diff is not None and self._diff.differs else ExitCode.OK
        return gravest([code_of(self._summary), differs, *map(for_error, self._problems)])

    def _trouble(self, error: TuiClientError) -> None:
        self._problems.append(error)
        output.say(describe_error(error))


def code_of(summary: Summary) -> ExitCode:
    """What the figures of a run say to the shell; of a retried step only its last outcome is in them."""
    codes = [for_failure(FailureKind(kind)) for kind in summary.by_error]
    if summary.failed or summary.dropped or not all(verdict.passed for verdict in summary.thresholds):
        codes.append(ExitCode.CHECKS_FAILED)
    if summary.in_doubt:
        codes.append(ExitCode.IN_DOUBT)
    if summary.interrupted:
        codes.append(ExitCode.INTERRUPTED)
    return gravest(codes)
