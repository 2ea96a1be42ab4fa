"""What a run of the tests counted, said at its end: faults, payloads and bad inputs.

Tests note it in their `user_properties`, which reach the process that reports, however many run the tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from fault_matrix import AREAS, FAULTS
from sink_count import escape_pairs

FAULT: Final = "fault"
INPUTS: Final = "bad inputs"
_BROKEN: Final = ("failed", "error", "skipped")


def say_figures(reporter: pytest.TerminalReporter) -> None:
    """A line for each kind of figure that was counted; the whole matrix where nothing else was run."""
    for line in (*_faults(reporter), escape_pairs(reporter), _inputs(reporter)):
        if line:
            reporter.write_line(line)


def _faults(reporter: pytest.TerminalReporter) -> Iterator[str]:
    passed, broken = set(_noted(reporter, FAULT, "passed")), set(_noted(reporter, FAULT, *_BROKEN))
    if passed | broken:
        held = passed - broken
        args = reporter.config.args
        if args and all("faults" in Path(name).parts for name in args):
            yield from table(held)
        yield f"faults handled as documented: {len(held)} of {len(FAULTS)}"


def table(held: set[str]) -> Iterator[str]:
    """The matrix as text, a row a line."""
    for area, title in AREAS.items():
        yield f"\n{title}"
        for row in FAULTS:
            if row.id.startswith(f"{area}."):
                yield f"  {'✓' if row.id in held else '✗'} {row.what:<58} {row.expected}"


def _inputs(reporter: pytest.TerminalReporter) -> str:
    inputs = {outcome: [int(value) for value in _noted(reporter, INPUTS, outcome)] for outcome in ("passed", "failed")}
    count = sum(map(sum, inputs.values()))
    return f"bad inputs tried: {count:,}, crashes: {len(inputs['failed'])}" if count else ""


def _noted(reporter: pytest.TerminalReporter, name: str, *outcomes: str) -> list[str]:
    reports = [report for outcome in outcomes for report in reporter.stats.get(outcome, ())]
    return [value for report in reports for noted, value in getattr(report, "user_properties", ()) if noted == name]
