"""Replies compared: with an earlier run, and with another environment."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from counting_server import Counting

Cli = Callable[..., Any]
Shop = Callable[..., Path]

GET = 'url = "/user"\n'


def test_the_one_field_that_changed_is_named(cli: Cli, shop: Shop) -> None:
    """Two runs of the demo API with one field changed in between: exactly that path, and code 1."""
    body = '\'{"team": "mobile"}\''
    shop(
        {
            "list": 'url = "/users"\n',
            "get": 'url = "/users/1"\n',
            "change": f'url = "/users/1"\nmethod = "PATCH"\n[body]\nkind = "json"\ncontent = {body}\n',
        }
    )
    was = cli("replay", "get", "list", "--json").json["run"]
    assert cli("replay", "get", "list", "--diff", was, "--json").json["diff"]["changed"] == 0
    assert cli("replay", "change").code == 0
    ran = cli("replay", "get", "--diff", was, "--json")
    assert ran.code == 1
    diff = ran.json["diff"]
    assert (diff["run"], diff["compared"], diff["changed"]) == (was, 1, 1)
    assert [(place["where"], place["replies"]) for place in diff["places"]] == [("$.team", 1)]
    [step] = [step for step in diff["steps"] if step["in"] == "both"]
    assert [change["where"] for change in step["changes"]] == ["$.team"]


def test_a_difference_is_told_to_people_and_in_reports(cli: Cli, mine: Shop, server: Counting) -> None:
    """After the figures; what is ignored is no difference."""
    mine({"get": GET})
    server.bodies["/user"] = '{"id": 1, "price": 2}'
    was = cli("replay", "get", "--json").json["run"]
    server.bodies["/user"] = '{"id": 2, "price": 2}'
    ran = cli("replay", "get", "--diff", "last", "--report", "r.json")
    assert ran.code == 1
    assert f"compared with {was}:" in ran.out and "1 of 1 replies differs." in ran.out and "$.id" in ran.out
    assert json.loads(Path("r.json").read_text())["diff"]["changed"] == 1
    assert cli("replay", "--show", "last", "--diff", was).code == 1
    assert cli("replay", "--show", "last", "--diff", was, "--diff-ignore", "$.id").code == 0
    assert cli("replay", "get", "--diff", was, "--diff-ignore", "$.id").code == 0


def test_a_header_is_compared_where_that_is_wanted(cli: Cli, mine: Shop, server: Counting) -> None:
    """In place of those that are where nothing is said."""
    mine({"get": GET})
    server.bodies["/user"] = "[1]"
    was = cli("replay", "get", "--json").json["run"]
    assert cli("replay", "get", "--diff", was, "--diff-header", "content-length").code == 0
    server.bodies["/user"] = "[1 ]"
    ran = cli("replay", "get", "--diff", was, "--diff-header", "content-length", "--json")
    assert [place["where"] for place in ran.json["diff"]["places"]] == ["header content-length"]


def test_environments_are_compared(cli: Cli, mine: Shop, server: Counting) -> None:
    """The same requests in both, each a run of its own; the other environment comes first."""
    mine(
        {
            "get": 'url = "/{{where}}"\n',
            "environments/old": '[variables]\nwhere = "old"\n',
            "environments/new": '[variables]\nwhere = "new"\n',
        }
    )
    server.bodies |= {"/old": '{"a": 1, "b": 2}', "/new": '{"a": 1, "b": 3}'}
    ran = cli("replay", "get", "-e", "new", "--against", "old", "--json")
    assert (ran.code, server.arrived) == (1, ["GET /old", "GET /new"])
    assert [place["where"] for place in ran.json["diff"]["places"]] == ["$.b"]
    runs = {run["run"]: run["environment"] for run in cli("replay", "--list", "--json").json}
    assert runs == {ran.json["run"]: "new", ran.json["diff"]["run"]: "old"}
    assert cli("replay", "get", "-e", "new", "--against", "new").code == 0
    server.arrived.clear()
    assert cli("replay", "get", "-e", "new", "--against", "nowhere").code == 2
    assert cli("replay", "get", "-e", "nowhere", "--against", "new").code == 2
    assert server.arrived == []
