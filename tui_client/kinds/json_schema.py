"""A JSON Schema that judges values: compiled once, never fetching anything, in a time that is bounded.

The library's own list of errors is not: it grows without end for some schemas, and holds up the program meanwhile.
So it is only asked yes or no here; `schema_problems` finds what is wrong.
"""

from __future__ import annotations

import itertools
import sys
import threading
from collections import OrderedDict
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NoReturn
from urllib.parse import quote, unquote

from tui_client.errors import QueryError
from tui_client.kinds.bounded import takes_long
from tui_client.kinds.pattern_size import written_out
from tui_client.kinds.reply import parse_json
from tui_client.text import format_bytes

if TYPE_CHECKING:
    import jsonschema_rs

NAME: Final = "schema"
MAX_SCHEMA_BYTES: Final = 64 * 1024 * 1024
MAX_NODES: Final = 100_000  # compiled in 2 s
# How often a schema may ask of one value, times the bytes of a reply: five seconds at worst. Of the schemas of Stripe,
# with a thousand the most tangled of those that are well known, that is a reply of 2 MB.
_MOST_ASKED: Final = 2_000_000_000
_QUICKLY_ASKED: Final = 10_000_000
_MAX_WEIGHT: Final = 1_000_000
_MAX_LOOKING_AROUND: Final = 256 * 1024
_BACKTRACKS: Final = 10_000
_KEPT: Final = 32
_PARTS_CHARS: Final = 16 * 1024 * 1024  # of text, which become 100 MB
_ROOT: Final = "json-schema:///schema"
_DRAFTS: Final = {"draft-04": "Draft4", "draft-06": "Draft6", "draft-07": "Draft7", "2019-09": "Draft201909"}
_REFERENCE_ALONE: Final = ("Draft4", "Draft6", "Draft7")  # what stands beside it is passed over
# Whether a schema in a schema is asked of the same value, or of a part of it.
_SAME: Final = dict.fromkeys(("allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas"), True)
_PARTS: Final = dict.fromkeys(
    ("properties", "patternProperties", "dependencies", "additionalProperties", "unevaluatedProperties", "items",
     "prefixItems", "additionalItems", "unevaluatedItems", "contains", "propertyNames"), False
)  # fmt: skip
_HOLDING: Final = _SAME | _PARTS
_NAMED: Final = frozenset(("properties", "patternProperties", "dependentSchemas", "dependencies"))


