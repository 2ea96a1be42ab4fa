"""Journals as the store makes them, and looks at what stands in them through another connection."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tui_client.model.step import StepId
from tui_client.replay.journal.header import RunHeader
from tui_client.replay.journal.store import RunStore
from tui_client.replay.plan import Plan
from tui_client.trust.vault import NoKeyring, Vault

RUN = "20261122-093012-a1b2"
_WAL_HEADER = 32
_FRAME_HEADER = 24


def store_in(folder: Path) -> RunStore:
    """A store whose key lies in a file."""
    return RunStore(folder / "runs", Vault(folder / "secrets.json", NoKeyring()))


def header(run: str = RUN, **more: Any) -> RunHeader:
    """A run of one request."""
    given = {"plan": Plan(steps=("users/get",)), "workspace": Path("/home/me/shop"), "root": run}
    return RunHeader(run=run, started=datetime(2026, 11, 22, 9, 30, 12, tzinfo=UTC), **(given | more))


def step(iteration: int, index: int = 0, row: int = 0) -> StepId:
    """A step of a session."""
    return StepId(row, iteration, index, "users/get")


def rows(path: Path, sql: str) -> list[tuple[Any, ...]]:
    """What a query finds on disk."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def commits(path: Path) -> int:
    """How many transactions stand in the write-ahead log: frames that say how large the database is after them."""
    log = path.with_name(f"{path.name}-wal").read_bytes()
    page, salt = int.from_bytes(log[8:12], "big"), log[16:24]
    frames = range(_WAL_HEADER, len(log), _FRAME_HEADER + page)
    return sum(log[at + 8 : at + 16] == salt and any(log[at + 4 : at + 8]) for at in frames)
