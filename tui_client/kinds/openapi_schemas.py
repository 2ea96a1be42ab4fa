"""Schemas of an OpenAPI document as JSON Schema that stands alone: what is referred to comes along in `$defs`."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple, TypeAlias
from urllib.parse import unquote

from tui_client.errors import QueryError
from tui_client.kinds.json_schema import MAX_NODES, NAME, pointed

# The parsed document of a path; raises QueryError if there is none.
Read: TypeAlias = Callable[[str], Any]

_MAX_HOPS: Final = 64
_ONE: Final = frozenset(
    ("additionalProperties", "items", "not", "contains", "propertyNames", "if", "then", "else",
     "unevaluatedItems", "unevaluatedProperties", "additionalItems")
)  # fmt: skip
_SEVERAL: Final = frozenset(("allOf", "anyOf", "oneOf", "prefixItems"))
_NAMED: Final = frozenset(("properties", "patternProperties", "dependentSchemas"))
# Words for people, what only requests need, and what would give references another base than they have here.
_LEFT_OUT: Final = frozenset(
    ("title", "description", "default", "example", "examples", "deprecated", "externalDocs", "xml", "discriminator",
     "readOnly", "writeOnly", "nullable", "x-nullable", "$schema", "$id", "$anchor", "$dynamicAnchor", "$comment",
     "$vocabulary", "$defs", "definitions", "contentEncoding", "contentMediaType", "contentSchema", "format")
)  # fmt: skip


class Spot(NamedTuple):
    """A value of a document, and the file it stands in."""

    value: Any
    file: str


class Documents:
    """What stands in one document and those it refers to; `used` are the files that were looked into."""

    def __init__(self, read: Read, main: str) -> None:
        self._read = read
        self.main = main
        self.used: dict[str, Any] = {}
        self._anchors: dict[str, dict[str, Any]] = {}

    def root(self, file: str) -> Any:
        """A whole document. Raises QueryError."""
        if file not in self.used:
            self.used[file] = self._read(file)
        return self.used[file]

    @property
    def is_old(self) -> bool:
        """Whether it has the schemas of OpenAPI 3.0 and Swagger 2."""
        root = self.root(self.main)
        return "swagger" in root or str(root.get("openapi", "")).startswith("3.0")

    def target(self, reference: str, file: str) -> tuple[str, str, Any]:
        """The file, the fragment and the value of what a reference leads to. Raises QueryError."""
        path, _, fragment = reference.partition("#")
        at = posixpath.normpath(posixpath.join(posixpath.dirname(file), unquote(path))) if path else file
        if "//" in path:
            at = self._file_of(path)
        if at.startswith(("/", "..")):
            raise QueryError(NAME, f"{reference!r} leads to no file of the document")
        fragment = unquote(fragment)
        try:
            if fragment and not fragment.startswith("/"):
                return at, fragment, self._anchors_of(at)[fragment]
            return at, fragment, pointed(self.root(at), fragment)
        except (LookupError, TypeError, ValueError):
            raise QueryError(NAME, f"{reference!r} leads to nothing in the document") from None

    def _file_of(self, url: str) -> str:
        """The document may say what it is called itself."""
        if self.root(self.main).get("$self") == url:
            return self.main
        raise QueryError(NAME, f"{url} stands outside the document, and nothing is fetched")

    def _anchors_of(self, file: str) -> dict[str, Any]:
        if file not in self._anchors:
            found: dict[str, Any] = {}
            waiting, seen = [self.root(file)], 0
            while waiting and seen < MAX_NODES:
                value = waiting.pop()
                seen += 1
                if isinstance(value, dict):
                    for name in (value.get("$anchor"), value.get("$dynamicAnchor")):
                        if isinstance(name, str):
                            found.setdefault(name, value)
                    waiting += [child for child in value.values() if isinstance(child, dict | list)]
                elif isinstance(value, list):
                    waiting += [child for child in value if isinstance(child, dict | list)]
            self._anchors[file] = found
        return self._anchors[file]

    def followed(self, spot: Spot) -> Spot:
        """What a value stands for: itself, or what its `$ref` leads to. Raises QueryError."""
        for _ in range(_MAX_HOPS):
            if not isinstance(spot.value, dict) or not isinstance(spot.value.get("$ref"), str):
                return spot
            file, _fragment, value = self.target(spot.value["$ref"], spot.file)
            spot = Spot(value, file)
        raise QueryError(NAME, "a reference of the document leads to itself")

    def child(self, spot: Spot, name: str) -> Spot:
        """A member of a table, its reference followed; nothing where there is none."""
        return self.followed(Spot(table(spot.value).get(name), spot.file))


def table(value: Any) -> Mapping[str, Any]:
    """It, if it is a table; else an empty one."""
    return value if isinstance(value, dict) else {}


def standing_alone(documents: Documents, spot: Spot) -> Any:
    """A schema of a reply with all that it refers to. Raises QueryError for what leads nowhere."""
    try:
        return _Carrying(documents).whole(spot)
    except RecursionError:
        raise QueryError(NAME, "the schema is nested too deep") from None


class _Carrying:
    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._is_old = documents.is_old
        self._names: dict[tuple[str, str], str] = {}
        self._taken: set[str] = set()
        self._waiting: list[tuple[str, Spot]] = []
        self._count = 0

    def whole(self, spot: Spot) -> Any:
        made = self._schema(spot.value, spot.file)
        defined: dict[str, Any] = {}
        while self._waiting:
            name, target = self._waiting.pop()
            defined[name] = self._schema(target.value, target.file)
        if not defined:
            return made
        return {**made, "$defs": defined} if isinstance(made, dict) else made

    def _reference(self, reference: str, file: str) -> str:
        at, fragment, value = self._documents.target(reference, file)
        if (at, fragment) not in self._names:
            name = self._name(fragment.rpartition("/")[2] or posixpath.basename(at))
            self._names[at, fragment] = name
            self._waiting.append((name, Spot(value, at)))
        return f"#/$defs/{self._names[at, fragment]}"

    def _name(self, wanted: str) -> str:
        plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "._-") else "_" for sign in wanted[:100])
        name, number = plain, 1
        while name in self._taken:
            number += 1
            name = f"{plain}.{number}"
        self._taken.add(name)
        return name

    def _schema(self, schema: Any, file: str) -> Any:
        self._count += 1
        if self._count > MAX_NODES:
            raise QueryError(NAME, f"the schema has more than {MAX_NODES:,} parts")
        if not isinstance(schema, dict):
            return schema if isinstance(schema, bool) else {}
        reference = schema.get("$ref", schema.get("$dynamicRef"))
        made: dict[str, Any] = {}
        if isinstance(reference, str):
            made["$ref"] = self._reference(reference, file)
            if self._is_old:
                # What stands beside it counts for nothing there, by the letter; but this is what it is written for.
                return _with_null(made) if _is_nullable(schema) else made
        for name, value in schema.items():
            if name not in _LEFT_OUT and not name.startswith("x-") and name not in ("$ref", "$dynamicRef"):
                made[name] = self._keyword(name, value, file)
        if isinstance(made.get("required"), list):
            made["required"] = self._required(schema, made["required"], file)
        return _of_old(schema, made) if self._is_old else made

    def _keyword(self, name: str, value: Any, file: str) -> Any:
        if name in _ONE and isinstance(value, dict):
            return self._schema(value, file)
        if name in _SEVERAL and isinstance(value, list):
            return [self._schema(each, file) for each in value]
        if name in _NAMED and isinstance(value, dict):
            return {key: self._schema(each, file) for key, each in value.items()}
        return value

    def _required(self, schema: dict[str, Any], names: list[Any], file: str) -> list[Any]:
        """Without what is only written, which no reply has."""
        known = table(schema.get("properties"))
        return [name for name in names if not self._is_only_written(known.get(str(name)), file)]

    def _is_only_written(self, schema: Any, file: str) -> bool:
        if isinstance(schema, dict) and schema.get("writeOnly") is True:
            return True
        try:
            return table(self._documents.followed(Spot(schema, file)).value).get("writeOnly") is True
        except QueryError:
            return False


def _of_old(schema: Mapping[str, Any], made: dict[str, Any]) -> dict[str, Any]:
    """The words of OpenAPI 3.0 and Swagger 2 in those of 2020."""
    for limit, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if isinstance(made.get(exclusive), bool) and made.pop(exclusive) and limit in made:
            made[exclusive] = made.pop(limit)
    if not isinstance(made.get("required", []), list):
        del made["required"]  # of a parameter, by mistake
    if made.get("type") == "file":
        del made["type"]
    return _with_null(made) if _is_nullable(schema) else made


def _is_nullable(schema: Mapping[str, Any]) -> bool:
    return True in (schema.get("nullable"), schema.get("x-nullable"))


def _with_null(made: dict[str, Any]) -> dict[str, Any]:
    """Null too, whatever else is said: that is what the authors of `nullable: true` mean, also beside an enum."""
    kind = made.get("type")
    if isinstance(kind, str) and not {"enum", "const", "allOf", "anyOf", "oneOf", "not"} & made.keys():
        return {**made, "type": [kind, "null"]}
    return {"anyOf": [{"type": "null"}, made]} if made else made
