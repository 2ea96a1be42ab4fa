"""Counts the rows of the matrix that held, and prints them at the end of a run of all of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fault_matrix import AREAS, FAULTS
from sink_count import escape_pairs

_NOTE = "fault"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "fault(id): a test of one row of the fault matrix")


def pytest_itemcollected(item: pytest.Item) -> None:
    item.user_properties += [(_NOTE, str(mark.args[0])) for mark in item.iter_markers(_NOTE)]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The table by itself if only the matrix was run, else one line."""
    passed, broken = _ids(terminalreporter, "passed"), _ids(terminalreporter, "failed", "error", "skipped")
    held = passed - broken
    if not (passed | broken):
        return
    if _alone(terminalreporter.config):
        for line in table(held):
            terminalreporter.write_line(line)
    terminalreporter.write_line(f"faults handled as documented: {len(held)} of {len(FAULTS)}")
    if line := escape_pairs(terminalreporter):
        terminalreporter.write_line(line)


def table(held: set[str]) -> Iterator[str]:
    """The matrix as text, a row a line."""
    for area, title in AREAS.items():
        yield f"\n{title}"
        for row in FAULTS:
            if row.id.startswith(f"{area}."):
                yield f"  {'✓' if row.id in held else '✗'} {row.what:<58} {row.expected}"


def _ids(reporter: pytest.TerminalReporter, *outcomes: str) -> set[str]:
    reports = [report for outcome in outcomes for report in reporter.stats.get(outcome, ())]
    notes = [note for report in reports for note in getattr(report, "user_properties", ())]
    return {value for name, value in notes if name == _NOTE}


def _alone(config: pytest.Config) -> bool:
    return bool(config.args) and all("faults" in Path(name).parts for name in config.args)
