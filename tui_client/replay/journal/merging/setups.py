"""The setup of a merged run that goes on: it is sent once, not by each part."""

from __future__ import annotations

import sqlite3
from typing import Final

_OTHERS: Final = (
    "iteration = 0 AND row = 0 AND step < -(SELECT json_array_length(plan, '$.setup') FROM run)"  # below its own
)
_COUNT: Final = (
    f"UPDATE counts SET steps = steps - (SELECT count(*) FROM steps AS old WHERE {_OTHERS} AND "
    "old.outcome = counts.outcome)"
)


def forget_other_setups(connection: sqlite3.Connection) -> None:
    """Take out what came of the setup in the second part and those after it. Does nothing in a run that has no parts.

    connection: to a journal, in no transaction. Raises sqlite3.Error.
    """
    if connection.execute(f"SELECT 1 FROM steps WHERE {_OTHERS} LIMIT 1").fetchone() is None:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute(_COUNT)
        connection.execute(f"DELETE FROM steps WHERE {_OTHERS}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # a full disk may have ended it
            connection.execute("ROLLBACK")
        raise
