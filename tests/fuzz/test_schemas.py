"""Schemas and OpenAPI documents that were damaged, or made to do harm: an answer or a QueryError, in bounded time."""

from __future__ import annotations

from typing import Any

import msgspec
from fuzzing import bad_inputs, mutated
from hypothesis import strategies as st

from tui_client.errors import QueryError
from tui_client.kinds.json_schema import judge_of
from tui_client.kinds.operation_schemas import OperationSchemas
from tui_client.kinds.schema_problems import problems_of
from tui_client.model.exchange import BytesBody, Response

OK = Response(200, "OK", "HTTP/1.1", ((b"content-type", b"application/json"),), BytesBody(b"{}"))
USER: dict[str, Any] = {
    "type": "object",
    "required": ["id", "password"],
    "additionalProperties": False,
    "patternProperties": {"^x-": {"type": "string", "pattern": "^(?=a)(b|c)+$"}},
    "properties": {
        "id": {"type": "integer", "minimum": 1, "exclusiveMinimum": True},
        "password": {"type": "string", "writeOnly": True},
        "kind": {"enum": ["a", "b", None], "nullable": True},
        "friends": {"type": "array", "items": {"$ref": "#/components/schemas/User"}, "uniqueItems": True},
        "pet": {"oneOf": [{"$ref": "#/components/schemas/Pet"}, {"type": "string", "maxLength": 3}]},
    },
}
PET = {"allOf": [{"$ref": "#/components/schemas/User"}, {"anyOf": [{"required": ["x-a"]}, {"minProperties": 2}]}]}
DOCUMENT = msgspec.json.encode(
    {
        "openapi": "3.0.0",
        "paths": {"/a": {"get": {"responses": {"200": {"$ref": "#/components/responses/Ok"}}}}},
        "components": {
            "responses": {"Ok": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/User"}}}}},
            "schemas": {"User": USER, "Pet": PET},
        },
    }
)
VALUE = {"id": "x", "friends": [{"id": 1}, {"id": 1}, 5], "pet": {"id": 0, "x-a": "d"}, "kind": "c", "more": [{}]}
WORDS = (
    "type", "$ref", "properties", "items", "allOf", "anyOf", "oneOf", "not", "required", "enum", "minimum", "pattern",
    "additionalProperties", "nullable", "if", "then", "else", "contains", "prefixItems", "$id", "$anchor", "$defs",
    "unevaluatedProperties", "dependentSchemas", "patternProperties", "propertyNames", "uniqueItems", "$schema",
)  # fmt: skip
_ODD = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(-3, 3), st.floats(allow_nan=False, allow_infinity=False),
        st.sampled_from(["#", "#/", "#/allOf/0", "#/$defs/a", "#a", "x", "http://a/b", "(a+)+$", "(?=a)", "object"]),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


def asked(root: Any) -> None:
    """All that is done for one reply."""
    try:
        text = OperationSchemas({"api": root}.__getitem__, "api").text_for("get /a", OK)
        for value in (VALUE, [VALUE], 1):
            assert all(isinstance(line, str) for line in problems_of(judge_of(text), value, 1000))
    except QueryError as error:
        assert error.reason


@bad_inputs(200, mutated(st.just(DOCUMENT)))
def test_a_damaged_document_is_an_answer_or_an_error(data: bytes) -> None:
    """Bytes are lost, doubled and changed as a disk or an editor would."""
    try:
        root = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return
    asked(root)


@bad_inputs(200, _ODD)
def test_odd_parts_in_a_document_are_an_answer_or_an_error(part: Any) -> None:
    """Words of schemas with values that they never have, wherever they stand."""
    root = msgspec.json.decode(DOCUMENT)
    asked({**root, "components": {**root["components"], "schemas": {"User": part, "Pet": PET}}})
    asked({**root, "openapi": "3.1.0", "components": {**root["components"], "schemas": {"User": part}}})
    asked({**root, "components": part})
    asked({**root, "paths": part})


@bad_inputs(200, _ODD, _ODD)
def test_any_schema_with_any_value_is_an_answer_or_an_error(schema: Any, value: Any) -> None:
    """What a user writes goes the same way, references and names as they are."""
    try:
        problems_of(judge_of(msgspec.json.encode(schema).decode()), value, 1000)
    except QueryError as error:
        assert error.reason
