"""What is wrong with a value, told by JSON Pointer; found part by part with a schema that can only say yes or no.

Only what does not fit is looked into, each part once with each schema, so that no schema makes this endless.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import unquote

from tui_client.errors import QueryError
from tui_client.kinds.bounded import Deadline, OutOfTime, out_of_time
from tui_client.kinds.json_schema import NAME, Judge
from tui_client.kinds.operators import quoted

MOST_PROBLEMS: Final = 20
_MOST_COUNTED: Final = 1000
_DEEPEST: Final = 80  # in the schema and the value together; each takes some of Python's own depth
_TOGETHER: Final = 512  # items that are asked about at once
_MOST_NAMED: Final = 10
_LONG_KEY: Final = 200

_KINDS: Final = ((bool, "boolean"), (int, "integer"), (float, "number"), (str, "string"), (list, "array"))
_ALONE: Final = MappingProxyType(
    {
        "minimum": "is less than", "maximum": "is more than", "exclusiveMinimum": "is not more than",
        "exclusiveMaximum": "is not less than", "multipleOf": "is no multiple of",
        "minLength": "is shorter than", "maxLength": "is longer than", "pattern": "does not match",
        "minItems": "has fewer items than", "maxItems": "has more items than",
        "minProperties": "has fewer members than", "maxProperties": "has more members than",
        "enum": "is not one of", "const": "is not", "uniqueItems": "is not unique",
    }
)  # fmt: skip

_GIVEN_UP: Final = "its pattern takes too long to be matched"
_EXCLUSIVE: Final = {"minimum": "exclusiveMinimum", "maximum": "exclusiveMaximum"}

# A problem: where, and what is wrong there.
_Found = Iterator[tuple[str, str]]


def problems_of(judge: Judge, value: Any, size: int) -> list[str]:
    """What does not fit, "/items/0/id: 'x' is not of type integer"; [] if all does.

    Twenty at most, then "and 5 more", at least so many. Raises QueryError where that can't be told.
    """
    if judge.fits(value, size):
        return []
    walk = _Walk(judge)
    found: dict[str, None] = {}
    try:
        for where, what in walk.problems("", value, ""):
            found[f"{where}: {what}" if where else what] = None
            if len(found) > _MOST_COUNTED:
                break
    except OutOfTime:
        if not found:
            raise out_of_time(NAME) from None
        walk.ended = True
    except QueryError:
        # A part that can't be asked on its own.
        found = found or {f"{described(value)} does not fit the schema": None}
    shown = list(found)[:MOST_PROBLEMS]
    more = len(found) - len(shown)
    if more or walk.ended:
        least = "at least " if walk.ended or len(found) > _MOST_COUNTED else ""
        shown.append(f"and {least}{more:,} more" if more else "and perhaps more")
    return shown


def described(value: Any) -> str:
    """A value in a message: all of a short text or a number, else what it is."""
    match value:
        case str():
            return quoted(value)
        case dict():
            return "an object"
        case list():
            return "a list"
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case _:
            return str(value)


class _Walk:
    """Goes down where a schema and a value disagree. ended: not all was looked at."""

    def __init__(self, judge: Judge) -> None:
        self.judge = judge
        self.ended = False
        self._depth = 0
        self._repeated = 0
        self._deadline = Deadline()
        self._seen: set[tuple[str, str]] = set()

    def problems(self, pointer: str, value: Any, where: str) -> _Found:
        """Those of a value that stands at `where`, by the schema at `pointer`; none if it fits."""
        self._deadline.remaining_s()
        if self.judge.part_fits(pointer, value):
            return
        if (pointer, where) in self._seen:
            self._repeated += 1
            return
        self._seen.add((pointer, where))
        if self._depth >= _DEEPEST:
            yield where, "does not fit; what is wrong lies too deep to be looked for"
            return
        self._depth += 1
        repeated, found = self._repeated, False
        for problem in self._inside(pointer, value, where):
            found = True
            yield problem
        self._depth -= 1
        if not found and repeated == self._repeated:
            yield where, _last_word(self.judge.rules(pointer), value, pointer)

    def _inside(self, pointer: str, value: Any, where: str) -> _Found:
        schema = self.judge.rules(pointer)
        if isinstance(schema, dict):
            for look in (self._own, self._same, self._alternatives, self._members, self._items):
                yield from look(schema, pointer, value, where)

    def _own(self, schema: Mapping[str, Any], pointer: str, value: Any, where: str) -> _Found:
        """What a schema says of the value itself, no other schema in it."""
        wanted = schema.get("type")
        types = [wanted] if isinstance(wanted, str) else wanted
        if isinstance(types, list) and not any(_is_of(value, kind) for kind in types):
            yield where, f"{described(value)} is not of type {' or '.join(map(str, types))}"
            return
        if isinstance(value, dict):
            yield from ((where, what) for what in _missing(schema, value))
        for name in filter(_ALONE.__contains__, schema):
            if name.startswith("exclusive") and isinstance(schema[name], bool):
                continue  # draft 4 says so what kind of limit the other one is
            asked = {key: schema[key] for key in (name, _EXCLUSIVE.get(name, "")) if key in schema}
            if not self.judge.extract_fits(asked, f"{pointer} {name}", value):
                given_up = name == "pattern" and self.judge.gives_up(schema[name], value)
                yield where, _GIVEN_UP if given_up else _limit(name, schema[name], value)

    def _same(self, schema: Mapping[str, Any], pointer: str, value: Any, where: str) -> _Found:
        reference = schema.get("$ref")
        if isinstance(reference, str) and (reference == "#" or reference.startswith("#/")):
            yield from self.problems(unquote(reference)[1:], value, where)
        for index, _ in enumerate(schema.get("allOf", ())):
            yield from self.problems(f"{pointer}/allOf/{index}", value, where)
        if "if" in schema:
            branch = "then" if self.judge.part_fits(f"{pointer}/if", value) else "else"
            if branch in schema:
                yield from self.problems(f"{pointer}/{branch}", value, where)
        if isinstance(value, dict):
            for name in schema.get("dependentSchemas", ()):
                if name in value:
                    yield from self.problems(f"{pointer}/dependentSchemas/{_escaped(name)}", value, where)

    def _alternatives(self, schema: Mapping[str, Any], pointer: str, value: Any, where: str) -> _Found:
        for name in ("anyOf", "oneOf"):
            choices = schema.get(name)
            if not isinstance(choices, list):
                continue
            fitting = [at for at in range(len(choices)) if self.judge.part_fits(f"{pointer}/{name}/{at}", value)]
            if len(fitting) > 1 and name == "oneOf":
                yield where, f"{described(value)} fits {len(fitting)} of the {len(choices)} schemas of oneOf, not one"
            if fitting:
                continue
            real = [at for at, choice in enumerate(choices) if choice != {"type": "null"}]
            if len(real) == 1 and value is not None:
                yield from self.problems(f"{pointer}/{name}/{real[0]}", value, where)
            else:
                yield where, f"{described(value)} fits none of the {len(choices)} schemas of {name}"

    def _members(self, schema: Mapping[str, Any], pointer: str, value: Any, where: str) -> _Found:
        if not isinstance(value, dict):
            return
        known, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
        others = schema.get("additionalProperties", True)
        unexpected = []
        for name in value:
            self._deadline.tick()
            inside = f"{where}/{_escaped(name) if len(name) <= _LONG_KEY else '…'}"
            matching = [pattern for pattern in patterns if self._matches(pattern, name)]
            if name in known:
                yield from self.problems(f"{pointer}/properties/{_escaped(name)}", value[name], inside)
            for pattern in matching:
                yield from self.problems(f"{pointer}/patternProperties/{_escaped(pattern)}", value[name], inside)
            if name in known or matching or others is True:
                continue
            if others is False:
                unexpected.append(name)
            else:
                yield from self.problems(f"{pointer}/additionalProperties", value[name], inside)
        if unexpected:
            yield where, f"has members that are not expected: {_names(unexpected)}"

    def _matches(self, pattern: str, name: str) -> bool:
        return self.judge.extract_fits({"pattern": pattern}, f"pattern {pattern}", name)

    def _items(self, schema: Mapping[str, Any], pointer: str, value: Any, where: str) -> _Found:
        if not isinstance(value, list):
            return
        first, rest = ("prefixItems", "items")
        if isinstance(schema.get("items"), list):  # as before 2020
            first, rest = ("items", "additionalItems")
        ordered = schema.get(first)
        count = len(ordered) if isinstance(ordered, list) else 0
        for index in range(min(count, len(value))):
            yield from self.problems(f"{pointer}/{first}/{index}", value[index], f"{where}/{index}")
        if schema.get(rest) is False and len(value) > count:
            yield where, f"has more than {count} items"
        elif rest in schema:
            for at in range(count, len(value), _TOGETHER):
                yield from self._some_items(f"{pointer}/{rest}", value[at : at + _TOGETHER], where, at)

    def _some_items(self, pointer: str, items: list[Any], where: str, first: int) -> _Found:
        self._deadline.remaining_s()
        if not self.judge.items_fit(pointer, items):
            for index, item in enumerate(items, first):
                yield from self.problems(pointer, item, f"{where}/{index}")


def _missing(schema: Mapping[str, Any], value: Mapping[str, Any]) -> Iterator[str]:
    required = schema.get("required")
    for name in required if isinstance(required, list) else ():
        if name not in value:
            yield f"{quoted(name)} is missing"
    for name, needed in schema.get("dependentRequired", {}).items():
        for other in needed if name in value else ():
            if other not in value:
                yield f"{quoted(other)} is missing, which {quoted(name)} needs"


def _limit(name: str, limit: Any, value: Any) -> str:
    if name in ("enum", "const"):
        options = limit if name == "enum" else [limit]
        shown = ", ".join(map(described, options[:_MOST_NAMED]))
        more = f" or {len(options) - _MOST_NAMED:,} more" if len(options) > _MOST_NAMED else ""
        return f"{described(value)} is not {'one of ' if name == 'enum' else ''}{shown}{more}"
    if name == "uniqueItems":
        return "has the same item more than once"
    return f"{described(value)} {_ALONE[name]} {described(limit)}"


def _is_of(value: Any, kind: str) -> bool:
    if kind == "null":
        return value is None
    if kind == "object":
        return isinstance(value, dict)
    if isinstance(value, bool):
        return kind == "boolean"
    if isinstance(value, float) and kind == "integer":
        return value.is_integer()
    if isinstance(value, int | float) and kind == "number":
        return True
    return any(isinstance(value, python) and kind == name for python, name in _KINDS)


def _last_word(schema: Any, value: Any, pointer: str) -> str:
    if schema is False:
        return f"{described(value)} is not allowed here"
    unsaid = [name for name in ("not", "contains", "propertyNames", "unevaluatedProperties") if name in schema]
    return f"{described(value)} does not fit {' and '.join(unsaid) or 'the schema'} at #{pointer}"


def _names(names: list[str]) -> str:
    shown = ", ".join(map(quoted, names[:_MOST_NAMED]))
    return shown if len(names) <= _MOST_NAMED else f"{shown} and {len(names) - _MOST_NAMED:,} more"


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
