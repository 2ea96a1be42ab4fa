"""JUnit XML."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from made_run import DIFF, HOSTILE, MadeRun

from tui_client.model.step import StepId
from tui_client.replay.plan import Plan
from tui_client.replay.record import OutcomeKind
from tui_client.replay.reports._words import StepNames
from tui_client.replay.reports.catalog import FORMATS
from tui_client.text import safe_line

SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).parent / "junit.xsd"))
Written = Callable[[str, MadeRun], str]


def parsed(text: str) -> etree._Element:
    root = etree.fromstring(text.encode())
    SCHEMA.assertValid(root)
    return root


def test_it_follows_the_common_schema(written: Written) -> None:
    """Jenkins and GitLab read it: names that break other formats included."""
    parsed(written("junit", MadeRun(300, HOSTILE, DIFF)))


@given(st.text(min_size=1))
def test_any_name_makes_a_valid_file(name: str) -> None:
    """No character that XML forbids gets in, wherever it comes from."""
    out = io.StringIO()
    FORMATS["junit"].write(MadeRun(2, (name,), all_well=True), out)
    root = parsed(out.getvalue())
    assert root[0].get("name") == safe_line(name)


def test_counts_in_the_opening_tags_are_those_of_the_cases(written: Written) -> None:
    """A dashboard that reads only the head sees the same as one that counts."""
    root = parsed(written("junit", MadeRun(300, diff=DIFF)))
    found = Counter[str]()
    for suite in root:
        counts = Counter(case[0].tag if len(case) else "passed" for case in suite)
        assert int(suite.get("tests", "")) == len(suite)
        for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.get(name, "")) == counts[tag]
        found += Counter({"tests": len(suite), "failures": counts["failure"], "errors": counts["error"]})
    assert {name: int(root.get(name, "")) for name in found} == found


def test_what_fails_a_run_is_red(written: Written) -> None:
    """Dropped steps and those in doubt are errors, as the exit code has it; only followers are skipped."""
    run = MadeRun(900)
    root = parsed(written("junit", run))
    types = {(case[0].tag, case[0].get("type")) for case in root[0] if len(case)}
    assert {("error", "dropped"), ("error", "in_doubt"), ("skipped", "skipped"), ("failure", "failed")} <= types
    assert ("error", "connect.refused") in types
    outcomes = Counter(record.outcome for record in run.records())
    assert int(root[0].get("skipped", "")) == outcomes[OutcomeKind.SKIPPED]


def test_a_case_has_the_request_as_class_and_the_reason_as_message(written: Written) -> None:
    """The tree of a CI server groups by folder, and its list of failures says why."""
    root = parsed(written("junit", MadeRun(300)))
    case = next(case for case in root[0] if len(case) and case[0].get("type") == "failed")
    assert case.get("classname") in ("users.list", "users.create", "orders.by_day")
    assert "row" in case.get("name", "")
    assert case[0].get("message") == "status == 200, was 500" or "400 or more" in case[0].get("message", "")
    assert "https://api.example.com" in (case[0].text or "")


def test_thresholds_and_differences_are_cases_of_their_own(written: Written) -> None:
    """What fails the run besides its steps is in the report too."""
    root = parsed(written("junit", MadeRun(300, diff=DIFF)))
    assert [suite.get("name") for suite in root] == ["batches/nightly", "thresholds", "diff"]
    broken = [case.get("name") for case in root[1] if len(case)]
    assert broken == ["failures < 0.1 % (tag checkout)"]
    assert [case[0].get("message") for case in root[2]] == [
        "$.items[0].price: 12.50 → 12.90, and 1 more",
        "$.id: added 7",
    ]


def test_every_step_of_a_run_has_a_name_of_its_own() -> None:
    """CI servers take two cases of one name for the same."""
    plan = Plan(steps=("a", "b", "a"), setup=("a", "login"))
    steps = [
        StepId(row, iteration, index, plan.steps[index]) for row in (1, 2) for iteration in (0, 1) for index in range(3)
    ]
    steps += [StepId(0, 0, -2, "a"), StepId(0, 0, -1, "login"), StepId(0, 0, 1, "b")]
    names = [StepNames(plan).name(step) for step in steps]
    assert len(set(names)) == len(names)
    assert StepNames(plan).name(StepId(118, 0, 1, "b")) == "b row 118"
