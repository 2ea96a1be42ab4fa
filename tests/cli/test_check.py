"""`tui-client check`."""

from __future__ import annotations

import subprocess
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


CANARY = "ghp" + "_" + "q8Zr2Lx7Vb" * 4
WORD = "k7Qp2mZx9RtL4vBn"


def test_secrets_in_plain_are_warned_of_and_never_printed(cli: Cli, shop: Shop) -> None:
    """In every file of the collection and its data; the exit code stays 0, and --strict makes it 1."""
    root = shop(
        {
            "a": f'url = "/"\n\n[auth]\nkind = "bearer"\ntoken = "{CANARY}"\n',
            "users/folder": f'[headers]\nX-Api-Key = "{WORD}"\n',
            "environments/local": f'[variables]\npassword = "{WORD}"\n',
            "batches/x": f'requests = ["a"]\ndescription = "with {CANARY}"\n',
        },
        f'# {CANARY}\n[variables]\nclient_secret = "{WORD}"\n',
    )
    (root / "data").mkdir()
    (root / "data" / "users.csv").write_text(f"name,password\nann,{WORD}\nbob,{WORD}2\n")
    (root / "data" / "users.json").write_text(f'[{{"token": "{WORD}"}}]')
    (root / "environments" / "local.secret.toml").write_text(f'token = "{CANARY}"\n')
    (root / "environments" / "local.secret.toml").chmod(0o600)
    (root / ".gitignore").write_text("*.secret.toml\n")
    ran = cli("check")
    assert (ran.code, ran.out) == (0, "")
    lines = ran.err.splitlines()
    assert f"{root / 'a.toml'}:5:10 $.auth.token: a GitHub token (ghp_…) stands here in plain" in ran.err
    assert f"{root / 'data' / 'users.csv'}:2:5: what looks like a secret stands here in plain, and 1 more" in ran.err
    places = sorted(line.partition(": ")[0].removeprefix(f"{root}/") for line in lines if line.startswith(str(root)))
    assert places == [
        "a.toml:5:10 $.auth.token",
        "batches/x.toml:2:21 $.description",
        "collection.toml:3:3",
        "collection.toml:5:18 $.variables.client_secret",
        "data/users.csv:2:5",
        "data/users.json:1:13",
        "environments/local.toml:2:13 $.variables.password",
        "users/folder.toml:2:14 $.headers.X-Api-Key",
    ]
    assert lines[-1] == "5 files read, 8 warnings."
    strict, data = cli("check", "--strict"), cli("check", "--json", "--strict")
    assert (strict.code, data.code, data.err) == (1, 1, "")
    assert [one["kind"] for one in data.json["warnings"]] == ["secret"] * 8
    assert data.json["warnings"][0] == {
        "kind": "secret",
        "path": str(root / "a.toml"),
        "line": 5,
        "column": 10,
        "toml_path": "$.auth.token",
        "reason": "a GitHub token (ghp_…) stands here in plain; make it a secret variable",
    }
    for said in (ran, strict, data):
        assert CANARY[4:] not in said.out + said.err and WORD not in said.out + said.err


def test_files_of_secrets_that_are_open_are_warned_of(cli: Cli, shop: Shop) -> None:
    """To others by their mode, to the world by git; each once it holds."""
    root = shop({"a": 'url = "/"\n'})
    path = root / "environments" / "local.secret.toml"
    path.parent.mkdir()
    path.write_text(f'token = "{WORD}"\n')
    path.chmod(0o644)
    ran = cli("check", "--json")
    reasons = [one["reason"] for one in ran.json["warnings"]]
    assert {one["path"] for one in ran.json["warnings"]} == {str(path)}
    assert reasons == [
        "holds secrets, and others can read it (mode 0644); chmod 600 closes it",
        "holds secrets, and git would keep it; put *.secret.toml into .gitignore",
    ]
    path.chmod(0o600)
    (root / ".gitignore").write_text("*.secret.toml\n")
    assert cli("check", "--strict").code == 0
    for words in (("init", "-q"), ("add", "-f", ".")):
        subprocess.run(["git", *words], cwd=root, check=True, capture_output=True)
    ran = cli("check", "--strict")
    assert ran.code == 1
    assert f"{path}: holds secrets, and git keeps it" in ran.err
    assert WORD not in ran.out + ran.err


def test_json_lists_problems_and_warnings(cli: Cli, shop: Shop) -> None:
    """A broken file still is exit code 3; the words stay on stderr only where they are asked for."""
    root = shop({"a": 'url = "/{{lowr(a)}}"\n'}, 'order = ["b"]\n')
    ran = cli("check", "--json", "--strict")
    assert (ran.code, ran.err) == (3, "")
    assert ran.json["files"] == 2 and ran.json["broken"] == 1
    (problem,) = ran.json["problems"]
    assert (problem["kind"], problem["path"], problem["line"]) == ("broken", str(root / "a.toml"), 1)
    (warning,) = ran.json["warnings"]
    assert warning["kind"] == "order" and warning["toml_path"] == "$.order[0]"
    missing = cli("check", "--json", "-C", "nowhere")
    assert missing.code == 2 and "not a directory" in missing.json["error"]["message"]
