"""`tui-client trust`."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tui_client.config import state_dir
from tui_client.trust.grants import Grant, GrantKind
from tui_client.trust.store import GrantStore

Cli = Callable[..., Any]
COLLECTION = "format = 1\nbase_url = 'http://127.0.0.1:9'\n[variables]\nhome = { env = 'SHOP_HOME' }\n"


@pytest.fixture
def shop() -> Path:
    """A collection whose one request reads an environment variable."""
    return _collection("shop")


def _collection(name: str) -> Path:
    root = Path("collections").absolute() / name
    root.mkdir(parents=True)
    (root / "collection.toml").write_text(COLLECTION)
    (root / "a.toml").write_text('url = "/{{home}}"\n')
    return root


def test_what_was_allowed_is_listed_and_used(cli: Cli, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The list names kind, subject and collection; `send` needs no option from then on."""
    monkeypatch.setenv("SHOP_HOME", "x")
    refused = cli("send", "a")
    assert refused.code == 4 and "--grant env:SHOP_HOME allows it" in refused.err
    allowed = cli("trust", "allow", "env:SHOP_HOME")
    assert (allowed.code, allowed.out) == (0, "")
    assert allowed.err == f"{shop} may read the environment variable SHOP_HOME.\n"
    assert "connection refused" in cli("send", "a").err
    for words in (("trust",), ("trust", "list"), ("trust", "list", "-C", str(shop))):
        listed = cli(*words)
        assert listed.code == 0
        assert [line.split() for line in listed.out.splitlines()] == [
            ["kind", "subject", "collection"],
            ["env", "SHOP_HOME", str(shop)],
        ]
    assert cli("trust", "list", "--json").json == [
        {
            "kind": "env",
            "subject": "SHOP_HOME",
            "collection": str(shop),
            "grant": "env:SHOP_HOME",
            "collection_exists": True,
        }
    ]


