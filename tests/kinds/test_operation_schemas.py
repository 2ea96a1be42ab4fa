"""Which schema an OpenAPI document has for a reply."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tui_client.errors import QueryError
from tui_client.kinds.bounded import TooSlow, quickly
from tui_client.kinds.operation_schemas import ANYTHING, NOTHING, OperationSchemas, operation_problem
from tui_client.model.exchange import BytesBody, Response

JSON = "application/json"


def reply(status: int = 200, media: str = JSON) -> Response:
    headers = ((b"Content-Type", media.encode()),) if media else ()
    return Response(status, "", "HTTP/1.1", headers, BytesBody(b"{}"))


def operations(responses: Any, head: dict[str, Any] | None = None) -> OperationSchemas:
    root = {**(head or {"openapi": "3.1.0"}), "paths": {"/a/{id}": {"get": {"responses": responses}}}}
    return OperationSchemas({"api.json": root}.__getitem__, "api.json")


def documented(**by_status: str) -> dict[str, Any]:
    """Each status ("s200") with JSON that is called so."""
    return {name[1:]: {"content": {JSON: {"schema": {"const": what}}}} for name, what in by_status.items()}


def chosen(found: OperationSchemas, response: Response) -> Any:
    return json.loads(found.text_for("get /a/{id}", response)).get("const")


def test_the_nearest_status_wins() -> None:
    """Itself, then its class however it is written, then `default`."""
    found = operations(documented(s200="exact", s2XX="class", s4xx="lower", sdefault="default"))
    assert [chosen(found, reply(status)) for status in (200, 201, 404, 500)] == ["exact", "class", "lower", "default"]


@pytest.mark.parametrize(
    ("media", "kinds", "name"),
    [
        ("application/json; charset=utf-8", [JSON, "*/*"], JSON),
        ("Application/JSON", ["application/JSON;v=1"], "application/JSON;v=1"),
        (JSON, ["text/plain", "application/*", "*/*"], "application/*"),
        (JSON, ["text/plain", "*/*"], "*/*"),
        ("application/problem+json", [JSON, "text/plain"], JSON),
        (JSON, ["application/hal+json"], "application/hal+json"),
        ("", [JSON, "application/xml"], JSON),
    ],
)
def test_the_nearest_media_type_wins(media: str, kinds: list[str], name: str) -> None:
    """Without its parameters; then its family, then JSON by another name."""
    content = {kind: {"schema": {"const": kind}} for kind in kinds}
    assert chosen(operations({"200": {"content": content}}), reply(200, media)) == name


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        (reply(404), "get /a/{id} documents no reply of status 404; it documents 200, 5XX"),
        (
            reply(200, "application/hal+xml"),
            "no reply 200 that is application/hal+xml; it documents application/json, t",
        ),
        (reply(200, "text/plain"), "the reply is text/plain, not JSON"),
    ],
)
def test_what_is_not_documented_names_what_is(response: Response, reason: str) -> None:
    """An error of the check: nothing can be said about such a reply."""
    content = {JSON: {}, "text/plain": {"schema": {"type": "string"}}}
    with pytest.raises(QueryError) as caught:
        operations({"200": {"content": content}, "5XX": {}}).text_for("get /a/{id}", response)
    assert reason in caught.value.reason


def test_a_reply_without_a_schema_may_be_anything_and_one_without_content_nothing() -> None:
    """Media types without a schema describe nothing; a 204 has no body."""
    found = operations({"200": {"content": {JSON: {}}}, "204": {"description": "gone"}})
    assert found.text_for("get /a/{id}", reply()) == ANYTHING
    assert found.text_for("get /a/{id}", reply(204)) == NOTHING


def test_swagger_2_has_one_schema_for_all_media_types() -> None:
    """In its own place, its definitions in theirs."""
    head = {"swagger": "2.0", "definitions": {"A": {"type": "string", "x-nullable": True}}}
    found = operations({"200": {"schema": {"$ref": "#/definitions/A"}}}, head)
    made = json.loads(found.text_for("get /a/{id}", reply(200, "application/vnd.a+json")))
    assert made == {"$ref": "#/$defs/A", "$defs": {"A": {"type": ["string", "null"]}}}


def test_everything_may_be_a_reference() -> None:
    """The path item, the reply and its media type, in other files too."""
    files: dict[str, Any] = {
        "api.json": {"openapi": "3.2.0", "paths": {"/a": {"$ref": "b.json#/item"}}},
        "b.json": {
            "item": {"additionalOperations": {"COPY": {"responses": {"200": {"$ref": "#/reply"}}}}},
            "reply": {"content": {JSON: {"$ref": "#/media"}}},
            "media": {"schema": {"$ref": "#/schema"}},
            "schema": {"const": "far"},
        },
    }
    found = OperationSchemas(files.__getitem__, "api.json")
    assert json.loads(found.text_for("copy /a", reply())) == {
        "$ref": "#/$defs/schema",
        "$defs": {"schema": {"const": "far"}},
    }


def test_what_was_made_is_kept_until_a_file_changes() -> None:
    """A replay makes it once; a change in any file that it came from makes it anew."""
    schema: dict[str, Any] = {"const": 1}
    files: dict[str, Any] = {
        "api.json": {"openapi": "3.1.0", "paths": {"/a": {"get": {"responses": {
            "200": {"content": {JSON: {"schema": {"$ref": "b.json"}}}}}}}}},
        "b.json": schema,
    }  # fmt: skip
    found = OperationSchemas(lambda path: files[path], "api.json")
    first = found.text_for("get /a", reply())
    assert found.text_for("get /a", reply()) is first
    with quickly():
        assert found.text_for("get /a", reply()) is first
    files["b.json"] = {"const": 2}
    with pytest.raises(TooSlow), quickly():
        found.text_for("get /a", reply())
    assert '"const":2' in found.text_for("get /a", reply())


def test_a_server_that_answers_in_ever_new_types_fills_no_memory() -> None:
    """Only the last ones are kept."""
    found = operations({"200": {"content": {"*/*": {"schema": {"const": 1}}}}})
    for number in range(200):
        found.text_for("get /a/{id}", reply(200, f"application/x{number}+json"))
    assert len(found._made) <= 64


@pytest.mark.parametrize(
    ("root", "operation", "reason"),
    [
        ([], "get /a", "is not an OpenAPI document"),
        ({"paths": {}}, "get /a", "is not an OpenAPI document"),
        ({"openapi": "3.0.0", "paths": {"/a": {"get": {}}}}, "get /b", "has no operation 'get /b'"),
        ({"openapi": "3.0.0", "paths": {"/a": {"get": 5}}}, "get /a", "has no operation"),
        ({"openapi": "3.0.0", "paths": []}, "", "has no operation ''"),
        ({"openapi": "3.0.0", "paths": {"/a": {"$ref": "#/paths/~1a"}}}, "get /a", "leads to itself"),
        ({"openapi": "3.0.0", "paths": {"/a": {"get": {"responses": {}}}}}, "GET /a", ""),
    ],
)
def test_a_document_without_the_operation_says_so(root: Any, operation: str, reason: str) -> None:
    """Before anything is sent, too."""
    found = operation_problem({"api.json": root}.__getitem__, "api.json", operation)
    assert reason in found and bool(reason) is bool(found)
