"""Parameters as rows: of the path, the query, the headers and the cookies, each with a sample of its value."""

from __future__ import annotations

from typing import Any, Final, TypeAlias
from urllib.parse import quote

import msgspec

from tui_client.formats._found import Report
from tui_client.formats._openapi.references import Node, References, shown
from tui_client.formats._openapi.samples import Sampler
from tui_client.formats._openapi.words import described, one_line, plain, said_of, text_in
from tui_client.formats._templates import literal
from tui_client.model.request import NameValue

Pairs: TypeAlias = list[tuple[str, str]]
PLACES: Final = ("path", "query", "header", "cookie", "querystring")
_JOINTS: Final = {"spaceDelimited": " ", "pipeDelimited": "|", "tabDelimited": "\t"}
_COLLECTIONS: Final = {"ssv": "spaceDelimited", "tsv": "tabDelimited", "pipes": "pipeDelimited"}
_RESERVED: Final = frozenset(":/?#[]@!$&'()*+,;=")
_COST: Final = 200


class Parameter(msgspec.Struct, frozen=True):
    """One parameter. rows: those for it, in their order; path: its text where it can't be a row of the path."""

    place: str
    name: str
    rows: tuple[NameValue, ...] = ()
    path: str = ""
    required: bool = False


class Parameters:
    """Reads parameters; one that is referred to by many operations is read once."""

    def __init__(self, references: References, sampler: Sampler, report: Report) -> None:
        self._references = references
        self._sampler = sampler
        self._report = report
        self._read: dict[tuple[int, str], Parameter | None] = {}

    def of(self, shared: Node, own: Node, origin: str) -> list[Parameter]:
        """Those of a path and of an operation; an operation's own replaces one of the same name and place."""
        found: dict[tuple[str, str], Parameter] = {}
        for group in (shared, own):
            listed = group.value if isinstance(group.value, list) else []
            for each in listed:
                one = self._one(Node(each, group.file), origin)
                if one is not None:
                    self._references.spend(_COST)
                    found[one.place, one.name] = one
        return list(found.values())

    def _one(self, node: Node, origin: str) -> Parameter | None:
        target = self._references.follow(node)
        key = (id(target.value), target.file)
        if key not in self._read:
            self._read[key] = self._parsed(target, origin)
        return self._read[key]

    def _parsed(self, node: Node, origin: str) -> Parameter | None:
        table = node.table()
        name, place = table.get("name"), table.get("in")
        if place in ("body", "formData"):
            return None  # of Swagger 2, read with the body
        if not isinstance(name, str) or place not in PLACES:
            if node.value is not None:
                why = "it says neither its name nor a place that is known"
                self._report.dropped(origin, f"parameter {shown(name)}", why)
            return None
        origin = f"{origin}: parameter {shown(name)}"
        value, schema = self._value(node, origin)
        said = said_of(schema, self._references) if schema.value is not None else ""
        words = described(text_in(table, "description"), said, deprecated=table.get("deprecated") is True)
        required = table.get("required") is True or place == "path"
        if place == "path":
            return self._of_path(name, value, table, words, origin)
        pairs = self._pairs(name, value, table, origin)
        if place == "header":
            return self._header(name, pairs, required, words, origin)
        if place == "cookie":
            text = "; ".join(f"{key}={each}" for key, each in pairs)
            return Parameter(place, name, (_row("Cookie", text, required, words),), required=required)
        if table.get("allowReserved") is True and any(_RESERVED.intersection(each) for _, each in pairs):
            self._report.approximated(origin, "allowReserved", "its reserved characters are sent percent-encoded")
        rows = tuple(_row(key, each, required, words) for key, each in pairs)
        return Parameter(place, name, rows, required=required)

    def _value(self, node: Node, origin: str) -> tuple[Any, Node]:
        """A sample of a parameter's value, and its schema."""
        table = node.table()
        schema = self._references.child(node, "schema")
        content = table.get("content")
        if schema.value is None and isinstance(content, dict) and content:
            media = self._references.follow(Node(next(iter(content.values())), node.file))
            schema = self._references.child(media, "schema")
            value = self._example(media)
            value = self._sampler.sample(schema)[0] if value is None else value
            return value if table.get("in") == "querystring" else plain(value), schema
        if schema.value is None and "type" in table:
            schema = node  # Swagger 2: a parameter is its own schema
        value = self._example(node) if schema is not node else None
        if value is not None:
            return value, schema
        value, sure = self._sampler.sample(schema) if schema.value is not None else ("", True)
        if not sure:
            self._report.approximated(origin, "schema", "its sample may break a rule of it")
        return value, schema

    def _example(self, node: Node) -> Any:
        table = node.table()
        if table.get("example") is not None:
            return table["example"]
        examples = table.get("examples")
        if isinstance(examples, dict):
            for each in examples.values():
                found = self._references.follow(Node(each, node.file)).table()
                value = found.get("value", found.get("dataValue"))
                if value is not None:
                    return value
        return None

    def _of_path(self, name: str, value: Any, table: dict[str, Any], words: str, origin: str) -> Parameter:
        style, explode = table.get("style", "simple"), table.get("explode") is True
        if style not in ("label", "matrix"):
            text = _joined(value, ",", explode=explode)
            if isinstance(value, list | dict) and len(value) > 1:
                self._report.approximated(origin, "several values", "the commas between them are sent as %2C")
            return Parameter("path", name, (_row(name, text, True, words),), required=True)
        if style == "label":
            path = "." + _joined(value, ".", explode=explode, encode=True)
        elif isinstance(value, dict) and explode:
            path = "".join(f";{_quoted(key)}={_quoted(plain(each))}" for key, each in value.items())
        elif isinstance(value, list) and explode:
            path = "".join(f";{_quoted(name)}={_quoted(plain(each))}" for each in value)
        else:
            path = f";{_quoted(name)}={_joined(value, ',', explode=False, encode=True)}"
        self._report.approximated(origin, f"style: {style}", "a sample of it stands in the URL")
        return Parameter("path", name, path=literal(path), required=True)

    def _header(self, name: str, pairs: Pairs, required: bool, words: str, origin: str) -> Parameter | None:
        if name.lower() == "content-type":
            self._report.approximated(origin, "header Content-Type", "the body says it")
            return None
        if name.lower() in ("accept", "authorization"):
            required = False
            self._report.approximated(origin, f"header {name}", "it is switched off: a document can't ask for it so")
        text = ",".join(each if key == name else f"{key},{each}" for key, each in pairs)
        return Parameter("header", name, (_row(name, one_line(text), required, words),), required=required)

    def _pairs(self, name: str, value: Any, table: dict[str, Any], origin: str) -> Pairs:
        """A value as names and values by its style."""
        place = table.get("in")
        style, explode = _style(table)
        if place == "querystring":
            return [(str(key), plain(each)) for key, each in value.items()] if isinstance(value, dict) else []
        if isinstance(value, dict) and style == "deepObject":
            return _deep(name, value)
        if isinstance(value, dict) and explode and style != "simple":
            return [(str(key), plain(each)) for key, each in value.items()] or [(name, "")]
        if isinstance(value, list) and explode and style != "simple":
            return [(name, plain(each)) for each in value] or [(name, "")]
        text = _joined(value, _JOINTS.get(style, ","), explode=explode)
        if place == "query" and isinstance(value, list | dict) and len(value) > 1 and style not in _JOINTS:
            self._report.approximated(origin, "several values", "the commas between them are sent as %2C")
        return [(name, text)]


