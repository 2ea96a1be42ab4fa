"""What docs/journal.md says of the journal is so."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from handmade_journal import HandmadeJournal, exchange_of, failed, passed, refused

from tui_client.model.step import InDoubt, Skipped, StepId, StepResult
from tui_client.replay.journal.codec import STEP_COLUMNS
from tui_client.replay.journal.detail import Detail
from tui_client.replay.journal.header import Ended
from tui_client.replay.journal.schema import APPLICATION_ID, TABLES, VERSION
from tui_client.replay.record import OutcomeKind

PAGE = (Path(__file__).parents[3] / "docs" / "journal.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"```sql\n(.+?)```", PAGE, re.DOTALL)


@pytest.fixture
def journal(tmp_path: Path) -> HandmadeJournal:
    """A run that died: row 118 created something and failed to read it, others were refused, one is in doubt."""
    found = HandmadeJournal(tmp_path / "run.sqlite")
    found.add(
        *(passed(StepId(row, 0, 0, "users/create"), exchange_of(total_ms=float(row))) for row in range(1, 21)),
        passed(StepId(118, 0, 0, "users/create"), exchange_of(b'{"id": 7}')),
        failed(StepId(118, 0, 1, "users/get"), exchange_of(status=500)),
        refused(StepId(119, 0, 0, "users/create")),
        refused(StepId(120, 0, 0, "users/create")),
        StepResult(StepId(120, 0, 1, "users/get"), Skipped("users/create")),
        StepResult(StepId(121, 0, 0, "users/create"), InDoubt()),
    )
    found.claim(StepId(122, 0, 0, "users/create"))
    return found


EXPECTED: tuple[list[tuple[Any, ...]], ...] = (
    [(float(row), 0, row, 0, "GET http://127.0.0.1:8000/users/7", 200) for row in range(20, 12, -1)]
    + [
        (12.5, 0, 118, 0, "GET http://127.0.0.1:8000/users/7", 200),
        (12.5, 0, 118, 1, "GET http://127.0.0.1:8000/users/7", 500),
    ],
    [
        (
            2,
            "error",
            "connect.refused",
            "Could not connect to 127.0.0.1:9: connection refused. Is the server running? Change base_url in the "
            "environment.",
        ),
        (1, "failed", 500, "status == 200, was 500"),
    ],
    [
        (0, "users/create", "passed", 200, "", "2026-11-22T09:30:12Z", "application/json"),
        (1, "users/get", "failed", 500, "status == 200, was 500", "2026-11-22T09:30:12Z", "application/json"),
    ],
    [
        (0, 121, 0, "users/create", None),
        (0, 122, 0, "users/create", "2027-01-15 08:00:00"),
    ],
    [('{"id": 7}',)],
)


@pytest.mark.parametrize("number", range(5))
def test_each_query_of_the_page_answers(journal: HandmadeJournal, number: int) -> None:
    """Who copies a query from the page gets what it says."""
    assert journal.connection.execute(QUERIES[number]).fetchall() == EXPECTED[number]


def test_the_page_has_no_other_query() -> None:
    """Every query of the page is tried here."""
    assert len(QUERIES) == len(EXPECTED)


def test_the_page_names_all_there_is() -> None:
    """Every table, column of `steps`, outcome, end and key of `detail` is on the page, and the version."""
    tables = re.findall(r"CREATE TABLE (\w+)", TABLES)
    names = {*STEP_COLUMNS, *tables, *OutcomeKind, *(end for end in Ended if end), *Detail.__struct_fields__}
    assert not {name for name in names if f"`{name}`" not in PAGE}
    assert f"the version of the format, now {VERSION};" in PAGE
    assert f"0x{APPLICATION_ID:X}" in PAGE
