"""The OpenAPI document stays beside the requests that came from it."""

from __future__ import annotations

import json
import shutil
import tomllib
from pathlib import Path
from typing import Any

import msgspec

from tui_client.formats.openapi import read_openapi
from tui_client.interop import importing
from tui_client.interop.source import FilesBeside
from tui_client.storage.library import Library

_REPLY = {"200": {"description": "Fine", "content": {"application/json": {"schema": {"$ref": "models.yaml#/User"}}}}}
_DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Shop", "version": "1"},
    "servers": [{"url": "http://localhost:1"}],
    "paths": {"/users": {"get": {"summary": "List", "responses": _REPLY}}},
}


def _imported(workspace: Path, data: bytes, *, into: str = "", beside: Path | None = None) -> None:
    found = read_openapi(data, name="shop.json", **({"beside": FilesBeside(beside)} if beside else {}))
    library = Library(workspace)
    target = importing.target_of(library, found, into)
    importing.write(importing.place(found, target), target)


def _link(file: Path) -> dict[str, Any]:
    table: dict[str, Any] = tomllib.loads(file.read_text())["x-openapi"]
    return table


def test_a_request_says_where_its_document_is_kept(tmp_path: Path) -> None:
    """The path is relative to the collection, and the document is what was read."""
    _imported(tmp_path, json.dumps(_DOCUMENT).encode())
    link = _link(tmp_path / "shop" / "users" / "list.toml")
    assert link["operation"] == "get /users"
    assert json.loads((tmp_path / "shop" / link["document"]).read_text()) == _DOCUMENT


def test_json_is_kept_byte_for_byte(tmp_path: Path) -> None:
    """A document of several lines is not written anew, so that git sees what its authors changed."""
    data = json.dumps(_DOCUMENT, indent=3, sort_keys=True).encode()
    _imported(tmp_path, data)
    assert (tmp_path / "shop" / ".openapi" / "openapi.json").read_bytes() == data


def test_files_that_only_replies_refer_to_are_kept_too(tmp_path: Path) -> None:
    """They say what a reply must be, though no request needs them; those that they refer to follow them."""
    source = tmp_path / "source"
    source.mkdir()
    (source / "models.yaml").write_text("User: {type: object, properties: {tags: {$ref: 'deep/tags.yaml'}}}\n")
    (source / "deep").mkdir()
    (source / "deep" / "tags.yaml").write_text("type: array\n")
    (tmp_path / "secret.yaml").write_text("never: here\n")
    document = msgspec.json.encode(_DOCUMENT)
    workspace = tmp_path / "workspace"
    _imported(workspace, document, beside=source)
    kept = workspace / "shop" / ".openapi"
    assert sorted(path.relative_to(kept).as_posix() for path in kept.rglob("*.*")) == [
        "deep/tags.yaml",
        "models.yaml",
        "shop.json",
    ]
    assert _link(workspace / "shop" / "users" / "list.toml")["document"] == ".openapi/shop.json"


def test_a_file_outside_is_never_kept(tmp_path: Path) -> None:
    """`../` in a reference leads to no file."""
    source = tmp_path / "source"
    source.mkdir()
    (tmp_path / "models.yaml").write_text("User: {type: object}\n")
    document = msgspec.json.encode(_DOCUMENT).replace(b"models.yaml", b"../models.yaml")
    _imported(tmp_path / "workspace", document, beside=source)
    assert [path.name for path in (tmp_path / "workspace").rglob("*.yaml")] == []


def test_a_document_goes_along_into_a_folder_again_and_again(tmp_path: Path) -> None:
    """Each import has its own; what was left by a folder that is gone is replaced."""
    Library(tmp_path).create_collection("main")
    data = json.dumps(_DOCUMENT).encode()
    _imported(tmp_path, data, into="apis")
    _imported(tmp_path, data, into="apis")
    links = [_link(path)["document"] for path in sorted((tmp_path / "main" / "apis").rglob("list.toml"))]
    assert sorted(links) == [".openapi/apis/shop-2/openapi.json", ".openapi/apis/shop/openapi.json"]
    shutil.rmtree(tmp_path / "main" / "apis" / "shop")
    _imported(tmp_path, data, into="apis")
    assert all((tmp_path / "main" / link).is_file() for link in links)
