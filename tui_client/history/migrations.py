"""The tables of the history, from any older version to this one."""

from __future__ import annotations

import sqlite3
from typing import Final

# "tuih": what `file` and other programs may know it by.
APPLICATION_ID: Final = 0x74756968

# One script for each version, from the one before; user_version says how many were done. Never changed, only added to.
_SCRIPTS: Final = (
    """
CREATE TABLE entries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  started_us INTEGER NOT NULL,    -- Unix time, microseconds
  method TEXT NOT NULL,
  url TEXT NOT NULL,              -- secrets masked, as everywhere
  key TEXT NOT NULL,              -- "users/list", "" if never saved
  root TEXT NOT NULL,             -- the collection's directory, "" for none
  environment TEXT NOT NULL,
  status INTEGER,                 -- NULL without a reply
  failure TEXT NOT NULL,          -- "connect.refused", "" for none
  total_ms REAL NOT NULL,
  body_bytes INTEGER NOT NULL,    -- of the reply, decoded, kept or not
  verified INTEGER NOT NULL,      -- 0: TLS was not checked
  kept_bytes INTEGER NOT NULL     -- what the entry takes up here, about, its file included
) STRICT;
CREATE INDEX entries_of_root ON entries (root, id);
CREATE TABLE parts (
  id INTEGER PRIMARY KEY,         -- of the entry
  exchange TEXT NOT NULL,         -- JSON: headers, timings, hops, failure
  request TEXT NOT NULL,          -- the request as written, as in a request file
  request_body BLOB NOT NULL,     -- as sent, cut at 64 KiB
  body BLOB,                      -- of the reply, decoded; NULL if it has a file
  body_file TEXT NOT NULL,        -- the name in bodies/, "" for none
  body_cut INTEGER NOT NULL       -- 1: not all of the body was kept
) STRICT;
CREATE VIRTUAL TABLE texts USING fts5 (
  text, tokenize = "unicode61 remove_diacritics 2", prefix = '2 3', columnsize = 0
);
""",
)
VERSION: Final = len(_SCRIPTS)


class Newer(Exception):
    """A newer version of this program made the file."""


class Foreign(Exception):
    """The file is a database, but not the history."""


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the tables up to date, whoever else does so at the same time. Raises Newer, Foreign, sqlite3.Error."""
    if version_of(connection) == VERSION:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        for number in range(version_of(connection), VERSION):
            # executescript would commit.
            for statement in _SCRIPTS[number].split(";\n"):
                if statement.strip():
                    connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def version_of(connection: sqlite3.Connection) -> int:
    """How many scripts were run on the file, 0 for an empty one. Raises Newer, Foreign, sqlite3.Error."""
    application, version, tables = _marks(connection)
    if application != APPLICATION_ID and (tables or version):
        raise Foreign
    if version > VERSION:
        raise Newer
    return int(version)


def _marks(connection: sqlite3.Connection) -> tuple[int, int, int]:
    # In one transaction: another process may be making the tables between two questions.
    ours = not connection.in_transaction
    if ours:
        connection.execute("BEGIN")
    try:
        ((tables,),) = connection.execute("SELECT count(*) FROM sqlite_master")
        ((application,),) = connection.execute("PRAGMA application_id")
        ((version,),) = connection.execute("PRAGMA user_version")
    finally:
        if ours and connection.in_transaction:
            connection.execute("ROLLBACK")
    return application, version, tables
