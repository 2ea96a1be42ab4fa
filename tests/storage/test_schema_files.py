"""Where checks find their schemas."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tui_client.errors import QueryError
from tui_client.kinds.query.schema import BoundSchema, Schema
from tui_client.model.exchange import BytesBody, Response
from tui_client.model.request import Assertion, Request
from tui_client.storage.library import Library
from tui_client.storage.schema_files import unbound

CHECK = '[[assert]]\nquery = "schema"\nop = "isEmpty"\n'
OF_FILE = '[[assert]]\nquery = "schema"\nfile = "{}"\nop = "isEmpty"\n'
LINK = '[x-openapi]\ndocument = ".openapi/openapi.json"\noperation = "get /users"\n'
OK = Response(200, "OK", "HTTP/1.1", ((b"content-type", b"application/json"),), BytesBody(b"{}"))


def document(schema: Any) -> str:
    reply = {"200": {"content": {"application/json": {"schema": schema}}}}
    return json.dumps({"openapi": "3.1.0", "paths": {"/users": {"get": {"responses": reply}}}})


def query_of(found: Library, key: str) -> BoundSchema:
    query = found.effective(key, "").asserts[0].query
    assert isinstance(query, BoundSchema)
    return query


def test_an_effective_request_knows_where_its_schema_is(library: Callable[..., Library]) -> None:
    """The file that it names, or the document it came from; the request of the file stays as it is."""
    found = library(
        {
            "users/list.toml": CHECK + LINK,
            "users/own.toml": OF_FILE.format("schemas/user.json"),
            ".openapi/openapi.json": document({"$ref": "part.json"}),
            ".openapi/part.json": '{"type": "array"}',
            "schemas/user.json": "\ufeff[]",
        }
    )
    assert json.loads(query_of(found, "users/list").find(OK))["$defs"] == {"part.json": {"type": "array"}}
    assert query_of(found, "users/own").find(OK) == "[]"
    assert found.load("users/own").request.asserts == (Assertion(Schema("schemas/user.json"), "isEmpty"),)
    assert unbound(found.effective("users/own", "").asserts[0]) == found.load("users/own").request.asserts[0]


def test_a_draft_uses_the_link_of_its_file(library: Callable[..., Library]) -> None:
    """What is edited and not saved yet belongs to the same operation; what is in no file belongs to none."""
    found = library({"a.toml": LINK, ".openapi/openapi.json": document({"type": "array"})})
    draft = Request(asserts=(Assertion(Schema(), "isEmpty"),))
    query = found.effective_of(draft, "a", "").asserts[0].query
    assert isinstance(query, BoundSchema) and "array" in query.find(OK)
    query = found.effective_of(draft, "new request", "").asserts[0].query
    assert isinstance(query, BoundSchema)
    with pytest.raises(QueryError, match="must be saved first"):
        query.find(OK)


def test_requests_without_such_checks_stay_what_they_are(library: Callable[..., Library]) -> None:
    """They pay nothing; a schema that is written out needs no place."""
    found = library({"a.toml": CHECK.replace("\nop", "\ntext = '{}'\nop")})
    assert type(found.effective("a", "").asserts[0].query) is Schema


def test_a_file_that_changes_counts_at_once(library: Callable[..., Library], tmp_path: Path) -> None:
    """The document, and the file with the link."""
    found = library({"a.toml": CHECK + LINK, ".openapi/openapi.json": document({"const": 1})})
    query = query_of(found, "a")
    assert query.find(OK) == '{"const":1}'
    (tmp_path / "shop" / ".openapi" / "openapi.json").write_text(document({"const": 22}))
    assert query.find(OK) == '{"const":22}'
    (tmp_path / "shop" / "a.toml").write_text(CHECK + LINK.replace("/users", "/others"))
    with pytest.raises(QueryError, match="no operation 'get /others'"):
        query.find(OK)


@pytest.mark.parametrize(
    ("files", "place", "reason"),
    [
        ({"a.toml": CHECK}, "$.assert[0].query", "it has no [x-openapi]"),
        ({"a.toml": CHECK + "[x-openapi]\ndocument = 5\n"}, "$.assert[0].query", "it has no [x-openapi]"),
        ({"a.toml": CHECK + LINK}, "$.assert[0].query", ".openapi/openapi.json can't be read"),
        ({"a.toml": CHECK + LINK, ".openapi/openapi.json": "{"}, "$.assert[0].query", "not valid JSON"),
        ({"a.toml": CHECK + LINK, ".openapi/openapi.json": "[]"}, "$.assert[0].query", "is not an OpenAPI document"),
        ({"a.toml": CHECK + LINK.replace(".openapi/", "../")}, "$.assert[0].query", "is outside the collection"),
        ({"a.toml": OF_FILE.format("none.json")}, "$.assert[0].file", "none.json can't be read"),
        ({"a.toml": OF_FILE.format("/etc/passwd")}, "$.assert[0].file", "is outside the collection"),
        ({"a.toml": OF_FILE.format("../x")}, "$.assert[0].file", "is outside the collection"),
        ({"a.toml": OF_FILE.format("s"), "s/x": ""}, "$.assert[0].file", "is not a regular file"),
        ({"a.toml": OF_FILE.format("s.json"), "s.json": '{"type": 5}'}, "$.assert[0].file", "can't be used"),
        ({"a.toml": CHECK.replace("\nop", "\ntext = '5'\nop")}, "$.assert[0].text", "a schema is an object"),
        ({"a.toml": "[capture.b]\nquery = 'schema'\nfile = 'c'"}, "$.capture.b.file", "c can't be read"),
    ],
)
def test_check_tells_what_cant_be_found(
    library: Callable[..., Library], files: dict[str, str], place: str, reason: str
) -> None:
    """With its place in the file; the request loads and can be sent all the same, and the check is an error then."""
    found = library(files)
    (error,) = found.problems()
    assert (error.path.name, error.toml_path) == ("a.toml", place)
    assert reason in error.reason
    effective = found.effective("a", "")
    query = (*effective.asserts, *effective.captures)[0].query
    if isinstance(query, BoundSchema) and "type" not in str(files.get("s.json")):
        with pytest.raises(QueryError):
            query.find(OK)


def test_a_check_that_is_switched_off_needs_no_schema(library: Callable[..., Library]) -> None:
    """As everywhere, what is switched off is passed over."""
    assert list(library({"a.toml": OF_FILE.format("none.json") + "enabled = false\n"}).problems()) == []


def test_a_link_out_of_the_collection_is_refused(library: Callable[..., Library], tmp_path: Path) -> None:
    """Also in the place of a file that an import kept."""
    (tmp_path / "secret.json").write_text("{}")
    found = library({"a.toml": OF_FILE.format("out.json")})
    (tmp_path / "shop" / "out.json").symlink_to(tmp_path / "secret.json")
    with pytest.raises(QueryError, match="leads out of the collection"):
        query_of(found, "a").find(OK)