class _Parts:
    """Compiled parts of schemas, the last ones used: each is as large as all that it refers to."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[int, str], tuple[jsonschema_rs.Validator, int]] = OrderedDict()
        self._chars = 0
        self._lock = threading.Lock()  # replies are checked in several threads

    def get(self, key: tuple[int, str]) -> jsonschema_rs.Validator | None:
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            self._kept.move_to_end(key)
            return found[0]

    def put(self, key: tuple[int, str], validator: jsonschema_rs.Validator, chars: int) -> None:
        with self._lock:
            self._chars += chars - self._kept.pop(key, (None, 0))[1]
            self._kept[key] = (validator, chars)
            while self._chars > _PARTS_CHARS and len(self._kept) > 1:
                self._chars -= self._kept.popitem(last=False)[1][1]


_parts: Final = _Parts()
_numbers: Final = itertools.count()


class Judge:
    """One compiled schema. root: its JSON. looks_around: patterns need more than linear time."""

    def __init__(self, text: str) -> None:
        self.root: Any = parse_json(text, NAME)
        if not isinstance(self.root, dict | bool):
            raise QueryError(NAME, "a schema is an object, true or false")
        self.looks_around = False
        said = self.root.get("$id") if isinstance(self.root, dict) else None
        # What it refers to by a name is meant to stand beside its own.
        self._uri = said.partition("#")[0] if isinstance(said, str) and "://" in said else _ROOT
        self._number = next(_numbers)
        self._chars = len(text)
        self._resources: jsonschema_rs.Registry | None = None
        self._weight = _weight_of(self.root)
        self._draft = _draft(self.root)
        self._whole = self._compiled(self.root)

    def _compiled(self, schema: Any) -> jsonschema_rs.Validator:
        import jsonschema_rs as library  # only those who check schemas pay for the import

        cls = getattr(library, f"{self._draft}Validator")
        registry = self._registry() if schema is not self.root else None
        for linear in (True, False) if not self.looks_around else (False,):
            options = library.RegexOptions() if linear else library.FancyRegexOptions(backtrack_limit=_BACKTRACKS)
            try:
                made: jsonschema_rs.Validator = cls(
                    schema,
                    pattern_options=options,
                    retriever=_refuse,
                    registry=registry,
                    validate_formats=False,
                )
            except (ValueError, OverflowError, RecursionError, TypeError, library.ReferencingError) as error:
                if linear and '"regex"' in str(error):
                    continue  # a pattern that looks around
                raise QueryError(NAME, f"the schema can't be used: {_reason(error)}") from error
            self.looks_around = not linear
            return made
        raise AssertionError("the last of the engines has raised")

    def _registry(self) -> jsonschema_rs.Registry:
        if self._resources is None:
            from jsonschema_rs import Registry

            self._resources = Registry([(self._uri, self.root)], retriever=_refuse)
        return self._resources

    def fits(self, value: Any, size: int = 0) -> bool:
        """Whether a value fits the whole schema; size: of its text in bytes. Raises QueryError."""
        if self.looks_around and size > _MAX_LOOKING_AROUND:
            most = format_bytes(_MAX_LOOKING_AROUND)
            raise QueryError(NAME, f"a pattern of the schema looks around, which is checked up to {most} only")
        if self._weight * size > _QUICKLY_ASKED:
            takes_long()
        if self._weight * size > _MOST_ASKED:
            most = format_bytes(_MOST_ASKED // self._weight)
            raise QueryError(NAME, f"the schema has so many combinations that replies up to {most} can be checked")
        return self._asked(self._whole, value)

    def part_fits(self, pointer: str, value: Any) -> bool:
        """Whether a value fits the schema that stands at a JSON Pointer of this one. Raises QueryError."""
        return self.extract_fits(self._reference(pointer) if pointer else self.root, pointer, value)

    def gives_up(self, pattern: str, text: str) -> bool:
        """Whether it took too many attempts to tell if a text matches, so that "no" is no answer."""
        if not self.looks_around:
            return False
        errors = self._compiled({"pattern": pattern}).iter_errors(text)
        return any(type(error.kind).__name__ in ("BacktrackLimitExceeded", "RegexEngineFailure") for error in errors)

    def rules(self, pointer: str) -> Any:
        """The schema at a JSON Pointer, without what counts for nothing in it."""
        found = pointed(self.root, pointer)
        alone = self._draft in _REFERENCE_ALONE and isinstance(found, dict) and "$ref" in found
        return {"$ref": found["$ref"]} if alone else found

    def items_fit(self, pointer: str, values: list[Any]) -> bool:
        """Whether each of some values does."""
        return self.extract_fits({"items": self._reference(pointer)}, f"items {pointer}", values)

    def _reference(self, pointer: str) -> dict[str, str]:
        return {"$ref": f"{self._uri}#{quote(pointer)}"}

    def extract_fits(self, schema: Any, name: str, value: Any) -> bool:
        """The same of a schema made of parts of this one, called `name`."""
        key = (self._number, name)
        found = _parts.get(key)
        if found is None:
            found = self._compiled(schema)
            _parts.put(key, found, self._chars)
        return self._asked(found, value)

    def _asked(self, validator: jsonschema_rs.Validator, value: Any) -> bool:
        try:
            return validator.is_valid(value)
        except (ValueError, OverflowError, RecursionError, TypeError) as error:
            raise QueryError(NAME, f"the reply can't be checked: {_reason(error)}") from error


def judge_of(text: str) -> Judge:
    """The schema of a text, kept for the next time. Raises QueryError for one that can't be used."""
    if len(text) > MAX_SCHEMA_BYTES:
        raise QueryError(NAME, f"the schema is larger than {format_bytes(MAX_SCHEMA_BYTES)}")
    if "jsonschema_rs" not in sys.modules:
        takes_long()
    return _kept(text)


