"""`tui-client history export`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Cli = Callable[..., Any]
Shop = Callable[..., Path]


def entries(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(text)["log"]["entries"]
    return found


def test_a_real_exchange_has_its_reply_and_its_times(cli: Cli, shop: Shop, demo_url: str) -> None:
    """The phases of a fresh connection, which add up to the time; what did not take place is -1."""
    shop({"users/list": 'url = "/users?page=1"\n'})
    sent = cli("send", "users/list").raw
    (entry,) = entries(cli("history", "export").out)
    timings = entry["timings"]
    assert timings["connect"] > 0 and timings["wait"] > 0 and timings["receive"] >= 0 and timings["ssl"] == -1
    assert entry["time"] == pytest.approx(sum(value for value in timings.values() if value > 0), abs=0.01)
    assert 0 < entry["time"] < 60_000 and entry["startedDateTime"][:2] == "20"
    assert entry["request"]["url"] == f"{demo_url}/users?page=1"
    assert entry["request"]["queryString"] == [{"name": "page", "value": "1"}]
    assert json.loads(entry["response"]["content"]["text"]) == json.loads(sent)
    assert entry["_history"] == {"id": 1, "request": "users/list"}


def test_entries_stand_in_the_order_they_were_sent_and_redirects_too(cli: Cli, shop: Shop, demo_url: str) -> None:
    """As far as the words find them; a failure has status 0 and says why."""
    shop({"there": 'url = "/redirect/1"\n[options]\nfollow_redirects = true\n'})
    cli("send", "there")
    cli("send", "http://127.0.0.1:9/")
    cli("send", f"{demo_url}/status/404")
    found = entries(cli("history", "export").out)
    assert [one["response"]["status"] for one in found] == [302, 200, 0, 404]
    assert "refused" in found[-2]["comment"]
    assert [one["response"]["status"] for one in entries(cli("history", "export", "status", "404").out)] == [404]
    assert len(entries(cli("history", "export", "--limit", "1").out)) == 1


def test_no_secret_is_in_it_and_it_goes_to_a_file(cli: Cli, shop: Shop, demo_url: str, tmp_path: Path) -> None:
    """As redacted as the history, in the reply as well; what is written is read again."""
    shop({})
    cli("send", f"{demo_url}/echo", "-H", "Authorization: Bearer canary-123", "-d", '{"a": "canary-123"}')
    file = tmp_path / "all.har"
    assert "1 entry was written to" in cli("history", "export", "-o", str(file)).err
    assert "canary" not in file.read_text()
    assert "•••" in file.read_text()
    ran = cli("import", str(file), "-C", str(tmp_path / "new"), "--dry-run")
    assert "HAR recording: 1 request" in ran.err


def test_nothing_found_is_no_file(cli: Cli, shop: Shop, tmp_path: Path) -> None:
    """Rather than an empty one."""
    shop({})
    assert cli("history", "export", "nowhere", "-o", str(tmp_path / "a.har")).code == 2
    assert not (tmp_path / "a.har").exists()
