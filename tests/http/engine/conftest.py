"""An engine over the real transport, and one call that prepares and sends."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from explorer import Explorer

from tui_client.http.engine import Engine


@pytest.fixture
def spool_dir(tmp_path: Path) -> Path:
    return tmp_path / "spool"


@pytest.fixture
async def explore(spool_dir: Path) -> AsyncIterator[Explorer]:
    """Send one request and get its exchange."""
    async with Engine(spool_dir=spool_dir, max_body_bytes=64 << 20) as engine:
        yield Explorer(engine)
