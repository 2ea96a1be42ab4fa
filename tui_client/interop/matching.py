"""Which request file came from which operation, in the kept document and in the new one."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec

from tui_client.errors import BrokenFile, OutsideCollection
from tui_client.formats._found import FoundRequest
from tui_client.storage.collection_files import CollectionFiles
from tui_client.storage.document import decode, read_bytes

TABLE: Final = "x-openapi"
_HEAD: Final = f"[{TABLE}]"


class Mine(msgspec.Struct, frozen=True):
    """A request file that says which operation it came from. key: in its collection; digest: SHA-256 of its bytes."""

    key: str
    text: str
    digest: str
    link: dict[str, Any]

    @property
    def document(self) -> str:
        """Where its document is kept."""
        return _text(self.link, "document")


def linked_files(shelf: CollectionFiles) -> Iterable[Mine]:
    """All request files with a link, in order. One that can't be read has none."""
    for key in shelf.all_keys():
        try:
            path = shelf.path(key)
            data, fingerprint = read_bytes(path, shelf.root)
            if TABLE.encode() not in data:
                continue
            text = decode(path, data)
        except (BrokenFile, OutsideCollection):
            continue
        if link := link_in(text):
            yield Mine(key, text, fingerprint.digest, link)


def link_in(text: str) -> dict[str, Any]:
    """What the text of a request file says of where it came from; {} where that can't be read."""
    at = text.find(_HEAD)
    tail = text[at:]
    # Where nothing can be around it the end alone is read: a hundred times faster for large bodies.
    alone = text.count(TABLE) == 1 and text[at - 1 : at] == "\n" and '"""' not in tail and "'''" not in tail
    try:
        found = tomllib.loads(tail if alone else text).get(TABLE)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


class Operations:
    """The operations of a document by what a file can know them by."""

    def __init__(self, found: Sequence[FoundRequest]) -> None:
        self.all = tuple(found)
        ids = Counter(operation_id(one) for one in found)
        self._by_operation = {operation(one): index for index, one in reversed(list(enumerate(found)))}
        # An id that two have tells neither.
        self._by_id = {name: index for index, one in enumerate(found) if (name := operation_id(one)) and ids[name] == 1}

    def with_id(self, name: str) -> int | None:
        """The index of the one with this operationId."""
        return self._by_id.get(name) if name else None

    def at(self, method_and_path: str) -> int | None:
        """The index of "get /users"."""
        return self._by_operation.get(method_and_path)

    def of(self, link: dict[str, Any]) -> int | None:
        """The index of the one that a file came from."""
        found = self.with_id(_text(link, "operation_id"))
        return self.at(_text(link, "operation")) if found is None else found


def pairs(base: Operations, theirs: Operations) -> dict[int, int]:
    """For each operation of base the one that it is in theirs: by its id, else by method and path."""
    found: dict[int, int] = {}
    for index, one in enumerate(base.all):
        if (other := theirs.with_id(operation_id(one))) is not None and base.with_id(operation_id(one)) == index:
            found[index] = other
    claimed = set(found.values())
    for index, one in enumerate(base.all):
        other = theirs.at(operation(one))
        if index not in found and other is not None and other not in claimed:
            found[index] = other
            claimed.add(other)
    return found


def operation(found: FoundRequest) -> str:
    """ "get /users/{id}"."""
    return _text(found.extensions.get(TABLE), "operation")


def operation_id(found: FoundRequest) -> str:
    """The operationId, "" where there is none."""
    return _text(found.extensions.get(TABLE), "operation_id")


def _text(table: object, key: str) -> str:
    value = table.get(key) if isinstance(table, dict) else None
    return value if isinstance(value, str) else ""
