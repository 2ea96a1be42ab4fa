"""The history's file: made, opened and brought up to date; one that can't be read is set aside."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Final

from tui_client import disk
from tui_client.errors import BrokenFile, SaveFailed, TuiClientError
from tui_client.history.migrations import Foreign, Newer, migrate, version_of

NAME: Final = "history.sqlite"
_BESIDE: Final = ("-wal", "-shm")
_BUSY_S: Final = 5.0
_CLOSE_S: Final = 1.0
_TRIES: Final = 3
# NORMAL: after a power cut the newest entries may be missing, the rest is whole. What was deleted is overwritten.
_PRAGMAS: Final = """
PRAGMA synchronous = NORMAL;
PRAGMA temp_store = MEMORY;
PRAGMA trusted_schema = OFF;
PRAGMA secure_delete = ON;
PRAGMA journal_size_limit = 4194304;
"""


class Damaged(BrokenFile):
    """The file was opened, and then found to be damaged."""


class Database:
    """Two connections, one to write and one to read; each is for one thread at a time, and waits for its turn.

    set_aside: a sentence about a file that could not be read and was moved out of the way, "" for none.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / NAME
        self.set_aside = ""
        self._inode = 0
        self._inodes: dict[str, int] = {}  # of the file that each connection has open
        self._opening = Lock()
        self._locks = {"read": Lock(), "write": Lock()}
        self._connections: dict[str, sqlite3.Connection] = {}

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Write; nothing stays of what ends in an error. Raises BrokenFile, SaveFailed."""
        with self._locks["write"], self._told():
            connection = self._open("write")
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:  # a full disk may have ended it
                    connection.execute("ROLLBACK")
                raise

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """For what is no transaction, or several. Raises BrokenFile, SaveFailed."""
        with self._locks["write"], self._told():
            yield self._open("write")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection | None]:
        """Read; None while there is no file. Raises BrokenFile."""
        with self._locks["read"], self._told(reading=True):
            yield self._open("read") if self.path.exists() else None

    def renew(self, damaged: Damaged) -> None:
        """Set the damaged file aside; the next call begins a new one. Raises OSError."""
        inode = self._inode
        self.close()
        with self._opening:
            self._put_aside(inode, damaged.reason)

    def close(self) -> None:
        """Let go of the file. A connection that stays in use is left: what it does not commit is as if never begun."""
        for name, lock in self._locks.items():
            if not lock.acquire(timeout=_CLOSE_S):
                continue
            try:
                if connection := self._connections.pop(name, None):
                    connection.close()
            finally:
                lock.release()

    @contextmanager
    def _told(self, *, reading: bool = False) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            raise self._error(error, reading) from error

    def _error(self, error: Exception, reading: bool) -> TuiClientError:
        reason = getattr(error, "strerror", "") or str(error)
        if _is_damaged(error):
            return Damaged(self.path, f"the history is damaged: {reason}")
        return BrokenFile(self.path, f"can't be read: {reason}") if reading else SaveFailed(self.path, reason)

    def _open(self, name: str) -> sqlite3.Connection:
        # What is written to a file that someone removed, or set aside, would be gone unseen.
        if name in self._connections and self._inodes[name] != self._inode_now():
            self._connections.pop(name).close()
        if name not in self._connections:
            # Both at once would both set a broken file aside.
            with self._opening:
                self._connections[name] = self._opened()
                self._inodes[name] = self._inode
        return self._connections[name]

    def _inode_now(self) -> int:
        try:
            return self.path.stat().st_ino
        except FileNotFoundError:
            return 0

    def _opened(self) -> sqlite3.Connection:
        disk.own_folder(self.folder)
        # One that another process is just making is no history yet, and would be set aside.
        with _alone_in(self.folder):
            return self._opened_alone()

    def _opened_alone(self) -> sqlite3.Connection:
        for _ in range(_TRIES):
            self._make()
            self._inode = inode = self.path.stat().st_ino
            try:
                return self._connected()
            except Newer:
                reason = "a newer version of tui-client keeps its history here. Update tui-client to read it."
                raise BrokenFile(self.path, reason) from None
            except Foreign:
                self._put_aside(inode, "it is not a history of tui-client")
            except sqlite3.DatabaseError as error:
                if not _is_damaged(error):
                    raise
                self._put_aside(inode, str(error))
        raise BrokenFile(self.path, "the history can't be read, nor be set aside")

    def _make(self) -> None:
        if not self.path.exists():
            # Of a file that was removed alone; SQLite would take it for a part of the new one.
            for suffix in _BESIDE:
                Path(f"{self.path}{suffix}").unlink(missing_ok=True)
        for suffix in ("", *_BESIDE):
            disk.close_to_others(Path(f"{self.path}{suffix}"))
        # SQLite would make the file as the umask says; the files beside it get the mode of this one.
        with suppress(FileExistsError):
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))

    def _connected(self) -> sqlite3.Connection:
        uri = f"{self.path.absolute().as_uri()}?mode=rw"
        connection = sqlite3.connect(uri, uri=True, timeout=_BUSY_S, isolation_level=None, check_same_thread=False)
        try:
            # Before anything is changed: what is not ours stays as it is.
            version_of(connection)
            # The mode stays in the file; asking for it again could only meet someone else's lock.
            ((mode,),) = connection.execute("PRAGMA journal_mode")
            if mode != "wal":
                connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
                connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(_PRAGMAS)
            migrate(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _put_aside(self, inode: int, reason: str) -> None:
        """Move the file out of the way, unless another process has done so."""
        with suppress(FileNotFoundError):
            if self.path.stat().st_ino != inode:
                return
            aside = self.path.with_name(f"{NAME}.broken-{datetime.now(UTC):%Y%m%d-%H%M%S}")
            self.path.rename(aside)
            self.set_aside = f"The history could not be read ({reason}). It is now {aside}, and a new one begins."
            for suffix in _BESIDE:
                with suppress(FileNotFoundError):
                    Path(f"{self.path}{suffix}").rename(f"{aside}{suffix}")


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    with ExitStack() as held:
        # Who holds it for longer is stuck; the file is opened all the same.
        with suppress(TimeoutError):
            held.enter_context(disk.locked(folder))
        yield


def _is_damaged(error: Exception) -> bool:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
