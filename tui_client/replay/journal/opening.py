"""Making a journal's file, and opening one to write."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Final

from tui_client import disk
from tui_client.replay.journal.file import JournalFile
from tui_client.replay.journal.schema import APPLICATION_ID, TABLES, VERSION

_BUSY_TIMEOUT_S: Final = 0.5  # a writer that meets another one says so, and tries again by itself
_STATEMENTS: Final = 256  # kept parsed: those of many rows exist in several sizes
# A step is 1 to 4 kB: on pages of 4 kB most of each would lie on an overflow page of its own.
_PRAGMAS: Final = """
PRAGMA page_size = 16384;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA temp_store = MEMORY;
PRAGMA trusted_schema = OFF;
"""
_MAKE: Final = f"""
BEGIN;
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {VERSION};
{TABLES}
"""


def make(path: Path) -> sqlite3.Connection:
    """A new file without tables, readable by its owner only. Raises OSError, sqlite3.Error."""
    # SQLite would make the file as the umask says; the files beside it get the mode of this one.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    return _connected(path)


def open_new(path: Path) -> sqlite3.Connection:
    """A file that was just made, with or without tables; nothing is looked at. Raises sqlite3.Error."""
    return _connected(path)


def begin(connection: sqlite3.Connection) -> None:
    """Make the tables, in a transaction that stays open. Raises sqlite3.Error."""
    connection.executescript(_MAKE)


def open_to_write(path: Path) -> sqlite3.Connection:
    """An existing journal. Raises BrokenFile for what is none, or one of another version; sqlite3.Error."""
    JournalFile(path).close()
    for name in (path, *(Path(f"{path}{suffix}") for suffix in ("-wal", "-shm"))):
        disk.close_to_others(name)
    return _connected(path)


def uri(path: Path, mode: str) -> str:
    """The name of a file for SQLite; mode: "ro", or "rw", which makes none that is missing."""
    return f"{path.absolute().as_uri()}?mode={mode}"


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        uri(path, "rw"),
        uri=True,
        timeout=_BUSY_TIMEOUT_S,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=_STATEMENTS,
    )
    try:
        connection.executescript(_PRAGMAS)
    except BaseException:
        connection.close()
        raise
    return connection
