"""What is wrong with a value, in words."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scale import tries

from tui_client.errors import QueryError
from tui_client.kinds.bounded import TooSlow, quickly
from tui_client.kinds.json_schema import judge_of
from tui_client.kinds.schema_problems import problems_of


def wrong(schema: Any, value: Any) -> list[str]:
    return problems_of(judge_of(msgspec.json.encode(schema).decode()), value, 0)


def test_each_problem_has_its_place() -> None:
    """A JSON Pointer, what is there, and what the schema wants; what is wrong with the whole has none."""
    item = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}, "a/b~": {"minimum": 3}}}
    schema = {
        "properties": {"items": {"items": {"$ref": "#/$defs/item"}}},
        "required": ["next"],
        "$defs": {"item": item},
    }
    assert wrong(schema, {"items": [{"id": "x"}, {"id": 1, "a/b~": 2}, {}, {"id": 1}]}) == [
        "'next' is missing",
        "/items/0/id: 'x' is not of type integer",
        "/items/1/a~1b~0: 2 is less than 3",
        "/items/2: 'id' is missing",
    ]
    assert wrong(schema, {"items": [], "next": None}) == []


@pytest.mark.parametrize(
    ("schema", "value", "problem"),
    [
        ({"type": ["integer", "null"]}, "a", "'a' is not of type integer or null"),
        ({"type": "integer"}, 1.5, "1.5 is not of type integer"),
        ({"type": "number"}, True, "true is not of type number"),
        ({"enum": ["a", None, {}]}, 5, "5 is not one of 'a', null, an object"),
        ({"enum": list(range(12))}, "x", "'x' is not one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 or 2 more"),
        ({"const": 1}, 2, "2 is not 1"),
        ({"pattern": "^a"}, "b", "'b' does not match '^a'"),
        ({"maxLength": 3}, "a" * 201, "a text of 201 characters is longer than 3"),
        ({"multipleOf": 2}, 3, "3 is no multiple of 2"),
        ({"minItems": 1}, [], "a list has fewer items than 1"),
        ({"uniqueItems": True}, [1, 1], "has the same item more than once"),
        ({"dependentRequired": {"a": ["b"]}}, {"a": 1}, "'b' is missing, which 'a' needs"),
        ({"additionalProperties": False, "patternProperties": {"^x": {}}}, {"xa": 1, "b": 1},
         "has members that are not expected: 'b'"),
        ({"additionalProperties": {"type": "string"}}, {"a": 1}, "/a: 1 is not of type string"),
        ({"patternProperties": {"^x": {"type": "string"}}}, {"xa": 1}, "/xa: 1 is not of type string"),
        ({"prefixItems": [{}, {"type": "string"}]}, [1, 2], "/1: 2 is not of type string"),
        ({"prefixItems": [{}], "items": False}, [1, 2], "has more than 1 items"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, 1, "1 is not of type string"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}, {}, False], "not": {}}, 1, "1 does not fit not at #"),
        ({"oneOf": [{"required": ["a"]}, {"required": ["b"]}]}, {}, "an object fits none of the 2 schemas of oneOf"),
        ({"oneOf": [{}, {}]}, 1, "1 fits 2 of the 2 schemas of oneOf, not one"),
        ({"if": {"type": "string"}, "else": {"minimum": 2}}, 1, "1 is less than 2"),
        ({"dependentSchemas": {"a": {"required": ["b"]}}}, {"a": 1}, "'b' is missing"),
        ({"contains": {"type": "string"}}, [1], "a list does not fit contains at #"),
        ({"unevaluatedProperties": False}, {"a": 1}, "an object does not fit unevaluatedProperties at #"),
        ({"$dynamicRef": "#n", "$defs": {"n": {"$dynamicAnchor": "n", "type": "null"}}}, 1,
         "1 does not fit the schema at #"),
        ({"$schema": "http://json-schema.org/draft-07/schema#", "items": [{}], "additionalItems": {"type": "null"}},
         [1, 2], "/1: 2 is not of type null"),
        ({"$schema": "http://json-schema.org/draft-07/schema#", "definitions": {"a": {"minimum": 2}},
          "allOf": [{"$ref": "#/definitions/a", "type": "string"}]}, 1, "1 is less than 2"),
        (False, 1, "1 is not allowed here"),
    ],
)  # fmt: skip
def test_the_words_of_each_rule(schema: Any, value: Any, problem: str) -> None:
    """What has no words of its own is named with its place in the schema."""
    assert wrong(schema, value) == [problem]


def test_long_texts_are_not_quoted() -> None:
    """Half of a secret would not be known as one: all of a text is shown, or none of it."""
    assert wrong({"type": "integer"}, "s" * 500) == ["a text of 500 characters is not of type integer"]


def test_a_pattern_that_takes_too_long_is_not_said_to_be_broken() -> None:
    """It may match; nobody waited for the answer."""
    schema = {"pattern": "^(?=(?:(a|aa)\\1?)*$)"}
    assert wrong(schema, "aa!") == [r"'aa!' does not match '^(?=(?:(a|aa)\\1?)*$)'"]
    assert wrong(schema, "a" * 60 + "!") == ["its pattern takes too long to be matched"]


def test_twenty_are_told_and_the_others_counted() -> None:
    """A reply that is wrong all through stays a short list."""
    schema = {"items": {"type": "string"}}
    found = wrong(schema, [*range(33)])
    assert (len(found), found[-1]) == (21, "and 13 more")
    assert wrong(schema, [*range(5000)])[-1] == "and at least 981 more"


def nested(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = {"a": value}
    return value


@pytest.mark.parametrize("levels", [20, 60])
def test_schemas_that_branch_at_each_level_are_no_danger(levels: int) -> None:
    """The library's own list of errors takes minutes and gigabytes for these."""
    again = {"properties": {"a": {"$ref": "#"}}}
    assert wrong({"anyOf": [{**again, "minProperties": 5}] * 2}, nested(levels)) == [
        "an object fits none of the 2 schemas of anyOf"
    ]
    assert len(wrong({"allOf": [{**again, "type": "object"}] * 2}, nested(levels))) == 1
    assert "too deep" in wrong({"type": "object", **again}, nested(150))[0]


