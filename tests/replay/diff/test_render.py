"""A comparison as lines for people and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pytest

from tui_client.model.step import StepId
from tui_client.replay.diff.json_diff import Change
from tui_client.replay.diff.render import diff_lines, to_json
from tui_client.replay.diff.runs import Compared, DiffReport, Side, report_of

SAME = Compared(StepId(9, 0, 0, "a"), "GET /")
PRICE = Change("$.items[0].price", "1.10", "1.20")


def changed(row: int, *changes: Change, iteration: int = 0, index: int = 0) -> Compared:
    return Compared(StepId(row, iteration, index, "users/list"), "GET http://127.0.0.1/users", changes)


def lines(compared: Iterable[Compared]) -> list[str]:
    return list(diff_lines(report_of(compared)))


def test_places_stand_in_columns_with_one_example_each() -> None:
    """What changed most comes first, and one look at a line says how."""
    found = [changed(row, PRICE, *([Change("status", "200", "201")] if row == 3 else [])) for row in (3, 4)]
    assert lines([SAME, *found]) == [
        "2 of 3 replies differ.",
        "",
        "$.items[*].price  2 replies  row 3: 1.10 → 1.20",
        "status              1 reply  row 3: 200 → 201",
        "",
        "row 3  users/list  GET http://127.0.0.1/users",
        "  $.items[0].price  1.10 → 1.20",
        "  status            200 → 201",
        "row 4  users/list  GET http://127.0.0.1/users",
        "  $.items[0].price  1.10 → 1.20",
    ]


@pytest.mark.parametrize(
    ("report", "headline"),
    [
        (DiffReport(), "No step is in both runs."),
        (DiffReport(compared=1), "1 reply compared, none differs."),
        (DiffReport(compared=1200), "1,200 replies compared, none differs."),
        (DiffReport(compared=50, changed=1), "1 of 50 replies differs."),
        (
            DiffReport(compared=50, changed=3, only_before=1, only_after=2),
            "3 of 50 replies differ. 1 step is only in the earlier run. 2 steps are only in the later run.",
        ),
        (
            DiffReport(compared=5, only_after=1),
            "5 replies compared, none differs. 1 step is only in the later run.",
        ),
    ],
)
def test_the_first_line_says_what_came_of_it(report: DiffReport, headline: str) -> None:
    """Whoever reads one line only knows whether anything changed."""
    assert next(diff_lines(report)) == headline


def test_twenty_steps_and_ten_changes_of_each_are_shown() -> None:
    """A run in which all changed does not scroll away; how much is not shown is said."""
    many = [Change(f"$.k{n}", "1", "2") for n in range(12)]
    found = lines(changed(row, *many) for row in range(1, 31))
    assert found[-1] == "and 10 more steps"
    assert found[-2] == "  and 2 more changes"
    assert sum(line.startswith("row ") for line in found) == 20


def test_added_and_removed_values_say_so() -> None:
    """A field that is not there is not the same as one that is null."""
    found = lines([changed(1, Change("$.a", None, "null"), Change("$.b", "1", None))])
    assert found[-2:] == ["  $.a  added null", "  $.b  removed 1"]


@pytest.mark.parametrize(
    ("row", "iteration", "index", "name"),
    [(0, 0, 0, "iteration 1"), (3, 0, 1, "row 3"), (3, 1, 0, "row 3, iteration 2"), (0, 0, -1, "setup")],
)
def test_steps_are_named_by_row_and_iteration(row: int, iteration: int, index: int, name: str) -> None:
    """Which session a reply belongs to is said as the data file counts it."""
    assert f"{name}  users/list  GET http://127.0.0.1/users" in lines(
        [changed(row, PRICE, iteration=iteration, index=index)]
    )


def test_text_of_a_server_is_safe_to_print() -> None:
    """Neither names nor values of a reply reach the terminal as commands."""
    bad = "\x1b[31m\u202e\n"
    one = Compared(StepId(1, 0, 0, bad), bad, (Change(f"$['{bad}']", bad, bad), Change("missing", bad, None)))
    text = "".join(lines([one]))
    assert not any(sign in text for sign in bad if sign not in "[31m")


def test_json_has_exactly_the_documented_keys() -> None:
    """Programs that read a comparison find what the documentation lists."""
    gone = Compared(StepId(5, 0, 0, "a"), "GET /", (Change("missing after", "replied 200", None),), Side.BEFORE)
    found = to_json(report_of([SAME, changed(3, PRICE), gone]))
    place = {"row": 3, "iteration": 0, "step": 0, "request": "users/list"}
    price = {"where": "$.items[0].price", "before": "1.10", "after": "1.20"}
    assert found == {
        "compared": 2,
        "changed": 1,
        "only_before": 1,
        "only_after": 0,
        "places": [{"where": "$.items[*].price", "replies": 1, "example": {**place, **price}}],
        "steps": [
            {**place, "label": "GET http://127.0.0.1/users", "in": "both", "changes": [price]},
            {
                "row": 5,
                "iteration": 0,
                "step": 0,
                "request": "a",
                "label": "GET /",
                "in": "before",
                "changes": [{"where": "missing after", "before": "replied 200", "after": None}],
            },
        ],
    }
    assert json.loads(json.dumps(found)) == found
