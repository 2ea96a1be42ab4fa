"""What a document says of an operation, for people."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fuzzing import bad_inputs, mutated
from hypothesis import strategies as st

from tui_client.formats._format import Alone, FormatError
from tui_client.formats._openapi.described import OperationInfo, operation_info
from tui_client.formats._openapi.outline import MAX_LINES
from tui_client.formats._openapi.references import parsed

GOLDEN = Path(__file__).parent / "golden" / "openapi"
_TREE = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"type": "integer", "minimum": 1, "readOnly": True},
        "kind": {"oneOf": [{"type": "string", "enum": ["a", "b"]}, {"type": "null"}]},
        "above": {"$ref": "#/components/schemas/Tree"},
        "tags": {"type": "array", "items": {"type": "string"}, "description": "All of\nthem."},
        "more": {"type": "object", "additionalProperties": {"type": ["number", "null"]}},
    },
}


def described(table: dict[str, Any], operation: str = "post /trees", **more: Any) -> OperationInfo:
    """An operation of a small document."""
    root = {
        "openapi": "3.1.0",
        "paths": {"/trees": {"post": table}},
        "components": {"schemas": {"Tree": _TREE}},
        **more,
    }
    found = operation_info(root, "x.json", Alone(), operation)
    assert found is not None
    return found


def body(schema: object) -> dict[str, Any]:
    """A request body of JSON."""
    return {"requestBody": {"content": {"application/json": {"schema": schema}}}}


def test_an_outline_has_a_line_for_each_member() -> None:
    """Names, types, limits, what is required; a schema within itself is its name."""
    found = described(body({"$ref": "#/components/schemas/Tree"}))
    assert found.body is not None
    assert found.body.contents[0].outline == (
        "object",
        "  id  integer, at least 1, required, read only",
        "  kind  string, nullable, one of: a, b",
        "  above  Tree",
        "  tags  array of string – All of them.",
        "  more  object",
        "    (any name)  number, nullable",
    )


def test_parameters_say_what_they_can_be() -> None:
    """Values of enums, of booleans, of the items of lists; the operation's own goes before that of its path."""
    shared = {"name": "limit", "in": "query", "schema": {"type": "string"}}
    item = {"parameters": [shared], "get": {"parameters": [
        {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 9, "default": 3}, "deprecated": True},
        {"name": "all", "in": "query", "schema": {"type": "boolean"}},
        {"name": "state", "in": "query", "schema": {"type": "array", "items": {"enum": ["x", 1]}}, "description": "S"},
        {"name": "X-Id", "in": "header", "required": True, "content": {"text/plain": {"schema": {"type": "string"}}}},
        {"name": "broken"}, 5,
    ]}}  # fmt: skip
    found = operation_info({"openapi": "3.0.0", "paths": {"/a": item}}, "", Alone(), "get /a")
    assert found is not None
    said = [(each.name, each.kind, each.values, each.default) for each in found.parameters]
    assert said == [
        ("limit", "integer, at most 9", (), "3"),
        ("all", "boolean", ("true", "false"), ""),
        ("state", "array", ("x", "1"), ""),
        ("X-Id", "string", (), ""),
    ]
    assert found.parameters[0].deprecated and found.parameters[3].required


def test_swagger_2_says_bodies_and_replies_elsewhere() -> None:
    """Bodies and forms are parameters there, and a reply has its schema itself."""
    operation = {
        "parameters": [
            {"name": "b", "in": "body", "schema": {"type": "object", "properties": {"a": {"type": "string"}}}}
        ],
        "responses": {"200": {"description": "Fine", "schema": {"type": "array", "items": {"type": "integer"}}}},
    }
    root = {"swagger": "2.0", "security": [{"key": []}, {}], "paths": {"/a": {"put": operation}}}
    found = operation_info(root, "", Alone(), "put /a")
    assert found is not None and found.body is not None
    assert found.body.contents[0].outline == ("object", "  a  string")
    assert found.replies[0].contents[0].outline == ("array of integer",)
    assert found.security == ("key", "none")


@pytest.mark.parametrize("operation", ["get /trees", "post /other", "", "post", "x" * 1000])
def test_an_operation_that_is_not_there_is_none(operation: str) -> None:
    """As is one of what is no document."""
    root = {"openapi": "3.1.0", "paths": {"/trees": {"post": {"summary": "x"}}}}
    assert operation_info(root, "", Alone(), operation) is None
    assert operation_info([1], "", Alone(), operation) is None


def test_a_schema_that_grows_without_end_is_cut() -> None:
    """Wide, deep and in every combination."""
    wide = {"type": "object", "properties": {f"p{number}": {"type": "string"} for number in range(5000)}}
    found = described(body({"type": "object", "properties": {f"q{each}": wide for each in range(50)}}))
    assert found.body is not None
    outline = found.body.contents[0].outline
    assert len(outline) == MAX_LINES + 1 and outline[-1] == "…"


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.*")), ids=lambda path: path.name)
def test_every_operation_of_the_samples_is_described(path: Path) -> None:
    """Whatever version it is."""
    root = parsed(path.read_bytes())
    paths = root.get("paths") if isinstance(root, dict) else None
    for name, item in (paths or {}).items():
        for method in ("get", "post", "put", "delete", "patch"):
            if isinstance(item, dict) and isinstance(item.get(method), dict):
                found = operation_info(root, path.name, Alone(), f"{method} {name}")
                assert found is not None and found.title == f"{method.upper()} {name}"


@bad_inputs(
    150, mutated(st.just(json.dumps({"openapi": "3.0.0", "paths": {"/trees": {"post": body(_TREE)}}}).encode()))
)
def test_damaged_documents_are_described_or_refused(data: bytes) -> None:
    """Nothing but a refusal comes of them."""
    try:
        operation_info(parsed(data), "x.json", Alone(), "post /trees")
    except FormatError:
        return
