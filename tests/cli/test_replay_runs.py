"""Earlier runs: listed, shown, gone on with, done again in part, deleted."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from counting_server import Counting

from tui_client.cli.replay_runs import table
from tui_client.replay.journal.header import RunInfo

Cli = Callable[..., Any]
Shop = Callable[..., Path]

OK = 'url = "/ok"\n'
LISTED = [
    "run",
    "state",
    "title",
    "environment",
    "workspace",
    "started",
    "planned",
    "done",
    "passed",
    "failed",
    "errors",
    "skipped",
    "dropped",
    "in_doubt",
    "seconds",
    "parent",
    "bytes",
    "problem",
]


def test_runs_are_listed_newest_first(cli: Cli, mine: Shop) -> None:
    """One object for each, with the documented keys; a line for each where people read."""
    root = mine({"a": OK, "b": OK, "environments/local": ""})
    assert cli("replay", "--list", "--json").json == []
    assert "no runs yet" in cli("replay", "--list").err
    first = cli("replay", "a", "--json").json["run"]
    second = cli("replay", ".", "-e", "local", "--iterations", "3", "--json").json["run"]
    ran = cli("replay", "--list", "--json")
    assert ran.code == 0
    # Names of one second are told apart by chance alone.
    newest, oldest = sorted(ran.json, key=lambda run: run["run"] == first)
    assert {newest["run"], oldest["run"]} == {first, second}
    assert list(newest) == LISTED
    assert (newest["state"], newest["title"], newest["environment"]) == ("done", ".", "local")
    assert (newest["planned"], newest["done"], newest["passed"]) == (6, 6, 6)
    assert newest["workspace"] == str(root.parent)
    assert datetime.fromisoformat(newest["started"]).utcoffset() is not None
    lines = cli("replay", "--list").out.splitlines()
    assert len(lines) == 3 and lines[0].startswith("run ")
    assert sum("6 / 6" in line and ". (local)" in line for line in lines) == 1


def test_the_list_is_text_whatever_stands_in_it() -> None:
    """Columns under their titles; what a file says moves no cursor."""
    when = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    bad = RunInfo(run="r2", state="unreadable", problem="made by a newer version\x1b[2J", bytes=10)
    good = RunInfo(run="r1", state="interrupted", title="a\nb", started=when, planned=None, done=7, seconds=1.5)
    titles, first, second = table([bad, good])
    assert first.index("made by") == titles.index("what") == second.index("a␊b")
    assert "␛[2J" in first and "7 / …" in second and "2026-11-2" in second


def test_a_run_is_shown_as_it_was(cli: Cli, mine: Shop, server: Counting) -> None:
    """The same figures and the same exit code, from the journal alone; by the beginning of its name too."""
    mine({"a": OK, "b": 'url = "/broken"\n[[assert]]\nquery = "status"\nop = "=="\nvalue = 200\n'})
    server.statuses["/broken"] = 500
    was = cli("replay", ".", "--threshold", "failures < 90%", "--json")
    now = cli("replay", "--show", was.json["run"][:-1], "--json")
    assert (was.code, now.code) == (1, 1)
    rates = ("generator",)
    assert {k: v for k, v in now.json.items() if k not in rates} == {
        k: v for k, v in was.json.items() if k not in rates
    }
    shown = cli("replay", "--show", "last")
    assert "1 failed" in shown.out and f"journal: {was.json['journal']}" in shown.out
    assert cli("replay", "--show", "nothing").code == 2


def test_what_failed_is_sent_again(cli: Cli, mine: Shop, server: Counting) -> None:
    """As a new run, of those sessions alone, from the step that failed on."""
    mine({"a": OK, "b": 'url = "/{{n}}"\n'})
    Path("rows.csv").write_text("n\none\ntwo\nthree\n")
    server.statuses["/two"] = 503
    ran = cli("replay", "a", "b", "--data", "rows.csv", "--json")
    assert (ran.code, ran.json["failed"]) == (1, 1)
    server.statuses.clear()
    server.arrived.clear()
    again = cli("replay", "--only", "failed", "last", "--json")
    assert (again.code, again.json["done"], again.json["planned"]) == (0, 1, 1)
    assert server.arrived == ["GET /two"]
    [newest] = [run for run in cli("replay", "--list", "--json").json if run["parent"]]
    assert (newest["run"], newest["parent"]) == (again.json["run"], ran.json["run"])
    ran = cli("replay", "--only", "dropped", again.json["run"])
    assert ran.code == 2 and "has nothing dropped" in ran.err


def test_a_run_that_is_done_can_not_go_on(cli: Cli, mine: Shop) -> None:
    """What can be done instead is said."""
    mine({"a": OK})
    run = cli("replay", "a", "--json").json["run"]
    ran = cli("replay", "--resume", run, "--json")
    assert ran.code == 2
    assert ran.json == {"error": {"kind": "usage", "message": ran.json["error"]["message"]}}
    assert "there is nothing to resume" in ran.err


def test_a_run_goes_on_from_anywhere(
    cli: Cli, mine: Shop, server: Counting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its workspace and data are found wherever the shell is; a step of the setup counts once."""
    mine({"login": 'url = "/login"\n', "a": 'url = "/{{n}}"\n'})
    Path("rows.csv").write_text("n\none\ntwo\n")
    server.statuses["/login"] = 500
    ran = cli("replay", "a", "--setup", "login", "--data", "rows.csv", "--json")
    assert (ran.code, ran.json["ended"], ran.json["done"]) == (1, "setup", 1)
    server.statuses.clear()
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    ran = cli("replay", "--resume", "last", "--json")
    assert (ran.code, ran.json["done"], ran.json["passed"]) == (0, 3, 3)
    assert server.arrived == ["GET /login", "GET /login", "GET /one", "GET /two"]


