"""Reports as text."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from made_run import MadeRun

from tui_client.replay.reports.catalog import FORMATS


@pytest.fixture
def written() -> Callable[[str, MadeRun], str]:
    """Writes a run in the format of that name."""

    def write(name: str, run: MadeRun) -> str:
        out = io.StringIO()
        FORMATS[name].write(run, out)
        return out.getvalue()

    return write
