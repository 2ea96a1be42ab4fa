"""References of a document, resolved on demand: inside it, and to files beside it; never fetched, never copied."""

from __future__ import annotations

import posixpath
import re
from typing import Any, Final, NamedTuple
from urllib.parse import unquote

from tui_client.formats._data import json_data, yaml_data
from tui_client.formats._format import Beside, FormatError
from tui_client.formats._found import Report

MAX_HOPS: Final = 64
MAX_FILES: Final = 2000
MAX_OUTPUT: Final = 128 * 1024 * 1024
_SHOWN: Final = 200
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:|//")
_WHOLE_NUMBER: Final = re.compile(r"[0-9]{1,9}")
_YAML_IN_BRACES: Final = (
    4 * 1024 * 1024
)  # what begins as JSON but is none may still be YAML, which takes a while to say


class Node(NamedTuple):
    """A value of a document and the file it stands in, "" being the one that is read."""

    value: Any
    file: str = ""

    def table(self) -> dict[str, Any]:
        """It, if it is a table; else an empty one."""
        return self.value if isinstance(self.value, dict) else {}


NOWHERE: Final = Node(None)


def parsed(data: bytes) -> Any:
    """JSON, or YAML, also YAML that looks like JSON that isn't valid. Raises FormatError."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"{", b"[") and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        return yaml_data(data)
    try:
        return json_data(data)
    except FormatError:
        if len(data) > _YAML_IN_BRACES:
            raise
        error_of_json = _message(data)
    try:
        return yaml_data(data)
    except FormatError:
        raise FormatError(error_of_json) from None


def _message(data: bytes) -> str:
    try:
        json_data(data)
    except FormatError as error:
        return error.reason
    return "is not JSON"


def shown(value: object) -> str:
    """Outside text for the report, not too long."""
    text = str(value)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


class References:
    """Follows references; each that leads nowhere is reported once.

    It also keeps count of what is made, since a reference makes much of little. schemas: those put together so far.
    """

    def __init__(self, root: Any, name: str, beside: Beside, report: Report) -> None:
        self.report = report
        self.schemas: dict[tuple[int, str], Any] = {}
        self._name = name
        self._beside = beside
        self._files: dict[str, Any] = {"": root}
        self._targets: dict[tuple[str, str], Node] = {}
        self._anchors: dict[str, dict[str, Any]] = {}
        self._made = 0

    def spend(self, characters: int) -> None:
        """Count what is made. Raises FormatError where it becomes too much."""
        self._made += characters
        if self._made > MAX_OUTPUT:
            raise FormatError(f"makes more than {MAX_OUTPUT >> 20} MiB once its references are followed")

    def follow(self, node: Node) -> Node:
        """What a node stands for: itself, or what its reference leads to; NOWHERE if that can't be found."""
        value, file = node
        if not isinstance(value, dict) or not isinstance(value.get("$ref"), str):
            return node
        key = (file, value["$ref"])
        found = self._targets.get(key)
        if found is None:
            found = self._targets[key] = self._chased(node)
        return found

    def child(self, node: Node, name: str) -> Node:
        """A member of a table, its reference followed."""
        return self.follow(Node(node.table().get(name), node.file))

    def _chased(self, node: Node) -> Node:
        seen: set[tuple[str, str]] = set()
        while isinstance(node.value, dict) and isinstance(node.value.get("$ref"), str):
            key = (node.file, node.value["$ref"])
            if key in seen or len(seen) > MAX_HOPS:
                return self._lost(key[1], "leads to itself")
            seen.add(key)
            node = self._target(*key)
        return node

    def _lost(self, reference: str, why: str) -> Node:
        self.report.dropped(f"$ref {shown(reference)}", "reference", why)
        return NOWHERE

    def _target(self, file: str, reference: str) -> Node:
        path, _, fragment = reference.partition("#")
        if _SCHEME.match(path):
            return self._lost(reference, "it is not in this document, and nothing is fetched; save it beside this file")
        bare = not path.startswith(".") and "/" not in path and "#" not in reference
        if bare and (named := self._by_name(path)) is not None:
            return named
        if path:
            file = posixpath.normpath(posixpath.join(posixpath.dirname(file), unquote(path)))
            file = "" if file == self._name else file
        try:
            data = self._data(file)
        except FormatError as error:
            return self._lost(reference, f"{shown(file)} {error.reason}")
        fragment = unquote(fragment)
        found = self._pointed(data, fragment) if fragment[:1] in ("", "/") else self._anchored(file, fragment)
        return self._lost(reference, "there is no such place") if found is NOWHERE else Node(found, file)

    def _by_name(self, name: str) -> Node | None:
        """A schema that is referred to by its mere name, as Swagger 1 did."""
        root = self._files[""]
        components = root.get("components")
        for schemas in (root.get("definitions"), components.get("schemas") if isinstance(components, dict) else None):
            if isinstance(schemas, dict) and name in schemas:
                return Node(schemas[name])
        return None

    def files(self) -> dict[str, Any]:
        """All files that were read, parsed, by their path; "" is the document itself."""
        return self._files

    def file(self, path: str) -> Any:
        """A file beside the document, parsed. Raises FormatError."""
        return self._data(path)

    def _data(self, file: str) -> Any:
        if file not in self._files:
            if len(self._files) >= MAX_FILES:
                raise FormatError("is one file too many")
            data = self._beside.read(file)
            self.spend(len(data))
            self._files[file] = parsed(data)
        return self._files[file]

    def _pointed(self, data: Any, pointer: str) -> Any:
        for part in pointer.split("/")[1:]:
            name = part.replace("~1", "/").replace("~0", "~")
            if isinstance(data, dict) and name in data:
                data = data[name]
            elif isinstance(data, list) and _WHOLE_NUMBER.fullmatch(name) and int(name) < len(data):
                data = data[int(name)]
            else:
                return NOWHERE
        return data

    def _anchored(self, file: str, name: str) -> Any:
        if file not in self._anchors:
            self._anchors[file] = _anchors(self._files[file])
        return self._anchors[file].get(name, NOWHERE)


def _anchors(data: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    seen: set[int] = set()
    waiting = [data]
    while waiting:
        value = waiting.pop()
        if id(value) in seen or not isinstance(value, dict | list):
            continue
        seen.add(id(value))
        if isinstance(value, list):
            waiting.extend(value)
            continue
        waiting.extend(value.values())
        for key in ("$anchor", "$dynamicAnchor"):
            if isinstance(value.get(key), str):
                found.setdefault(value[key], value)
    return found
