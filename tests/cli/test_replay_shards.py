"""`replay --shard`: one part of a plan, on a machine of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from counting_server import Counting

from tui_client.cli import replay_values as values
from tui_client.replay.plan import Shard

Cli = Callable[..., Any]
Shop = Callable[..., Path]

BATCH = 'requests = ["a"]\nsetup = ["login"]\ndata = "rows.csv"\n'


def prepared(mine: Shop) -> None:
    root = mine({"a": 'url = "/{{n}}"\n', "login": 'url = "/login"\n', "batches/x": BATCH})
    (root / "batches" / "rows.csv").write_text("n\n" + "".join(f"{n}\n" for n in range(1, 8)))


def test_each_part_sends_its_rows(cli: Cli, mine: Shop, server: Counting) -> None:
    """Its own, and the setup; which part it was stands over its figures and in the list."""
    prepared(mine)
    for index, rows in ((1, "147"), (2, "25"), (3, "36")):
        server.arrived.clear()
        ran = cli("replay", "batches/x", "--shard", f"{index}/3")
        assert ran.code == 0, ran.err
        assert server.arrived == ["GET /login", *(f"GET /{row}" for row in rows)]
        assert ran.out.startswith(f"part {index} of 3\n{len(rows) + 1} done: {len(rows) + 1} passed")
        assert f"batches/x (part {index} of 3)" in cli("replay", "--list").out.splitlines()[1]
    shown = cli("replay", "--show", "last", "--json")
    assert (shown.json["planned"], shown.json["done"]) == (3, 3)


def test_a_part_goes_on_as_that_part(cli: Cli, mine: Shop, server: Counting) -> None:
    """Whether it is resumed or what failed is sent again: no row of another part is sent."""
    prepared(mine)
    server.statuses["/login"] = 500
    assert cli("replay", "batches/x", "--shard", "2/3", "--json").json["ended"] == "setup"
    server.statuses = {"/5": 500}
    server.arrived.clear()
    ran = cli("replay", "--resume", "last", "--json")
    assert (ran.code, ran.json["planned"], server.arrived) == (1, 3, ["GET /login", "GET /2", "GET /5"])
    server.arrived.clear()
    ran = cli("replay", "--only", "failed", "last")
    assert server.arrived == ["GET /login", "GET /5"]
    assert ran.out.startswith("part 2 of 3\n")


def test_a_plan_says_which_part_it_is(cli: Cli, mine: Shop, server: Counting) -> None:
    """With the rows of that part and their number."""
    prepared(mine)
    ran = cli("replay", "batches/x", "--shard", "1/2", "--plan", "--json")
    assert [one["row"] for one in ran.json["sessions"]] == [1, 3, 5]
    assert (ran.json["sessions_total"], ran.json["steps_total"]) == (4, 5)
    assert (ran.json["plan"]["shard"], ran.json["title"]) == ({"index": 1, "of": 2}, "batches/x (part 1 of 2)")
    told = cli("replay", "batches/x", "--shard", "1/2", "--plan").out
    assert "part 1 of 2, at the rate of the whole" in told and "and 1 more session; 5 requests in all" in told
    assert server.arrived == []


@pytest.mark.parametrize("text", ["2/8", " 2 / 8 "])
def test_a_part_is_written_as_a_fraction(text: str) -> None:
    """The second of eight."""
    assert values.shard(text) == Shard(2, 8)


@pytest.mark.parametrize("text", ["", "2", "2/", "/8", "a/b", "-1/2", "1.5/2", "1/2/3", "1/" + "9" * 5000, "²/8"])
def test_what_is_no_part_is_told(text: str) -> None:
    """With an example."""
    with pytest.raises(click.BadParameter, match="2/8"):
        values.shard(text)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("batches/x", "--shard", "0/2"), "There is no part 0 of 2"),
        (("batches/x", "--shard", "3/2"), "There is no part 3 of 2"),
        (("batches/x", "--shard", "1/0"), "1 to 10,000 parts, not in 0"),
        (("batches/x", "--shard", "two"), "Write PART/PARTS"),
        (("--resume", "last", "--shard", "1/2"), "--shard can't be changed with --resume"),
        (("--only", "failed", "last", "--shard", "1/2"), "--shard can't be changed with --only"),
    ],
)
def test_a_part_that_can_not_be_is_refused(
    cli: Cli, mine: Shop, server: Counting, arguments: tuple[str, ...], words: str
) -> None:
    """Code 2, and nothing is sent."""
    prepared(mine)
    ran = cli("replay", *arguments)
    assert (ran.code, ran.out, server.arrived) == (2, "", [])
    assert words in ran.err


def test_a_recording_is_shared_likewise(cli: Cli, server: Counting) -> None:
    """Each part sends its own entries, and knows how many there are."""
    entries = [
        {
            "startedDateTime": f"2026-01-01T00:00:00.{place}00Z",
            "time": 1,
            "request": {"method": "GET", "url": f"{server.base_url}/{place}"},
            "response": {"status": 200},
        }
        for place in range(5)
    ]
    Path("traffic.har").write_text(json.dumps({"log": {"version": "1.2", "entries": entries}}))
    for index, places in ((1, "024"), (2, "13")):
        server.arrived.clear()
        ran = cli("replay", "traffic.har", "--shard", f"{index}/2", "--speed", "9", "--json")
        assert (ran.code, ran.json["planned"], ran.json["done"]) == (0, len(places), len(places))
        assert server.arrived == [f"GET /{place}" for place in places]
    assert cli("replay", "merge", *(run["run"] for run in cli("replay", "--list", "--json").json)).code == 0
    plan = cli("replay", "traffic.har", "--shard", "2/2", "--plan", "--json").json
    assert (plan["sessions_total"], [one["row"] for one in plan["sessions"]]) == (2, [2, 4])
