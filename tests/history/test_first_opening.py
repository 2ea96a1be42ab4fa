"""Several processes open the history before there is one: none takes what another is making for something broken."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tui_client import disk
from tui_client.history.database import NAME, Database
from tui_client.history.migrations import APPLICATION_ID, migrate, version_of


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    found = Database(tmp_path / "history")
    yield found
    found.close()


def test_a_history_that_is_being_made_is_waited_for(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half made it looks like a database of someone else's."""
    database.folder.mkdir()
    half = sqlite3.connect(database.path, isolation_level=None)
    half.execute("CREATE TABLE half (id INTEGER)")
    theirs = ExitStack()
    theirs.enter_context(disk.locked(database.folder))

    def made(_: float) -> None:
        half.execute("DROP TABLE half")
        migrate(half)
        half.close()
        theirs.close()

    monkeypatch.setattr(disk.time, "sleep", made)
    with database.transaction() as connection:
        assert version_of(connection)
    assert database.set_aside == ""
    assert not list(database.folder.glob("*.broken-*"))


def test_one_that_is_stuck_keeps_nobody_from_it(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that was stopped while it held the folder is waited for, and then no more."""
    database.folder.mkdir()
    monkeypatch.setattr(disk, "_WAIT_S", 0.0)
    with disk.locked(database.folder), database.transaction() as connection:
        assert version_of(connection)


def test_whose_it_is_is_asked_in_one_moment(tmp_path: Path) -> None:
    """What another process writes between two questions would be half an answer."""
    other = sqlite3.connect(tmp_path / NAME, isolation_level=None)
    other.execute("PRAGMA journal_mode = WAL")
    asking = sqlite3.connect(tmp_path / NAME, isolation_level=None)

    def made(statement: str) -> None:
        if statement.startswith("PRAGMA user_version") and not version_of(other):
            migrate(other)

    asking.set_trace_callback(made)
    assert version_of(asking) == 0
    asking.set_trace_callback(None)
    assert version_of(asking) == 1
    assert other.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    asking.close()
    other.close()