def test_what_was_revoked_is_refused_again(cli: Cli, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One grant, or all; each that goes is named."""
    monkeypatch.setenv("SHOP_HOME", "x")
    other = _collection("other")
    for root in (shop, other):
        cli("trust", "allow", "env:SHOP_HOME", "-C", str(root))
    cli("trust", "allow", "host:API.example.com", "-C", str(shop))
    one = cli("trust", "revoke", "env:SHOP_HOME", "-C", str(shop))
    assert (one.code, one.err) == (0, f"{shop} may no longer read the environment variable SHOP_HOME.\n")
    assert cli("send", "shop:a").code == 4
    every = cli("trust", "revoke", "--all")
    assert every.err.splitlines() == [
        f"{other} may no longer read the environment variable SHOP_HOME.",
        f"{shop} may no longer send secrets to api.example.com on any port.",
    ]
    assert cli("trust", "revoke", "--all").err == "There was nothing to take back.\n"
    assert cli("trust", "list", "--json").json == []
    assert "Nothing was granted to any collection. Allow something with" in cli("trust").err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("revoke", "env:NOPE"), "env:NOPE was never granted to any collection. What was: env:HOME."),
        (("revoke", "env:NOPE", "-C", "collections/shop"), "What was: env:HOME."),
        (("revoke", "env:HOME", "-C", "elsewhere"), "was never granted to elsewhere. Nothing was."),
        (("revoke",), "Give one GRANT to take back, env:HOME for example, or --all."),
        (("revoke", "env:HOME", "--all"), "Give one GRANT"),
        (("revoke", "HOME"), "Write KIND:SUBJECT"),
        (("allow", "HOME"), "Write KIND:SUBJECT"),
        (("allow", "host:https://api.example.com"), "Write the host alone; host:api.example.com:443, for example"),
        (("allow", "insecure:localhost:99999"), "insecure:api.example.com:443, for example"),
        (("allow", "env:X", "-C", "elsewhere"), "elsewhere is not a directory"),
        (("allow", "env:X", "-C", "empty"), "empty holds no collection. Give one with --collection PATH."),
        (("allow", "env:X", "-C", "both"), "Say which with --collection PATH"),
    ],
)
def test_what_can_not_be_done_says_what_can(cli: Cli, shop: Path, words: tuple[str, ...], says: str) -> None:
    """Exit code 2, and nothing is changed."""
    for name in ("both/a", "both/b"):
        Path(name).mkdir(parents=True)
        (Path(name) / "collection.toml").write_text("format = 1\n")
    Path("empty").mkdir()
    cli("trust", "allow", "env:HOME")
    ran = cli("trust", *words)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err
    assert len(cli("trust", "list", "--json").json) == 1


def test_a_copy_and_a_collection_that_moved_are_asked_for_anew(
    cli: Cli, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever lies in its folder, a collection brings no grants along; a link to it is the collection itself."""
    monkeypatch.setenv("SHOP_HOME", "x")
    cli("trust", "allow", "env:SHOP_HOME")
    copy = shop.with_name("copy")
    shutil.copytree(shop, copy)
    for path in (copy / "grants.json", copy / ".tui-client" / "grants.json"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps({str(copy): ["env:SHOP_HOME"], ".": ["env:SHOP_HOME"]}))
    Path("link").symlink_to(shop)
    assert "connection refused" in cli("send", "a", "-C", str(shop)).err
    assert "connection refused" in cli("send", "a", "-C", "link").err
    assert "connection refused" in cli("send", "a", "-C", "collections/../link").err
    assert "was not granted" in cli("send", "a", "-C", str(copy)).err
    moved = Path("moved").absolute()
    shop.rename(moved)
    assert "was not granted" in cli("send", "a", "-C", str(moved)).err
    listed = cli("trust", "list")
    assert listed.out.endswith(f"{shop} (gone)\n")
    assert cli("trust", "revoke", "env:SHOP_HOME", "-C", str(shop)).code == 0


@pytest.mark.parametrize("way", ["../../../my data.csv", "link.csv", "absolute", "../../folder/my data.csv"])
def test_data_outside_is_refused_whichever_way_leads_there(cli: Cli, shop: Path, way: str) -> None:
    """The option in the sentence, as a shell takes it, grants just that file."""
    data = Path("my data.csv").absolute()
    data.write_text("n\n1\n")
    (shop / "batches").mkdir()
    (shop / "batches" / "link.csv").symlink_to(data)
    (shop.parent / "folder").symlink_to(data.parent)
    (shop / "b.toml").write_text('url = "/{{n}}"\n')
    written = str(data) if way == "absolute" else way
    (shop / "batches" / "x.toml").write_text(f'requests = ["b"]\ndata = "{written}"\n')
    refused = cli("replay", "batches/x")
    assert refused.code == 2
    found = re.search(r"(--grant .+) allows it", refused.err)
    assert found and shlex.split(found[1]) == ["--grant", f"file:{data}"]
    assert cli("replay", "batches/x", *shlex.split(found[1])).code == 4  # no server is there
    cli("trust", "allow", f"file:{data.parent}")
    assert cli("replay", "batches/x").code == 4


def test_a_batch_feeds_files_to_no_other_collection(cli: Cli, shop: Path) -> None:
    """Whose requests get the rows must be allowed to read them; a file of secrets nobody is."""
    other = _collection("other")
    (other / "rows.csv").write_text("n\n1\n")
    (shop / "batches").mkdir()
    (shop / "batches" / "x.toml").write_text('requests = ["other:a", "shop:a"]\ndata = "../../other/rows.csv"\n')
    refused = cli("replay", "shop:batches/x")
    assert refused.code == 2 and "lies outside its collection shop" in refused.err
    (other / "environments").mkdir()
    (other / "environments" / "x.secret.toml").write_text('a = "1"\nb = "2"\n')
    (other / "batches").mkdir()
    (other / "batches" / "y.toml").write_text('requests = ["a"]\ndata = "../environments/x.secret.toml"\n')
    refused = cli("replay", "other:batches/y")
    assert refused.code == 2 and "is a file of secrets" in refused.err


def test_hostile_names_reach_no_terminal(cli: Cli, tmp_path: Path) -> None:
    """A subject that others chose is shown as signs, in lists and sentences."""
    hostile = "\x1b]0;x\x07\u202eevil"
    GrantStore(state_dir() / "grants.json").add(tmp_path, Grant(GrantKind.ENV, hostile))
    for words in (("list",), ("list", "--json"), ("revoke", "env:x"), ("revoke", "--all")):
        ran = cli("trust", *words)
        assert not {"\x1b", "\x07", "\u202e"} & set(ran.out + ran.err)
    assert cli("trust", "list", "--json").json == []


def test_two_processes_lose_no_grant(shop: Path) -> None:
    """Each of many commands that run at once leaves what it was told to."""
    script = "import sys; from tui_client.cli.main import run\nfor i in range(20):\n"
    script += "    assert run(['trust', 'allow', f'env:{sys.argv[1]}{i}'], None) == 0"
    started = [
        subprocess.Popen([sys.executable, "-c", script, name], env=os.environ, stderr=subprocess.DEVNULL)
        for name in "AB"
    ]
    assert [process.wait(60) for process in started] == [0, 0]
    kept = {grant.subject for grant in GrantStore(state_dir() / "grants.json").list(shop)}
    assert kept == {f"{name}{i}" for name in "AB" for i in range(20)}


@pytest.mark.parametrize("words", [(), ("list",), ("allow",), ("revoke",)])
def test_help_has_examples(cli: Cli, words: tuple[str, ...]) -> None:
    """Each command shows how it is used."""
    _, _, examples = cli("trust", *words, "--help").out.partition("Examples:")
    assert "tui-client trust" in examples