def _style(table: dict[str, Any]) -> tuple[str, bool]:
    if "type" in table and "schema" not in table:  # Swagger 2
        how = str(table.get("collectionFormat", "csv"))
        return _COLLECTIONS.get(how, "form" if table.get("in") == "query" else "simple"), how == "multi"
    style = str(table.get("style", "form" if table.get("in") in ("query", "cookie") else "simple"))
    return style, table.get("explode", style in ("form", "cookie")) is True


def _row(name: str, value: str, enabled: bool, description: str) -> NameValue:
    return NameValue(literal(name), literal(value), enabled, description)


def _deep(name: str, value: dict[str, Any], depth: int = 0) -> Pairs:
    found: Pairs = []
    for key, each in value.items():
        inner = f"{name}[{key}]"
        found += _deep(inner, each, depth + 1) if isinstance(each, dict) and depth < 4 else [(inner, plain(each))]
    return found or [(name, "")]


def _joined(value: Any, joint: str, *, explode: bool, encode: bool = False) -> str:
    if isinstance(value, list):
        parts = [plain(each) for each in value]
    elif isinstance(value, dict) and explode:
        return joint.join(f"{key}={_quoted(plain(each)) if encode else plain(each)}" for key, each in value.items())
    elif isinstance(value, dict):
        parts = [plain(each) for pair in value.items() for each in pair]
    else:
        parts = [plain(value)]
    return joint.join(_quoted(part) if encode else part for part in parts)


def _quoted(text: str) -> str:
    return quote(text, safe="")
