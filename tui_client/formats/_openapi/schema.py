"""Schemas put together: what a schema says itself, what it refers to, and all of its allOf, as one."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from tui_client.formats._openapi.references import Node, References

MAX_PARTS: Final = 500
# What it takes to put a schema together, in characters that are made.
COST: Final = 20
COST_OF_MEMBER: Final = 10
MAX_KEPT: Final = 50_000
_LARGER: Final = frozenset({"minLength", "minItems", "minProperties", "minimum"})
_SMALLER: Final = frozenset({"maxLength", "maxItems", "maxProperties", "maximum"})
_NUMBERS: Final = frozenset({"exclusiveMinimum", "exclusiveMaximum", "multipleOf"})
_FIRST: Final = frozenset({"example", "examples", "default", "const", "format", "pattern", "title", "description",
                           "x-example", "contentMediaType", "contentEncoding"})  # fmt: skip
_FLAGS: Final = frozenset({"readOnly", "nullable", "uniqueItems", "deprecated"})


class Choice(NamedTuple):
    """Schemas of which one is to hold. identity: the same wherever the same list of them is met.

    exclusive: no other may hold. tag: the property that says which it is, "" if there is none; mapping: its values.
    """

    options: list[Node]
    identity: int
    exclusive: bool
    tag: str
    mapping: dict[str, Any]


class Schema:
    """All that several schemas say together. Lists of nodes are to hold all at once, and one of each choice.

    says: simple keywords; the first to say it counts, of limits the tighter. types: without "null"; None is any.
    enum: None is any. parts: the identities of the schemas that it is put together from. plain: samples of one that
    says nothing of members, by what they are of: made once, since they are the same wherever it is met.
    """

    __slots__ = ("additional", "choices", "enum", "impossible", "items", "nullable", "parts", "plain", "prefix",
                 "properties", "required", "says", "types")  # fmt: skip

    def __init__(self) -> None:
        self.says: dict[str, Any] = {}
        self.types: tuple[str, ...] | None = None
        self.nullable = False
        self.enum: list[Any] | None = None
        self.properties: dict[str, list[Node]] = {}
        self.required: dict[str, None] = {}
        self.items: list[Node] = []
        self.prefix: list[Node] = []
        self.additional: Node | None = None
        self.choices: list[Choice] = []
        self.impossible = False
        self.parts: set[int] = set()
        self.plain: dict[int, tuple[Any, int, bool]] = {}

    @property
    def has_members(self) -> bool:
        """Whether values have parts of their own that this says something about, or that there is a choice."""
        return bool(self.properties or self.required or self.items or self.prefix or self.choices or self.additional)


def put_together(nodes: tuple[Node, ...], references: References) -> Schema:
    """What all these schemas say; not to be changed, since it is kept."""
    if len(nodes) != 1:
        return _together(nodes, references)
    value, file = nodes[0]
    if isinstance(value, dict) and len(value) == 1 and isinstance(value.get("$ref"), str):
        # One that is nothing but a reference is what that leads to, wherever it stands.
        value, file = references.follow(nodes[0])
    # Kept with the schema itself, so that no other can come to have its identity.
    kept = references.schemas.get((id(value), file))
    if kept is None:
        kept = value, _together((Node(value, file),), references)
        if len(references.schemas) < MAX_KEPT:
            references.schemas[id(value), file] = kept
    return kept[1]


def _together(nodes: tuple[Node, ...], references: References) -> Schema:
    schema = Schema()
    waiting = list(reversed(nodes))
    seen = schema.parts
    while waiting and len(seen) < MAX_PARTS:
        node = waiting.pop()
        value = node.value
        if value is False:
            schema.impossible = True
        if not isinstance(value, dict) or id(value) in seen:
            continue
        seen.add(id(value))
        everything = value.get("allOf")
        if isinstance(everything, list) and len(waiting) < MAX_PARTS:
            waiting.extend(Node(each, node.file) for each in reversed(everything[:MAX_PARTS]))
        for key in ("$ref", "$dynamicRef"):
            if isinstance(value.get(key), str):
                waiting.append(references.follow(Node({"$ref": value[key]}, node.file)))
        _take(schema, value, node.file)
        references.spend(COST + COST_OF_MEMBER * (len(schema.properties) + len(schema.required)))
    return schema


def _take(schema: Schema, value: dict[str, Any], file: str) -> None:
    _take_simple(schema.says, value)
    _take_types(schema, value)
    enum = value.get("enum")
    if isinstance(enum, list) and enum and schema.enum is None:
        schema.enum = enum
    properties = value.get("properties")
    if isinstance(properties, dict):
        for name, each in properties.items():
            schema.properties.setdefault(str(name), []).append(Node(each, file))
    required = value.get("required")
    if isinstance(required, list):
        schema.required.update((name, None) for name in required if isinstance(name, str))
    _take_items(schema, value, file)
    for key in ("oneOf", "anyOf"):
        options = value.get(key)
        if isinstance(options, list) and options:
            nodes = [Node(each, file) for each in options]
            tag, mapping = _discriminator(value)
            schema.choices.append(Choice(nodes, id(options), key == "oneOf", tag, mapping))


def _discriminator(value: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    by = value.get("discriminator")
    if not isinstance(by, dict) or not isinstance(by.get("propertyName"), str):
        return "", {}
    mapping = by.get("mapping")
    return by["propertyName"], mapping if isinstance(mapping, dict) else {}


def _take_items(schema: Schema, value: dict[str, Any], file: str) -> None:
    items, prefix, additional = value.get("items"), value.get("prefixItems"), value.get("additionalProperties")
    if isinstance(items, list):  # a tuple, before 2020-12
        prefix = prefix or items
    elif isinstance(items, dict):
        schema.items.append(Node(items, file))
    if isinstance(prefix, list) and not schema.prefix:
        schema.prefix = [Node(each, file) for each in prefix]
    if additional is not None and schema.additional is None:
        schema.additional = Node(additional, file)


def _take_simple(says: dict[str, Any], value: dict[str, Any]) -> None:
    for key, said in value.items():
        if key in _FIRST:
            says.setdefault(key, said)
        elif key in _FLAGS:
            if said is True:
                says[key] = True
        elif key in _LARGER or key in _SMALLER:
            if is_number(said):
                says[key] = said if key not in says else (max if key in _LARGER else min)(says[key], said)
        elif key in _NUMBERS and (said is True or is_number(said)):
            # A number since 3.1; before, whether `minimum` itself is excluded.
            says[key] = said


def _take_types(schema: Schema, value: dict[str, Any]) -> None:
    said = value.get("type")
    names = [said] if isinstance(said, str) else said if isinstance(said, list) else []
    types = tuple(name for name in names if isinstance(name, str) and name != "null")
    if "null" in names or value.get("nullable") is True:
        schema.nullable = True
    if not names:
        return
    if schema.types is None:
        schema.types = types
    else:
        schema.types = tuple(name for name in schema.types if name in types) or schema.types[:1]


def is_number(value: object) -> bool:
    """Whether it is a number, and finite."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return isinstance(value, int) or value - value == 0
