"""`replay --plan`: all that can be said before anything is sent."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from counting_server import Counting

Cli = Callable[..., Any]
Shop = Callable[..., Path]

FILES: Final = {
    "login": 'url = "/login"\nmethod = "POST"\n[capture.session]\nquery = "json"\nexpr = "$.session"\n',
    "give": 'url = "/give"\n[capture.token]\nquery = "json"\nexpr = "$.token"\n',
    "create": """\
url = "/users/{{name}}"
method = "POST"
[params]
code = "{{code}}"
session = "{{session}}"
[headers]
X-Token = "{{token}}"
X-Key = "{{key}}"
[body]
kind = "json"
content = '{"name": "{{name}}", "age": {{int(age)}}, "password": "{{password}}", "id": {{int(token)}}}'
""",
    "get": 'url = "/users"\n[auth]\nkind = "bearer"\ntoken = "{{key}}"\n',
    "environments/local": '[variables]\nplain = "yes"\n',
    "environments/local.secret": 'key = "canary-4711"\n',
    "batches/x": """\
requests = ["create", "get"]
setup = ["login"]
data = "rows.csv"
concurrency = 4
retry = { count = 2 }
[[threshold]]
metric = "latency"
agg = "p95"
op = "<"
value = 300.0
""",
}
VARIABLES: Final = """
[variables]
code = { prompt = "One-time code" }
key = { secret = true }
password = { secret = true }
token = { from = "give" }
"""


def prepared(mine: Shop) -> None:
    root = mine(FILES, VARIABLES)
    (root / "batches" / "rows.csv").write_text("name,age\nAda Byron,36\nBob,1\nCy,7\nDee,9\n")


def test_nothing_is_sent_asked_or_kept(cli: Cli, mine: Shop, server: Counting) -> None:
    """Values still to come stand in « », no secret is shown, and no journal is made."""
    prepared(mine)
    given = ("-e", "local", "-v", "password=canary-0815")
    ran = cli("replay", "batches/x", "--plan", "--json", *given)
    assert ran.code == 0, ran.err
    [login] = ran.json["setup"]
    assert (login["method"], login["url"]) == ("POST", f"{server.base_url}/login")
    create, get = ran.json["sessions"][0]["steps"]
    assert create["url"] == (f"{server.base_url}/users/Ada%20Byron?code=«code, asked for»&session=«session from login»")
    headers = dict(create["headers"])
    assert (headers["X-Token"], headers["X-Key"]) == ("«token from give»", "«secret key»")
    assert "Content-Length" not in headers and create["body_bytes"] is None
    assert create["body"] == '{"name": "Ada Byron", "age": 36, "password": "•••", "id": «token from give»}'
    assert (get["auth"], get["problem"]) == ("Bearer token", "")
    assert (ran.json["sessions_total"], ran.json["steps_total"]) == (4, 9)
    assert [one["row"] for one in ran.json["sessions"]] == [1, 2, 3]
    assert ran.json["error"] is None
    people = cli("replay", "batches/x", "--plan", *given)
    for text in ("setup", "and 1 more session; 9 requests in all", "4 at once", "up to 2 on connect", "p95 latency <"):
        assert text in people.out
    assert "canary" not in ran.out + people.out
    assert server.arrived == []
    assert cli("replay", "--list", "--json").json == []


def test_what_can_not_be_sent_is_said_where_it_stands(cli: Cli, mine: Shop) -> None:
    """A step with a problem shows what is known of it; the others are whole."""
    mine({"a": 'url = "/{{nowhere}}"\n[headers]\nX = "1"\n', "b": "url = \n", "c": 'url = "/c"\n'})
    ran = cli("replay", ".", "--plan", "--json")
    a, b, c = ran.json["sessions"][0]["steps"]
    assert "nowhere" in a["problem"] and a["url"].endswith("/{{nowhere}}") and ["X", "1"] in a["headers"]
    assert "b.toml" in b["problem"]
    assert (c["problem"], ran.code) == ("", 0)
    assert "! The variable nowhere" in cli("replay", "a", "--plan").out


def test_what_keeps_a_plan_from_being_run_keeps_it_from_being_shown(cli: Cli, mine: Shop) -> None:
    """With the code and the object that the run would have."""
    mine({"a": 'url = "/{{full_name}}"\n'})
    Path("rows.csv").write_text("name\nAda\n")
    ran = cli("replay", "a", "--data", "rows.csv", "--plan", "--json")
    assert (ran.code, list(ran.json)) == (4, ["error"])
    assert "full_name" in ran.json["error"]["message"]


def test_a_plan_is_text_whatever_stands_in_it(cli: Cli, mine: Shop) -> None:
    """Values of rows and files move no cursor."""
    mine({"a": 'url = "/a"\n[body]\nkind = "text"\ncontent = "{{n}}"\n'})
    Path("rows.jsonl").write_text('{"n": "\\u001b[2J\\u202e"}\n')
    ran = cli("replay", "a", "--data", "rows.jsonl", "--plan")
    assert "\x1b" not in ran.out and "\u202e" not in ran.out and "␛[2J" in ran.out


def test_files_and_long_bodies_are_told_of(cli: Cli, mine: Shop) -> None:
    """By name and size, or by their beginning."""
    root = mine(
        {
            "a": 'url = "/a"\nmethod = "POST"\n[body]\nkind = "file"\npath = "big.bin"\n',
            "b": 'url = "/b"\nmethod = "POST"\n[body]\nkind = "text"\ncontent = "' + "x" * 2000 + '"\n',
        }
    )
    (root / "big.bin").write_bytes(b"\0" * 5000)
    a, b = cli("replay", "a", "b", "--plan", "--json").json["sessions"][0]["steps"]
    assert (a["body"], a["body_bytes"]) == ("«big.bin, 5.0 kB»", 5000)
    assert (b["body"], b["body_bytes"]) == ("x" * 500 + "…", 2000)
