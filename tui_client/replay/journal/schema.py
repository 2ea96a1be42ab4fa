"""The tables of a journal, one SQLite file per run; docs/journal.md explains them to people who query them.

A step that stands nowhere is pending. `claims` holds what was claimed and has no result yet: in flight while the run
lives, in doubt once it died. `steps` holds results. So `claims` stays tiny, and both tables only grow at their end.
"""

from __future__ import annotations

from typing import Final

# "tuij": what `file` and other programs may know it by.
APPLICATION_ID: Final = 0x7475696A
VERSION: Final = 1

TABLES: Final = """
CREATE TABLE run (                -- one row
  run TEXT PRIMARY KEY,           -- "20261122-093012-a1b2"
  program TEXT NOT NULL,          -- version of tui-client that made it
  title TEXT NOT NULL,
  workspace TEXT NOT NULL,
  environment TEXT NOT NULL,
  started TEXT NOT NULL,          -- ISO 8601, UTC
  root TEXT NOT NULL,
  parent TEXT NOT NULL,
  only_kind TEXT NOT NULL,
  plan TEXT NOT NULL,             -- JSON, without the values given on the command line
  given BLOB NOT NULL,            -- those, encrypted
  tags TEXT NOT NULL,             -- JSON: request key to tags
  data_size INTEGER,              -- of the data file when the run began
  data_mtime_ns INTEGER,
  data_sha256 TEXT,               -- NULL until it was read to its end
  planned INTEGER,
  ended TEXT NOT NULL,            -- "" while it runs, or when it died
  seconds REAL NOT NULL,          -- in which it ran, over all its lives
  summary TEXT NOT NULL           -- JSON of the last report, "" before the first one
) STRICT;
CREATE TABLE counts (             -- of steps by outcome, kept in the same commits as the steps
  outcome TEXT PRIMARY KEY,       -- passed, failed, error, skipped, dropped, in_doubt
  steps INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE claims (
  iteration INTEGER NOT NULL,
  row INTEGER NOT NULL,           -- of the data, from 1; 0 without data
  step INTEGER NOT NULL,          -- place in the row from 0; negative in the setup
  request TEXT NOT NULL,          -- "users/create"
  resendable INTEGER NOT NULL,    -- 1: sending it again does nothing twice
  claimed_at REAL NOT NULL,       -- Unix time, seconds
  PRIMARY KEY (iteration, row, step)
) STRICT, WITHOUT ROWID;
CREATE TABLE steps (
  iteration INTEGER NOT NULL,
  row INTEGER NOT NULL,
  step INTEGER NOT NULL,
  request TEXT NOT NULL,
  outcome TEXT NOT NULL,          -- passed, failed, error, skipped, dropped, in_doubt
  label TEXT NOT NULL,            -- "GET http://…", secrets masked
  status INTEGER,
  error TEXT NOT NULL,            -- "connect.refused", "" for none
  reason TEXT NOT NULL,           -- why it did not pass, in words
  attempts INTEGER NOT NULL,
  finished_s REAL NOT NULL,       -- since the run began
  due_s REAL,
  late INTEGER NOT NULL,
  service_ms REAL,
  checks INTEGER NOT NULL,
  checks_failed INTEGER NOT NULL,
  received_bytes INTEGER NOT NULL,
  body_sha256 BLOB,               -- of the whole decoded body
  detail TEXT NOT NULL,           -- JSON: headers, timings, checks, failure; secrets masked; "" for none of it
  request_body BLOB,              -- cut at 64 KiB, secrets masked
  body BLOB,                      -- of the reply, decoded, cut at 64 KiB, secrets masked
  PRIMARY KEY (iteration, row, step)
) STRICT, WITHOUT ROWID;
CREATE TABLE carry (              -- what later steps of a session need, after each step; gone once all of it passed
  iteration INTEGER NOT NULL,
  row INTEGER NOT NULL,
  step INTEGER NOT NULL,
  secret BLOB NOT NULL,           -- captures and cookies, encrypted
  PRIMARY KEY (iteration, row, step)
) STRICT, WITHOUT ROWID;
CREATE TABLE selected (           -- of a run that does a part of another again: its sessions, and where each goes on
  iteration INTEGER NOT NULL,
  row INTEGER NOT NULL,
  step INTEGER NOT NULL,
  PRIMARY KEY (iteration, row)
) STRICT, WITHOUT ROWID;
"""
