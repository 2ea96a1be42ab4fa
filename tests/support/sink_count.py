"""In how many places each payload was tried, told by tests as properties and printed at the end of a run."""

from __future__ import annotations

from collections.abc import Callable

import pytest

_PAIRS, _RAW = "escape pairs", "raw bytes"


def tell(record_property: Callable[[str, object], None], pairs: int, raw_bytes: int) -> None:
    """A test tried so many pairs of a payload and a sink, and so many bytes came through as they were."""
    record_property(_PAIRS, pairs)
    record_property(_RAW, raw_bytes)


def escape_pairs(reporter: pytest.TerminalReporter) -> str:
    """The line for a run; "" where nothing of it was tried."""
    notes = {}
    for reports in reporter.stats.values():
        for report in reports:
            notes |= {(report.nodeid, name): value for name, value in getattr(report, "user_properties", ())}
    pairs, raw = (sum(int(value) for (_, name), value in notes.items() if name == wanted) for wanted in (_PAIRS, _RAW))
    return f"escape payload × sink pairs: {pairs:,}, raw bytes to the terminal: {raw:,}" if pairs else ""
