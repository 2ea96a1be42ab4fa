"""The documentation of the operation that a request file names."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tui_client.interop.operation import link_of, read_operation

LINK = (".openapi/openapi.json", "get /users")


def _write(root: Path, summary: str, reference: str = "") -> Path:
    path = root / ".openapi" / "openapi.json"
    path.parent.mkdir(exist_ok=True)
    operation = {"summary": summary, "parameters": [{"$ref": reference}] if reference else []}
    path.write_text(json.dumps({"openapi": "3.1.0", "paths": {"/users": {"get": operation}}}))
    return path


def test_a_changed_document_is_read_again(tmp_path: Path) -> None:
    """It is kept as long as its file stays the same."""
    path = _write(tmp_path, "First")
    found = [read_operation(tmp_path, LINK), read_operation(tmp_path, LINK)]
    _write(tmp_path, "Another one")
    os.utime(path, ns=(1, 1))
    found.append(read_operation(tmp_path, LINK))
    assert [one.summary for one in found if one] == ["First", "First", "Another one"]


def test_files_that_it_refers_to_are_read_beside_it_alone(tmp_path: Path) -> None:
    """One outside its folder is not."""
    parameter = json.dumps({"p": {"name": "p", "in": "query", "schema": {"type": "string"}}})
    _write(tmp_path, "x", "more.json#/p")
    (tmp_path / ".openapi" / "more.json").write_text(parameter)
    inside = read_operation(tmp_path, LINK)
    _write(tmp_path, "xy", "../more.json#/p")
    (tmp_path / "more.json").write_text(parameter)
    outside = read_operation(tmp_path, LINK)
    assert inside and [each.name for each in inside.parameters] == ["p"]
    assert outside and outside.parameters == ()


def test_a_changed_file_beside_it_is_read_again(tmp_path: Path) -> None:
    """And one that is gone, or that comes later."""
    _write(tmp_path, "x", "more.json#/p")
    beside = tmp_path / ".openapi" / "more.json"
    found = [read_operation(tmp_path, LINK)]
    for name in ("first", "another"):
        beside.write_text(json.dumps({"p": {"name": name, "in": "query"}}))
        found += [read_operation(tmp_path, LINK), read_operation(tmp_path, LINK)]
    beside.unlink()
    found.append(read_operation(tmp_path, LINK))
    names = [[each.name for each in one.parameters] for one in found if one]
    assert names == [[], ["first"], ["first"], ["another"], ["another"], []]


@pytest.mark.parametrize("document", ["../openapi.json", "/etc/passwd", "nothing.json", "", "\0", ".openapi"])
def test_what_leads_elsewhere_or_nowhere_is_none(tmp_path: Path, document: str) -> None:
    """A file of a collection can name anything."""
    root = tmp_path / "collection"
    root.mkdir()
    _write(root, "x")
    (tmp_path / "openapi.json").write_text((root / ".openapi" / "openapi.json").read_text())
    assert read_operation(root, (document, "get /users")) is None


def test_a_link_out_of_the_collection_is_not_followed(tmp_path: Path) -> None:
    """Nor is a document that is a link."""
    root = tmp_path / "collection"
    root.mkdir()
    path = _write(root, "x")
    path.rename(tmp_path / "elsewhere.json")
    path.symlink_to(tmp_path / "elsewhere.json")
    assert read_operation(root, LINK) is None


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ('url = "/"\n[x-openapi]\ndocument = "d"\noperation = "get /"\n', ("d", "get /")),
        ('[x-openapi]\ndocument = "d"\n', None),
        ('[x-openapi]\ndocument = 1\noperation = "get /"\n', None),
        ("[x-openapi]\nbroken", None),
        ('x = "[x-openapi]"\n', None),
        ("", None),
    ],
)
def test_a_request_file_names_its_operation(text: str, link: tuple[str, str] | None) -> None:
    """Where it says both; what is wrong is none."""
    assert link_of(text) == link
