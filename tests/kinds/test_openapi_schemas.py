"""Schemas of OpenAPI documents as JSON Schema that stands alone."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tui_client.errors import QueryError
from tui_client.kinds.json_schema import judge_of
from tui_client.kinds.openapi_schemas import Documents, Spot, standing_alone
from tui_client.kinds.schema_problems import problems_of


def read_from(files: dict[str, Any]) -> Any:
    def read(path: str) -> Any:
        if path not in files:
            raise QueryError("schema", f"{path} is not there")
        return files[path]

    return read


def alone(schema: Any, version: str = "3.0.3", *, files: dict[str, Any] | None = None, **components: Any) -> Any:
    head = {"swagger": "2.0"} if version == "2.0" else {"openapi": version}
    root = {**head, "components": {"schemas": components}, "paths": {"/x": {"schema": schema}}}
    return standing_alone(
        Documents(read_from({"api.json": root, **(files or {})}), "api.json"), Spot(schema, "api.json")
    )


def wrong(schema: Any, value: Any) -> list[str]:
    return problems_of(judge_of(msgspec.json.encode(schema).decode()), value, 0)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
        ({"type": "string", "x-nullable": True}, {"type": ["string", "null"]}),
        ({"enum": ["a"], "nullable": True}, {"anyOf": [{"type": "null"}, {"enum": ["a"]}]}),
        ({"nullable": True}, {}),
        ({"type": "string", "nullable": False}, {"type": "string"}),
        ({"minimum": 1, "exclusiveMinimum": True}, {"exclusiveMinimum": 1}),
        ({"maximum": 1, "exclusiveMaximum": False}, {"maximum": 1}),
        ({"exclusiveMaximum": True}, {}),
        ({"type": "file"}, {}),
        ({"type": "string", "required": True}, {"type": "string"}),
        ({"type": "object", "discriminator": {"propertyName": "a"}, "xml": {}, "example": {"$ref": 1}, "x-a": 1},
         {"type": "object"}),
        ({"type": "string", "format": "date-time", "title": "T", "description": "D", "default": 1}, {"type": "string"}),
        ({"enum": [{"nullable": True, "$ref": "x"}]}, {"enum": [{"nullable": True, "$ref": "x"}]}),
        ({"items": {"type": "integer", "nullable": True}}, {"items": {"type": ["integer", "null"]}}),
        ({"properties": {"nullable": {"nullable": True, "type": "string"}, "example": {}}},
         {"properties": {"nullable": {"type": ["string", "null"]}, "example": {}}}),
        ("no schema", {}),
    ],
)  # fmt: skip
def test_the_words_of_3_0_and_swagger_2_become_those_of_today(old: Any, new: Any) -> None:
    """What says nothing about a reply goes; what looks like a word but is data or a name stays."""
    assert alone(old, "3.0.3") == alone(old, "2.0") == new


def test_null_beside_a_reference_counts() -> None:
    """By the letter of 3.0 it does not; by all who write it, it does."""
    made = alone({"$ref": "#/components/schemas/A", "nullable": True, "type": "string"}, A={"type": "integer"})
    assert wrong(made, None) == wrong(made, 1) == []
    assert wrong(made, "x") == ["'x' is not of type integer"]


def test_schemas_of_3_1_say_what_they_say() -> None:
    """They are JSON Schema: `nullable` is no word there, and a reference has neighbours."""
    schema = {"$ref": "#/components/schemas/A", "minimum": 2, "type": ["integer", "null"]}
    made = alone(schema, "3.1.0", A={"exclusiveMaximum": 9})
    assert made == {
        "$ref": "#/$defs/A", "minimum": 2, "type": ["integer", "null"], "$defs": {"A": {"exclusiveMaximum": 9}},
    }  # fmt: skip
    assert alone(schema, "3.0.0", A={})["$ref"] == "#/$defs/A" and "minimum" not in alone(schema, "3.0.0", A={})


def test_what_is_only_written_is_not_required_of_a_reply() -> None:
    """A password, also where its schema stands elsewhere."""
    secret = {"type": "string", "writeOnly": True}
    schema = {
        "type": "object",
        "required": ["id", "password", "pin"],
        "properties": {"id": {"readOnly": True}, "password": secret, "pin": {"$ref": "#/components/schemas/Pin"}},
    }
    for version in ("3.0.3", "3.1.0"):
        assert alone(schema, version, Pin=secret)["required"] == ["id"]


def test_a_schema_that_refers_to_itself_comes_along_once() -> None:
    """A tree of any depth is checked to its leaves."""
    node = {"type": "object", "properties": {"children": {"items": {"$ref": "#/components/schemas/Node"}}}}
    made = alone({"$ref": "#/components/schemas/Node"}, Node=node)
    assert list(made["$defs"]) == ["Node"]
    assert wrong(made, {"children": [{"children": [{}, 5]}]}) == ["/children/0/children/1: 5 is not of type object"]


def test_what_stands_in_other_files_comes_along() -> None:
    """Relative to the file that refers, by pointer or whole; two of a name stay two."""
    files = {
        "parts/user.json": {"User": {"properties": {"tag": {"$ref": "deep/tag.json"}, "self": {"$ref": "#/User"}}}},
        "parts/deep/tag.json": {"properties": {"user": {"$ref": "../../api.json#/components/schemas/User"}}},
    }
    made = alone({"$ref": "parts/user.json#/User"}, files=files, User={"type": "integer"})
    assert sorted(made["$defs"]) == ["User", "User.2", "tag.json"]
    assert wrong(made, {"self": {"tag": {"user": "x"}}}) == ["/self/tag/user: 'x' is not of type integer"]


def test_anchors_are_found() -> None:
    """In the document that refers, and in another one; a dynamic one is taken as the one that stands there."""
    schema = {"anyOf": [{"$ref": "#here"}, {"$ref": "b.json#there"}, {"$dynamicRef": "#node"}]}
    named = {"A": {"$anchor": "here", "type": "integer"}, "N": {"$dynamicAnchor": "node", "type": "null"}}
    made = alone(schema, "3.1.0", files={"b.json": {"deep": [{"$anchor": "there", "type": "array"}]}}, **named)
    assert wrong(made, "x") == ["'x' fits none of the 3 schemas of anyOf"]
    assert wrong(made, []) == wrong(made, 1) == wrong(made, None) == []


@pytest.mark.parametrize(
    ("reference", "reason"),
    [
        ("#/components/schemas/None", "leads to nothing"),
        ("#none", "leads to nothing"),
        ("none.json", "is not there"),
        ("../outside.json", "leads to no file"),
        ("/etc/passwd", "leads to no file"),
        ("https://example.com/a.json", "nothing is fetched"),
    ],
)
def test_a_reference_that_leads_nowhere_is_named(reference: str, reason: str) -> None:
    """Whoever reads it can look for it in the document."""
    with pytest.raises(QueryError, match=reason) as caught:
        alone({"items": {"$ref": reference}}, "3.1.0")
    assert reference.rpartition("#")[2] in str(caught.value)


def test_references_that_go_round_are_followed_only_so_far() -> None:
    """A reply whose schema is a reference to itself ends, too."""
    loop = {"A": {"$ref": "#/components/schemas/B"}, "B": {"$ref": "#/components/schemas/A"}}
    assert wrong(alone({"$ref": "#/components/schemas/A"}, **loop), 1) == []
    root = {"openapi": "3.0.0", "components": {"schemas": loop}}
    documents = Documents(read_from({"a": root}), "a")
    with pytest.raises(QueryError, match="leads to itself"):
        documents.followed(Spot(loop["A"], "a"))


def test_what_is_absurdly_deep_or_large_is_refused() -> None:
    """An error of the check, in a moment."""
    deep: dict[str, Any] = {}
    for _ in range(5000):
        deep = {"items": deep}
    with pytest.raises(QueryError, match="too deep"):
        alone(deep)
    with pytest.raises(QueryError, match="more than"):
        alone({"allOf": [{}] * 200_000})


def test_names_in_the_document_are_only_names() -> None:
    """A schema may be called by any word, and refer with escapes."""
    made = alone({"$ref": "#/components/schemas/a~1b%20c"}, **{"a/b c": {"type": "integer"}})
    assert made == {"$ref": "#/$defs/a_1b_c", "$defs": {"a_1b_c": {"type": "integer"}}}
    assert wrong(made, "x") == ["'x' is not of type integer"]
