"""What a replay says to the shell: one code for each way in which it can end."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from counting_server import Counting

from tui_client.cli.exit_codes import ExitCode
from tui_client.cli.replay_finish import code_of
from tui_client.replay.summary import Summary

Cli = Callable[..., Any]
Shop = Callable[..., Path]

OK = 'url = "/ok"\n'
FILES = {
    "ok": OK,
    "broken": 'url = "/broken"\n',
    "wrong": OK + '[[assert]]\nquery = "status"\nop = "=="\nvalue = 201\n',
    "dead": 'url = "http://127.0.0.1:9/"\n',
    "unreadable": "url = \n",
    "asked": 'url = "/{{code}}"\n[capture.code]\nquery = "status"\n',
}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("ok",), 0),
        (("broken", "--allow-http-errors"), 0),
        (("ok", "--threshold", "latency p95 < 60s", "--threshold", "failures == 0%"), 0),
        (("broken",), 1),
        (("wrong",), 1),
        (("ok", "--threshold", "throughput > 1000000"), 1),
        (("ok", "--threshold", "latency max < 60s tag=none"), 1),
        (("asked",), 2),
        (("nothing",), 2),
        (("ok", "-e", "nowhere"), 2),
        (("batches/x", "-e", "nowhere"), 2),
        (("ok", "--concurrency", "0"), 2),
        (("ok", "--threshold", "latency < 3"), 2),
        (("ok", "--threshold", "speed < 3"), 2),
        (("ok", "--report", "r.doc"), 2),
        (("ok", "--diff", "nothing"), 2),
        (("ok", "--diff", "last"), 2),
        (("unreadable",), 3),
        (("ok", "--data", "none.csv"), 3),
        (("none.har",), 3),
        (("ok", "--report", "none/r.html"), 2),
        (("ok", "--report", "html=collections"), 3),
        (("dead",), 4),
        (("dead", "broken"), 4),
        (("dead", "broken", "unreadable"), 3),
        (("dead", "asked", "unreadable"), 2),
    ],
)
@pytest.mark.parametrize("as_json", [True, False])
def test_each_outcome_has_its_code(
    cli: Cli, mine: Shop, server: Counting, arguments: tuple[str, ...], code: int, as_json: bool
) -> None:
    """And with --json one object on stdout in any case, that says what went wrong."""
    mine({**FILES, "batches/x": 'requests = ["ok"]\n'}, '[variables]\ncode = { prompt = "Code" }\n')
    server.statuses["/broken"] = 500
    ran = cli("replay", *arguments, *(["--json"] if as_json else []))
    assert ran.code == code, ran.err
    if as_json:
        found = json.loads(ran.raw)
        assert "error" in found and (found["error"] is None or set(found["error"]) == {"kind", "message"})
        assert found["error"] is not None or found["done"]


@pytest.mark.parametrize(
    ("summary", "code"),
    [
        (Summary(run="r", passed=1), 0),
        (Summary(run="r", dropped=1), 1),
        (Summary(run="r", by_error={"cancelled": 1}), 130),
        (Summary(run="r", in_doubt=1, by_error={"connect.refused": 1}, failed=1), 5),
        (Summary(run="r", in_doubt=1, by_error={"data.row": 1}), 3),
        (Summary(run="r", in_doubt=1, by_error={"variable.prompt": 1, "data.row": 1}), 2),
        (Summary(run="r", in_doubt=1, by_error={"variable.prompt": 1}, interrupted=True), 130),
        (Summary(run="r", retried=5, passed=1), 0),
    ],
)
def test_the_gravest_outcome_counts(summary: Summary, code: int) -> None:
    """130, 2, 3, 5, 4, 1, in that order."""
    assert code_of(summary) == ExitCode(code)


def test_of_a_retried_step_only_the_last_outcome_counts(cli: Cli, mine: Shop, server: Counting) -> None:
    """A step that passes in the end has passed; how often it was sent again is counted."""
    mine({"a": 'url = "/a"\n'})
    server.once["/a"] = [503]
    ran = cli("replay", "a", "--retry", "1", "--retry-on", "503", "--json")
    assert (ran.code, len(server.arrived)) == (0, 2)
    assert (ran.json["passed"], ran.json["failed"], ran.json["retried"]) == (1, 0, 1)
    assert cli("replay", "--show", "last").code == 0


def test_rows_that_are_dropped_fail_a_run(cli: Cli, mine: Shop, server: Counting) -> None:
    """They are counted and can be sent afterwards."""
    mine({"a": 'url = "/a"\n'})
    Path("rows.csv").write_text("n\n" + "".join(f"{n}\n" for n in range(100)))
    pace = ("--rate", "100000", "--concurrency", "1", "--overflow", "drop")
    ran = cli("replay", "a", "--data", "rows.csv", *pace, "--json")
    assert (ran.code, ran.json["passed"] + ran.json["dropped"]) == (1, 100)
    assert len(server.arrived) == ran.json["passed"] < 100
    again = cli("replay", "--only", "dropped", "last", "--json")
    assert again.json["passed"] + again.json["dropped"] == ran.json["dropped"]


def test_a_report_that_can_not_be_written_leaves_the_figures(cli: Cli, mine: Shop) -> None:
    """The run is over and counted; the others are written, and the code says that one is missing."""
    mine({"ok": OK})
    ran = cli("replay", "ok", "--report", "html=collections", "--report", "r.csv", "--json")
    assert (ran.code, ran.json["passed"], ran.json["error"]["kind"]) == (3, 1, "disk")
    assert ran.json["reports"] == [{"format": "csv", "path": "r.csv"}] and Path("r.csv").is_file()


def test_a_run_that_can_not_read_on_says_what_it_did(cli: Cli, mine: Shop, server: Counting) -> None:
    """The figures so far, the reason and the code of a file; with the file restored it goes on."""
    mine({"a": 'url = "/{{n}}"\n'})
    rows = Path("rows.csv")
    rows.write_text("n\nslow\n" + "".join(f"{n}\n" for n in range(599)))
    before, when = rows.read_bytes(), rows.stat().st_mtime_ns

    def spoil() -> None:
        server.waiting.acquire()
        rows.write_text("n\nother\n")
        server.gate.set()

    spoiler = threading.Thread(target=spoil)
    spoiler.start()
    ran = cli("replay", "a", "--data", "rows.csv", "--json")
    spoiler.join(20)
    assert ran.code == 3
    assert (ran.json["ended"], ran.json["error"]["kind"]) == ("problem", "collection.file")
    assert 0 < ran.json["done"] < 600 and "changed while its rows were read" in ran.err
    assert cli("replay", "--resume", "last").code == 3
    rows.write_bytes(before)
    os.utime(rows, ns=(when, when))
    ran = cli("replay", "--resume", "last", "--json")
    assert (ran.code, ran.json["done"], len(server.arrived)) == (0, 600, 600)
