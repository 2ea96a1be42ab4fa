"""Which sessions of an earlier run are done again, and what they need of it; SQLite does it, in constant memory."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final

from tui_client.errors import UsageError
from tui_client.replay.journal.file import JournalFile
from tui_client.replay.journal.header import Only
from tui_client.replay.journal.opening import uri

# What is skipped since an earlier step of its session failed comes after that step, so that it needs no word.
_OUTCOMES: Final = {
    Only.FAILED: "('failed', 'error')",
    Only.IN_DOUBT: "('in_doubt')",
    Only.DROPPED: "('dropped')",
}
_NAMES: Final = {Only.FAILED: "failed", Only.IN_DOUBT: "in doubt", Only.DROPPED: "dropped"}
# The setup is sent in every run; it is no session.
_FROM_STEPS: Final = "FROM parent.steps WHERE step >= 0 AND outcome IN {outcomes}"
_SELECT: Final = "INSERT INTO selected SELECT iteration, row, min(step) {from_steps} GROUP BY iteration, row"
_SELECT_CLAIMS: Final = """
INSERT INTO selected SELECT iteration, row, step FROM parent.claims WHERE step >= 0
ON CONFLICT (iteration, row) DO UPDATE SET step = min(step, excluded.step)
"""
_COPY_CARRY: Final = """
INSERT INTO carry SELECT theirs.* FROM selected JOIN parent.carry AS theirs
ON theirs.iteration = selected.iteration AND theirs.row = selected.row AND theirs.step = (
  SELECT max(step) FROM parent.carry
  WHERE iteration = selected.iteration AND row = selected.row AND step >= 0 AND step < selected.step
)
"""


def attach(connection: sqlite3.Connection, parent: Path) -> None:
    """Open the earlier run's journal beside the new one, outside of a transaction. Raises BrokenFile, sqlite3.Error."""
    JournalFile(parent).close()
    connection.execute("ATTACH ? AS parent", (uri(parent, "ro"),))


def select(connection: sqlite3.Connection, only: Only, parent: str) -> None:
    """Fill `selected`, and copy the carry before each step in it. Raises UsageError if there is none of the kind."""
    from_steps = _FROM_STEPS.format(outcomes=_OUTCOMES[only])
    connection.execute(_SELECT.format(from_steps=from_steps))
    if only is Only.IN_DOUBT:
        connection.execute(_SELECT_CLAIMS)
    if connection.execute("SELECT 1 FROM selected LIMIT 1").fetchone() is None:
        raise UsageError(f"Run {parent} has nothing {_NAMES[only]}. {_others(connection, only)}")
    connection.execute(_COPY_CARRY)


def _others(connection: sqlite3.Connection, only: Only) -> str:
    found = [kind for kind in Only if kind is not only and _has(connection, kind)]
    if not found:
        return "Nothing else is left of it to do again; it may be resumed."
    return "There are steps " + " and ".join(f"{_NAMES[kind]} (--only {kind})" for kind in found) + "."


def _has(connection: sqlite3.Connection, only: Only) -> bool:
    steps = _FROM_STEPS.format(outcomes=_OUTCOMES[only])
    claims = "SELECT 1 FROM parent.claims WHERE step >= 0" if only is Only.IN_DOUBT else "SELECT 1 WHERE 0"
    query = f"SELECT EXISTS (SELECT 1 {steps}) OR EXISTS ({claims})"
    return bool(connection.execute(query).fetchone()[0])
