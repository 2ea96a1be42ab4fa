"""A journal opened for reading, while another process may be writing it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from tui_client.errors import BrokenFile
from tui_client.replay.journal.filter import Parameter
from tui_client.replay.journal.schema import APPLICATION_ID, VERSION

_KEY: Final = "(iteration, row, step)"
_BUSY_S: Final = 10.0
# The second: what is damaged may be a name that SQLite wants to tell.
_DAMAGE: Final = (sqlite3.Error, UnicodeDecodeError)


class JournalFile:
    """Reads a journal in short transactions: a long one lets its write-ahead log grow. For one thread at a time."""

    def __init__(self, path: Path) -> None:
        """Raises BrokenFile for what is no journal, is damaged, or was made by a newer version."""
        self.path = path
        if not path.is_file():
            raise BrokenFile(path, "there is no such journal")
        self._connection = self._connect()
        try:
            self._check()
        except BrokenFile:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def select(self, sql: str, parameters: tuple[Parameter, ...] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query. Raises BrokenFile."""
        try:
            return self._connection.execute(sql, parameters).fetchall()
        except _DAMAGE as error:
            raise self.broken(error) from error

    def pages(
        self,
        select: str,
        conditions: tuple[str, ...] = (),
        parameters: tuple[Parameter, ...] = (),
        *,
        size: int,
        newest: bool = False,
    ) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of `select` ("SELECT iteration, row, step, … FROM steps") by their key, `size` at a time.

        A row that is written meanwhile is found if its key is still to come. Raises BrokenFile.
        """
        order = "iteration DESC, row DESC, step DESC" if newest else "iteration, row, step"
        after = f"{_KEY} {'<' if newest else '>'} (?, ?, ?)"
        place: tuple[int, ...] = ()
        while True:
            where = " AND ".join((after, *conditions) if place else conditions) or "1"
            sql = f"{select} WHERE {where} ORDER BY {order} LIMIT {size}"
            rows = self.select(sql, (*place, *parameters))
            if rows:
                yield rows
            if len(rows) < size:
                return
            place = rows[-1][:3]

    def broken(self, error: Exception) -> BrokenFile:
        """What is raised where the file can't be read."""
        return BrokenFile(self.path, f"this journal can't be read: {error}. Remove it if no copy of it is left.")

    def _connect(self) -> sqlite3.Connection:
        # Not mode=ro: such a connection leaves its -wal and -shm files behind when it is the last one.
        uri = f"{self.path.absolute().as_uri()}?mode=rw"
        try:
            connection = sqlite3.connect(uri, uri=True, timeout=_BUSY_S, check_same_thread=False, isolation_level=None)
            connection.executescript("PRAGMA query_only = 1; PRAGMA trusted_schema = OFF")
        except _DAMAGE as error:
            raise self.broken(error) from error
        return connection

    def _check(self) -> None:
        try:
            ((application,),) = self._connection.execute("PRAGMA application_id")
            ((version,),) = self._connection.execute("PRAGMA user_version")
        except _DAMAGE as error:
            raise self.broken(error) from error
        if application != APPLICATION_ID:
            raise BrokenFile(self.path, self._what_else())
        if version != VERSION:
            raise BrokenFile(self.path, f"{self._maker()} made this journal. {_advice(version)}")

    def _what_else(self) -> str:
        try:
            found = self._connection.execute("SELECT 1 FROM sqlite_master").fetchone()
        except _DAMAGE as error:
            raise self.broken(error) from error
        # Its tables come all in one commit, before the first claim.
        empty = (
            "this journal is empty: its run ended before it began, and nothing was sent. Remove it, and replay anew."
        )
        return empty if found is None else "this is no journal of tui-client."

    def _maker(self) -> str:
        try:
            found = self._connection.execute("SELECT program FROM run").fetchone()
        except _DAMAGE:
            found = None
        return f"Version {found[0]} of tui-client" if found else "Another version of tui-client"


def _advice(version: int) -> str:
    if version > VERSION:
        return "It is newer than this one: update tui-client to read it."
    return "This one can't read it: use that version."
