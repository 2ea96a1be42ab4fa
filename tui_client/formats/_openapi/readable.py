"""What a value may be, in a few words: "integer, 1..100", "string (uuid)", "array of string"."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from tui_client.formats._openapi.references import Node, References, shown
from tui_client.formats._openapi.schema import Choice, Schema, put_together
from tui_client.formats._openapi.words import plain

MAX_VALUES: Final = 1000
MAX_OPTIONS: Final = 200  # of a choice, that are looked at
_MAX_ROUNDS: Final = 20
_MAX_DEPTH: Final = 3  # of arrays in arrays
_NAMED_OPTIONS: Final = 4
_NULLS: Final = ("null", ["null"])


class Readable(NamedTuple):
    """Schemas put together, for people. choices: what is left of them; one option beside null is none."""

    schema: Schema
    nullable: bool
    choices: tuple[Choice, ...]


def readable(nodes: tuple[Node, ...], references: References) -> Readable:
    """What all these schemas say together."""
    nullable, known = False, set[int]()
    while True:
        schema = put_together(nodes, references)
        nullable = nullable or schema.nullable or None in (schema.enum or ())[:MAX_VALUES]
        choices, single = [], []
        for choice in schema.choices:
            options = [each for each in choice.options[:MAX_OPTIONS] if not is_null(each)]
            nullable = nullable or len(options) < len(choice.options[:MAX_OPTIONS])
            if len(options) > 1:
                choices.append(choice._replace(options=options))
            elif options and choice.identity not in known:
                known.add(choice.identity)
                single += options
        if not single or len(known) > _MAX_ROUNDS:
            return Readable(schema, nullable, tuple(choices))
        nodes = (*nodes, *single)


def is_null(node: Node) -> bool:
    """Whether it is the schema of nothing but null."""
    table = node.table()
    return table.get("type") in _NULLS or table.get("enum") == [None] or ("const" in table and table["const"] is None)


def values_of(found: Readable, references: References) -> tuple[str, ...]:
    """All that a value can be, of a list its items; () where that can't be listed."""
    if found.schema.items:
        found = readable(tuple(found.schema.items), references)
    listed = _listed(found)
    if listed is None and len(found.choices) == 1:
        groups = [_listed(readable((each,), references)) for each in found.choices[0].options]
        # All of them are to be lists: one that takes anything takes more than is listed.
        listed = None if None in groups else [each for group in groups for each in group or ()]
    if listed is not None:
        return tuple(dict.fromkeys(plain(each) for each in listed[:MAX_VALUES] if each is not None))
    return ("true", "false") if found.schema.types == ("boolean",) else ()


def _listed(found: Readable) -> list[Any] | None:
    if found.schema.enum is None and found.schema.says.get("const") is not None:
        return [found.schema.says["const"]]
    return found.schema.enum


def kind_of(found: Readable, references: References, depth: int = 0) -> str:
    """Its types, format and limits; "" where nothing is said of them."""
    schema = found.schema
    types = [_with_items(name, schema, references, depth) for name in schema.types or _guessed(schema)]
    name = " or ".join(map(shown, types))
    if not name and len(found.choices) == 1 and depth < _MAX_DEPTH:
        name = _of_choice(found.choices[0], references, depth)
    form = schema.says.get("format")
    if isinstance(form, str) and form:
        name = f"{name} ({shown(form)})" if name else shown(form)
    return ", ".join(filter(None, (name, *_limits(schema.says))))


def _guessed(schema: Schema) -> tuple[str, ...]:
    if schema.properties or isinstance(getattr(schema.additional, "value", None), dict):
        return ("object",)
    return ("array",) if schema.items or schema.prefix else ()


def _with_items(name: str, schema: Schema, references: References, depth: int) -> str:
    if name != "array" or not schema.items or depth >= _MAX_DEPTH:
        return name
    inner = kind_of(readable(tuple(schema.items), references), references, depth + 1)
    return f"array of {inner.partition(', ')[0]}" if inner else name


def _of_choice(choice: Choice, references: References, depth: int) -> str:
    kinds = dict.fromkeys(
        kind_of(readable((each,), references), references, depth + 1) for each in choice.options[:_NAMED_OPTIONS]
    )
    more = " or …" if len(choice.options) > _NAMED_OPTIONS else ""
    return " or ".join(filter(None, kinds)) + more if any(kinds) else ""


def _limits(says: dict[str, Any]) -> list[str]:
    low, high = says.get("minimum"), says.get("maximum")
    above, below = says.get("exclusiveMinimum"), says.get("exclusiveMaximum")
    # Before 3.1 they say whether the limit itself is excluded.
    above, low = (low, None) if above is True else (above, low)
    below, high = (high, None) if below is True else (below, high)
    pattern = says.get("pattern")
    return [
        *_range(low, high, ""),
        *([f"more than {shown(plain(above))}"] if above is not None else []),
        *([f"less than {shown(plain(below))}"] if below is not None else []),
        *([f"a multiple of {shown(plain(says['multipleOf']))}"] if "multipleOf" in says else []),
        *_range(says.get("minLength") or None, says.get("maxLength"), " characters"),
        *_range(says.get("minItems") or None, says.get("maxItems"), " items"),
        *([f"matches {shown(pattern)}"] if isinstance(pattern, str) else []),
    ]


def _range(low: Any, high: Any, unit: str) -> list[str]:
    if low is None and high is None:
        return []
    if low is None or high is None:
        word, limit = ("at least", low) if high is None else ("at most", high)
        return [f"{word} {shown(plain(limit))}{unit}"]
    return [f"{shown(plain(low))}{'' if low == high else f'..{shown(plain(high))}'}{unit}"]
