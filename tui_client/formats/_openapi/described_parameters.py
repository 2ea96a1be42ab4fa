"""What a document says of parameters, for people."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from tui_client.formats._openapi.readable import kind_of, readable, values_of
from tui_client.formats._openapi.references import Node, References
from tui_client.formats._openapi.words import plain, text_in

MAX_PARAMETERS: Final = 2000
_PLACES: Final = {"path": "path", "query": "query", "header": "header", "cookie": "cookie", "querystring": "query"}


class ParameterInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A parameter. place: "path", "query", "header", "cookie". kind: "integer, 1..100". values: all it can be."""

    name: str
    place: str
    required: bool = False
    kind: str = ""
    values: tuple[str, ...] = ()
    default: str = ""
    example: str = ""
    description: str = ""
    deprecated: bool = False


def parameters_of(shared: Node, own: Node, references: References) -> tuple[ParameterInfo, ...]:
    """Those of a path and of an operation; an operation's own replaces one of the same name and place."""
    made: dict[tuple[str, str], ParameterInfo] = {}
    for group in (shared, own):
        for each in group.value[:MAX_PARAMETERS] if isinstance(group.value, list) else []:
            one = _parameter(references.follow(Node(each, group.file)), references)
            if one is not None:
                made[one.place, one.name] = one
    return tuple(made.values())


def _parameter(node: Node, references: References) -> ParameterInfo | None:
    table = node.table()
    name, place = table.get("name"), table.get("in")
    if not isinstance(name, str) or not isinstance(place, str) or place not in _PLACES:
        return None
    media, schema = _schema(node, references)
    found = readable((schema,), references)
    says = found.schema.says
    words = [kind_of(found, references), "nullable" if found.nullable else ""]
    return ParameterInfo(
        name=name,
        place=_PLACES[place],
        required=table.get("required") is True or place == "path",
        kind=", ".join(filter(None, words)),
        values=values_of(found, references),
        default=plain(says.get("default")),
        example=plain(_example(node, media, says, references)),
        description=text_in(table, "description") or text_in(says, "description"),
        deprecated=table.get("deprecated") is True or says.get("deprecated") is True,
    )


def _schema(node: Node, references: References) -> tuple[Node, Node]:
    """What has the examples besides the parameter itself, and the schema."""
    schema = references.child(node, "schema")
    if schema.value is not None:
        return node, schema
    content = references.child(node, "content")
    for kind in content.table():
        media = references.child(content, kind)
        return media, references.child(media, "schema")
    # Of Swagger 2: a parameter is its own schema.
    return node, node if "type" in node.table() or "enum" in node.table() else schema


def _example(node: Node, media: Node, says: dict[str, Any], references: References) -> Any:
    for place in (node, media):
        if place.table().get("example") is not None:
            return place.table()["example"]
        examples = references.child(place, "examples")
        for name in examples.table():
            found = references.child(examples, name).table()
            value = found.get("value", found.get("dataValue"))
            if value is not None:
                return value
    listed = says.get("examples")
    first = listed[0] if isinstance(listed, list) and listed else None
    return next((each for each in (says.get("example"), first, says.get("x-example")) if each is not None), None)
