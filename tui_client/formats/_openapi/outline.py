"""A schema as lines to be read: names, types, limits and descriptions, two blanks a level."""

from __future__ import annotations

from typing import Final

from tui_client.formats._openapi.references import Node, References, shown
from tui_client.formats._openapi.schema import Schema, put_together
from tui_client.formats._openapi.words import one_line, said_of, text_in

MAX_LINES: Final = 400
MAX_DEPTH: Final = 8
MAX_OPTIONS: Final = 12
_MORE: Final = "…"
_FLAGS: Final = (("readOnly", "read only"), ("deprecated", "deprecated"))


def outline(schema: Node, references: References) -> tuple[str, ...]:
    """At most 400 lines, 8 levels deep. A schema that is met within itself stands there by its name."""
    made = _Outline(references)
    if schema.value is not None:
        made.add(schema, "", 0, frozenset())
    return tuple(made.lines)


class _Outline:
    def __init__(self, references: References) -> None:
        self._references = references
        self.lines: list[str] = []

    def add(self, node: Node, name: str, depth: int, inside: frozenset[int], *, required: bool = False) -> None:
        """A schema, then what it holds. inside: the schemas that it stands in."""
        if len(self.lines) >= MAX_LINES:
            if self.lines[-1] != _MORE:
                self.lines.append(_MORE)
            return
        target = self._references.follow(node)
        schema = put_together((node,), self._references)
        self._references.spend(20 * len(schema.properties))
        met = id(target.value) in inside
        self.lines.append(self._line(node, schema, name, depth, required=required, met=met))
        if met or depth >= MAX_DEPTH:
            return
        self._members(schema, depth + bool(self.lines[-1]), inside | {id(target.value)})
        if not self.lines[-1]:
            self.lines.pop()  # nothing is said of the whole, nor of a part

    def _members(self, schema: Schema, depth: int, inside: frozenset[int]) -> None:
        for name, nodes in schema.properties.items():
            node = nodes[0] if len(nodes) == 1 else Node({"allOf": [each.value for each in nodes]}, nodes[0].file)
            self.add(node, name, depth, inside, required=name in schema.required)
        if isinstance(getattr(schema.additional, "value", None), dict) and schema.additional is not None:
            self.add(schema.additional, "(any name)", depth, inside)
        for number, each in enumerate(schema.prefix):
            self.add(each, f"[{number}]", depth, inside)
        for each in schema.items[:1]:
            self.add(each, "[]", depth, inside)
        for choice in schema.choices:
            self.lines.append(f"{'  ' * depth}{'one of' if choice.exclusive else 'any of'}:")
            for number, each in enumerate(choice.options[:MAX_OPTIONS], start=1):
                self.add(each, f"{number})", depth + 1, inside)

    def _line(self, node: Node, schema: Schema, name: str, depth: int, *, required: bool, met: bool) -> str:
        reference = node.table().get("$ref")
        kind = said_of(node, self._references)
        if met and isinstance(reference, str):
            kind = shown(reference.rpartition("/")[2])
        notes = ["required"] if required else []
        notes += ["nullable"] if schema.nullable else []
        notes += [
            word for key, word in (("readOnly", "read only"), ("deprecated", "deprecated")) if schema.says.get(key)
        ]
        said = "  ".join(filter(None, (shown(name), ", ".join(filter(None, (kind, *notes))))))
        description = shown(one_line(text_in(schema.says, "description")))
        line = " – ".join(filter(None, (said, description)))
        return "  " * depth + line if line else ""
