"""Samples are valid against their schemas, as a validator of its own says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tui_client.formats._found import Found
from tui_client.formats._openapi.scalars import sample_text
from tui_client.formats.openapi import read_openapi
from tui_client.kinds.body.json import Json

GOLDEN = Path(__file__).parent / "golden" / "openapi"


def found_for(schema: Any, version: str = "3.1.0", **schemas: Any) -> Found:
    operation = {"requestBody": {"content": {"application/json": {"schema": schema}}}}
    document = {"openapi": version, "paths": {"/a": {"post": operation}}, "components": {"schemas": schemas}}
    return read_openapi(json.dumps(document).encode())


def body_of(found: Found) -> Any:
    body = found.collections[0].requests[0].request.body
    assert isinstance(body, Json)
    return json.loads(body.content)


def doubts(found: Found) -> list[str]:
    return [line.why for line in found.report if line.construct == "body"]


def sample(schema: Any, version: str = "3.1.0", **schemas: Any) -> Any:
    """A sample that the validator agrees with."""
    found = found_for(schema, version, **schemas)
    made = body_of(found)
    old = jsonschema_rs.Draft4Validator if version.startswith("3.0") else jsonschema_rs.Draft202012Validator
    old({**schema, "components": {"schemas": schemas}}, validate_formats=True).validate(made)
    assert not doubts(found)
    return made


NODE = {
    "type": "object",
    "required": ["v"],
    "properties": {"v": {"type": "integer"}, "n": {"$ref": "#/components/schemas/N"}},
}


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string", "example": "a", "default": "b"}, "a"),
        ({"type": "string", "examples": ["c"], "default": "b"}, "c"),
        ({"type": "string", "default": "b", "enum": ["a", "b"]}, "b"),
        ({"const": 7}, 7),
        ({"type": "integer", "enum": [3, 4]}, 3),
        ({"type": "integer", "example": "no number", "minimum": 4}, 4),
        ({"type": ["null", "integer"], "maximum": -2}, -2),
        ({"type": "integer", "exclusiveMinimum": 3, "multipleOf": 4}, 4),
        ({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}, 0.5),
        ({"type": "string", "minLength": 8}, "stringxx"),
        ({"type": "string", "maxLength": 3}, "str"),
        ({"type": "string", "format": "email", "minLength": 20}, "uuuuuser@example.com".rjust(20, "u")),
        ({"type": "string", "pattern": "^[A-Z]{2}[0-9]{3,}$", "minLength": 7}, "AA00000"),
        ({"type": "string", "pattern": r"^(?:v|V)\d+\.\d+(-rc)?$"}, "v0.0"),
        ({"type": "string", "pattern": r"^#([a-f0-9]{6})$"}, "#aaaaaa"),
        ({"type": "array", "items": {"type": "boolean"}}, [True]),
        ({"type": "array", "maxItems": 0, "items": {"type": "string"}}, []),
        ({"type": "array", "uniqueItems": True, "minItems": 3, "items": {"type": "integer"}}, [1, 2, 3]),
        ({"prefixItems": [{"type": "string"}, {"type": "integer"}], "minItems": 2, "type": "array"}, ["string", 1]),
        ({"type": "object", "minProperties": 1, "additionalProperties": {"type": "boolean"}}, {"additional1": True}),
        ({"required": ["a"], "properties": {"b": {"type": "integer"}}}, {"b": 1, "a": "string"}),
        ({"anyOf": [{"type": "null"}, {"type": "integer"}]}, 1),
        ({"allOf": [{"minimum": 3}, {"maximum": 9, "type": "integer"}, {"minimum": 5}]}, 5),
        ({"properties": {"a": {"type": "string", "readOnly": True}, "b": {"type": "null"}}}, {"b": None}),
    ],
)
def test_a_sample_keeps_to_its_schema(schema: Any, expected: Any) -> None:
    """What the author gave where that fits, else the least that does."""
    assert sample(schema) == expected


@pytest.mark.parametrize("form", ["date", "date-time", "time", "duration", "email", "hostname", "ipv4", "ipv6", "uri",
                                  "uri-reference", "uuid", "json-pointer", "regex", "iri", "idn-email"])  # fmt: skip
def test_a_format_is_obeyed(form: str) -> None:
    """Each that a validator knows."""
    assert sample({"type": "string", "format": form})


def test_a_schema_within_itself_is_cut_where_it_is_optional() -> None:
    """By leaving out a property, by an empty list, by null, or by another of several."""
    ref = {"$ref": "#/components/schemas/N"}
    assert sample(ref, N=NODE) == {"v": 1}
    needed = {**NODE, "required": ["n"], "properties": {"n": {"type": "array", "items": ref}}}
    assert sample(ref, N=needed) == {"n": []}
    assert sample(ref, N={**NODE, "required": ["n"], "properties": {"n": {"anyOf": [ref, {"type": "null"}]}}}) == {
        "n": None
    }
    expression = {"oneOf": [{"type": "object", "required": ["not"], "properties": {"not": ref}}, {"type": "integer"}]}
    assert sample(ref, N=expression) == 1


def test_one_of_several_fits_no_other() -> None:
    """By leaving out what is optional, or by what tells them apart."""
    both = {"a": {"type": "string"}, "b": {"type": "string"}}
    options = [{"type": "object", "required": [name], "properties": both} for name in both]
    assert sample({"oneOf": options}) == {"a": "string"}
    kinds = {
        name: {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}}} for name in "AB"
    }
    chosen = {
        "oneOf": [{"$ref": f"#/components/schemas/{name}"} for name in kinds],
        "discriminator": {"propertyName": "kind", "mapping": {"bee": "#/components/schemas/B"}},
    }
    assert body_of(found_for(chosen, **kinds)) == {"kind": "A"}


def test_a_parent_that_lists_its_children_ends() -> None:
    """Each child is all of its parent, which is one of its children."""
    schemas = {
        "Pet": {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}},
                "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]},
        "Cat": {"allOf": [{"$ref": "#/components/schemas/Pet"}, {"properties": {"lives": {"type": "integer"}}}]},
        "Dog": {"allOf": [{"$ref": "#/components/schemas/Pet"}, {"properties": {"barks": {"type": "boolean"}}}]},
    }  # fmt: skip
    for name, own in (("Pet", "lives"), ("Cat", "lives"), ("Dog", "barks")):
        made = body_of(found_for({"$ref": f"#/components/schemas/{name}"}, **schemas))
        assert "kind" in made and own in made


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#/components/schemas/N"},
        {"type": "integer", "minimum": 5, "maximum": 4},
        {"type": "string", "pattern": "^(?=.*[0-9]).*$"},
        {"type": "array", "minItems": 10**9, "items": {"type": "string"}},
    ],
)
def test_what_has_no_sample_is_reported(schema: Any) -> None:
    """An endless schema, a contradiction, a pattern that is not simple, a size no one wants."""
    endless = {"type": "object", "required": ["me"], "properties": {"me": {"$ref": "#/components/schemas/N"}}}
    assert doubts(found_for(schema, N=endless))


def test_wide_and_deep_schemas_end() -> None:
    """Twenty levels of twenty properties each would be more than the world holds."""
    schemas: dict[str, Any] = {
        f"L{level}": {
            "type": "object",
            "properties": {f"p{n}": {"$ref": f"#/components/schemas/L{level + 1}"} for n in range(20)},
        }
        for level in range(20)
    }
    found = found_for({"$ref": "#/components/schemas/L0"}, L20={"type": "string"}, **schemas)
    body = found.collections[0].requests[0].request.body
    assert isinstance(body, Json)
    assert 0 < len(body.content) < 1_000_000


@pytest.mark.parametrize("name", ["shop-3.0.json", "notes-3.1.yaml"])
def test_samples_of_whole_documents_are_valid(name: str) -> None:
    """Every JSON body, against the schema that its operation names."""
    data = (GOLDEN / name).read_bytes()
    document = json.loads(data) if name.endswith(".json") else _yaml(data)
    draft = jsonschema_rs.Draft4Validator if "3.0" in name else jsonschema_rs.Draft202012Validator
    checked = 0
    for each in read_openapi(data).collections[0].requests:
        method, _, path = each.extensions["x-openapi"]["operation"].partition(" ")
        media = document["paths"][path][method].get("requestBody", {}).get("content", {}).get("application/json")
        if media and isinstance(each.request.body, Json):
            schema = {**media["schema"], "components": document["components"]}
            draft({"allOf": [media["schema"]], "components": schema["components"]}).validate(
                json.loads(each.request.body.content)
            )
            checked += 1
    assert checked


def _yaml(data: bytes) -> Any:
    from tui_client.formats._data import yaml_data

    return yaml_data(data)


NUMBERS = st.integers(-20, 20)
SIMPLE = st.one_of(
    st.builds(
        lambda low, size: {"type": "integer", "minimum": low, "maximum": low + size}, NUMBERS, st.integers(0, 30)
    ),
    st.builds(
        lambda low, size: {"type": "string", "minLength": low, "maxLength": low + size},
        st.integers(0, 30),
        NUMBERS.map(abs),
    ),
    st.builds(
        lambda names: {"enum": names}, st.lists(st.integers(0, 5) | st.text(max_size=3), min_size=1, unique_by=repr)
    ),
    st.just({"type": "boolean"}),
    st.just({"type": ["null", "string"], "format": "uuid"}),
)
SCHEMAS = st.recursive(
    SIMPLE,
    lambda inner: st.one_of(
        st.builds(lambda item, least: {"type": "array", "items": item, "minItems": least}, inner, st.integers(0, 3)),
        st.builds(
            lambda members, needed: {"type": "object", "properties": members, "required": sorted(members)[:needed]},
            st.dictionaries(st.sampled_from("abcd"), inner, max_size=3),
            st.integers(0, 3),
        ),
        st.builds(lambda options: {"anyOf": options}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda one: {"allOf": [one, {"description": "x"}]}, inner),
    ),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(SCHEMAS)
def test_any_sample_is_valid(schema: Any) -> None:
    """Whatever is put together of what is understood."""
    jsonschema_rs.Draft202012Validator(schema).validate(body_of(found_for(schema)))


@pytest.mark.parametrize(("pattern", "length"), [("^[0-9]+$", 16), ("^[0-9a-fA-F]+$", 17), ("^[a-c]+[0-9]*$", 33)])
def test_a_pattern_is_repeated_until_the_text_is_long_enough(pattern: str, length: int) -> None:
    """Also where only one length will do."""
    made = sample_text({"pattern": pattern, "minLength": length, "maxLength": length})
    assert made is not None and re.fullmatch(pattern.strip("^$"), made) and len(made) == length
