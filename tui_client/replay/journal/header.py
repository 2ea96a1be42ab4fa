"""What a journal says of its run as a whole: when it is made, and as the list of runs shows it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import msgspec

from tui_client.replay.plan import Plan


class Only(StrEnum):
    """Which sessions of an earlier run are done again, each from its first step of this kind on."""

    FAILED = "failed"  # failed, errors and what was skipped after them
    IN_DOUBT = "in-doubt"
    DROPPED = "dropped"


class Ended(StrEnum):
    """Why a run stopped; "" while it has not. All but `finished` can be resumed."""

    NOT = ""
    FINISHED = "finished"
    STOPPED = "stopped"  # by its user
    BAIL = "bail"
    DURATION = "duration"
    SETUP = "setup"  # a setup step did not pass
    PROBLEM = "problem"  # a file could not be read on


def name_of(started: datetime) -> str:
    """A name for a run that begins then: unique, sorts by time."""
    # Milliseconds before the dice, so that runs that begin in one second still sort. A fast machine
    # begins several in one millisecond: the dice must be large enough for these alone.
    return f"{started:%Y%m%d-%H%M%S}-{started.microsecond // 1000:03}{secrets.token_hex(4)}"


class RunHeader(msgspec.Struct, frozen=True, kw_only=True):
    """Known before the first step. Kept as JSON, but `plan.given`, which is kept encrypted: it may hold secrets.

    run: "20261122-093012-a1b2", unique, sorts by time. workspace: the directory it was started on. root: the run whose
    rows these are: itself, or for a part done again the first one, whose idempotency keys it shares.
    parent, only: the run of which this does a part again. data_digest: SHA-256 of the data file, "" without or unknown.
    tags: those of each request, by key.
    """

    run: str
    plan: Plan
    workspace: Path
    started: datetime
    root: str
    parent: str = ""
    only: Only | None = None
    tags: Mapping[str, tuple[str, ...]] = {}


class RunInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A run as lists show it. state: "running", "interrupted" (can be resumed), "done" or "unreadable" (see problem).

    planned: steps, None if never counted. done: passed, failed and errors. in_doubt: claimed and never heard of again,
    also while nobody has looked at them yet. seconds: in which it ran. bytes: of the journal.
    """

    run: str
    state: str
    title: str = ""
    environment: str = ""
    workspace: str = ""
    started: datetime | None = None
    ended: Ended = Ended.NOT
    parent: str = ""
    planned: int | None = None
    done: int = 0
    passed: int = 0
    failed: int = 0
    errors: int = 0
    skipped: int = 0
    dropped: int = 0
    in_doubt: int = 0
    seconds: float = 0.0
    bytes: int = 0
    problem: str = ""
