"""No secret, wherever it came from, stands in anything that commands print or leave behind."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from canaries import CANARIES, OWN, ROWS, SHARED, files, hits, leaks, rows_file, sent, teach
from counting_server import Counting

from tui_client.config import data_dir
from tui_client.trust.secrets import SecretStore

Cli = Callable[..., Any]
# Where they may stand: in the collection its user wrote them into, the data file, and the private store of secrets.
HOMES = ("work/collections/", "work/rows.csv", "data/tui-client/secrets.json")
GIVEN = ("-e", "local", "-v", f"given={CANARIES['command line']}")
REPORTS = ("run.html", "run.xml", "run.json", "run.jsonl", "run.csv", "run.har")


@pytest.fixture
def world(mine: Callable[..., Path], server: Counting, tmp_path: Path) -> Path:
    """The collection with all of them, and the server that knows them."""
    root = mine(files(server.base_url), SHARED)
    (root / "environments" / "local.secret.toml").chmod(0o600)
    SecretStore(data_dir()).vault  # noqa: B018 - made where the commands look for it
    SecretStore(data_dir()).set(root, "", "kept", CANARIES["vault"])
    SecretStore(data_dir()).set(root, "local", "kept", CANARIES["vault"])
    teach(server)
    rows_file(tmp_path / "work" / "rows.csv")
    return root


@pytest.fixture
def said(cli: Cli) -> Callable[..., Any]:
    """Runs a command whose every word is looked through. own: what the reply itself says, printed as its data."""

    def call(*arguments: str, own: frozenset[str] = frozenset()) -> Any:
        ran = cli(*arguments)
        assert hits(ran.raw + ran.err.encode()) - own == set(), arguments
        assert "Traceback" not in ran.err
        return ran

    return call


def test_no_secret_stands_in_what_commands_print_or_leave(
    world: Path, said: Callable[..., Any], server: Counting, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Sends, replays with all reports, their journals, the history, its search, comparisons, errors, and logs."""
    caplog.set_level(logging.DEBUG)
    for key in ("bearer", "basic", "key", "oauth", "digest", "userinfo"):
        own = frozenset({OWN[key]} if key in OWN else ())
        said("send", f"auth/{key}", "-e", "local", "--json", own=own)
        said("send", f"auth/{key}", "-e", "local", "-i", own=own)
    said(
        "send",
        "flow/login",
        *GIVEN,
        "-v",
        f"row={CANARIES['row']}0",
        "--json",
        "-o",
        "login.json",
        own=frozenset({"cookie"}),
    )
    reports = [word for name in REPORTS for word in ("--report", name)]
    ran = said("replay", "flow/login", "flow/use", "auth/*", "--data", "rows.csv", *GIVEN, *reports)
    assert ran.code in (0, 1)
    said("replay", "flow/login", "flow/use", "--data", "rows.csv", *GIVEN, "--json")
    said("replay", "flow/login", "flow/use", "--data", "rows.csv", *GIVEN, "--plan")
    said("replay", "--show", "last", *[word for name in REPORTS for word in ("--report", f"again-{name}")])
    said("replay", "--list")
    said("history")
    said("history", "--json")
    for number in range(1, 8):
        said("history", "show", str(number))
        said("history", "show", str(number), "--json")
    for word in ("canary6", "bearer", "canary12"):
        said("history", "--search", word)
    said("check")
    said("list")
    assert sent(server) == set(CANARIES) - {"digest"}  # which proves a password without telling it
    assert sum(name.startswith("GET /echo/canary3") for name in server.arrived) >= ROWS
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.suffix for path in written} >= {".sqlite", ".html", ".xml", ".jsonl", ".csv", ".har"}
    (tmp_path / "work" / "login.json").unlink()  # the user's own copy of a reply, as the server gave it
    assert leaks(tmp_path, HOMES) == []
    assert hits(caplog.text.encode()) == set()


def test_no_secret_stands_in_what_went_wrong(world: Path, said: Callable[..., Any], server: Counting) -> None:
    """Each error names what is wrong and where, and never the value."""
    bad = {
        "header": '[headers]\nX = "{{filed}}\\u0007"\n',
        "host": "",
        "json": '[[assert]]\nquery = "json"\nexpr = "$.a"\nop = "=="\nvalue = "{{filed}}"\n',
        "convert": '[params]\nn = "{{int(filed)}}"\n',
        "function": '[params]\nn = "{{nothing(filed)}}"\n',
        "file": '[body]\nkind = "file"\npath = "{{filed}}"\n',
        "proxy": f'[options]\nproxy = "http://ann:{CANARIES["URL"]}@127.0.0.1:9"\n',
        "badproxy": f'[options]\nproxy = "nonsense://ann:{CANARIES["URL"]}@127.0.0.1:9"\n',
    }
    for name, text in bad.items():
        url = "http://{{filed}}.invalid/{{kept}}" if name == "host" else "/x/{{kept}}"
        (world / f"bad-{name}.toml").write_text(f'url = "{url}"\n{text}')
        for flags in (("--json",), ("-i",), ()):
            said("send", f"bad-{name}", "-e", "local", *flags)
        said("replay", f"bad-{name}", "-e", "local", "--json")
    server.once["/echo/bearer"] = [500]
    said("send", "auth/bearer", "-e", "local", "-o", "reply.json")
    said("send", f"http://ann:{CANARIES['URL']}@127.0.0.1:9/")
    refused = said("send", f"{server.base_url}/x", "-H", f"Authorization: Bearer {CANARIES['bearer']}\x00")
    assert refused.code == 4
