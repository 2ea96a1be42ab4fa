"""Replies are checked against the OpenAPI document that their requests came from, and against schemas of one's own."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tui_client.cli.exit_codes import ExitCode

Cli = Callable[..., Any]
Shop = Callable[..., Path]

CHECK = '\n[[assert]]\nquery = "schema"\nop = "isEmpty"\n'


@pytest.fixture
def imported(cli: Cli, tmp_path: Path, demo_url: str) -> Path:
    """The folder of a collection that the demo API's own document was imported into."""
    with urllib.request.urlopen(f"{demo_url}/openapi.json") as reply:
        (tmp_path / "demo.json").write_bytes(reply.read())
    ran = cli("import", str(tmp_path / "demo.json"))
    assert ran.code == 0, ran.err
    (found,) = (path.parent for path in tmp_path.rglob(".openapi"))
    return found


def _checked(cli: Cli, collection: Path, operation: str, *arguments: str) -> dict[str, Any]:
    """The result of the check `schema` of an operation's request."""
    said = f'operation = "{operation}"'
    (file,) = [path for path in collection.rglob("*.toml") if said in path.read_text().splitlines()]
    if CHECK not in file.read_text():
        file.write_text(file.read_text() + CHECK)
    ran = cli("send", file.relative_to(collection).as_posix(), "--json", *arguments)
    assert ran.json["response"], ran.out
    check: dict[str, Any] = ran.json["checks"][-1]
    assert check["query"] == "schema"
    assert (ran.code == 0) is check["passed"]
    return check


def test_a_reply_of_the_demo_is_as_its_document_says(cli: Cli, imported: Path) -> None:
    """Imported, sent, checked: nothing in between has to be written by hand."""
    check = _checked(cli, imported, "get /users")
    assert (check["passed"], check["actual"]) == (True, [])


def test_a_reply_that_breaks_its_schema_says_where(cli: Cli, imported: Path) -> None:
    """Each problem with its JSON Pointer; the document that was edited counts at once."""
    document = imported / ".openapi" / "openapi.json"
    found = json.loads(document.read_text())
    found["components"]["schemas"]["User"]["properties"]["name"] = {"type": "integer"}
    document.write_text(json.dumps(found))
    check = _checked(cli, imported, "get /users")
    assert check["passed"] is False
    assert check["actual"][0].startswith("/items/0/name: '") and check["actual"][0].endswith("is not of type integer")


def test_a_status_without_documentation_is_an_error_that_names_those_with(cli: Cli, imported: Path) -> None:
    """Whoever reads it knows what the document would have to say."""
    document = imported / ".openapi" / "openapi.json"
    found = json.loads(document.read_text())
    found["paths"]["/users"]["get"]["responses"] = {"201": {"description": "?"}, "4XX": {"description": "?"}}
    document.write_text(json.dumps(found))
    _checked(cli, imported, "get /users")
    (key,) = [path.stem for path in imported.glob("users/list-users*")]
    assert "documents no reply of status 200; it documents 201, 4XX" in cli("send", f"users/{key}").err


def test_a_schema_of_the_collection_is_a_file_in_it(cli: Cli, shop: Shop, demo_url: str) -> None:
    """`file` is relative to the collection; a link out of it is never followed."""
    schema = CHECK.replace("\nop", '\nfile = "schemas/users.json"\nop')
    root = shop({"users/list": 'url = "/users"\n' + schema})
    assert "schemas/users.json can't be read" in cli("send", "users/list").err
    (root / "schemas").mkdir()
    (root / "schemas" / "users.json").write_text('{"type": "object", "required": ["total"]}')
    assert cli("send", "users/list").code == 0
    (root / "schemas" / "users.json").write_text('{"type": "array"}')
    check = cli("send", "users/list", "--json").json["checks"][0]
    assert (check["expr"], check["actual"]) == ("schemas/users.json", ["an object is not of type array"])


def test_what_cant_be_found_is_told_by_check(cli: Cli, shop: Shop) -> None:
    """Before anything is sent: a file that is missing, one that leads out, a request that came from no document."""
    with_file = CHECK.replace("\nop", '\nfile = "{}"\nop')
    shop(
        {
            "a": 'url = "/users"\n' + with_file.format("none.json"),
            "b": 'url = "/users"\n' + with_file.format("../x.json"),
            "c": 'url = "/users"\n' + CHECK,
        }
    )
    ran = cli("check")
    assert ran.code == ExitCode.FILE
    said = ran.out + ran.err
    assert all(part in said for part in ("none.json", "outside the collection", "[x-openapi]"))
    assert cli("send", "c").code == ExitCode.CHECKS_FAILED


def test_the_history_keeps_the_check_as_the_file_says_it(cli: Cli, imported: Path) -> None:
    """The document is no part of what is kept."""
    _checked(cli, imported, "get /users", "-H", "X-Draft: 1")
    kept = cli("history", "show", "1", "--json").json["written"]["asserts"]
    assert kept[-1]["query"] == {"query": "schema", "file": "", "text": ""}


def test_a_secret_in_a_problem_is_masked(cli: Cli, shop: Shop, demo_url: str) -> None:
    """A reply may repeat what was sent; the problem that quotes it does not show it."""
    schema = CHECK.replace("\nop", "\ntext = '''{}'''\nop").format('{"additionalProperties": {"type": "integer"}}')
    root = shop(
        {"a": 'url = "/echo"\nmethod = "POST"\n[body]\nkind = "json"\ncontent = \'{"t": "{{token}}"}\'\n' + schema}
    )
    (root / "environments").mkdir()
    (root / "environments" / "local.toml").write_text("[variables]\ntoken = { secret = true }\n")
    secret = root / "environments" / "local.secret.toml"
    secret.write_text('token = "canary-s3cret"\n')
    secret.chmod(0o600)
    ran = cli("send", "a", "-e", "local", "--json")
    assert "is not of type integer" in ran.out and "canary-s3cret" not in ran.out + ran.err


def test_a_replay_checks_every_reply(cli: Cli, imported: Path, tmp_path: Path) -> None:
    """Its report and its journal name the problems, and hold no schema."""
    document = imported / ".openapi" / "openapi.json"
    found = json.loads(document.read_text())
    found["components"]["schemas"]["User"]["properties"]["name"] = {"type": "integer", "title": "canary-title"}
    document.write_text(json.dumps(found))
    _checked(cli, imported, "get /users")
    (key,) = [f"users/{path.stem}" for path in imported.glob("users/list-users*")]
    report = tmp_path / "report.json"
    ran = cli("replay", key, "--iterations", "20", "--report", str(report), "--json")
    assert ran.code == ExitCode.CHECKS_FAILED, ran.err
    text = report.read_text()
    assert text.count("/items/0/name: ") == 20
    assert "canary-title" not in text + ran.out
    for path in tmp_path.rglob("*"):
        if path.is_file() and ".openapi" not in path.parts and path.name != "demo.json":
            assert b"canary-title" not in path.read_bytes(), path
