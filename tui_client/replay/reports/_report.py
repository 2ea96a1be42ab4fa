"""What a report is made of, and what a report format does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, TextIO

from tui_client.model.step import StepResult
from tui_client.replay.diff.runs import DiffReport
from tui_client.replay.journal.header import RunHeader
from tui_client.replay.record import Recorded
from tui_client.replay.summary import Summary


class RunData(Protocol):
    """A run as its journal has it; secrets are masked. Each iterator streams, and may be asked for again."""

    @property
    def summary(self) -> Summary: ...
    @property
    def header(self) -> RunHeader: ...
    @property
    def diff(self) -> DiffReport | None: ...

    def records(self) -> Iterator[Recorded]:
        """All steps."""

    def failures(self) -> Iterator[tuple[Recorded, str]]:
        """The steps that did not pass, in the order of `records`, each with the sentence that says why."""

    def results(self) -> Iterator[StepResult]:
        """All steps with their exchanges, headers and bodies as far as they were kept."""


class ReportFormat(Protocol):
    """A kind of report file. name: "html", as the user asks for it. suffix: ".html"."""

    @property
    def name(self) -> str: ...
    @property
    def suffix(self) -> str: ...

    def write(self, data: RunData, out: TextIO) -> None:
        """Write the report of a run, piece by piece: memory does not grow with its steps."""
