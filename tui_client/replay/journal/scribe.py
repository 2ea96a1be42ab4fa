"""The thread that writes a journal: one batch after another, and again when the disk was full."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import Final, TypeVarTuple, Unpack

from tui_client.replay.journal.batch import Batch, write
from tui_client.replay.journal.locks import RunLock

Given = TypeVarTuple("Given")

_AGAIN_S: Final = 0.5
_LAST_WAIT_MS: Final = 200  # for readers, before the last checkpoint
_PRIMARY: Final = 0xFF
# SQLite doesn't tell a quota or a size limit from a failing disk; both may pass.
_NO_ROOM: Final = frozenset(
    {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_IOERR_WRITE,
        sqlite3.SQLITE_IOERR_FSYNC,
        sqlite3.SQLITE_IOERR_DIR_FSYNC,
        sqlite3.SQLITE_IOERR_TRUNCATE,
        sqlite3.SQLITE_IOERR_SHMOPEN,
        sqlite3.SQLITE_IOERR_SHMSIZE,
        sqlite3.SQLITE_IOERR_SHMMAP,
    }
)
_BUSY: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


class Scribe:
    """Owns the connection and the lock of a journal. Calls come from one event loop, and so do its answers.

    on_written(batch, problem): problem "" if it is on disk or was given up; else the file is broken, in words.
    on_held(text): why it can't be written at present, a sentence; "" when it can again.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        path: Path,
        lock: RunLock,
        on_written: Callable[[Batch, str], None],
        on_held: Callable[[str], None],
    ) -> None:
        self._connection = connection
        self._path = path
        self._file = path.stat()
        self._lock = lock
        self._on_written = on_written
        self._on_held = on_held
        self._loop: asyncio.AbstractEventLoop | None = None
        self._queue: SimpleQueue[Batch | None] = SimpleQueue()
        self._giving_up = threading.Event()
        self._staged: list[Batch] = []
        self._over = asyncio.Event()
        self._thread = threading.Thread(target=self._work, name=f"journal {path.stem}", daemon=True)

    def write(self, batch: Batch) -> None:
        """Write a batch; `on_written` is called once that is done."""
        self._start()
        self._queue.put(batch)

    def give_up(self) -> None:
        """Try nothing a second time from now on."""
        self._giving_up.set()

    async def close(self) -> None:
        """Close the file and let go of the lock, after the batches so far."""
        self._start()
        self._queue.put(None)
        await self._over.wait()
        self._thread.join()

    def _start(self) -> None:
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
            self._thread.start()

    def _running(self) -> asyncio.AbstractEventLoop:
        assert self._loop is not None, "set before the thread starts"
        return self._loop

    def _work(self) -> None:
        problem = "can't be written any longer"
        batch: Batch | None = None
        try:
            while (batch := self._queue.get()) is not None:
                self._tell(self._on_written, batch, self._write(batch))
        finally:
            if batch is not None:  # an error of ours: nobody may wait for ever
                self._tell(self._on_written, batch, problem)
            self._shut()
            self._tell(self._over.set)

    def _tell(self, call: Callable[[Unpack[Given]], None], *given: *Given) -> None:
        # A loop that is closed has nobody left to tell.
        with suppress(RuntimeError):
            self._running().call_soon_threadsafe(call, *given)

    def _write(self, batch: Batch) -> str:
        held = False
        while True:
            if problem := self._missing():
                return problem
            try:
                write(self._connection, batch, self._staged)
            except (sqlite3.Error, ValueError, OverflowError) as error:
                text = _held_text(error, self._path)
                if not text:
                    return _problem_text(error)
                if not held:
                    held = True
                    self._tell(self._on_held, text)
                if self._giving_up.wait(_AGAIN_S):
                    return ""
            else:
                batch.written = True
                if held:
                    self._tell(self._on_held, "")
                return ""

    def _missing(self) -> str:
        # SQLite would go on writing into a deleted file, and a claim would be on no disk.
        try:
            found = self._path.stat()
        except OSError as error:
            return f"is gone: {error.strerror}"
        same = (found.st_ino, found.st_dev) == (self._file.st_ino, self._file.st_dev)
        return "" if same else "was replaced by another file"

    def _shut(self) -> None:
        with suppress(sqlite3.Error):
            if self._connection.in_transaction:
                self._connection.execute("COMMIT")
            self._connection.execute(f"PRAGMA busy_timeout = {_LAST_WAIT_MS}")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            # Whoever only reads a journal with a log leaves an empty log and its index behind.
            self._connection.execute("PRAGMA journal_mode = DELETE")
        with suppress(sqlite3.Error):
            self._connection.close()
        self._lock.release()


def _held_text(error: Exception, path: Path) -> str:
    """Why to wait and try again, in words; "" if that would be of no use."""
    code = getattr(error, "sqlite_errorcode", 0)
    if code == sqlite3.SQLITE_FULL:
        return f"The disk is full: {path} can't be written. It goes on when there is room."
    if code in _NO_ROOM:
        return f"The disk takes no more: {path} can't be written ({error}). It goes on when that works again."
    if code & _PRIMARY in _BUSY:
        return f"Another program holds {path}. It goes on when that lets go."
    return ""


def _problem_text(error: Exception) -> str:
    code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY
    if code in _DAMAGED:
        return f"is damaged: {error}"
    return f"can't be written: {error}"
