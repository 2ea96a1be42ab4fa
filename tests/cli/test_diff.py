"""`tui-client diff`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

Cli = Callable[..., Any]


def test_files_are_compared_by_their_values(cli: Cli) -> None:
    """What differs is told place by place; the exit code says whether anything does."""
    Path("a.json").write_text('{"id": 1, "items": [{"n": 1.10}, {"n": 2}], "x": 1}')
    Path("b.json").write_text('{"items": [{"n": 1.1}, {"n": 3}], "x": 1, "id": 2, "new": "\\u001b"}')
    ran = cli("diff", "a.json", "b.json", "--ignore", "$.id")
    assert ran.code == 1
    lines = ran.out.splitlines()
    assert lines[0].startswith("A  a.json  ") and lines[1].startswith("B  b.json  ")
    assert lines[2] == "body: 1 changed, 1 added, 0 removed; 1 written differently; 1 ignored"
    assert lines[3] == "The names in 1 object stand in another order, which is no difference."
    assert lines[4:] == [
        "",
        "$.new",
        r'  + "new": "\u001b"',
        "",
        "$.items[0].n (the same value, written differently)",
        '  - "n": 1.10',
        '  + "n": 1.1',
        "",
        "$.items[1].n",
        '  - "n": 2',
        '  + "n": 3',
    ]
    told = cli("diff", "a.json", "b.json", "--json")
    assert told.code == 1
    assert told.json["status"] == {"before": None, "after": None}
    found = [one["where"] for one in told.json["body"]["differences"]]
    assert found == ["$.id", "$.new", "$.items[0].n", "$.items[1].n"]
    same = cli("diff", "a.json", "b.json", "--ignore", "$.id", "--ignore", "$.items[1]", "--ignore", "$.new")
    assert same.code == 0


def test_replies_of_the_history_are_compared_whole(cli: Cli, demo_url: str) -> None:
    """Status and headers too."""
    cli("send", f"{demo_url}/users/1")
    cli("send", f"{demo_url}/status/404")
    ran = cli("diff", "history:1", "history:2")
    assert ran.code == 1
    assert "status 200 → 404 · " in ran.out
    assert cli("diff", "history:1", "history:1").code == 0
    told = cli("diff", "history:1", "history:2", "--json").json
    assert told["status"] == {"before": 200, "after": 404} and told["differs"]
    assert cli("diff", "history:1", "history:9").code == 2
    assert cli("diff", "history:1", "history:x").code == 2


def test_what_is_no_text_is_compared_byte_by_byte(cli: Cli) -> None:
    """Hashes, and where they begin to differ."""
    Path("a").write_bytes(b"\x00\x01\x02")
    Path("b").write_bytes(b"\x00\x01\x03")
    ran = cli("diff", "a", "b")
    assert ran.code == 1
    assert ran.out.splitlines()[-1] == "The bodies differ from byte 2 on; they are not text."
    assert cli("diff", "a", "b", "--json").json["body"]["first_different_byte"] == 2
    assert cli("diff", "a", "a").code == 0


def test_what_can_not_be_compared_is_said(cli: Cli) -> None:
    """Before anything is read, where that is possible."""
    Path("a").write_text("a\nb\n")
    missing = cli("diff", "a", "missing")
    assert missing.code == 3 and "missing: No such file" in missing.err
    assert cli("diff", "a", ".").code == 3
    assert cli("diff", "a", "a", "--ignore", "$[").code == 2
    assert cli("diff", "a").code == 2


def test_errors_are_json_too(cli: Cli) -> None:
    """Whoever asked for JSON gets an object with the error: of the command line, a file, an entry or a path."""
    Path("a").write_text("a")
    for code, kind, *arguments in (
        (2, "usage", "diff", "a"),
        (2, "usage", "diff", "a", "a", "--no-such-option"),
        (2, "usage", "diff", "a", "a", "--ignore", "$["),
        (2, "usage", "diff", "history:x", "a"),
        (3, "collection.file", "diff", "a", "missing"),
        (2, "not_found", "diff", "a", "history:9"),
        (2, "not_found", "history", "show", "9"),
        (2, "usage", "history", "show", "x"),
        (2, "usage", "history", "send"),
        (2, "usage", "history", "--limit", "0"),
    ):
        ran = cli(*arguments, "--json")
        assert (ran.code, ran.json["error"]["kind"]) == (code, kind), arguments
        assert ran.json["error"]["message"] and ran.err
