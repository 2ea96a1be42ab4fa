"""Runs that are killed again and again, as `benchmarks/crash.py` does it at length; and would it notice a fault?"""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"

Case = dict[str, Any]  # the fields of `crash_judge.Case`


def test_killed_runs_lose_nothing_and_repeat_nothing() -> None:
    """Five runs with `kill -9` at random moments, one with a server that dies too: no row lost, no POST sent twice."""
    command = [sys.executable, str(BENCHMARKS / "crash.py"), "--runs", "5", "--rows", "20", "--seed", "11"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    figures = {words[0]: words[1] for line in done.stdout.splitlines() if len(words := line.split()) == 2}
    assert "5 of 5 runs as promised" in done.stdout
    # How many steps are in doubt is up to the moments of the kills; that they are the right ones is in the verdict.
    assert int(figures["kills"]) >= 5
    assert figures["lost"] == figures["repeated"] == figures["redone"] == "0"


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch) -> Any:
    """What holds a run against its promise."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    names = ("crash_judge", "crash_server")
    found = SimpleNamespace(**{name: importlib.import_module(name) for name in names})
    for name in names:
        monkeypatch.delitem(sys.modules, name)
    return found


def arrival(judge: Any, step: str, row: int, **more: str) -> Any:
    """A request as the server noted it; what a row's first step was given is "g" and its number."""
    carried = f"g{row}" if step == "second" else ""
    found = {"method": "POST", "key": "", "token": "Bearer g0" if row else "", "got": carried, "cookie": carried}
    return judge.crash_server.Arrival(step=step, row=row, gave=f"g{row}", at_ns=0, **(found | more))


def step(row: int, place: int, outcome: str) -> tuple[Any, ...]:
    """A row of the table of steps, as far as it is looked at."""
    return (0, row, place, "key", outcome)


def good(judge: Any) -> Case:
    """Two rows, killed once while both first steps were on their way: one POST is in doubt, the GET was sent again."""
    done = {(1, 0): "passed", (1, 1): "passed", (2, 0): "in_doubt", (2, 1): "skipped"}
    look = judge.crash_judge.Look
    arrivals = [arrival(judge, "login", 0), arrival(judge, "first", 1, method="GET"), arrival(judge, "first", 2)]
    again = [arrival(judge, "login", 0), arrival(judge, "first", 1, method="GET"), arrival(judge, "second", 1)]
    return {
        "methods": {1: ("GET", "POST"), 2: ("POST", "GET")},
        "keyed": False,
        "server_died": False,
        "kills": [look("", {}, frozenset({(1, 0), (2, 0)}), 3)],
        "last": look("finished", {key: step(*key, outcome) for key, outcome in done.items()}, frozenset(), 6),
        "arrivals": arrivals + again,
        "counts": {"passed": 3, "in_doubt": 1, "skipped": 1},
        "summary": {"passed": 3, "failed": 0, "errors": 0, "skipped": 1, "in_doubt": 1},
        "listed": 1,
    }


def verdict(judge: Any, case: Case) -> Any:
    return judge.crash_judge.findings(judge.crash_judge.Case(**case))


def test_a_run_as_promised_is_found_so(judge: Any) -> None:
    """Steps in doubt, and GETs that arrived twice, are no fault."""
    found = verdict(judge, good(judge))
    assert found.as_promised and (found.kills, found.in_doubt, found.arrived) == (1, 1, 6)


def _lose_a_step(judge: Any, case: Case) -> None:
    del case["last"].done[1, 1]


def _repeat_a_post(judge: Any, case: Case) -> None:
    case["arrivals"].append(arrival(judge, "first", 2))


def _repeat_with_another_key(judge: Any, case: Case) -> None:
    case["arrivals"][1] = arrival(judge, "first", 1, key="a")


def _redo_what_was_done(judge: Any, case: Case) -> None:
    case["kills"][0].done[1, 0] = case["last"].done[1, 0]


def _change_a_result(judge: Any, case: Case) -> None:
    case["kills"][0].done[1, 0] = step(1, 0, "failed")


def _forget_a_doubt(judge: Any, case: Case) -> None:
    case["last"].done[2, 0] = step(2, 0, "passed")


def _doubt_a_get(judge: Any, case: Case) -> None:
    case["last"].done[1, 0] = step(1, 0, "in_doubt")


def _pass_what_never_came(judge: Any, case: Case) -> None:
    del case["arrivals"][5]


def _mix_two_rows(judge: Any, case: Case) -> None:
    case["arrivals"][5] = arrival(judge, "second", 1, got="g2", cookie="g2")


def _list_no_doubt(judge: Any, case: Case) -> None:
    case["listed"] = 0


def _count_the_setup_twice(judge: Any, case: Case) -> None:
    case["summary"]["passed"] = 4


def _leave_a_claim(judge: Any, case: Case) -> None:
    old = case["last"]
    case["last"] = judge.crash_judge.Look(old.ended, old.done, frozenset({(1, 0)}), old.arrived)


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (_lose_a_step, "lost"),
        (_repeat_a_post, "repeated"),
        (_repeat_with_another_key, "repeated"),
        (_redo_what_was_done, "redone"),
        (_change_a_result, "changed"),
        (_forget_a_doubt, "doubted"),
        (_doubt_a_get, "unfinished"),
        (_pass_what_never_came, "unfinished"),
        (_mix_two_rows, "strange"),
        (_list_no_doubt, "sums"),
        (_count_the_setup_twice, "sums"),
        (_leave_a_claim, "sums"),
    ],
)
def test_every_fault_is_noticed(judge: Any, spoil: Callable[[Any, Case], None], found: str) -> None:
    """A benchmark that can't find anything would prove nothing."""
    case = good(judge)
    spoil(judge, case)
    wrong = verdict(judge, case)
    assert getattr(wrong, found) > 0 and not wrong.as_promised
