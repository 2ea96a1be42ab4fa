"""Recordings on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from counting_server import Counting

Cli = Callable[..., Any]


def recorded(*requests: tuple[str, str]) -> None:
    """Write traffic.har: methods and URLs, ten seconds apart, each replied to with 200."""
    entries = [
        {
            "startedDateTime": f"2026-01-01T00:{place // 6:02}:{place % 6}0.000Z",
            "time": 1,
            "request": {"method": method, "url": url, "httpVersion": "HTTP/1.1", "headers": [], "queryString": []},
            "response": {"status": 200, "headers": [], "content": {"size": 2, "mimeType": "text/plain", "text": "{}"}},
        }
        for place, (method, url) in enumerate(requests)
    ]
    Path("traffic.har").write_text(json.dumps({"log": {"version": "1.2", "entries": entries}}))


def test_a_recording_is_sent_to_another_host(cli: Cli, server: Counting) -> None:
    """What may change something and what can't be sent is left out, and said to be."""
    recorded(
        ("GET", "http://api.example.com/a?x=1"),
        ("POST", "http://api.example.com/b"),
        ("GET", "ftp://api.example.com/c"),
        ("GET", "http://api.example.com/d"),
    )
    to = f"api.example.com={server.base_url.removeprefix('http://')}"
    ran = cli("replay", "traffic.har", "--host", to, "--max-gap", "1ms", "--json")
    assert (ran.code, ran.json["passed"], sorted(server.arrived)) == (0, 2, ["GET /a?x=1", "GET /d"])
    assert "1 request was left out" in ran.err and "--unsafe" in ran.err
    assert "Entry 3" in ran.err and "is not sent" in ran.err
    server.arrived.clear()
    ran = cli("replay", "traffic.har", "--host", to, "--speed", "0", "--unsafe", "--json")
    assert (ran.code, server.arrived) == (0, ["GET /a?x=1", "POST /b", "GET /d"])


def test_the_plan_of_a_recording_is_shown(cli: Cli, server: Counting) -> None:
    """Its first requests, how many more, how fast."""
    recorded(*[("GET", f"{server.base_url}/{n}") for n in range(5)])
    ran = cli("replay", "traffic.har", "--plan", "--speed", "2")
    assert ran.code == 0
    assert f"GET {server.base_url}/0" in ran.out and "/3" not in ran.out
    assert "and 2 more sessions; 5 requests in all" in ran.out and "2 times as fast" in ran.out
    assert server.arrived == []


def test_a_file_that_is_no_recording_is_named(cli: Cli) -> None:
    """Code 3."""
    Path("traffic.har").write_text("{}")
    ran = cli("replay", "traffic.har", "--json")
    assert (ran.code, ran.json["error"]["kind"]) == (3, "collection.file")


def test_the_history_is_a_recording(cli: Cli, server: Counting) -> None:
    """What was sent with these words goes out once more, oldest first, safe methods only unless told otherwise."""
    for path in ("gull/one", "b/two", "gull/three"):
        cli("send", f"{server.base_url}/{path}", "-H", "Authorization: Bearer canary-1")
    cli("send", f"{server.base_url}/gull/four", "-d", "{}")
    server.arrived.clear()
    ran = cli("replay", "--from-history", "gull", "--speed", "0", "--json")
    assert (ran.code, server.arrived) == (0, ["GET /gull/one", "GET /gull/three"])
    assert "Authorization was left out of 2 requests" in ran.err and "--unsafe" in ran.err
    server.arrived.clear()
    ran = cli("replay", "--from-history", "gull", "--speed", "0", "--unsafe", "--json")
    assert (ran.code, server.arrived) == (0, ["GET /gull/one", "GET /gull/three", "POST /gull/four"])
    assert "GET" in cli("replay", "--from-history", ".", "--plan").out
    assert cli("replay", "--list", "--json").json[0]["title"] == "history: gull"
    assert len(cli("history", "--json").json) == 4, "replays are not in the history"
    for wrong in (
        ("--from-history", "nowhere"),
        ("--from-history", "gull", "some"),
        ("--from-history", "gull", "--rate", "1"),
    ):
        assert cli("replay", *wrong).code == 2
    cli("history", "clear", "--yes")
    assert not list(Path("../state/tui-client/history/recordings").iterdir())
