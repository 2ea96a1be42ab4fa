"""`tui-client check`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

Cli = Callable[..., Any]
Shop = Callable[..., Path]


def test_a_sound_workspace_exits_with_0(cli: Cli, shop: Shop) -> None:
    """Nothing on stdout, one sentence on stderr."""
    shop({"a": 'url = "/"\n', "users/folder": 'name = "Users"\n', "environments/local": "[variables]\n"})
    ran = cli("check")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == "4 files read, all well.\n"


def test_every_broken_file_is_named_with_its_place(cli: Cli, shop: Shop) -> None:
    """Requests, folders, environments and batches; one broken file hides no other."""
    root = shop(
        {
            "a": 'url = "/"\n[params]\npage.size = 10\n',
            "b": "<<<<<<< HEAD\n",
            "users/folder": "nonsense = 1\n",
            "users/ok": 'url = "/"\n',
            "environments/local": "variables = 3\n",
            "batches/nightly": "concurrency = 0\n",
        }
    )
    (root / "back\\slash.toml").write_text('url = "/"\n')
    ran = cli("check")
    assert ran.code == 3
    lines = ran.out.splitlines()
    assert len(lines) == 6
    for name in (
        "a.toml:3",
        "b.toml:1:1",
        "users/folder.toml:1",
        "environments/local.toml:1",
        "nightly.toml:1",
        "slash.toml",
    ):
        assert any(line.startswith(str(root)) and name in line for line in lines), name
    assert any("$.params.page" in line for line in lines)
    assert "8 files read, 6 broken." in ran.err


def test_what_can_never_be_used_is_named(cli: Cli, shop: Shop) -> None:
    """A template, a query and a pattern in one file: three lines, one broken file."""
    text = "url = '/{{lowr(a)}}'\n[[assert]]\nquery = 'json'\nexpr = 'id'\nop = 'matches'\nvalue = '('\n"
    root = shop({"a": text})
    ran = cli("check")
    assert ran.code == 3
    places = [line.split(": ")[0] for line in ran.out.splitlines()]
    assert places == [
        f"{root / 'a.toml'}:1:1 $.url",
        f"{root / 'a.toml'}:4:1 $.assert[0].expr",
        f"{root / 'a.toml'}:6:1 $.assert[0].value",
    ]
    assert ", 1 broken." in ran.err


def test_names_that_mean_nothing_are_found(cli: Cli, shop: Shop) -> None:
    """A variable from a request that isn't there is an error; a place in the order that nothing has is only odd."""
    shop({"a": 'url = "/"\n'}, 'order = ["b"]\n[variables]\ntoken = { from = "auth/login" }\n')
    ran = cli("check")
    assert ran.code == 3
    assert "$.variables.token.from: there is no request 'auth/login'" in ran.out
    assert "$.order[0]: nothing here is called 'b'" in ran.err
