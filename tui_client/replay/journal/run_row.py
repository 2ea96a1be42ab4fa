"""The one row of the table `run`: what a `RunHeader` says, kept."""

from __future__ import annotations

import sqlite3
from typing import Final

import msgspec

import tui_client
from tui_client.replay.journal.carry import Sealer
from tui_client.replay.journal.header import RunHeader
from tui_client.replay.journal.plans import plan_json

_INSERT: Final = """
INSERT INTO run (run, workspace, started, root, parent, only_kind, plan, given, tags, program, title, environment,
  planned, ended, seconds, summary)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, '', 0.0, '')
"""


def insert_run(connection: sqlite3.Connection, header: RunHeader, sealer: Sealer) -> None:
    """Put down a run that begins. Raises UnicodeEncodeError for a path that is not UTF-8; sqlite3.Error."""
    plan = header.plan
    row = (
        header.run,
        str(header.workspace),
        header.started.isoformat(),
        header.root,
        header.parent,
        "" if header.only is None else header.only.value,
        plan_json(plan),
        sealer.seal_given(plan.given) if plan.given else b"",
        msgspec.json.encode(header.tags).decode(),
        tui_client.__version__,
        plan.title,
        plan.environment,
    )
    connection.execute(_INSERT, row)
