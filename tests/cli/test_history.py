"""`tui-client history`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Cli = Callable[..., Any]
Shop = Callable[..., Path]

ECHO = 'method = "POST"\nurl = "/echo"\n[params]\nq = "{{word}}"\n[body]\nkind = "json"\ncontent = \'{"a": 1}\'\n'


def test_what_was_sent_is_listed_newest_first(cli: Cli, shop: Shop, demo_url: str) -> None:
    """A line each: number, status, method, URL, key; failures too, and what the search leaves."""
    shop({"users/list": 'url = "/users"\n'})
    assert cli("history").err.strip() == "Nothing was sent yet."
    cli("send", "users/list")
    cli("send", f"{demo_url}/status/404")
    cli("send", "http://127.0.0.1:9/")
    third, second, first = cli("history").out.splitlines()
    assert first.startswith("1  ") and f"200              GET     {demo_url}/users  " in first and "users/list" in first
    assert "  404  " in second and "  connect.refused  " in third
    assert [line[0] for line in cli("history", "--search", "users 200").out.splitlines()] == ["1"]
    assert [row["id"] for row in cli("history", "--limit", "2", "--json").json] == [3, 2]
    assert [row["id"] for row in cli("history", "-C", "collections/../collections", "--json").json] == [1]
    assert list(cli("history", "--json").json[0]) == [
        *("id", "when", "method", "url", "key", "root", "environment"),
        *("status", "failure", "total_ms", "body_bytes", "verified"),
    ]
    assert cli("history", "--search", "nowhere").err.strip() == "Nothing was found."


def test_an_entry_is_shown_with_request_and_reply(cli: Cli, shop: Shop) -> None:
    """As it was sent; its body alone byte for byte; for programs, with the request as it was written."""
    shop({"a": ECHO}, '[variables]\nword = "x y"\n')
    sent = cli("send", "a").raw
    shown = cli("history", "show", "1")
    assert "/echo?q=x%20y\n" in shown.out and "\nHTTP/1.1 200 OK\n" in shown.out and '\n{"a": 1}\n' in shown.out
    assert cli("history", "show", "1", "--body").raw == sent
    found = cli("history", "show", "1", "--json").json
    assert found["written"]["params"][0]["value"] == "{{word}}"
    assert json.loads(found["response"]["body"])["method"] == "POST" and found["request"]["body"] == '{"a": 1}'
    missing = cli("history", "show", "2")
    assert missing.code == 2 and "entry of the history" in missing.err


def test_an_entry_is_sent_again_as_it_was_written(cli: Cli, shop: Shop) -> None:
    """Not as its file is by now, but with the variables of its environment as they are."""
    root = shop({"a": ECHO, "environments/local": '[variables]\nword = "old"\n'})
    cli("send", "a", "-e", "local", "-H", "X-Once: yes")
    (root / "a.toml").write_text('url = "/users"\n')
    (root / "environments/local.toml").write_text('[variables]\nword = "new"\n')
    again = cli("history", "send", "1", "--json")
    assert again.code == 0 and again.json["request"]["url"].endswith("/echo?q=new")
    assert ["X-Once", "yes"] in again.json["request"]["headers"]
    entry = cli("history", "--json").json[0]
    assert (entry["id"], entry["key"], entry["environment"]) == (2, "a", "local")
    (root / "collection.toml").unlink()
    assert "is gone" in cli("history", "send", "1").err


def test_a_secret_comes_from_the_file_or_not_at_all(cli: Cli, shop: Shop, demo_url: str) -> None:
    """What was typed into the request was masked; it is sent again only where its file still has it."""
    root = shop({"a": 'url = "/echo"\n[headers]\nAuthorization = "Bearer canary-123"\n'})
    cli("send", "a")
    assert "canary-123" not in cli("history", "show", "1").out
    assert "canary-123" in cli("history", "send", "1").out, "the echo"
    (root / "a.toml").write_text('url = "/echo"\n')
    refused = cli("history", "send", "1")
    assert refused.code == 2 and "the header Authorization" in refused.err
    cli("send", f"{demo_url}/echo", "-H", "X-Api-Key: canary-456", "-d", "x")
    again = cli("history", "send", "3", "--json")
    assert again.code == 2 and "the header X-Api-Key" in again.json["error"]["message"]


def test_it_is_cleared_when_asked_for(cli: Cli, shop: Shop, demo_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of it or of one collection, after a question."""
    root = shop({"a": 'url = "/users"\n'})
    cli("send", "a")
    cli("send", f"{demo_url}/users")
    monkeypatch.setattr("sys.stdin", open("/dev/null"))  # noqa: PTH123, SIM115 - as the shell gives it
    assert cli("history", "clear").code == 130
    assert "1 entry was removed." in cli("history", "clear", "-C", str(root), "--yes").err
    assert [row["id"] for row in cli("history", "--json").json] == [2]
    assert "1 entry was removed." in cli("history", "clear", "--yes").err


def test_it_can_be_switched_off(cli: Cli, shop: Shop, tmp_path: Path) -> None:
    """For all by the user, for one collection by its file."""
    root = shop({"a": 'url = "/users"\n'}, "history = false\n")
    cli("send", "a")
    assert cli("history", "--json").json == []
    (root / "collection.toml").write_text((root / "collection.toml").read_text().replace("history = false\n", ""))
    settings = tmp_path / "config" / "tui-client" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text("[history]\nenabled = false\n")
    cli("send", "a")
    assert "switched off in" in cli("history").err
    settings.write_text("[history]\ndays = -1\n")
    assert cli("history").code == 3 and "config.toml:2" in cli("history").err


def test_a_send_that_can_not_be_kept_is_sent_all_the_same(cli: Cli, shop: Shop, tmp_path: Path) -> None:
    """The reply is on stdout, the reason on stderr, and the code is that of the send."""
    shop({"a": 'url = "/users"\n'})
    folder = tmp_path / "state" / "tui-client" / "history"
    folder.parent.mkdir(parents=True)
    folder.write_text("in the way")
    sent = cli("send", "a", "--json")
    assert sent.code == 0 and sent.json["response"]["status"] == 200
    assert "can't be kept in the history" in sent.err and str(folder) in sent.err
    assert cli("history").code == 0
