"""Rows of several journals into one, by SQLite alone: in constant memory, in the order of their key."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

import msgspec

from tui_client.replay.journal.codec import STEP_COLUMNS
from tui_client.replay.journal.file import JournalFile
from tui_client.replay.journal.opening import uri

# SQLite opens ten beside the first one, unless it was built otherwise.
AT_ONCE: Final = 10
_CLAIM_COLUMNS: Final = ("iteration", "row", "step", "request", "resendable", "claimed_at")
_CARRY_COLUMNS: Final = ("iteration", "row", "step", "secret")
_COUNT_COLUMNS: Final = ("outcome", "steps")
_COLUMNS: Final = {
    "steps": STEP_COLUMNS,
    "claims": _CLAIM_COLUMNS,
    "carry": _CARRY_COLUMNS,
    "counts": _COUNT_COLUMNS,
}
_TIMES: Final = ("finished_s", "due_s")
_COUNT: Final = (
    "INSERT INTO main.counts (outcome, steps) SELECT outcome, steps FROM {name}.counts WHERE true "
    "ON CONFLICT (outcome) DO UPDATE SET steps = steps + excluded.steps"
)


class Source(msgspec.Struct, frozen=True):
    """A journal to be copied. later_s: seconds by which its run began after the first one.

    setup_below: by how much its setup steps go down, so that they take no place of another part's.
    """

    path: Path
    later_s: float
    setup_below: int


def check_tables(file: JournalFile) -> None:
    """Raises BrokenFile for a journal that lacks what is to be copied."""
    for table, columns in _COLUMNS.items():
        file.select(f"SELECT {', '.join(columns)} FROM {table} LIMIT 0")


def copy(connection: sqlite3.Connection, sources: Sequence[Source]) -> None:
    """Everything but the row of the run. connection: to a new journal, in no transaction. Raises BrokenFile,
    sqlite3.Error; what was copied by then stays.
    """
    for first in range(0, len(sources), AT_ONCE):
        chunk = {f"part{place}": source for place, source in enumerate(sources[first : first + AT_ONCE])}
        with _attached(connection, chunk):
            connection.execute("BEGIN")
            _copy_sessions(connection, chunk)
            for name, source in chunk.items():
                _copy_rest(connection, name, source)
            connection.execute("COMMIT")


@contextmanager
def _attached(connection: sqlite3.Connection, chunk: Mapping[str, Source]) -> Iterator[None]:
    with ExitStack() as opened:
        for source in chunk.values():
            # The last connection to a journal tidies up its log; one that only reads does not.
            opened.callback(JournalFile(source.path).close)
        opened.callback(_detach, connection, tuple(chunk))
        for name, source in chunk.items():
            connection.execute(f"ATTACH ? AS {name}", (uri(source.path, "ro"),))
        yield


def _detach(connection: sqlite3.Connection, names: Sequence[str]) -> None:
    """Let go of them, also after an error; the file that was being made is of no use then."""
    if connection.in_transaction:
        connection.execute("ROLLBACK")
    attached = {name for _, name, _ in connection.execute("PRAGMA database_list")}
    for name in attached.intersection(names):
        connection.execute(f"DETACH {name}")


def _copy_sessions(connection: sqlite3.Connection, chunk: Mapping[str, Source]) -> None:
    """The steps in one pass over all parts: sessions of parts lie between each other, and a table that grows in the
    middle is written many times over."""
    columns = ", ".join(f"{name} + ?" if name in _TIMES else name for name in STEP_COLUMNS)
    parts = " UNION ALL ".join(f"SELECT {columns} FROM {name}.steps WHERE step >= 0" for name in chunk)
    connection.execute(
        f"INSERT INTO main.steps ({', '.join(STEP_COLUMNS)}) {parts} ORDER BY iteration, row, step",
        [source.later_s for source in chunk.values() for _ in _TIMES],
    )


def _copy_rest(connection: sqlite3.Connection, name: str, source: Source) -> None:
    values = {"later": source.later_s, "below": source.setup_below}
    changed = {"step": "step - :below"} | {column: f"{column} + :later" for column in _TIMES}
    setup = ", ".join(changed.get(column, column) for column in STEP_COLUMNS)
    connection.execute(
        f"INSERT INTO main.steps ({', '.join(STEP_COLUMNS)}) SELECT {setup} FROM {name}.steps WHERE step < 0", values
    )
    for table in ("claims", "carry"):
        columns = _COLUMNS[table]
        chosen = ", ".join("iif(step < 0, step - :below, step)" if column == "step" else column for column in columns)
        connection.execute(
            f"INSERT INTO main.{table} ({', '.join(columns)}) SELECT {chosen} FROM {name}.{table}",
            {"below": source.setup_below},
        )
    connection.execute(_COUNT.format(name=name))
