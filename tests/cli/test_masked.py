"""Secrets that stand where they are hard to know again: in host names, in replies to others, where a text is cut."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from counting_server import Counting

Cli = Callable[..., Any]
SECRET = "[variables]\nkey = { secret = true }\n"


@pytest.fixture
def collection(mine: Callable[..., Path]) -> Callable[..., Path]:
    """Writes a collection with a secret: its value, and files by key."""

    def write(value: str, files: dict[str, str]) -> Path:
        written = {**files, "environments/local": "", "environments/local.secret": f"key = {json.dumps(value)}\n"}
        root = mine(written, SECRET)
        (root / "environments" / "local.secret.toml").chmod(0o600)
        return root

    return write


def holding(folder: Path, text: str) -> list[str]:
    """The files that hold a text, beside the collection's own."""
    paths = (path for path in folder.rglob("*") if path.is_file() and "collections" not in path.parts)
    return [str(path.relative_to(folder)) for path in paths if text.encode() in path.read_bytes()]


@pytest.mark.parametrize(
    ("value", "in_host"), [("SesameOpen77", "sesameopen77"), ("sesame-open", "sesame-open"), ("öffne-dich", "xn--")]
)
@pytest.mark.parametrize("how", ["stored", "given"])
def test_a_secret_in_a_host_name_is_masked(
    cli: Cli, collection: Callable[..., Path], tmp_path: Path, value: str, in_host: str, how: str
) -> None:
    """Hosts are written in lower case and in ASCII: in refusals, failures, journals and the history."""
    collection(value, {"a": 'url = "http://{{key}}.nowhere.invalid/x"\n'})
    given = ("-v", f"key={value}") if how == "given" else ()
    for granted in ((), ("--grant", f"host:{value}.nowhere.invalid:80")):
        for ran in (
            cli("send", "a", "-e", "local", "--json", *granted, *given),
            cli("replay", "a", "-e", "local", *granted, *given),
        ):
            assert ran.code != 0
            assert in_host not in ran.out + ran.err
            assert value not in ran.out + ran.err
    assert holding(tmp_path, in_host) == []


def test_a_secret_is_masked_in_replies_to_requests_without_it(
    cli: Cli, collection: Callable[..., Path], server: Counting, tmp_path: Path
) -> None:
    """A server that was told one may send it back later: no journal and no report keeps it."""
    server.bodies["/later"] = json.dumps({"key": "sesame-open"})
    later = 'url = "/later"\n[[assert]]\nquery = "json"\nexpr = "$.key"\nop = "=="\nvalue = "x"\n'
    collection("sesame-open", {"a": 'url = "/a"\n[headers]\nX = "{{key}}"\n', "b": later})
    reports = ("--report", "run.json", "--report", "run.html", "--report", "run.har")
    ran = cli("replay", "a", "b", "-e", "local", "--iterations", "3", *reports)
    assert server.arrived.count("GET /later") == 3
    assert "sesame" not in ran.out + ran.err
    assert holding(tmp_path, "sesame") == []


def test_a_failed_check_is_not_cut_within_a_secret(cli: Cli, collection: Callable[..., Path], server: Counting) -> None:
    """What is printed of a long value ends before a secret or behind its mask."""
    check = '[[assert]]\nquery = "body"\nop = "=="\nvalue = "x"\n'
    collection("sesame-open", {"a": f'url = "/a"\n[headers]\nX = "{{{{key}}}}"\n{check}'})
    for padding in range(185, 201):
        server.bodies["/a"] = "x" * padding + "sesame-open"
        ran = cli("send", "a", "-e", "local")
        assert "✗ body" in ran.err
        assert "xs" not in ran.err
