"""A schema as lines to be read: names, types, limits and descriptions, two blanks a level."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from tui_client.formats._openapi.readable import Readable, is_null, kind_of, readable
from tui_client.formats._openapi.references import MAX_HOPS, NOWHERE, Node, References, shown
from tui_client.formats._openapi.schema import Choice
from tui_client.formats._openapi.words import one_line, plain, text_in

MAX_LINES: Final = 400
MAX_DEPTH: Final = 8
MAX_OPTIONS: Final = 12
MAX_VALUES: Final = 20
MORE: Final = "…"
_FLAGS: Final = (("readOnly", "read only"), ("writeOnly", "write only"), ("deprecated", "deprecated"))


def outline(schema: Node, references: References) -> tuple[str, ...]:
    """At most 400 lines, 8 levels deep. A schema that is met within itself stands there by its name."""
    made = _Outline(references)
    if schema.value is not None:
        made.add((schema,), "", 0, frozenset())
    return tuple(made.lines)


class _Core(NamedTuple):
    """The schema behind references and what is wrapped around one, and the name that leads there."""

    identity: int
    name: str


class _Outline:
    def __init__(self, references: References) -> None:
        self._references = references
        self.lines: list[str] = []

    def add(
        self, nodes: tuple[Node, ...], name: str, depth: int, inside: frozenset[int], *, required: bool = False
    ) -> None:
        """Schemas that hold together, then what they hold. inside: the schemas that they stand in."""
        if not self._has_room():
            return
        found = readable(nodes, self._references)
        self._references.spend(20 * len(found.schema.properties))
        cores = [self._core(node) for node in nodes]
        met = next((core.name for core in cores if core.identity in inside), None)
        inside |= {core.identity for core in cores}
        items = tuple(found.schema.items) if not found.schema.prefix else ()
        if met is None and items:
            within = self._core(items[0])
            met = f"array of {within.name}" if within.identity in inside else None
        line = self._line(found, nodes, name, items, required=required, met=met)
        if line:
            self.lines.append("  " * depth + line)
            depth += 1
        if met is None and depth <= MAX_DEPTH:
            self._members(found, depth, inside)

    def _has_room(self) -> bool:
        if len(self.lines) < MAX_LINES:
            return True
        if self.lines[-1] != MORE:
            self.lines.append(MORE)
        return False

    def _members(self, found: Readable, depth: int, inside: frozenset[int]) -> None:
        schema = found.schema
        for name, nodes in schema.properties.items():
            self.add(tuple(nodes), name, depth, inside, required=name in schema.required)
            if len(self.lines) > MAX_LINES:
                return
        if schema.additional is not None and isinstance(schema.additional.value, dict):
            self.add((schema.additional,), "(any name)", depth, inside)
        for number, each in enumerate(schema.prefix[:MAX_LINES]):
            self.add((each,), f"[{number}]", depth, inside)
        if schema.items:
            self._items(tuple(schema.items), depth, inside, is_rest=bool(schema.prefix))
        for choice in found.choices:
            self._choice(choice, depth, inside)

    def _items(self, nodes: tuple[Node, ...], depth: int, inside: frozenset[int], *, is_rest: bool) -> None:
        """What the items of a list hold: the line of the list says what they are."""
        found = readable(nodes, self._references)
        if is_rest or found.schema.items or found.schema.prefix:
            self.add(nodes, "[]", depth, inside)
        else:
            self._members(found, depth, inside | {self._core(node).identity for node in nodes})

    def _choice(self, choice: Choice, depth: int, inside: frozenset[int]) -> None:
        if not self._has_room():
            return
        by = f", by {shown(choice.tag)}" if choice.tag else ""
        self.lines.append(f"{'  ' * depth}{'one of' if choice.exclusive else 'any of'}{by}:")
        for each in choice.options[:MAX_OPTIONS]:
            self.add((each,), self._core(each).name or "-", depth + 1, inside)
        if len(choice.options) > MAX_OPTIONS:
            self.lines.append("  " * (depth + 1) + MORE)

    def _core(self, node: Node) -> _Core:
        """Of `allOf: [X]`, `anyOf: [X, null]` and the like it is X: they say more of it, and are no other schema."""
        name = ""
        for _ in range(MAX_HOPS):
            reference = node.table().get("$ref")
            name = reference.rpartition("/")[2] if isinstance(reference, str) else name
            node = self._references.follow(node)
            only = _only(node) if "properties" not in node.table() else NOWHERE
            if only is NOWHERE:
                break
            node = only
        return _Core(id(node.value), name or one_line(text_in(node.table(), "title")))

    def _line(
        self, found: Readable, nodes: tuple[Node, ...], name: str, items: tuple[Node, ...], *, required: bool,
        met: str | None,
    ) -> str:  # fmt: skip
        says, notes = found.schema.says, ["required"] if required else []
        notes += ["nullable"] if found.nullable else []
        flags = {key for node in nodes for key, _ in _FLAGS if self._references.follow(node).table().get(key) is True}
        notes += [word for key, word in _FLAGS if says.get(key) is True or key in flags]
        inner = readable(items, self._references) if items else found
        notes += _values("one of", found.schema.enum or inner.schema.enum)
        notes += [f"{word} {shown(plain(says[key]))}" for key, word in (("const", "always"), ("default", "default"))
                  if says.get(key) is not None]  # fmt: skip
        is_open = bool(found.choices) and not found.schema.types and not found.schema.properties
        kind = met if met is not None else "" if is_open else kind_of(found, self._references)
        if not kind and not found.choices and found.schema.enum is None and "const" not in says:
            kind = "any"
        said = "  ".join(filter(None, (shown(name), ", ".join(filter(None, (shown(kind), *notes))))))
        words = text_in(says, "description") or text_in(inner.schema.says, "description")
        return " – ".join(filter(None, (said, shown(one_line(words)))))


def _only(node: Node) -> Node:
    """The one schema that a schema is wrapped around; NOWHERE for what is no wrapping."""
    for key in ("allOf", "oneOf", "anyOf"):
        options = node.table().get(key)
        if isinstance(options, list) and len(options) <= 2:
            real = [Node(each, node.file) for each in options]
            real = [each for each in real if not is_null(each)]
            if len(real) == 1:
                return real[0]
    return NOWHERE


def _values(word: str, values: list[Any] | None) -> list[str]:
    if values is None:
        return []
    more = [MORE] if len(values) > MAX_VALUES else []
    return [f"{word}: {', '.join([shown(plain(each)) for each in values[:MAX_VALUES] if each is not None] + more)}"]
