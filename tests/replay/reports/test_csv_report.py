"""CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from made_run import HOSTILE, MadeRun

from tui_client.replay.record import Recorded
from tui_client.replay.reports._steps import COLUMNS
from tui_client.replay.reports.csv_report import _cell

Written = Callable[[str, MadeRun], str]


def rows(text: str, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def test_each_step_is_a_line(written: Written) -> None:
    """A spreadsheet has a row for each step, under names that the JSON reports use too."""
    run = MadeRun(300)
    head, *lines = rows(written("csv", run))
    assert tuple(head) == COLUMNS
    found = [(line[0], line[2], line[3], line[5]) for line in lines]
    assert found == [_expected(record) for record in run.records()]


def _expected(record: Recorded) -> tuple[str, str, str, str]:
    return str(record.step.row), str(record.step.index), record.step.key, record.outcome.value


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_no_cell_is_a_formula(written: Written, delimiter: str) -> None:
    """Opened in a spreadsheet nothing is run, whichever sign the country separates cells with."""
    lines = rows(written("csv", MadeRun(300, HOSTILE)), delimiter)
    cells = [cell for line in lines for cell in line]
    assert any("cmd()" in cell for cell in cells)
    assert not [cell for cell in cells if cell.strip()[:1] in tuple("=+-@＝＋－＠") and not _number(cell)]


def _number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        (" =1", "' =1"),
        ("-5", "'-5"),
        ("＝1", "'＝1"),
        ("a;@b", "a;'@b"),
        ("\t=1", "'␉=1"),
        ("a-b=c", "a-b=c"),
        (-1, -1),
        (-0.5, -0.5),
        (True, "true"),
        (None, None),
        ("", ""),
    ],
)
def test_texts_are_neutralised_and_numbers_stay_numbers(value: str | float | None, cell: str | float | None) -> None:
    """A setup step keeps its place of -1; a text that begins like a formula is a text."""
    assert _cell(value) == cell


def test_a_line_is_a_line(written: Written) -> None:
    """Tools that read line by line find one step in each."""
    assert len(written("csv", MadeRun(300, HOSTILE)).splitlines()) == 301
