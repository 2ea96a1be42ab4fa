"""A value of a document together with its place, so that every complaint names file, line, column and TOML path."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator
from datetime import date, datetime, time
from typing import Any, Final, TypeVar

import msgspec

from tui_client.errors import BrokenFile
from tui_client.storage.document import Document, FloatText
from tui_client.storage.positions import Place

T = TypeVar("T")

_UNKNOWN: Final = re.compile(r"Object contains unknown field `(.*)`")
_MISSING: Final = re.compile(r"Object missing required field `(.*)`")
_AT: Final = re.compile(r" - at `(key in )?\$(.*)`$")
_STEP: Final = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]|\[\.\.\.\]")

_NAMES: Final = {
    str: "text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    FloatText: "a number",
    list: "a list",
    dict: "a table",
    datetime: "a date and time",
    date: "a date",
    time: "a time",
}


class Node:
    """One value of a document and where it stands."""

    __slots__ = ("document", "place", "value")

    def __init__(self, document: Document, place: Place, value: Any) -> None:
        self.document = document
        self.place = place
        self.value = value

    def broken(self, reason: str, *inside: str | int) -> BrokenFile:
        """An error about this value, or about what is `inside` it."""
        return self.document.broken((*self.place, *inside), reason)

    def child(self, key: str | int) -> Node:
        """What stands at a key or index that is there."""
        return Node(self.document, (*self.place, key), self.value[key])

    def wrong(self, wanted: str) -> BrokenFile:
        """An error that says what was wanted here and what was found."""
        return self.broken(f"must be {wanted}, not {_NAMES.get(type(self.value), type(self.value).__name__)}")

    def table(self) -> dict[str, Node]:
        """The children of a table, in order."""
        if not isinstance(self.value, dict):
            raise self.wrong("a table")
        return {key: self.child(key) for key in self.value}

    def items(self) -> Iterator[Node]:
        """The items of a list, in order."""
        if not isinstance(self.value, list):
            raise self.wrong("a list")
        return (self.child(index) for index in range(len(self.value)))

    def text(self) -> str:
        """A string."""
        if not isinstance(self.value, str):
            raise self.wrong("text")
        return self.value

    def boolean(self) -> bool:
        """true or false."""
        if not isinstance(self.value, bool):
            raise self.wrong("true or false")
        return self.value

    def texts(self) -> tuple[str, ...]:
        """A list of strings."""
        return tuple(item.text() for item in self.items())

    def scalar_text(self) -> str:
        """Text, or a number, boolean or date as its text."""
        value = self.value
        if isinstance(value, dict | list):
            raise self.wrong("text, a number or a boolean")
        return scalar_text(value)

    def only(self, known: Collection[str], *, extensions: bool = False) -> None:
        """Refuse keys that are not known, naming near ones; `extensions` lets x-… pass."""
        for key in self.table():
            if key not in known and not (extensions and key.startswith("x-")):
                raise self.broken(f"unknown key {key!r}{did_you_mean(key, known)}", key)

    def convert(self, kind: type[T], drop: Collection[str] = (), **more: Any) -> T:
        """This table as a struct: strict types, unknown keys refused. `drop`: keys read elsewhere; `more`: added."""
        data = {key: plain(value) for key, value in self.value.items() if key not in drop} | more
        try:
            return msgspec.convert(data, kind)
        except msgspec.ValidationError as error:
            raise self._translated(str(error), kind) from error

    def _translated(self, message: str, kind: type[Any]) -> BrokenFile:
        found = _AT.search(message)
        steps = () if found is None else tuple(_STEP.finditer(found[2]))
        inside = tuple(int(step[2]) if step[2] else step[1] for step in steps if step[1] or step[2])
        reason = _AT.sub("", message)
        if unknown := _UNKNOWN.search(reason):
            # Near names are known only for the struct itself, not for structs inside it.
            known = [field.encode_name for field in msgspec.structs.fields(kind)] if not inside else []
            return self.broken(f"unknown key {unknown[1]!r}{did_you_mean(unknown[1], known)}", *inside, unknown[1])
        if missing := _MISSING.search(reason):
            return self.broken(f"needs {missing[1]!r}", *inside)
        return self.broken(_in_words(reason), *inside)


def scalar_text(value: object) -> str:
    """A TOML scalar as text: `1.10` as written, booleans as true and false, dates in RFC 3339."""
    match value:
        case bool():
            return "true" if value else "false"
        case FloatText():
            return value.text
        case datetime() | date() | time():
            return value.isoformat().replace("+00:00", "Z")
        case _:
            return str(value)


def plain(value: Any) -> Any:
    """A value without our float type, all the way down."""
    match value:
        case FloatText():
            return float(value)
        case list():
            return [plain(item) for item in value]
        case dict():
            return {key: plain(item) for key, item in value.items()}
        case _:
            return value


def did_you_mean(name: str, known: Collection[str]) -> str:
    """ "; did you mean 'url'?" or, with nothing near, which names there are."""
    near = difflib.get_close_matches(name, list(known), n=1)
    if near:
        return f"; did you mean {near[0]!r}?"
    return f"; known: {', '.join(known)}" if known else ""


_WORDS: Final = {
    "`str`": "text",
    "`int`": "a whole number",
    "`float`": "a number",
    "`bool`": "true or false",
    "`array`": "a list",
    "`object`": "a table",
    "`null`": "nothing",
}


def _in_words(reason: str) -> str:
    # What may be left out is still what was wanted of a value that is there.
    for sign, word in {" | null": "", "`int | float`": "a number", **_WORDS}.items():
        reason = reason.replace(sign, word)
    return reason.replace("Expected ", "must be ", 1).replace(", got ", ", not ", 1)
