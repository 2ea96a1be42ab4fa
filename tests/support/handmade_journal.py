"""Journals made with plain sqlite3 from the schema, and the results that stand in them."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tui_client.errors import Failure, FailureKind
from tui_client.model.exchange import BodyEnd, BytesBody, Exchange, RawHeader, Response, SentRequest, Timings
from tui_client.model.step import CheckResult, Errored, Outcome, Replied, StepId, StepResult
from tui_client.replay.journal.codec import STEP_COLUMNS, step_row
from tui_client.replay.journal.plans import plan_json
from tui_client.replay.journal.schema import APPLICATION_ID, TABLES, VERSION
from tui_client.replay.plan import Plan
from tui_client.replay.record import record_of

STARTED = datetime(2026, 11, 22, 9, 30, 12, tzinfo=UTC)


def exchange_of(
    body: bytes = b'{"id": 7}',
    *,
    status: int = 200,
    url: str = "http://127.0.0.1:8000/users/7?full=1",
    sent: tuple[RawHeader, ...] = ((b"Host", b"127.0.0.1:8000"),),
    came: tuple[RawHeader, ...] = ((b"Content-Type", b"application/json"),),
    request_body: bytes = b"",
    secrets: frozenset[str] = frozenset(),
    total_ms: float = 12.5,
) -> Exchange:
    """An exchange with a whole reply."""
    target = b"/" + url.partition("://")[2].partition("/")[2].encode("utf-8", "replace")
    request = SentRequest("GET", url, target, sent, request_body, len(request_body), secrets=secrets)
    response = Response(status, "OK", "HTTP/1.1", came, BytesBody(body), len(body), body_end=BodyEnd.LENGTH)
    return Exchange(request, response, Timings(total=total_ms), STARTED, remote="127.0.0.1:8000")


def passed(step: StepId, exchange: Exchange | None = None, **more: Any) -> StepResult:
    """A result that passed."""
    return _result(step, Replied(exchange or exchange_of()), **more)


def failed(step: StepId, exchange: Exchange | None = None, **more: Any) -> StepResult:
    """A result whose status was not the one that was wanted."""
    found = exchange or exchange_of(status=500)
    status = found.response.status if found.response else 0
    return _result(step, Replied(found, (CheckResult("status", "", "==", 200, status, False),)), **more)


def refused(step: StepId, **more: Any) -> StepResult:
    """A result without a reply."""
    return _result(step, Errored(Failure(FailureKind.CONNECT_REFUSED, "127.0.0.1:9")), **more)


def _result(step: StepId, outcome: Outcome, **more: Any) -> StepResult:
    more = {"finished_s": 1.0, "label": "GET http://127.0.0.1:8000/users/7", "attempts": 1} | more
    return StepResult(step, outcome, **more)


class HandmadeJournal:
    """A journal file, and ways to put rows into it; every call is committed."""

    def __init__(self, path: Path, plan: Plan | None = None, **run: Any) -> None:
        self.path = path
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.execute("PRAGMA synchronous = OFF")
        self.connection.executescript(TABLES)
        self.connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        self.connection.execute(f"PRAGMA user_version = {VERSION}")
        columns = {
            "run": "20261122-093012-a1b2",
            "program": "0.1.0",
            "title": "batches/nightly",
            "workspace": "/home/me/shop",
            "environment": "local",
            "started": STARTED.isoformat(),
            "root": "20261122-093012-a1b2",
            "parent": "",
            "only_kind": "",
            "plan": plan_json(plan or Plan(steps=("users/get",))),
            "given": b"",
            "tags": '{"users/get": ["smoke"]}',
            "planned": 10,
            "ended": "",
            "seconds": 2.5,
            "summary": "",
        } | run
        self.insert("run", **columns)

    def insert(self, table: str, **columns: Any) -> None:
        """One row of a table."""
        marks = ", ".join("?" * len(columns))
        self.connection.execute(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", tuple(columns.values()))

    def add(self, *results: StepResult) -> None:
        """Results, counted as the writer counts them."""
        self.connection.execute("BEGIN")
        for result in results:
            row = step_row(result, record_of(result))
            self.insert("steps", **dict(zip(STEP_COLUMNS, row, strict=True)))
            self.connection.execute(
                "INSERT INTO counts VALUES (?, 1) ON CONFLICT (outcome) DO UPDATE SET steps = steps + 1", (row[4],)
            )
        self.connection.execute("COMMIT")

    def claim(self, step: StepId, *, resendable: bool = False) -> None:
        """A claim without a result."""
        key = {"iteration": step.iteration, "row": step.row, "step": step.index, "request": step.key}
        self.insert("claims", **key, resendable=int(resendable), claimed_at=1.8e9)

    def carry(self, step: StepId, secret: bytes) -> None:
        """What is carried over from a step."""
        self.insert("carry", iteration=step.iteration, row=step.row, step=step.index, secret=secret)

    def select(self, iteration: int, row: int, step: int) -> None:
        """A session that is done again."""
        self.insert("selected", iteration=iteration, row=row, step=step)
