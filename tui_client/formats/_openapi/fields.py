"""Fields of forms, one row a property: what is required is switched on, and all where nothing is required."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from tui_client.formats._openapi.references import Node, References
from tui_client.formats._openapi.samples import Sampler
from tui_client.formats._openapi.schema import Schema, put_together
from tui_client.formats._openapi.words import described, plain, said_of, text_in
from tui_client.formats._templates import literal
from tui_client.kinds.body.multipart import Part
from tui_client.model.request import NameValue

MAX_CHOICES: Final = 20
_COST: Final = 200
_JOINTS: Final = {"spaceDelimited": " ", "pipeDelimited": "|", "tabDelimited": "\t"}
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9_.\-]+")


class _Field(NamedTuple):
    """A property of a form: its schema put together, a sample, what the form says of its encoding."""

    name: str
    schema: Schema
    value: Any
    encoding: dict[str, Any]
    enabled: bool
    words: str


def form_fields(
    media: Node, schema: Node, given: dict[str, Any], references: References, sampler: Sampler
) -> tuple[NameValue, ...]:
    """The fields of a URL-encoded form."""
    rows: list[NameValue] = []
    for field in _fields(media, schema, given, references, sampler):
        for name, value in _pairs(field):
            rows.append(NameValue(literal(name), literal(value), field.enabled, field.words))
    return tuple(rows)


def form_parts(
    media: Node, schema: Node, given: dict[str, Any], references: References, sampler: Sampler
) -> tuple[Part, ...]:
    """The parts of a multipart form; what is binary is a file."""
    parts: list[Part] = []
    for field in _fields(media, schema, given, references, sampler):
        parts += _parts(field, references)
    return tuple(parts)


def _fields(
    media: Node, schema: Node, given: dict[str, Any], references: References, sampler: Sampler
) -> Iterator[_Field]:
    whole = _whole(schema, references)
    encodings = references.child(media, "encoding")
    for name in dict.fromkeys([*whole.properties, *given]):
        nodes = tuple(whole.properties.get(name, ()))
        if any(references.follow(node).table().get("readOnly") is True for node in nodes):
            continue
        references.spend(_COST)
        node = nodes[0] if nodes else Node({})
        own = put_together(nodes, references)
        # A file needs no sample, which could be as large as a document likes.
        value = given.get(name, None if is_binary(own) or not nodes else sampler.sample(node)[0])
        words = described(
            text_in(own.says, "description"), said_of(node, references), deprecated="deprecated" in own.says
        )
        enabled = name in whole.required or name in given or not whole.required
        yield _Field(str(name), own, value, references.child(encodings, name).table(), enabled, words)


def _whole(schema: Node, references: References) -> Schema:
    """A form's schema; of a choice its first."""
    nodes: tuple[Node, ...] = (schema,)
    whole = put_together(nodes, references)
    for choice in whole.choices[:MAX_CHOICES]:
        nodes += (choice.options[0],)
    return put_together(nodes, references) if whole.choices else whole


def _pairs(field: _Field) -> list[tuple[str, str]]:
    name, value = field.name, field.value
    style = str(field.encoding.get("style", "form"))
    explode = field.encoding.get("explode", style == "form") is True
    if isinstance(value, list):
        if explode:
            return [(name, plain(each)) for each in value] or [(name, "")]
        return [(name, _JOINTS.get(style, ",").join(map(plain, value)))]
    if isinstance(value, dict) and style == "deepObject":
        return [(f"{name}[{key}]", plain(each)) for key, each in value.items()] or [(name, "")]
    return [(name, plain(value))]


def _parts(field: _Field, references: References) -> Iterator[Part]:
    said = field.encoding.get("contentType")
    media_type = said.partition(",")[0].strip() if isinstance(said, str) and "*" not in said else ""
    items = put_together(tuple(field.schema.items), references)
    binary = is_binary(field.schema) or (bool(field.schema.items) and is_binary(items))
    if binary:
        file = f"{_UNSAFE.sub('_', field.name)[:100].strip('._') or 'file'}.bin"
        yield Part(
            literal(field.name), file=file, type=literal(media_type), enabled=field.enabled, description=field.words
        )
        return
    values = field.value if isinstance(field.value, list) else [field.value]
    for value in values or [""]:
        kind = media_type or ("application/json" if isinstance(value, dict | list) else "")
        yield Part(
            literal(field.name),
            literal(plain(value)),
            type=literal(kind),
            enabled=field.enabled,
            description=field.words,
        )


def is_binary(schema: Schema) -> bool:
    """Whether a value is bytes that a file has."""
    says = schema.says
    raw = "contentMediaType" in says and "contentEncoding" not in says and schema.types in (None, ("string",))
    return says.get("format") == "binary" or schema.types == ("file",) or raw
