"""Counts the bad inputs that were really tried, and says so at the end of a run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fuzzing import Spent, tried

_NOTE = "bad inputs"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Note on each test how many inputs it tried; hypothesis may stop before or go on after what was asked for."""
    before = tried()
    try:
        return (yield)
    finally:
        if tried() > before:
            item.user_properties.append((_NOTE, str(tried() - before)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line, if any were tried; a crash is a test that found an input it fails for."""
    inputs = {outcome: _inputs(terminalreporter, outcome) for outcome in ("passed", "failed")}
    if count := sum(map(sum, inputs.values())):
        terminalreporter.write_line(f"bad inputs tried: {count:,}, crashes: {len(inputs['failed'])}")


def _inputs(reporter: pytest.TerminalReporter, outcome: str) -> list[int]:
    reports = reporter.stats.get(outcome, ())
    notes = [note for report in reports for note in getattr(report, "user_properties", ())]
    return [int(value) for name, value in notes if name == _NOTE]


@pytest.fixture
def cpu() -> Spent:
    """Entered around one costly input: it must not take more processor time than any other."""
    return Spent()
