"""Dask is slow to import, and a screen may be drawn meanwhile."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from resumed import Journalled, all_of

from tui_client.errors import NoWorkers, UsageError
from tui_client.replay import execute
from tui_client.replay.engines.dask import pool
from tui_client.replay.engines.dask.terms import remote_terms
from tui_client.replay.plan import Plan

World = Any  # the fixture of conftest


async def test_what_is_slow_to_import_is_imported_in_a_thread(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dask, and our own engine for it: the event loop goes on."""
    seen: list[threading.Thread] = []
    engine = execute._cluster_engine

    def looking(call: Any) -> Any:
        def called() -> Any:
            seen.append(threading.current_thread())
            return call()

        return called

    async def nobody(address: str) -> None:
        raise NoWorkers("nobody is there")

    async def reachable(terms: object) -> None:
        """As if somebody listened."""

    monkeypatch.setattr(execute, "_cluster_engine", looking(engine))
    monkeypatch.setattr(execute, "check_reachable", reachable)
    monkeypatch.setattr(pool, "_quiet", looking(lambda: None))
    monkeypatch.setattr(pool, "_connected", nobody)
    world.write("one", 'url = "/one"\n')
    run = Journalled(world, tmp_path / "state").runs.start(
        Plan(steps=("one",)), cluster=remote_terms("tcp://127.0.0.1:1")
    )
    with pytest.raises(UsageError, match="nobody is there"):
        await all_of(run)
    assert len(seen) == 2 and threading.main_thread() not in seen
