"""The folder of the journals: one file a run, made, found, read and deleted by its run's name."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from typing import Final

from tui_client import disk
from tui_client.errors import BrokenFile, NotFound, SaveFailed, UsageError
from tui_client.replay.journal import opening, selection
from tui_client.replay.journal.carry import Sealer, journal_key
from tui_client.replay.journal.header import RunHeader, RunInfo
from tui_client.replay.journal.locks import RunLock, is_locked
from tui_client.replay.journal.merging.setups import forget_other_setups
from tui_client.replay.journal.reader import JournalReader
from tui_client.replay.journal.run_row import insert_run
from tui_client.replay.journal.writer import JournalWriter
from tui_client.trust.vault import Vault

_RUN: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,63}")
_NEWEST: Final = ("last", "latest")
_NEAR: Final = 5
# The journal first: without it the others are nothing.
_SUFFIXES: Final = (".sqlite", ".sqlite-wal", ".sqlite-shm")


class RunStore:
    """The runs of this user. Its calls block; they may come from any thread."""

    def __init__(self, folder: Path, vault: Vault) -> None:
        """folder: made when the first run is. vault: holds the key of what is kept encrypted."""
        self.folder = folder
        self._vault = vault
        self._kept_sealer: Sealer | None = None

    def create(self, header: RunHeader) -> JournalWriter:
        """A new journal, locked. With `header.only`, its sessions are chosen from those of `header.parent`.

        Raises UsageError if there is no session of that kind, the parent is running, or a path is not UTF-8; NotFound
        without the parent, BrokenFile if it can't be read; SaveFailed.
        """
        path = self._path(header.run)
        sealer = self.sealer()
        parent = self._parent_of(header)
        self._make_folder()
        lock = RunLock(self._lock(header.run))
        if path.exists():
            lock.release()
            raise UsageError(f"There is a run {header.run} already. Choose another name.")
        try:
            return JournalWriter(_made(path, header, parent, sealer), path, sealer, lock)
        except BaseException:
            _remove(path)
            lock.release()
            raise

    def reopen(self, run: str) -> JournalWriter:
        """The journal of a run that goes on, locked; `run` is its full name.

        Raises UsageError if a process runs it; NotFound; BrokenFile for another version or a damaged file; SaveFailed.
        """
        path = self.path(run)
        self._make_folder()
        sealer = self.sealer()
        lock = RunLock(self._lock(run))
        try:
            connection, ran_s = _reopened(path)
            return JournalWriter(connection, path, sealer, lock, ran_s)
        except BaseException:
            lock.release()
            raise

    def list(self) -> tuple[RunInfo, ...]:
        """All runs, newest first; one that can't be read says why in `problem`."""
        return tuple(self._info(run) for run in self._runs())

    def find(self, text: str) -> str:
        """The full name for a prefix that only one run has, or for "last" and "latest". Raises NotFound."""
        runs = self._runs()
        if text in _NEWEST and runs:
            return runs[0]
        found = [run for run in runs if text and run.startswith(text)]
        if text in found or len(found) == 1:
            return text if text in found else found[0]
        raise NotFound("run", text, tuple((found or runs)[:_NEAR]))

    def path(self, run: str) -> Path:
        """The journal of a run, by its full name. Raises NotFound."""
        if _RUN.fullmatch(run) and self._path(run).is_file():
            return self._path(run)
        raise NotFound("run", run, tuple(self._runs()[:_NEAR]))

    def new_path(self, run: str) -> Path:
        """Where the journal of a run that is made elsewhere goes. Raises SaveFailed."""
        self._make_folder()
        return self._path(run)

    def reader(self, run: str) -> JournalReader:
        """A run's journal, open for reading. Raises NotFound, BrokenFile."""
        return JournalReader(self.path(run))

    def header(self, run: str) -> RunHeader:
        """What is known of a run since before its first step. Raises NotFound, BrokenFile, UsageError, SaveFailed."""
        with self.reader(run) as reader:
            return reader.header(self.sealer())

    def is_running(self, run: str) -> bool:
        """Whether a living process runs it."""
        return is_locked(self._lock(run))

    def delete(self, run: str) -> None:
        """Remove a run for good. Raises UsageError while it runs; NotFound, SaveFailed."""
        path = self.path(run)
        lock = RunLock(self._lock(run))
        try:
            _remove(path)
        except OSError as error:
            raise SaveFailed(path, error.strerror or str(error)) from error
        finally:
            lock.release()

    def sealer(self) -> Sealer:
        """What opens the encrypted parts of these journals. Raises UsageError, SaveFailed."""
        if self._kept_sealer is None:
            self._kept_sealer = Sealer(journal_key(self._vault))
        return self._kept_sealer

    def _make_folder(self) -> None:
        try:
            disk.own_folder(self.folder)
        except OSError as error:
            raise SaveFailed(self.folder, error.strerror or str(error)) from error

    def _runs(self) -> tuple[str, ...]:
        names = (path.stem for path in self.folder.glob("*.sqlite"))
        return tuple(sorted(filter(_RUN.fullmatch, names), reverse=True))

    def _info(self, run: str) -> RunInfo:
        try:
            with self.reader(run) as reader:
                return reader.info(self.is_running(run))
        except BrokenFile as error:
            return RunInfo(run=run, state="unreadable", problem=error.reason)
        except NotFound:
            return RunInfo(run=run, state="unreadable", problem="was deleted a moment ago")

    def _parent_of(self, header: RunHeader) -> Path | None:
        if header.only is None:
            return None
        if self.is_running(header.parent):
            raise UsageError(f"Run {header.parent} is still running. Wait for its end, or stop it.")
        return self.path(header.parent)

    def _path(self, run: str) -> Path:
        return self.folder / f"{_safe(run)}.sqlite"

    def _lock(self, run: str) -> Path:
        return self.folder / f"{_safe(run)}.lock"


def _safe(run: str) -> str:
    if not _RUN.fullmatch(run):
        raise NotFound("run", run)
    return run


def _made(path: Path, header: RunHeader, parent: Path | None, sealer: Sealer) -> sqlite3.Connection:
    try:
        connection = opening.make(path)
        try:
            if parent is not None:
                selection.attach(connection, parent)
            opening.begin(connection)
            insert_run(connection, header, sealer)
            if header.only is not None:
                selection.select(connection, header.only, header.parent)
            connection.execute("COMMIT")
            if parent is not None:
                connection.execute("DETACH parent")
        except BaseException:
            connection.close()
            raise
    except (OSError, sqlite3.Error) as error:
        raise SaveFailed(path, getattr(error, "strerror", None) or str(error)) from error
    except UnicodeEncodeError as error:
        raise UsageError(f"A path of this run is not UTF-8: {error.object!r}. Rename it, and try again.") from error
    return connection


def _reopened(path: Path) -> tuple[sqlite3.Connection, float]:
    try:
        connection = opening.open_to_write(path)
        try:
            forget_other_setups(connection)
            ((ran_s,),) = connection.execute("UPDATE run SET ended = '' RETURNING seconds").fetchall()
        except BaseException:
            connection.close()
            raise
    except sqlite3.OperationalError as error:  # no room, or read-only
        raise SaveFailed(path, str(error)) from error
    except (sqlite3.Error, ValueError) as error:
        raise BrokenFile(path, f"can't be opened to go on with its run: {error}") from error
    return connection, ran_s


def _remove(path: Path) -> None:
    for suffix in _SUFFIXES:
        path.with_suffix(suffix).unlink(missing_ok=True)
