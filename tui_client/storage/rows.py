"""Rows: `[params]`, `[headers]`, `[path]` and the fields of bodies, as a table or as a list."""

from __future__ import annotations

from typing import Any, TypeVar, get_args, get_origin

import msgspec

from tui_client.errors import BrokenFile
from tui_client.model.request import NameValue
from tui_client.storage.fields import fields_of
from tui_client.storage.node import Node

Row = TypeVar("Row", bound=msgspec.Struct)


def read_rows(node: Node) -> tuple[NameValue, ...]:
    """Rows of either form: `page = 1`, `expand = ["a", "b"]`, `debug = { value = "1", enabled = false }`,
    `["X-B", "1"]` or `{ name = "X-B", value = "1" }`."""
    return read_named(node, NameValue)


def read_named(node: Node, kind: type[Row]) -> tuple[Row, ...]:
    """Rows of any struct that has a `name` and a `value`."""
    if isinstance(node.value, list):
        return tuple(_list_row(item, kind) for item in node.items())
    rows: list[Row] = []
    for name, child in node.table().items():
        if isinstance(child.value, dict) and node.document.is_dotted(child.place):
            raise _dotted(child)
        values = list(child.items()) if isinstance(child.value, list) else [child]
        rows += [_row(value, name, kind) for value in values]
    return tuple(rows)


def row_kind(annotation: Any) -> type[msgspec.Struct] | None:
    """The struct of a field that holds rows (`tuple[NameValue, ...]`, `tuple[Part, ...]`), else None."""
    while hasattr(annotation, "__metadata__"):
        annotation = get_args(annotation)[0]
    if get_origin(annotation) is not tuple:
        return None
    inner = get_args(annotation)[0]
    if isinstance(inner, type) and issubclass(inner, msgspec.Struct) and "name" in inner.__struct_fields__:
        return inner
    return None


def _row(node: Node, name: str, kind: type[Row]) -> Row:
    match node.value:
        case dict():
            if "name" in node.value:
                raise node.broken("has its name twice; leave 'name' out", "name")
            return _table_row(node, kind, {"name": name})
        case list():
            raise node.wrong("text, a number or a boolean")
        case _:
            return msgspec.convert({"name": name, "value": node.scalar_text()}, kind)


def _list_row(node: Node, kind: type[Row]) -> Row:
    match node.value:
        case [str(name), value] if not isinstance(value, list | dict):
            return _row(node.child(1), name, kind)
        case dict():
            return _table_row(node, kind, {})
        case _:
            raise node.broken('must be ["name", "value"] or { name = "…", value = "…" }')


def _table_row(node: Node, kind: type[Row], more: dict[str, str]) -> Row:
    fields = [field.encode_name for field in fields_of(kind)]
    node.only([field for field in fields if field not in more])
    if "value" in node.value:
        more["value"] = node.child("value").scalar_text()
    return node.convert(kind, drop=("value",), **more)


def _dotted(node: Node) -> BrokenFile:
    name = node.place[-1]
    inner = node.value
    while isinstance(inner, dict) and inner:
        part, inner = next(iter(inner.items()))
        name = f"{name}.{part}"
    return node.broken(f'a dot in a key must be quoted: "{name}" = …')
