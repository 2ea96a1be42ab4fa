"""Forgetting: by age, by size, or as asked; in bites that hold up nobody."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from tui_client.history.bodies import FOLDER
from tui_client.history.database import Database
from tui_client.history.limits import Limits

_BITE: Final = 100  # entries
_PAGES: Final = 500  # given back to the file system, or merged in the index, in one bite
# Another process may have written a body's file and not yet its row.
_ORPHANED_S: Final = 3600.0
_MEGABYTE: Final = 1_000_000
_DAY_S: Final = 86_400.0
RECORDINGS: Final = "recordings"


def is_old(connection: sqlite3.Connection, limits: Limits) -> bool:
    """Whether an entry is past its time. Raises sqlite3.Error."""
    return bool(_too_old(connection, limits, 1))


def bite(database: Database, limits: Limits) -> bool:
    """Forget some of what is too old or too much; whether there is more. Raises what `Database` raises."""
    with database.writing() as connection:
        ids = _too_old(connection, limits) or _too_much(connection, limits)
    if not ids:
        _remove_orphans(database)
        _remove_recordings(database, limits.days)
        return False
    forget(database, ids)
    with database.writing() as connection:
        tidy(connection)
    return True


def forget(database: Database, ids: Sequence[int]) -> int:
    """Remove entries with all that is kept of them; how many there were. Raises what `Database` raises."""
    marks = f"({','.join('?' * len(ids))})"
    with database.transaction() as connection:
        files = connection.execute(
            f"SELECT body_file FROM parts WHERE body_file <> '' AND id IN {marks}", ids
        ).fetchall()
        connection.execute(f"DELETE FROM texts WHERE rowid IN {marks}", ids)
        connection.execute(f"DELETE FROM parts WHERE id IN {marks}", ids)
        count = connection.execute(f"DELETE FROM entries WHERE id IN {marks}", ids).rowcount
    _remove(database.folder / FOLDER, (name for (name,) in files))
    return count


def forget_all(database: Database, root: str) -> int:
    """Remove all entries, or those of one collection; how many. Raises what `Database` raises."""
    count = 0
    where, known = ("WHERE root = ?", (root,)) if root else ("", ())
    with database.reading() as connection:
        if connection is None:
            return 0
    while True:
        with database.writing() as connection:
            rows = connection.execute(f"SELECT id FROM entries {where} LIMIT {_BITE}", known).fetchall()
        if not rows:
            break
        count += forget(database, [number for (number,) in rows])
    if not root:
        _remove_recordings(database, None)
    _erase(database, "optimize" if root else "rebuild")
    return count


def forget_one(database: Database, entry_id: int) -> None:
    """Remove an entry for good. Raises what `Database` raises."""
    if forget(database, [entry_id]):
        _erase(database, "optimize")


def _erase(database: Database, command: str) -> None:
    # The index still knows the words of what is gone, and the log its pages.
    with database.writing() as connection:
        connection.execute("INSERT INTO texts (texts) VALUES (?)", (command,))
        tidy(connection, pages=0)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def tidy(connection: sqlite3.Connection, pages: int = _PAGES) -> None:
    """Give space back. pages: at most so many, 0 for all. Raises sqlite3.Error."""
    connection.execute("INSERT INTO texts (texts, rank) VALUES ('merge', ?)", (pages or -_PAGES,))
    # A page for each step of the statement, and `execute` would take one step: its rows have no columns.
    connection.executescript(f"PRAGMA incremental_vacuum({pages})")


def _oldest_us(limits: Limits) -> int:
    if not limits.days:
        return -1
    return int((datetime.now(UTC) - timedelta(days=limits.days)).timestamp() * 1_000_000)


def _too_old(connection: sqlite3.Connection, limits: Limits, most: int = _BITE) -> list[int]:
    # Ids don't rise with time where a clock was wrong for a while.
    sql = "SELECT id FROM entries WHERE started_us < ? ORDER BY id LIMIT ?"
    return [number for (number,) in connection.execute(sql, (_oldest_us(limits), most))]


def _too_much(connection: sqlite3.Connection, limits: Limits) -> list[int]:
    ((total,),) = connection.execute("SELECT total(kept_bytes) FROM entries")
    ids = []
    for number, size in connection.execute("SELECT id, kept_bytes FROM entries ORDER BY id LIMIT ?", (_BITE,)):
        if total <= limits.megabytes * _MEGABYTE:
            break
        ids.append(number)
        total -= size
    return ids


def _remove_orphans(database: Database) -> None:
    """Bodies whose entry was never written, since the process died between the two."""
    folder = database.folder / FOLDER
    if not folder.is_dir():
        return
    now = datetime.now(UTC).timestamp()
    old = [path.name for path in folder.iterdir() if _age_s(path, now) > _ORPHANED_S]
    if not old:
        return
    with database.writing() as connection:
        known = {name for (name,) in connection.execute("SELECT body_file FROM parts WHERE body_file <> ''")}
    _remove(folder, (name for name in old if name not in known))


def _remove_recordings(database: Database, days: int | None) -> None:
    """What was made of entries to replay them, and not used for so many days (0: for ever); None: all of it."""
    folder = database.folder / RECORDINGS
    if days == 0 or not folder.is_dir():
        return
    now = datetime.now(UTC).timestamp()
    _remove(folder, [path.name for path in folder.iterdir() if days is None or _age_s(path, now) > days * _DAY_S])


def _age_s(path: Path, now: float) -> float:
    try:
        return now - path.stat().st_mtime
    except OSError:
        return 0.0


def _remove(folder: Path, names: Iterable[str]) -> None:
    for name in names:
        with suppress(OSError):
            (folder / name).unlink()
