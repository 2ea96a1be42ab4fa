"""`tui-client import` and `tui-client export`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tui_client.formats import exporters, importers

Cli = Callable[..., Any]
Shop = Callable[..., Path]

COLLECTION = {
    "info": {"name": "Pets", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
    "item": [
        {
            "name": "List \u001b[31mred",
            "request": {"method": "GET", "url": "http://127.0.0.1:9/pets?a=1", "auth": {"type": "hawk"}},
        }
    ],
}


def document(folder: Path) -> Path:
    path = folder / "pets.json"
    path.write_text(json.dumps(COLLECTION))
    return path


def test_a_document_is_read_written_and_reported(cli: Cli, shop: Shop, tmp_path: Path) -> None:
    """The report on stdout, in which no sign of the document acts; then it can be listed."""
    shop({"a": 'url = "/"\n'})
    ran = cli("import", str(document(tmp_path)), "-C", str(tmp_path / "new"))
    assert ran.code == 0, ran.err
    assert "dropped" in ran.out and "hawk" in ran.out and "\x1b" not in ran.out + ran.err
    assert "1 request, 0 folders" in ran.err and "new/pets" in ran.err
    assert "http://127.0.0.1:9/pets" in cli("list", "-C", str(tmp_path / "new"), "--json").out


def test_a_dry_run_and_a_strict_one_write_nothing(cli: Cli, tmp_path: Path) -> None:
    """The first exits with 0 and prints the whole as JSON, the second with 1."""
    file = str(document(tmp_path))
    ran = cli("import", file, "-C", str(tmp_path), "--dry-run", "--json")
    (request,) = json.loads(ran.out)["requests"]
    assert (ran.code, request["query"], request["key"][:5]) == (0, [["a", "1", True]], "pets/")
    assert cli("import", file, "-C", str(tmp_path), "--strict").code == 1
    assert [path.name for path in tmp_path.iterdir() if path.is_dir() and "pets" in path.name] == []


def test_an_import_takes_only_what_the_filters_leave(cli: Cli, tmp_path: Path) -> None:
    """And says how much that is, on stderr and in the report."""
    recording = str(Path(__file__).parents[1] / "formats" / "golden" / "har" / "chrome.har")
    ran = cli("import", recording, "-C", str(tmp_path / "new"), "--host", "shop.*", "--method", "post", "--dry-run")
    assert "HAR recording: 1 request, " in ran.err
    assert "1 of 4 requests are imported, the others left out: --host shop.* --method post." in ran.err
    assert "1 of 4 requests" in ran.out
    assert cli("import", recording, "-C", str(tmp_path / "new"), "--type", "wasm").code == 2


def test_an_export_goes_to_stdout_or_a_file(cli: Cli, shop: Shop, tmp_path: Path) -> None:
    """And what can't be sent for want of a value is left out, and told."""
    shop({"a": 'url = "http://127.0.0.1:9/a?x={{x}}"\n', "b": 'url = "http://127.0.0.1:9/{{int(nobody)}}"\n'})
    ran = cli("export", "a", "--format", "httpie")
    assert (ran.code, "127.0.0.1:9/a" in ran.out) == (0, True)
    assert cli("export", ".", "--format", "httpx", "-o", str(tmp_path / "out.py")).code == 0
    compile((tmp_path / "out.py").read_text(), "out.py", "exec")
    assert "b" in cli("export", ".", "--format", "httpx").err
    assert cli("export", "b", "--format", "httpx").code == 2
    # What keeps variables as such needs no value for them.
    assert "nobody" in cli("export", "b", "--format", "postman").out
    assert "There is no format 'x'" in cli("export", "a", "--format", "x").err


@pytest.mark.parametrize(("command", "formats"), [("import", importers()), ("export", exporters())])
def test_the_help_names_every_format_and_no_other(cli: Cli, command: str, formats: dict[str, object]) -> None:
    """Whoever can't have one recognised, or wants to choose, reads it there."""
    listed = re.search(r"Formats: (.*?)\.\n\s*\n", cli(command, "--help").out, re.DOTALL)
    assert listed is not None
    words = set(
        re.findall(r"[a-z0-9-]+", re.sub(r"\(.*?\)|and for other\s+tools, with variables kept:", "", listed[1]))
    )
    assert words == set(formats)


def openapi(path: Path, version: str, *names: str) -> str:
    """A document with an operation for each name."""
    paths = {f"/{name}": {"get": {"summary": name, "tags": ["all"], "responses": {}}} for name in names}
    info = {"title": "Pets", "version": version}
    path.write_text(json.dumps({"openapi": "3.1.0", "info": info, "paths": paths}))
    return str(path)


def test_a_newer_document_goes_over_the_older_one(cli: Cli, tmp_path: Path) -> None:
    """A dry run tells and writes nothing, the real one does it, and a second one has nothing to do."""
    here = ("-C", str(tmp_path / "new"))
    assert cli("import", openapi(tmp_path / "a.json", "1", "cats", "dogs"), *here).code == 0
    newer = openapi(tmp_path / "b.json", "1", "cats", "birds")
    dry = cli("import", newer, "--update", "--dry-run", "--json", *here)
    told = json.loads(dry.out)
    assert (dry.code, told["format"], told["unchanged"]) == (0, "openapi", 1)
    assert {(one["kind"], one["key"]) for one in told["changes"]} == {("added", "all/birds"), ("removed", "all/dogs")}
    ran = cli("import", newer, "--update", "--prune", *here)
    assert ran.code == 0 and "pruned   all/dogs" in ran.out and "1 added, 1 pruned, 1 unchanged" in ran.err
    again = cli("import", newer, "--update", *here)
    assert (again.code, again.out) == (0, "") and "nothing changed" in again.err
    plain = cli("import", newer, "--dry-run", *here)
    assert plain.code == 0 and "--update" in plain.err


def test_an_update_of_what_is_not_there_names_what_is(cli: Cli, tmp_path: Path) -> None:
    """The sentence says how to choose; filters and --prune alone are refused."""
    here = ("-C", str(tmp_path / "new"))
    first = openapi(tmp_path / "a.json", "1", "cats")
    ran = cli("import", first, "--update", *here)
    assert ran.code == 2 and "without --update" in ran.err
    cli("import", first, *here)
    other = tmp_path / "b.json"
    other.write_text(Path(first).read_text().replace("Pets", "Zoo"))
    ran = cli("import", str(other), "--update", *here)
    assert ran.code == 2 and "Pets (pets)" in ran.err
    assert cli("import", str(other), "--update", "--into", "pets", *here).code == 0
    assert cli("import", first, "--prune", *here).code == 2
    assert cli("import", first, "--update", "--method", "GET", *here).code == 2
    assert cli("import", str(document(tmp_path)), "--update", *here).code == 2
