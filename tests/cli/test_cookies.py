"""`tui-client cookies`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from counting_server import Counting

from tui_client.config import config_file, state_dir
from tui_client.http.cookies import Cookie
from tui_client.replay.kept_cookies import FILE, CookieFile, kept_as

Cli = Callable[..., Any]
EXPIRES = datetime.now(UTC) + timedelta(days=3, hours=1)


@pytest.fixture
def keep() -> None:
    """The user's settings keep cookies."""
    config_file().parent.mkdir(parents=True)
    config_file().write_text("[cookies]\nkeep = true\n")


def put(name: str, collection: str = "shop", environment: str = "local", **fields: Any) -> None:
    """A cookie that was kept."""
    fields = {"origin": "http://127.0.0.1:8000", "value": "canary", "expires": EXPIRES, **fields}
    kept = kept_as(Path("collections") / collection, environment, Cookie(name=name, **fields))
    assert kept is not None
    CookieFile(state_dir() / FILE).change([kept])


def names(cli: Cli, *arguments: str) -> list[str]:
    return [row["name"] for row in cli("cookies", "list", "--json", *arguments).json["cookies"]]


@pytest.mark.parametrize("words", [("cookies",), ("cookies", "list")], ids=" ".join)
def test_what_is_kept_is_listed_with_its_value_masked(cli: Cli, keep: None, words: tuple[str, ...]) -> None:
    """By origin with its port, collection and environment; the value on demand."""
    put("sid", secure=True, http_only=True)
    put("theme", environment="", origin="http://127.0.0.1:8001", path="/deep")
    listed = cli(*words)
    second, theme, first, sid = map(str.split, listed.out.splitlines())
    shop = str(Path("collections/shop").resolve())
    assert (first, second) == (
        ["http://127.0.0.1:8000", shop, "env", "local"],
        ["http://127.0.0.1:8001", shop, "no", "environment"],
    )
    assert sid == ["sid", "•••", "/", "expires", "in", "3", "days", "Secure", "HttpOnly"]
    assert theme[:3] == ["theme", "•••", "/deep"]
    assert (listed.code, listed.err) == (0, "")
    assert "canary" in cli(*words, "--show-values").out


def test_programs_get_an_object(cli: Cli, keep: None) -> None:
    """With all fields, and whether cookies are kept at all."""
    put("sid")
    found = cli("cookies", "--json").json
    assert found["keep"] is True
    assert list(found["cookies"][0]) == [
        *("collection", "environment", "origin", "name", "value", "path", "expires", "secure", "http_only")
    ]
    assert found["cookies"][0]["value"] == "•••"
    assert cli("cookies", "--json", "--show-values").json["cookies"][0]["value"] == "canary"


def test_it_says_that_none_are_kept_unless_that_is_asked_for(cli: Cli) -> None:
    """Those of before are listed all the same; looking makes no file."""
    assert "None are kept: cookies.keep is off in" in cli("cookies").err
    assert not (state_dir() / FILE).exists()
    put("sid")
    listed = cli("cookies")
    assert "sid" in listed.out and "These were kept before, and are not sent" in listed.err
    assert cli("cookies", "--json").json["keep"] is False


def test_clearing_takes_what_fits_all_that_is_said(cli: Cli, keep: None) -> None:
    """By origin, collection and environment; a folder of collections stands for those in it."""
    put("a")
    put("b", environment="other")
    put("c", "blog")
    put("d", origin="https://a")
    assert names(cli, "-C", "collections/shop", "--environment", "local", "--origin", "HTTPS://a:443/x") == ["d"]
    assert cli("cookies", "clear", "--origin", "https://a", "--yes").err == "1 cookie was removed.\n"
    assert cli("cookies", "clear", "--collection", "collections/shop", "-e", "other", "--yes").code == 0
    assert names(cli) == ["c", "a"]
    assert cli("cookies", "clear", "--collection", "collections", "--yes", "--json").json == {"removed": 2}
    assert cli("cookies", "clear").err == "0 cookies were removed.\n"
    assert cli("cookies").err == "No cookies are kept.\n"


def test_clearing_asks_first(cli: Cli, keep: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an answer nothing is removed."""
    put("a")
    asked: list[str] = []

    def answer(text: str, **more: object) -> bool:
        asked.append(text)
        raise EOFError

    monkeypatch.setattr("click.confirm", answer)
    assert cli("cookies", "clear").code == 130
    assert asked == ["Remove 1 cookie?"]
    assert names(cli) == ["a"]


def test_a_damaged_file_is_said_once_and_put_aside(cli: Cli, keep: None) -> None:
    """The error has its place in JSON, too; the next command goes on."""
    (state_dir() / FILE).write_text('{"canary')
    broken = cli("cookies", "--json")
    assert (broken.code, broken.json["error"]["kind"]) == (3, "collection.file")
    assert "cookies.aside.json" in broken.err and "canary" not in broken.err
    assert cli("cookies").err == "No cookies are kept.\n"


def test_an_origin_that_is_none_is_said(cli: Cli) -> None:
    """Before anything is looked at."""
    wrong = cli("cookies", "clear", "--origin", "example.com")
    assert (wrong.code, "is no origin" in wrong.err) == (2, True)


def test_what_send_gets_is_kept_and_sent_again(cli: Cli, keep: None, mine: Any, server: Counting) -> None:
    """From one command to the next, in one environment; for a URL alone, by the folder it is sent in."""
    mine({"login": 'url = "/login"\n', "environments/local": "", "environments/other": ""})
    server.cookies["/login"] = "sid=1; Max-Age=600; Path=/"
    for environment in ("local", "local", "other"):
        assert cli("send", "login", "-e", environment).code == 0
    assert ["Cookie: sid=1" in head for head in server.heads] == [False, True, False]
    url = f"{server.base_url}/login"
    assert [cli("send", url).code, cli("send", url).code] == [0, 0]
    assert ["Cookie: sid=1" in head for head in server.heads[3:]] == [False, True]
    assert len(names(cli)) == 3


def test_a_send_says_why_its_cookies_are_not_kept(cli: Cli, keep: None, mine: Any, server: Counting) -> None:
    """The reply is printed all the same."""
    mine({"login": 'url = "/login"\n'})
    server.cookies["/login"] = "sid=1; Max-Age=600; Path=/"
    (state_dir() / FILE).mkdir()
    sent = cli("send", "login")
    assert (sent.code, sent.out) == (0, "{}")
    assert "cookies that were kept can't be read" in sent.err
