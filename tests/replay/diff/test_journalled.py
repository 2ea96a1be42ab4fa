"""Two runs compared from their journals."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from tui_client.errors import BrokenFile, Failure, FailureKind
from tui_client.model.exchange import BytesBody, Exchange, Response, SentRequest, Timings
from tui_client.model.step import Errored, Outcome, Replied, Skipped, StepId, StepResult
from tui_client.replay.diff.compare import NoReply, Reply
from tui_client.replay.diff.journalled import answers
from tui_client.replay.diff.json_diff import Change
from tui_client.replay.diff.runs import Compared, DiffReport, compare_runs, report_of
from tui_client.replay.journal import opening
from tui_client.replay.journal.codec import step_row
from tui_client.replay.journal.reader import JournalReader
from tui_client.replay.plan import DiffRules
from tui_client.replay.record import record_of

SECRETS: Final = frozenset({"token-of-the-first-run", "token-of-another-run-and-longer"})


def journal(path: Path, results: Iterable[StepResult]) -> Path:
    """The journal of a run with these results."""
    with closing(opening.make(path)) as connection:
        opening.begin(connection)
        for result in results:
            row = step_row(result, record_of(result))
            connection.execute(f"INSERT INTO steps VALUES ({', '.join('?' * len(row))})", row)
        connection.execute("COMMIT")
    return path


def replied(row: int, body: bytes, *, content_type: str = "application/json", status: int = 200) -> StepResult:
    sent = SentRequest("GET", "http://127.0.0.1/", b"/", (), secrets=SECRETS)
    headers = ((b"Content-Type", content_type.encode()), (b"Date", str(row).encode()))
    response = Response(status, "", "HTTP/1.1", headers, BytesBody(body))
    return result(row, Replied(Exchange(sent, response, Timings(total=1.0), datetime.now(UTC))))


def result(row: int, outcome: Outcome) -> StepResult:
    return StepResult(StepId(row, 0, 0, "users/list"), outcome, label=f"GET /{row}")


def compared(before: Path, after: Path, *ignore: str) -> DiffReport:
    with JournalReader(before) as one, JournalReader(after) as other:
        return report_of(compare_runs(answers(one), answers(other), DiffRules(ignore)))


def test_one_changed_field_in_one_of_two_hundred_replies_is_named(tmp_path: Path) -> None:
    """What two journals have is enough to say exactly which field of which reply changed."""
    bodies = [b'{"items": [{"id": %d, "price": 1.10}], "at": "%d"}' % (n, n) for n in range(200)]
    before = journal(tmp_path / "a.sqlite", (replied(n, body) for n, body in enumerate(bodies)))
    bodies[150] = bodies[150].replace(b"1.10", b"1.20")
    later = (replied(n, body.replace(b'"at": "', b'"at": "later ')) for n, body in enumerate(bodies))
    after = journal(tmp_path / "b.sqlite", later)
    found = compared(before, after, "$.at")
    change = Change("$.items[0].price", "1.10", "1.20")
    assert found.changes == (Compared(StepId(150, 0, 0, "users/list"), "GET /150", (change,)),)
    assert (found.compared, found.changed) == (200, 1)


def test_outcomes_are_read_back(tmp_path: Path) -> None:
    """Replies and what came in their place stand in the order of the sessions."""
    failed = Errored(Failure(FailureKind.CONNECT_REFUSED, "127.0.0.1:9"))
    path = journal(
        tmp_path / "a.sqlite", [result(3, Skipped("login")), result(2, failed), replied(1, b"{}", status=404)]
    )
    with JournalReader(path) as reader:
        found = list(answers(reader))
    assert [one.step.row for one in found] == [1, 2, 3]
    first, second, third = (one.answer for one in found)
    assert isinstance(first, Reply)
    assert (first.status, first.body, first.body_bytes, first.cut) == (404, b"{}", 2, False)
    assert first.media_type == "application/json"
    assert isinstance(second, NoReply)
    assert (second.kind, "127.0.0.1:9" in second.reason) == ("connect.refused", True)
    assert isinstance(third, NoReply)
    assert third.kind == "skipped"


def test_secrets_that_are_new_with_each_run_are_no_change(tmp_path: Path) -> None:
    """A login's token is masked in both journals, and the fields beside it are still compared."""
    first, second = sorted(SECRETS, key=len)
    before = journal(
        tmp_path / "a.sqlite", [replied(n, b'{"token": "%b", "user": 1}' % first.encode()) for n in (1, 2)]
    )
    bodies = (b'{"token": "%b", "user": %d}' % (second.encode(), n) for n in (1, 2))
    after = journal(tmp_path / "b.sqlite", [replied(n, body) for n, body in enumerate(bodies, start=1)])
    assert [one.changes for one in compared(before, after).changes] == [(Change("$.user", "1", "2"),)]


def test_bodies_longer_than_the_journal_keeps_are_compared_by_hash(tmp_path: Path) -> None:
    """A change after the first 64 KiB is not missed."""
    long = b'{"a": "%b", "b": 1}' % (b"x" * 100_000)
    before = journal(tmp_path / "a.sqlite", [replied(1, long), replied(2, long)])
    after = journal(tmp_path / "b.sqlite", [replied(1, long), replied(2, long.replace(b'"b": 1', b'"b": 2'))])
    found = compared(before, after)
    assert [(one.step.row, [change.where for change in one.changes]) for one in found.changes] == [(2, ["body"])]
    change = found.changes[0].changes[0]
    assert (change.before or "").startswith("100.0 kB, SHA-256 ")


def test_a_damaged_row_is_named_as_a_broken_file(tmp_path: Path) -> None:
    """Whoever edited a journal learns which file can't be read."""
    path = journal(tmp_path / "a.sqlite", [replied(1, b"{}")])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE steps SET detail = '{'")
        connection.commit()
    with JournalReader(path) as reader, pytest.raises(BrokenFile, match="can't be read"):
        list(answers(reader))
