"""Whether a value can be what a schema asks for; False is certain, True may be too kind (patterns are not tried)."""

from __future__ import annotations

from typing import Any, Final

from tui_client.formats._openapi.references import Node, References
from tui_client.formats._openapi.schema import Choice, Schema, is_number, put_together

MAX_DEPTH: Final = 12
MAX_STEPS: Final = 2000
MAX_ENUM: Final = 1000  # a value is not looked for in a longer one
_TYPES: Final[dict[str, tuple[type, ...]]] = {
    "string": (str,),
    "number": (int, float),
    "integer": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
    "file": (str,),
}


class Fitting:
    """Compares one value with schemas, for a bounded number of steps; what is left then counts as fitting.

    steps: those so far.
    """

    def __init__(self, references: References) -> None:
        self._references = references
        self.steps = 0

    def fits(self, value: Any, nodes: tuple[Node, ...], depth: int = 0) -> bool:
        """Whether the value may hold for all these schemas."""
        self.steps += 1
        if depth > MAX_DEPTH or self.steps > MAX_STEPS:
            return True
        schema = put_together(nodes, self._references)
        if schema.impossible or not _simply_fits(value, schema):
            return False
        if value is None:
            return True
        if isinstance(value, dict):
            held = self._members_fit(value, schema, depth)
        elif isinstance(value, list):
            rest = value[len(schema.prefix) :]
            pairs = zip(value, schema.prefix, strict=False)
            held = all(self.fits(each, (node,), depth + 1) for each, node in pairs) and all(
                self.fits(each, tuple(schema.items), depth + 1) for each in rest if schema.items
            )
        else:
            held = True
        return held and all(self._choice_fits(value, choice, depth) for choice in schema.choices)

    def _members_fit(self, value: dict[str, Any], schema: Schema, depth: int) -> bool:
        missing = [name for name in schema.required if name not in value]
        if any(not self._read_only(schema.properties.get(name, [])) for name in missing):
            return False
        # Which of several schemas forbids others' properties is not known once they are put together.
        closed = schema.additional is not None and schema.additional.value is False and len(schema.parts) == 1
        if closed and any(name not in schema.properties for name in value):
            return False
        known = ((each, schema.properties[name]) for name, each in value.items() if name in schema.properties)
        return all(self.fits(each, tuple(nodes), depth + 1) for each, nodes in known)

    def _read_only(self, nodes: list[Node]) -> bool:
        return any(self._references.follow(node).table().get("readOnly") is True for node in nodes)

    def _choice_fits(self, value: Any, choice: Choice, depth: int) -> bool:
        return any(self.fits(value, (option,), depth + 1) for option in choice.options)


def _simply_fits(value: Any, schema: Schema) -> bool:
    if value is None:
        return schema.nullable or schema.types is None
    if schema.types and not any(_is(value, name) for name in schema.types):
        return False
    if schema.types == ():
        return False
    enum = schema.enum
    if enum is not None and len(enum) <= MAX_ENUM and not any(_same(value, each) for each in enum):
        return False
    says = schema.says
    if "const" in says and not _same(value, says["const"]):
        return False
    if isinstance(value, str):
        return _within(len(value), says.get("minLength"), says.get("maxLength"))
    if isinstance(value, list):
        return _within(len(value), says.get("minItems"), says.get("maxItems"))
    if isinstance(value, dict):
        return _within(len(value), says.get("minProperties"), says.get("maxProperties"))
    return isinstance(value, bool) or _number_fits(value, says)


def _number_fits(value: Any, says: dict[str, Any]) -> bool:
    low, high = says.get("exclusiveMinimum"), says.get("exclusiveMaximum")
    if not is_number(value) or not _within(value, says.get("minimum"), says.get("maximum")):
        return False
    if (low is True and value == says.get("minimum")) or (is_number(low) and value <= low):
        return False
    return not ((high is True and value == says.get("maximum")) or (is_number(high) and value >= high))


def _is(value: Any, name: str) -> bool:
    if isinstance(value, bool):
        return name == "boolean"
    if name == "integer" and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, _TYPES.get(name, (object,)))


def _same(value: Any, other: Any) -> bool:
    return isinstance(value, bool) == isinstance(other, bool) and bool(value == other)


def _within(size: int | float, low: Any, high: Any) -> bool:
    return (not is_number(low) or size >= low) and (not is_number(high) or size <= high)
