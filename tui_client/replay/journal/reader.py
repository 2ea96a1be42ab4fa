"""What stands in the journal of a run: its header, its figures, its steps one by one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import msgspec

from tui_client.errors import BrokenFile
from tui_client.model.step import StepId, StepResult
from tui_client.replay.journal.carry import Sealer
from tui_client.replay.journal.codec import RECORD_COLUMNS, STEP_COLUMNS, record_of_row, result_of
from tui_client.replay.journal.file import JournalFile
from tui_client.replay.journal.filter import Filter
from tui_client.replay.journal.header import Ended, Only, RunHeader, RunInfo
from tui_client.replay.journal.plans import plan_of_json
from tui_client.replay.record import OutcomeKind, Recorded
from tui_client.replay.report import Report

_RECORDS: Final = f"SELECT {', '.join(RECORD_COLUMNS)} FROM steps"
_EXPLAINED: Final = f"SELECT {', '.join(RECORD_COLUMNS)}, reason FROM steps"
_RESULTS: Final = f"SELECT {', '.join(STEP_COLUMNS)} FROM steps"
_RECORDS_PAGE: Final = 2000
_RESULTS_PAGE: Final = 64  # each may have two bodies of 64 KiB
_ALL: Final = Filter()
# In a damaged file a column may hold what its table would never take.
_DAMAGED: Final = (ValueError, TypeError, KeyError, RecursionError)


class JournalReader:
    """Reads one journal, also while it is written. One thread at a time; any thread."""

    def __init__(self, path: Path) -> None:
        """Raises BrokenFile for what is no journal, is damaged, or was made by a newer version."""
        self.file = JournalFile(path)
        self.path = path

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self.file.close()

    def header(self, sealer: Sealer) -> RunHeader:
        """The header, with the variables of the command line; without them if `given` is None. Raises BrokenFile."""
        row = self._run("run, workspace, started, root, parent, only_kind, plan, tags")
        run, workspace, started, root, parent, only, plan, tags = row
        given = self.given(sealer) or {}
        try:
            return RunHeader(
                run=run,
                plan=msgspec.structs.replace(plan_of_json(plan, self.path), given=given),
                workspace=Path(workspace),
                started=_when(started),
                root=root,
                parent=parent,
                only=Only(only) if only else None,
                tags=msgspec.json.decode(tags, type=dict[str, tuple[str, ...]]),
            )
        except _DAMAGED as error:
            raise self.file.broken(error) from error

    def given(self, sealer: Sealer) -> dict[str, str] | None:
        """The variables of the command line; None if the key that they were sealed with is gone."""
        (sealed,) = self._run("given")
        return sealer.open_given(sealed) if sealed else {}

    def info(self, running: bool) -> RunInfo:
        """The run as lists show it; reads nothing that grows with the run. running: a process holds its lock.

        Raises BrokenFile.
        """
        row = self._run("run, title, environment, workspace, started, ended, parent, planned, seconds")
        run, title, environment, workspace, started, ended, parent, planned, seconds = row
        counts = self._counts()
        ((claimed,),) = self.file.select("SELECT count(*) FROM claims")
        try:
            passed, failed, errors = (counts.get(kind, 0) for kind in ("passed", "failed", "error"))
            return RunInfo(
                run=run,
                state="running" if running else "done" if ended == Ended.FINISHED else "interrupted",
                title=title,
                environment=environment,
                workspace=workspace,
                started=_when(started),
                ended=Ended(ended),
                parent=parent,
                planned=planned,
                done=passed + failed + errors,
                passed=passed,
                failed=failed,
                errors=errors,
                skipped=counts.get("skipped", 0),
                dropped=counts.get("dropped", 0),
                in_doubt=counts.get("in_doubt", 0) + (0 if running else claimed),
                seconds=seconds,
                bytes=_bytes(self.path),
            )
        except _DAMAGED as error:
            raise self.file.broken(error) from error

    def records(self, where: Filter | None = None) -> Iterator[Recorded]:
        """The figures of each step that has a result, by iteration, row and step. Raises BrokenFile."""
        for row in self._rows(_RECORDS, where or _ALL, _RECORDS_PAGE):
            try:
                yield record_of_row(row)
            except _DAMAGED as error:
                raise self.file.broken(error) from error

    def explained(self, where: Filter | None = None) -> Iterator[tuple[Recorded, str]]:
        """The same, each with the sentence that says why it did not pass, "" if it did. Raises BrokenFile."""
        for *row, reason in self._rows(_EXPLAINED, where or _ALL, _RECORDS_PAGE):
            try:
                yield record_of_row(row), reason
            except _DAMAGED as error:
                raise self.file.broken(error) from error

    def results(self, where: Filter | None = None) -> Iterator[StepResult]:
        """The same with headers and bodies, as `codec.result_of` gives them. Raises BrokenFile."""
        for row in self._rows(_RESULTS, where or _ALL, _RESULTS_PAGE):
            yield self._result(row)

    def result(self, step: StepId) -> StepResult | None:
        """One step with all that was kept of it; None if it has no result. Raises BrokenFile."""
        sql = f"{_RESULTS} WHERE iteration = ? AND row = ? AND step = ?"
        rows = self.file.select(sql, (step.iteration, step.row, step.index))
        return self._result(rows[0]) if rows else None

    def in_doubt(self) -> Iterator[StepId]:
        """What a run that died had claimed, then the steps that were found in doubt. Raises BrokenFile.

        Of a run that is alive, the claims are what is in flight.
        """
        select = "SELECT iteration, row, step, request FROM"
        for page in self.file.pages(f"{select} claims", size=_RECORDS_PAGE):
            yield from map(_step, page)
        # Finding out that there are none would take a look at every step.
        if self._counts().get(OutcomeKind.IN_DOUBT):
            for page in self.file.pages(f"{select} steps", ("outcome = 'in_doubt'",), size=_RECORDS_PAGE):
                yield from map(_step, page)

    def fold(self, report: Report) -> None:
        """Have a report count every step that has a result. Raises BrokenFile."""
        for record in self.records():
            report.count(record)

    def _rows(self, select: str, where: Filter, size: int) -> Iterator[tuple[Any, ...]]:
        conditions, parameters = where.conditions()
        left = where.limit
        if left is not None:
            size = max(1, min(size, left))
        for page in self.file.pages(select, tuple(conditions), tuple(parameters), size=size, newest=where.newest):
            yield from page if left is None else page[:left]
            if left is not None:
                left -= len(page)
                if left <= 0:
                    return

    def _result(self, row: tuple[Any, ...]) -> StepResult:
        try:
            return result_of(row)
        except _DAMAGED as error:
            raise self.file.broken(error) from error

    def _run(self, columns: str) -> tuple[Any, ...]:
        rows = self.file.select(f"SELECT {columns} FROM run")
        if len(rows) != 1:
            raise BrokenFile(self.path, "this journal doesn't say which run it is of.")
        return rows[0]

    def _counts(self) -> dict[str, int]:
        return dict(self.file.select("SELECT outcome, steps FROM counts"))


def _step(row: tuple[Any, ...]) -> StepId:
    iteration, data_row, index, key = row
    return StepId(data_row, iteration, index, key)


def _when(text: str) -> datetime:
    when = datetime.fromisoformat(text)
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _bytes(path: Path) -> int:
    total = 0
    for name in (path.name, f"{path.name}-wal"):
        try:
            total += path.with_name(name).stat().st_size
        except OSError:
            continue
    return total