@lru_cache(maxsize=_KEPT)
def _kept(text: str) -> Judge:
    takes_long()
    return Judge(text)


def schema_problem(text: str) -> str:
    """Why a text is no schema that can be used; "" if it is one."""
    try:
        judge_of(text)
    except QueryError as error:
        return error.reason
    return ""


def _refuse(uri: str) -> NoReturn:
    raise ValueError(uri)


def _reason(error: Exception) -> str:
    line = str(error).partition("\n")[0]
    if "retriev" in line and (named := line.partition("'")[2].partition("'")[0]):
        line = f"{named} stands outside, and nothing is fetched"
    return line if len(line) <= 300 else f"{line[:300]}…"


def _draft(root: Any) -> str:
    said = root.get("$schema") if isinstance(root, dict) else None
    return next((name for part, name in _DRAFTS.items() if isinstance(said, str) and part in said), "Draft202012")


def pointed(root: Any, pointer: str) -> Any:
    """What a JSON Pointer leads to. Raises LookupError, TypeError."""
    value = root
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        value = value[int(name)] if isinstance(value, list) and name.isdigit() else value[name]
    return value


def _weight_of(root: Any) -> int:
    """How often a schema may ask of one value. Raises QueryError for one of absurd size, or that asks the same again
    and again: twice at each of forty levels, say."""
    most = 1
    weights: dict[int, int] = {}
    led_to: dict[int, list[tuple[bool, dict[str, Any]]]] = {}
    waiting = [root] if isinstance(root, dict) else []
    while waiting:
        node = waiting[-1]
        if id(node) in weights:
            waiting.pop()
        elif id(node) in led_to:
            waiting.pop()
            weight = weights[id(node)] = _weight(led_to[id(node)], weights) + _weight_of_patterns(node)
            most = max(most, weight)
            if weight > _MAX_WEIGHT:
                raise QueryError(NAME, "the schema asks the same too many times, all its combinations counted")
        else:
            if len(led_to) >= MAX_NODES:
                raise QueryError(NAME, f"the schema has more than {MAX_NODES:,} parts")
            found = led_to[id(node)] = _led_to(root, node)
            waiting += [child for _, child in found if id(child) not in led_to]
    return most


def _weight(found: list[tuple[bool, dict[str, Any]]], weights: dict[int, int]) -> int:
    """How often something may be asked of one value and of one path below it. A loop is counted once."""
    same, below = 1, 0
    for is_same, child in found:
        if is_same:
            same += weights.get(id(child), 1)
        else:
            below = max(below, weights.get(id(child), 1))
    return same + below


def _weight_of_patterns(node: dict[str, Any]) -> int:
    """A letter takes as long for a part of a pattern as for four schemas."""
    named = node.get("patternProperties")
    patterns = [node.get("pattern"), *(named if isinstance(named, dict) else ())]
    return sum(4 * written_out(pattern) for pattern in patterns if isinstance(pattern, str) and "{" in pattern)


def _led_to(root: Any, node: dict[str, Any]) -> list[tuple[bool, dict[str, Any]]]:
    """The schemas directly in a schema, and what it refers to."""
    found: list[tuple[bool, dict[str, Any]]] = []
    for name, value in node.items():
        is_same = _HOLDING.get(name)
        if is_same is None or not isinstance(value, dict | list):
            continue
        if isinstance(value, dict) and name not in _NAMED:
            found.append((is_same, value))
        else:
            inside = value.values() if isinstance(value, dict) else value
            found += [(is_same, child) for child in inside if isinstance(child, dict)]
    reference = node.get("$ref")
    if isinstance(reference, str) and reference.startswith("#"):
        try:
            target = pointed(root, unquote(reference[1:]))
        except (LookupError, TypeError, ValueError):
            return found
        if isinstance(target, dict):
            found.append((True, target))
    return found
