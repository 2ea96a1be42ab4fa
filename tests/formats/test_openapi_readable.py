"""The words for what a value may be, and outlines of the schemas that real documents have."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fuzzing import bad_inputs
from hypothesis import strategies as st

from tui_client.formats._format import Alone, FormatError
from tui_client.formats._found import Report
from tui_client.formats._openapi.described import MAX_LINES, ParameterInfo, operation_info
from tui_client.formats._openapi.outline import outline
from tui_client.formats._openapi.references import Node, References, parsed

GOLDEN = Path(__file__).parent / "golden" / "openapi"
_REF = {"$ref": "#/components/schemas/Pet"}


class Files:
    """Files beside a document, by their name."""

    def __init__(self, **files: str) -> None:
        self._files = {f"{name}.json": text.encode() for name, text in files.items()}

    def names(self) -> tuple[str, ...]:
        """All of them."""
        return tuple(self._files)

    def read(self, name: str) -> bytes:
        """One of them."""
        if name not in self._files:
            raise FormatError("is not there")
        return self._files[name]


def parameter(schema: object, **more: Any) -> ParameterInfo:
    """What is said of a parameter with this schema."""
    one = {"name": "p", "in": "query", "schema": schema, **more}
    found = operation_info({"openapi": "3.1.0", "paths": {"/": {"get": {"parameters": [one]}}}}, "", Alone(), "get /")
    assert found is not None
    return found.parameters[0]


def lines(schema: object, **schemas: object) -> tuple[str, ...]:
    """The outline of a schema in a document with others."""
    root = {"components": {"schemas": schemas}}
    return outline(Node(schema), References(root, "", Alone(), Report()))


@pytest.mark.parametrize(
    ("schema", "kind"),
    [
        ({"type": "integer", "minimum": 1, "maximum": 100}, "integer, 1..100"),
        ({"type": "integer", "minimum": 0}, "integer, at least 0"),
        ({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}, "number, more than 0, less than 1"),
        ({"type": "number", "minimum": 0, "exclusiveMinimum": True}, "number, more than 0"),
        ({"type": "integer", "multipleOf": 5}, "integer, a multiple of 5"),
        ({"type": "string", "format": "uuid"}, "string (uuid)"),
        ({"type": "string", "minLength": 2, "maxLength": 5}, "string, 2..5 characters"),
        ({"type": "string", "minLength": 3, "maxLength": 3, "pattern": "^a"}, "string, 3 characters, matches ^a"),
        ({"type": "array", "items": {"type": "string"}, "maxItems": 3}, "array of string, at most 3 items"),
        ({"type": "array", "items": {"type": "array", "items": {"type": "integer"}}}, "array of array of integer"),
        ({"type": ["integer", "null"]}, "integer, nullable"),
        ({"type": "integer", "nullable": True}, "integer, nullable"),
        (
            {"anyOf": [{"type": "integer", "maximum": 9}, {"type": "null"}], "title": "P"},
            "integer, at most 9, nullable",
        ),
        ({"oneOf": [{"type": "string"}, {"type": "integer"}]}, "string or integer"),
        ({"properties": {}}, ""),
        ({"minimum": "1", "type": {}, "format": 5}, ""),
        (True, ""),
    ],
)
def test_a_kind_is_said_in_a_few_words(schema: object, kind: str) -> None:
    """Types, formats, limits; what makes no sense is left out."""
    assert parameter(schema).kind == kind


@pytest.mark.parametrize(
    ("schema", "values"),
    [
        ({"enum": ["a", 1, None, "a"]}, ("a", "1")),
        ({"const": "only"}, ("only",)),
        ({"type": "boolean"}, ("true", "false")),
        ({"anyOf": [{"enum": ["x", "y"]}, {"type": "null"}]}, ("x", "y")),
        ({"oneOf": [{"const": "x"}, {"enum": ["y"]}]}, ("x", "y")),
        ({"oneOf": [{"const": "x"}, {"type": "string"}]}, ()),
        ({"type": "array", "items": {"enum": ["x"]}}, ("x",)),
        ({"type": "string"}, ()),
    ],
)
def test_values_are_all_that_there_can_be(schema: object, values: tuple[str, ...]) -> None:
    """Nothing is listed where other values can be sent too."""
    assert parameter(schema).values == values


@pytest.mark.parametrize(
    ("schema", "more", "example"),
    [
        ({"example": "s"}, {"example": 5}, "5"),
        ({"examples": ["s"]}, {}, "s"),
        ({}, {"examples": {"one": {"value": [1]}}}, "[1]"),
        ({}, {"examples": [5]}, ""),
    ],
)
def test_the_nearest_example_is_told(schema: object, more: dict[str, Any], example: str) -> None:
    """That of the parameter before that of its schema."""
    assert parameter(schema, **more).example == example


def test_all_of_is_one_outline_and_choices_are_listed() -> None:
    """Members of all parts stand together; options have the names of their schemas."""
    pet = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}
    whole = {"allOf": [_REF, {"properties": {"age": {"type": "integer", "writeOnly": True}}, "required": ["age"]}]}
    choice = {"oneOf": [_REF, {"type": "string"}], "discriminator": {"propertyName": "kind"}}
    assert lines(whole, Pet=pet) == ("object", "  name  string, required", "  age  integer, required, write only")
    assert lines(choice, Pet=pet) == ("one of, by kind:", "  Pet  object", "    name  string, required", "  -  string")
    assert lines({"anyOf": [{"type": "null"}, _REF]}, Pet=pet) == ("object, nullable", "  name  string, required")


@pytest.mark.parametrize(
    "wrapped", [_REF, {"allOf": [_REF], "description": "D"}, {"anyOf": [_REF, {"type": "null"}]}, {"items": _REF}]
)
def test_a_schema_within_itself_is_its_name(wrapped: dict[str, Any]) -> None:
    """Whatever it is wrapped in there."""
    found = lines(_REF, Pet={"type": "object", "properties": {"child": wrapped}})
    assert len(found) == 2
    assert found[1].startswith(("  child  Pet", "  child  array of Pet"))


def test_a_reference_that_leads_to_itself_ends() -> None:
    """Alone, in allOf, in a choice and in a list."""
    for loop in (_REF, {"allOf": [_REF]}, {"anyOf": [_REF, {"type": "null"}]}, {"type": "array", "items": _REF}):
        assert len(lines(_REF, Pet=loop)) <= 3


def test_members_of_other_files_are_followed_from_there() -> None:
    """A reference means the file that it stands in, also where allOf puts members of two files together."""
    more = '{"A": {"properties": {"x": {"$ref": "#/X"}}}, "X": {"type": "string"}}'
    schema = {"allOf": [{"$ref": "more.json#/A"}, {"properties": {"x": {"description": "Mine"}}}]}
    root = {"swagger": "2.0", "produces": ["a/b", "c/d"], "paths": {"/": {"get": {"responses": {
        "200": {"description": "Fine", "schema": schema}, "x-more": {}, "404": {"$ref": "gone.json"}, "500": 5,
    }}}}}  # fmt: skip
    found = operation_info(root, "main.json", Files(more=more), "get /")
    assert found is not None and [reply.status for reply in found.replies] == ["200"]
    assert [each.media_type for each in found.replies[0].contents] == ["a/b", "c/d"]
    assert found.replies[0].contents[0].outline == ("object", "  x  string – Mine")


def test_methods_of_3_2_and_paths_with_references_are_found() -> None:
    """QUERY, a method of its own, and what stands beside the reference of a path."""
    item = {"query": {"summary": "Q"}, "additionalOperations": {"COPY": {"summary": "C"}}, "parameters": [1]}
    paths = {"/a": {"$ref": "#/components/pathItems/A", "description": "Beside"}}
    root = {"openapi": "3.2.0", "paths": paths, "components": {"pathItems": {"A": item}}}
    found = [operation_info(root, "", Alone(), f"{method} /a") for method in ("query", "COPY", "parameters", "get")]
    assert [one and (one.title, one.summary, one.description) for one in found] == [
        ("QUERY /a", "Q", "Beside"), ("COPY /a", "C", "Beside"), None, None,
    ]  # fmt: skip


def test_all_outlines_of_an_operation_together_are_bounded() -> None:
    """Many replies of large schemas are cut short, and still listed."""
    schema = {"properties": {f"p{number}": {"type": "string"} for number in range(1000)}}
    reply = {"content": {f"a/{number}": {"schema": schema} for number in range(50)}}
    root = {"paths": {"/": {"get": {"responses": {str(status): reply for status in range(200, 300)}}}}}
    found = operation_info(root, "", Alone(), "get /")
    assert found is not None and len(found.replies) == 100
    assert sum(len(each.outline) for reply in found.replies for each in reply.contents) < MAX_LINES + 3000


_BAD: tuple[Any, ...] = (None, True, -1, 1e300, "", "\x1b[31m\u202e", [], {}, [[]], [None], {"": {}}, {"$ref": 5},
    {"$ref": "#"}, {"$ref": "#/paths"}, {"$ref": "../x"}, {"type": [5, {}, "null"]},
    {"oneOf": [[], 5, {"$ref": "#"}]})  # fmt: skip


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    waiting = [value]
    while waiting:
        value = waiting.pop()
        for key, each in list(value.items() if isinstance(value, dict) else enumerate(value)):
            yield value, key
            if isinstance(each, dict | list):
                waiting.append(each)


@bad_inputs(100, st.sampled_from(sorted(GOLDEN.iterdir())), st.integers(0, 1 << 32))
def test_documents_with_other_values_in_some_places_are_described(path: Path, seed: int) -> None:
    """Broken parts are left out: no operation fails for them, none is refused."""
    root, chance = parsed(path.read_bytes()), random.Random(seed)
    for _ in range(6):
        where, key = chance.choice(list(_places(root)))
        where[key] = copy.deepcopy(chance.choice(_BAD))
    paths = root.get("paths")
    for name, item in paths.items() if isinstance(paths, dict) else []:
        for method in item if isinstance(item, dict) else []:
            operation_info(root, path.name, Alone(), f"{method} {name}")