def test_one_wrong_item_is_found_in_a_large_reply() -> None:
    """Items that fit are asked about together."""
    items: list[Any] = [{"id": 1}] * 200_000
    items[150_000] = {"id": "x"}
    schema = {"items": {"properties": {"id": {"type": "integer"}}}}
    assert wrong(schema, items) == ["/150000/id: 'x' is not of type integer"]


def test_it_is_looked_for_where_it_holds_nothing_up() -> None:
    """A long list of problems is put together in a thread."""
    schema, value = {"items": {"properties": {"a": {"type": "string"}}}}, [{"a": 1, "b": 2}] * 5000
    judge = judge_of(msgspec.json.encode(schema).decode())
    judge.fits(value)
    with pytest.raises(TooSlow), quickly(0.0):
        problems_of(judge, value, 0)
    assert len(problems_of(judge, value, 0)) == 21


def test_a_value_as_deep_as_json_may_be_is_no_danger() -> None:
    """Half a thousand levels, each asked: what is wrong is said, or that it lies too deep."""
    (problem,) = wrong({"properties": {"a": {"$ref": "#"}}, "type": "object"}, nested(450))
    assert "too deep" in problem


_SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-9, 9), st.sampled_from(["", "a", "ab"]))
_VALUES = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc/"), inner, max_size=3)
)
_LEAVES: st.SearchStrategy[Any] = st.one_of(
    st.booleans(),
    st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(["string", "integer", "object", "array", "null"]),
            "required": st.lists(st.sampled_from("abc"), max_size=2, unique=True),
            "minimum": st.integers(-3, 3),
            "maxLength": st.integers(0, 2),
            "enum": st.lists(_SCALARS, min_size=1, max_size=3),
            # Not of the same value: what such a loop means is not defined.
            "properties": st.just({"a": {"$ref": "#"}}),
        },
    ),
)


def _holding(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    several = st.lists(inner, min_size=1, max_size=3)
    named = st.dictionaries(st.sampled_from("abc/"), inner, max_size=3)
    rules = {"items": inner, "not": inner, "if": inner, "then": inner, "else": inner, "contains": inner}
    rules |= {"additionalProperties": inner, "allOf": several, "anyOf": several, "oneOf": several, "properties": named}
    return st.fixed_dictionaries({}, optional={**rules, "prefixItems": several, "unevaluatedProperties": inner})


@settings(max_examples=tries(200, 4000), deadline=None)
@given(st.recursive(_LEAVES, _holding, max_leaves=8), _VALUES)
def test_a_value_has_problems_exactly_where_it_does_not_fit(schema: Any, value: Any) -> None:
    """Whatever the schema: none is made up, and what does not fit never passes for want of words."""
    try:
        found = wrong(schema, value)
    except QueryError:
        return
    assert (found == []) is jsonschema_rs.is_valid(schema, value)