def test_a_workspace_that_is_gone_is_named(cli: Cli, mine: Shop, server: Counting) -> None:
    """Another place can be given."""
    root = mine({"a": 'url = "/broken"\n'})
    server.statuses["/broken"] = 500
    cli("replay", "a")
    server.statuses.clear()
    shutil.move(root.parent, "moved")
    ran = cli("replay", "--only", "failed", "last")
    assert ran.code == 2 and str(root.parent) in ran.err and "-C PATH" in ran.err
    assert cli("replay", "--only", "failed", "last", "-C", "moved").code == 0


def test_a_run_is_deleted_for_good(cli: Cli, mine: Shop) -> None:
    """What was deleted is said; the others stay."""
    mine({"a": OK})
    run = cli("replay", "a", "--json").json["run"]
    kept = cli("replay", "a", "--json").json
    ran = cli("replay", "--delete", run, "--json")
    assert (ran.code, ran.json["deleted"], ran.json["error"]) == (0, run, None)
    assert not Path(ran.json["journal"]).exists()
    assert [one["run"] for one in cli("replay", "--list", "--json").json] == [kept["run"]]
    ran = cli("replay", "--delete", kept["run"])
    assert (ran.code, ran.out) == (0, f"Deleted run {kept['run']}: {kept['journal']}\n")
    assert cli("replay", "--delete", "last").code == 2


def test_a_journal_that_can_not_be_read_is_listed_all_the_same(cli: Cli, mine: Shop) -> None:
    """With the reason; showing it exits with 3."""
    mine({"a": OK})
    journal = Path(cli("replay", "a", "--json").json["journal"])
    journal.write_bytes(b"no journal")
    [run] = cli("replay", "--list", "--json").json
    assert run["state"] == "unreadable" and run["problem"]
    ran = cli("replay", "--show", "last", "--json")
    assert ran.code == 3 and ran.json["error"]["kind"] == "collection.file"


def test_reports_are_written_of_an_old_run(cli: Cli, mine: Shop) -> None:
    """In any format, as if the run had just ended."""
    mine({"a": OK})
    cli("replay", "a", "--iterations", "3")
    ran = cli("replay", "--show", "last", "--report", "r.html", "--report", "json=r.out", "--report", "steps.csv")
    assert ran.code == 0
    assert [line for line in ran.out.splitlines() if line.startswith("report: ")] == [
        "report: r.html",
        "report: r.out",
        "report: steps.csv",
    ]
    assert "<html" in Path("r.html").read_text()[:200]
    assert json.loads(Path("r.out").read_text())["done"] == 3
    assert len(Path("steps.csv").read_text().splitlines()) == 4
