"""The JSON Schema of all files, made from the kinds and the model, so that editors complete and check them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from tui_client.kinds import auth as auths
from tui_client.kinds import body as bodies
from tui_client.kinds import query as queries
from tui_client.kinds.filters import FILTERS
from tui_client.kinds.operators import OPERATORS
from tui_client.model.options import Options
from tui_client.model.request import NameValue
from tui_client.storage.batch import RETRY_NAMES, BatchTable, StageTable, Threshold
from tui_client.storage.rows import row_kind

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
FILES: Final = ("request", "folder", "collection", "environment", "batch")

_TEXT: Final = {"type": "string"}
_TEXTS: Final = {"type": "array", "items": _TEXT}
_SCALAR: Final = {"type": ["string", "number", "boolean"]}
_DURATION: Final = {"type": "string", "pattern": r"^(\d+(\.\d+)?(ms|s|m|h|d))+$"}


def schema(root: str = "request") -> dict[str, Any]:
    """One document with all definitions; `root` is the kind of file that it describes itself.

    Others are at "#/$defs/folder", "collection", "environment", "batch".
    """
    return {
        "$schema": DIALECT,
        "title": "tui-client collection files, format 1",
        "$ref": f"#/$defs/{root}",
        "$defs": definitions(),
    }


def definitions() -> dict[str, Any]:
    """Every definition by name: files, parts, and one for each kind ("auth.basic", "body.json", "query.status")."""
    return {
        "request": _request(),
        "folder": _file(_shared()),
        "collection": _file({"format": {"const": 1}, "base_url": _TEXT, "history": {"type": "boolean"}, **_shared()}),
        "environment": _file({"base_url": _TEXT, "variables": _ref("variables"), "headers": _ref("rows")}),
        "batch": _batch(),
        "rows": _rows(NameValue),
        "options": _plain(Options),
        "variables": {"type": "object", "additionalProperties": _ref("variable")},
        "variable": _variable(),
        "filters": {"type": "array", "items": _filter()},
        "auth": {"anyOf": [*_refs("auth", auths.kinds()), _object({"kind": {"const": "inherit"}}, ["kind"])]},
        "body": {"anyOf": _refs("body", bodies.kinds())},
        "capture": {"anyOf": _refs("capture", queries.kinds())},
        "assert": {"anyOf": _refs("assert", queries.kinds())},
        **{f"auth.{tag}": _kind(kind) for tag, kind in auths.kinds().items()},
        **{f"body.{tag}": _kind(kind) for tag, kind in bodies.kinds().items()},
        **{f"capture.{tag}": _asked(kind, {}) for tag, kind in queries.kinds().items()},
        **{f"assert.{tag}": _asked(kind, _CHECK, "op") for tag, kind in queries.kinds().items()},
    }


def _request() -> dict[str, Any]:
    return _file(
        {
            "name": _TEXT,
            "method": {"type": "string", "minLength": 1, "examples": ["GET", "POST", "PUT", "PATCH", "DELETE"]},
            "url": _TEXT,
            "description": _TEXT,
            "tags": _TEXTS,
            "path": _ref("rows"),
            "params": _ref("rows"),
            "headers": _ref("rows"),
            "body": _ref("body"),
            "auth": _ref("auth"),
            "options": _ref("options"),
            "capture": {"type": "object", "additionalProperties": _ref("capture")},
            "assert": {"type": "array", "items": _ref("assert")},
        }
    )


def _shared() -> dict[str, Any]:
    return {
        "name": _TEXT,
        "description": _TEXT,
        "order": _TEXTS,
        "headers": _ref("rows"),
        "auth": _ref("auth"),
        "options": _ref("options"),
        "variables": _ref("variables"),
    }


def _batch() -> dict[str, Any]:
    table = _plain(BatchTable)["properties"]
    retried = {"type": "array", "items": {"anyOf": [{"enum": list(RETRY_NAMES)}, {"type": "integer"}]}}
    stage = _object({"duration": _DURATION, **_plain(StageTable)["properties"]}, ["duration"])
    return _file(
        {
            **table,
            "name": _TEXT,
            "data": _TEXT,
            "duration": _DURATION,
            "delay": _DURATION,
            "retry": {**table["retry"], "properties": {**table["retry"]["properties"], "on": retried}},
            "stage": {"type": "array", "items": stage},
            "threshold": {"type": "array", "items": _plain(Threshold)},
        }
    )


_CHECK: Final[dict[str, Any]] = {
    "op": {"enum": list(OPERATORS)},
    "value": {},
    "not": {"type": "boolean"},
    "enabled": {"type": "boolean"},
}


def _asked(kind: type[msgspec.Struct], more: Mapping[str, Any], *required: str) -> dict[str, Any]:
    table = _plain(kind)
    return {
        **table,
        "properties": {**table["properties"], "filters": _ref("filters"), **more},
        "required": [*table.get("required", ()), *required],
    }


def _filter() -> dict[str, Any]:
    listed = {"type": "array", "prefixItems": [{"enum": list(FILTERS)}], "items": _SCALAR, "minItems": 1}
    return {"anyOf": [{"enum": list(FILTERS)}, listed]}


def _variable() -> dict[str, Any]:
    sources: tuple[dict[str, Any], ...] = (
        {"prompt": _TEXT},
        {"secret": {"const": True}},
        {"options": {"type": "array", "minItems": 1}},
        {"env": _TEXT},
    )
    tables = [_object(source, list(source)) for source in sources]
    tables.append(_object({"from": _TEXT, "max_age": _DURATION}, ["from"]))
    return {"anyOf": [_SCALAR, {"type": "array"}, *tables]}


def _kind(kind: type[msgspec.Struct]) -> dict[str, Any]:
    table = _plain(kind)
    for field in msgspec.structs.fields(kind):
        row = row_kind(field.type)
        if row is not None:
            # Rows have a table form too, which the struct doesn't know.
            table["properties"][field.encode_name] = _rows(row)
    return table


def _rows(row: type[msgspec.Struct]) -> dict[str, Any]:
    table = _plain(row)
    listed = {**table, "properties": {**table["properties"], "value": _SCALAR}, "additionalProperties": False}
    unnamed = {name: value for name, value in listed["properties"].items() if name != "name"}
    cell = {"anyOf": [_SCALAR, {"type": "array", "items": _SCALAR}, _object(unnamed, [])]}
    pair = {"type": "array", "prefixItems": [_TEXT, _SCALAR], "items": False, "minItems": 2}
    return {
        "anyOf": [
            {"type": "object", "additionalProperties": cell},
            {"type": "array", "items": {"anyOf": [pair, listed]}},
        ]
    }


def _plain(kind: type[msgspec.Struct]) -> dict[str, Any]:
    """A struct's own schema, what it refers to put in its place."""
    whole = msgspec.json.schema(kind, ref_template="{name}")
    found: dict[str, Any] = _inlined(whole, whole.get("$defs", {}))
    return found


def _inlined(value: Any, known: Mapping[str, Any]) -> Any:
    if isinstance(value, dict):
        if "$ref" in value:
            return _inlined(known[value["$ref"]], known)
        return {key: _inlined(item, known) for key, item in value.items() if key != "$defs"}
    return [_inlined(item, known) for item in value] if isinstance(value, list) else value


def _file(properties: dict[str, Any]) -> dict[str, Any]:
    return {**_object(properties, []), "patternProperties": {"^x-": {}}}


def _object(properties: Mapping[str, Any], required: list[str]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": required,
        "additionalProperties": False,
    }


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/$defs/{name}"}


def _refs(prefix: str, kinds: Mapping[str, Any]) -> list[dict[str, str]]:
    return [_ref(f"{prefix}.{tag}") for tag in kinds]
