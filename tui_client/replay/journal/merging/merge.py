"""Several journals, each of one part of a plan, become the journal of one run."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from tui_client import disk
from tui_client.errors import SaveFailed, TuiClientError, UsageError
from tui_client.replay.generator import Load
from tui_client.replay.journal import opening
from tui_client.replay.journal.carry import Sealer
from tui_client.replay.journal.header import Ended, RunHeader, name_of
from tui_client.replay.journal.merging.copying import Source, copy
from tui_client.replay.journal.merging.parts import Part, broken_parts
from tui_client.replay.journal.reader import JournalReader
from tui_client.replay.journal.run_row import insert_run
from tui_client.replay.reports.journalled import summary_of
from tui_client.replay.summary import Summary, summary_text
from tui_client.storage.atomic import place_new

_LOOK_EVERY: Final = 100_000  # of SQLite's own steps: a few milliseconds
# Nothing of the file counts before it has its name. The cache holds the inner pages of a large table.
_PRAGMAS: Final = """
PRAGMA journal_mode = DELETE;
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -65536;
"""
_DAMAGED: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_RUN: Final = """
UPDATE run SET planned = ?, ended = ?, seconds = ?, given = ?, data_size = ?, data_mtime_ns = ?, data_sha256 = ?,
  summary = ?
"""


def merged_header(parts: Sequence[Part]) -> RunHeader:
    """The run that these parts come to: a name of its own, the earliest start, the plan of the whole."""
    first = parts[0].header
    run = name_of(datetime.now(UTC))
    key = next((part for part in parts if part.opened), parts[0])
    tags = {key: of_key for part in parts for key, of_key in part.header.tags.items()}
    return RunHeader(
        run=run,
        plan=key.plan,
        workspace=first.workspace,
        started=min(part.started for part in parts),
        root=run,
        tags=tags,
    )


def merge(parts: Sequence[Part], header: RunHeader, path: Path, sealer: Sealer) -> Summary:
    """Write the journal of the whole run, and give its figures. Nothing is left of it where this raises.

    path: of a file that is not there yet. Blocks, for seconds where there are a million steps.
    Raises SaveFailed; UsageError where two parts have the same step; BrokenFile for a part that is damaged inside.
    """
    try:
        with _new_file(path) as temporary:
            with closing(_made(temporary)) as connection:
                _fill(connection, parts, header, sealer)
            with JournalReader(temporary) as reader:
                summary = summary_of(reader, header, running=False)
            _finish(temporary, summary)
    except sqlite3.Error as error:
        raise _translated(error, parts, path) from error
    except OSError as error:
        raise SaveFailed(path, error.strerror or str(error)) from error
    except UnicodeEncodeError as error:
        raise UsageError(f"A path of this run is not UTF-8: {error.object!r}. Rename it, and try again.") from error
    return summary


@contextmanager
def _new_file(path: Path) -> Iterator[Path]:
    """An empty file beside it, which gets its name at the end. Raises OSError."""
    with disk.folder_at(path.parent) as folder:
        name, descriptor = disk.make_temporary(folder, 0o600)
        temporary = path.parent / name
        try:
            yield temporary
            os.fsync(descriptor)
            place_new(folder, name, path.name)
            # Without this, a power cut can take the name away.
            os.fsync(folder)
        finally:
            os.close(descriptor)
            for suffix in ("", "-wal", "-shm", "-journal"):
                with suppress(OSError):
                    os.unlink(f"{name}{suffix}", dir_fd=folder)


def _made(path: Path) -> sqlite3.Connection:
    connection = opening.open_new(path)
    connection.executescript(_PRAGMAS)
    # Between its own steps SQLite lets Python look: what Ctrl-C raises there ends the statement.
    connection.set_progress_handler(lambda: 0, _LOOK_EVERY)
    return connection


def _fill(connection: sqlite3.Connection, parts: Sequence[Part], header: RunHeader, sealer: Sealer) -> None:
    opening.begin(connection)
    insert_run(connection, header, sealer)
    connection.execute(_RUN, _run_row(parts))
    connection.execute("COMMIT")
    setup = len(header.plan.setup)
    sources = [Source(part.path, _later_s(part, header), (part.shard.index - 1) * setup) for part in parts]
    copy(connection, sources)


def _run_row(parts: Sequence[Part]) -> tuple[str | int | float | bytes | None, ...]:
    started = min(part.started for part in parts)
    planned = [part.planned for part in parts]
    ended = next((part.ended for part in parts if part.ended is not Ended.FINISHED), Ended.FINISHED)
    key = next((part for part in parts if part.opened), parts[0])
    data = max((part.data for part in parts), key=lambda data: (data[2] is not None, data[0] is not None))
    load = max((part.load for part in parts), key=lambda load: (load.saturated, load.cpu, load.lag_ms))
    return (
        None if None in planned else sum(filter(None, planned)),
        ended.value,
        max((part.started - started).total_seconds() + part.seconds for part in parts),
        key.sealed,
        *data,
        # Replaced by the whole one, which is made from this file.
        msgspec.json.encode({"generator": load}).decode() if load != Load() else "",
    )


def _later_s(part: Part, header: RunHeader) -> float:
    return (part.started - header.started).total_seconds()


def _finish(path: Path, summary: Summary) -> None:
    """As other journals are: with a write-ahead log, and the figures in it."""
    with closing(opening.open_new(path)) as connection:
        connection.execute("UPDATE run SET summary = ?", (summary_text(summary),))


def _translated(error: sqlite3.Error, parts: Sequence[Part], path: Path) -> TuiClientError | KeyboardInterrupt:
    code = getattr(error, "sqlite_errorcode", 0)
    if code == sqlite3.SQLITE_INTERRUPT:
        return KeyboardInterrupt()
    if code == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
        return UsageError(
            "Two of these journals have results of the same step, so they are not the parts of one run. "
            "Was the data file of one of them another one?"
        )
    if code & 0xFF in (*_DAMAGED, sqlite3.SQLITE_CONSTRAINT):
        broken = next(broken_parts([part.path for part in parts]), None)
        if broken is not None:
            return broken
    return SaveFailed(path, str(error))
