"""`replay merge`: journals of parts, joined into one run."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import click
import pytest
from counting_server import Counting

from tui_client.cli.replay_merge import command

Cli = Callable[..., Any]
Shop = Callable[..., Path]

BATCH = 'requests = ["a"]\nsetup = ["login"]\ndata = "rows.csv"\n'


@pytest.fixture
def parts(cli: Cli, mine: Shop, server: Counting) -> Callable[..., Path]:
    """Runs parts of three, and gathers their journals in a folder, as one does with those of runners."""
    root = mine({"a": 'url = "/{{n}}"\n', "login": 'url = "/login"\n', "batches/x": BATCH})
    (root / "batches" / "rows.csv").write_text("n\n" + "".join(f"{n}\n" for n in range(1, 8)))

    def run(*indexes: int, options: tuple[str, ...] = ()) -> Path:
        folder = Path("journals")
        folder.mkdir(exist_ok=True)
        for index in indexes:
            ran = cli("replay", "batches/x", "--shard", f"{index}/3", "--json", *options)
            shutil.move(ran.json["journal"], folder / f"part-{index}.sqlite")
        return folder

    return run


def test_the_parts_become_a_run_of_ones_own(cli: Cli, parts: Callable[..., Path], server: Counting) -> None:
    """Listed, shown, reported, compared, and what failed is sent again, like any other run."""
    server.statuses["/5"] = 500
    folder = parts(1, 2, 3)
    ran = cli("replay", "merge", str(folder), "--report", "whole.html", "--json")
    assert (ran.code, ran.err) == (1, "")
    assert (ran.json["planned"], ran.json["done"], ran.json["failed"]) == (10, 10, 1)
    assert (ran.json["ended"], ran.json["interrupted"], ran.json["error"]) == ("finished", False, None)
    assert ran.json["reports"] == [{"format": "html", "path": "whole.html"}]
    assert "batches/x" in Path("whole.html").read_text()
    [info] = cli("replay", "--list", "--json").json
    assert (info["run"], info["state"], info["title"]) == (ran.json["run"], "done", "batches/x")
    shown = cli("replay", "--show", "last", "--json")
    assert shown.json == ran.json | {"reports": []}
    assert cli("replay", "--show", "last", "--diff", str(folder / "part-2.sqlite")).code == 1
    server.statuses.clear()
    server.arrived.clear()
    again = cli("replay", "--only", "failed", "last", "--json")
    assert (again.code, server.arrived) == (0, ["GET /login", "GET /5"])


def test_a_file_is_made_where_it_is_wanted(cli: Cli, parts: Callable[..., Path], server: Counting) -> None:
    """In no list; its figures are shown by its path, and no command is told that would not know it."""
    server.statuses["/5"] = 500
    folder = parts(1, 2, 3)
    ran = cli("replay", "merge", *(str(folder / f"part-{n}.sqlite") for n in (3, 1, 2)), "-o", "whole.sqlite")
    assert ran.code == 1
    assert ran.out.startswith("10 done: 9 passed, 1 failed") and "journal: whole.sqlite" in ran.out
    assert "1 step did not pass.\n" in ran.out and "--only" not in ran.out
    assert Path("whole.sqlite").stat().st_mode & 0o777 == 0o600
    assert cli("replay", "--list", "--json").json == []
    shown = cli("replay", "--show", "whole.sqlite", "--report", "steps.csv", "--diff", "whole.sqlite")
    assert (shown.code, "compared with whole.sqlite" in shown.out) == (1, True)
    assert len(Path("steps.csv").read_text().splitlines()) == 11
    assert sorted(path.name for path in folder.iterdir()) == ["part-1.sqlite", "part-2.sqlite", "part-3.sqlite"]


def test_parts_that_are_missing_are_named(cli: Cli, parts: Callable[..., Path]) -> None:
    """Refused, or merged without them and told in the exit code."""
    folder = parts(1, 3)
    ran = cli("replay", "merge", str(folder), "--json")
    assert (ran.code, list(ran.json)) == (2, ["error"])
    assert "Part 2 of 3 is missing" in ran.err and "--allow-missing" in ran.err
    assert cli("replay", "--list", "--json").json == []
    ran = cli("replay", "merge", str(folder), "--allow-missing", "--json")
    assert (ran.code, ran.json["done"], ran.json["planned"]) == (1, 7, 7)
    assert "Part 2 of 3 is missing: these are the figures of the others." in ran.err


def test_thresholds_are_of_the_whole(cli: Cli, parts: Callable[..., Path], server: Counting) -> None:
    """A limit that one part breaks may be kept by all of them."""
    server.statuses["/5"] = 500
    folder = parts(1, 2, 3, options=("--threshold", "failures < 20%", "--allow-http-errors"))
    ran = cli("replay", "merge", str(folder), "--json")
    assert (ran.code, [one["passed"] for one in ran.json["thresholds"]]) == (0, [True])


def test_what_was_cut_off_goes_on_after_it(cli: Cli, parts: Callable[..., Path], server: Counting) -> None:
    """A part that stopped is finished by resuming the whole."""
    server.statuses["/5"] = 500
    folder = parts(1, 2, 3, options=("--bail",))
    ran = cli("replay", "merge", str(folder / "part-1.sqlite"), str(folder / "part-2.sqlite"), "--allow-missing")
    assert "Stopped at the first step that did not pass" in ran.out
    server.arrived.clear()
    ran = cli("replay", "--resume", "last", "--json")
    assert server.arrived == ["GET /login", "GET /3", "GET /6"]
    # The setup is that of one run now.
    assert (ran.json["planned"], ran.json["done"]) == (8, 8)
    assert cli("replay", "--show", "last", "--json").json["done"] == 8
    assert [info["done"] for info in cli("replay", "--list", "--json").json] == [8]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ((), 2, "JOURNAL"),
        (("journals", "-o", "whole.db"), 2, "must end in .sqlite"),
        (("journals", "-o", "nowhere/whole.sqlite"), 2, "There is no folder nowhere"),
        (("journals", "-o", "taken.sqlite"), 2, "There is a file taken.sqlite already"),
        (("nothing.sqlite",), 3, "there is no such journal"),
        (("nothing",), 2, "no run nothing"),
        (("empty",), 2, "There is no journal in the folder empty"),
        (("journals", "--report", "x/r.html"), 2, "There is no folder x"),
        (("journals", "taken.sqlite"), 3, "this is no journal"),
    ],
)
def test_what_can_not_be_merged_is_told(
    cli: Cli, parts: Callable[..., Path], arguments: tuple[str, ...], code: int, words: str
) -> None:
    """Nothing is made then."""
    parts(1, 2, 3)
    Path("empty").mkdir()
    with closing(sqlite3.connect("taken.sqlite")) as other:
        other.execute("CREATE TABLE t (x)")
    before = sorted(Path().rglob("*"))
    ran = cli("replay", "merge", *arguments)
    assert (ran.code, ran.out) == (code, "")
    assert words in ran.err
    assert sorted(Path().rglob("*")) == before
    assert cli("replay", "--list", "--json").json == []


def test_a_request_called_merge_can_still_be_replayed(cli: Cli, mine: Shop, server: Counting) -> None:
    """By a glob; where the word is ambiguous, both ways are told."""
    mine({"merge": 'url = "/merge"\n'})
    assert cli("replay", "merg[e]").code == 0
    assert server.arrived == ["GET /merge"]
    ran = cli("replay", "--json", "merge", "a.sqlite")
    assert ran.code == 2 and "replay merge JOURNAL" in ran.err and "merg[e]" in ran.json["error"]["message"]


def test_merging_has_a_help_page(cli: Cli) -> None:
    """With its options and examples; the page of replay leads there."""
    ran = cli("replay", "merge", "--help")
    assert ran.code == 0 and ran.out.startswith("Usage: tui-client replay merge [OPTIONS] JOURNAL...")
    for param in command.params:
        if isinstance(param, click.Option):
            assert param.opts[-1] in ran.out
    assert "tui-client replay --show whole.sqlite" in ran.out
    assert "tui-client replay merge --help" in cli("replay", "--help").out


def test_a_journal_that_is_no_run_of_ones_own_is_only_looked_at(cli: Cli, parts: Callable[..., Path]) -> None:
    """It is neither deleted nor gone on with by its path."""
    folder = parts(1)
    for option in ("--delete", "--resume"):
        assert cli("replay", option, str(folder / "part-1.sqlite")).code == 2
    shown = cli("replay", "--show", str(folder / "part-1.sqlite"), "--json")
    assert json.loads(shown.out)["done"] == 4
