"""Secrets that stand in plain in the files of a collection: where they are, never what they are. Pure."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from bisect import bisect
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from tui_client.storage.positions import Outline, Place, line_column, outline, toml_path
from tui_client.storage.secret_shapes import Found, is_secret_name, known_tokens, looks_random
from tui_client.text.toml_limits import excess

_LOOKS: Final = "what looks like a secret"
# What a reply is expected to be, and what is only for people.
_NOT_SENT: Final = frozenset({"assert", "capture", "order", "tags", "description", "name", "threshold", "diff"})
_PASSED: Final = frozenset({"value", "options"})
_PAIR: Final = re.compile(
    r"(?<![A-Za-z0-9_.\-])(?P<name>[A-Za-z0-9_.\-]{2,64}+)\\?[\"']?\s{0,20}[:=]\s{0,20}\\?[\"']?"
    r"(?P<value>[^\s\"'\\&;,<>(){}\[\]]{8,4096}+)"
)
_CELL_LIMIT: Final = 1 << 20


class PlainSecret(msgspec.Struct, frozen=True):
    """A secret's place. line, column: from 1. toml_path: "" outside of TOML and in comments. what: "a GitHub token".

    shown: at most four signs of the prefix that all of its kind have. more: how many like it follow in the file.
    """

    line: int
    column: int
    what: str
    toml_path: str = ""
    shown: str = ""
    more: int = 0

    @property
    def words(self) -> str:
        """What is wrong, as a clause for people; holds nothing of the value."""
        shown = f" ({self.shown}…)" if self.shown else ""
        more = f", and {self.more} more like it" if self.more else ""
        return f"{self.what}{shown} stands here in plain{more}; make it a secret variable"


def secrets_in(name: str, text: str) -> tuple[PlainSecret, ...]:
    """The secrets in a file's text, read as its name's ending says: .toml, .csv, .tsv, .json; in the text's order."""
    ending = name.rpartition(".")[2].lower()
    found: list[tuple[Found, Place | str]] = [(one, "") for one in known_tokens(text)]
    if ending == "toml":
        found = _in_toml(text, found)
    elif ending in ("csv", "tsv"):
        found += _in_table(text, "\t" if ending == "tsv" else ",")
    else:
        found += [(one, name) for one, name in _in_pairs(text)]
    return tuple(_placed(text, _without_doubles(found)))


def _without_doubles(found: list[tuple[Found, Place | str]]) -> list[tuple[Found, Place | str]]:
    """The first of those that overlap; a known token says more than a name."""
    kept: dict[tuple[int, int], tuple[Found, Place | str]] = {}
    taken: list[tuple[int, int]] = []
    for one, place in sorted(found, key=lambda pair: (pair[0].what == _LOOKS, pair[0].start)):
        span = (one.start, one.end)
        at = bisect(taken, span)
        # What is taken does not overlap, so that the neighbours tell.
        if not any(start < one.end and one.start < end for start, end in taken[max(0, at - 1) : at + 1]):
            taken.insert(at, span)
            kept[span] = (one, place)
    return [kept[span] for span in taken]


def _placed(text: str, found: list[tuple[Found, Place | str]]) -> Iterator[PlainSecret]:
    """With line and column; those of one kind in the rows of one list are told once."""
    groups: dict[tuple[object, ...], list[tuple[Found, Place | str]]] = {}
    for one, place in found:
        alike = place if isinstance(place, str) else tuple(part for part in place if isinstance(part, str))
        groups.setdefault((one.what, alike), []).append((one, place))
    for (one, place), *others in groups.values():
        line, column = line_column(text, one.start)
        path = toml_path(place) if place and not isinstance(place, str) else ""
        yield PlainSecret(line, column, one.what, path, one.shown, len(others))


# TOML


def _in_toml(text: str, tokens: list[tuple[Found, Place | str]]) -> list[tuple[Found, Place | str]]:
    table = _table(text)
    if table is None:
        return [*tokens, *((one, name) for one, name in _in_pairs(text))]
    named = list(_named(table, ()))
    suspects = [(place, value) for place, name, value in named if _is_secret(place, name, value)]
    bodies = [(place, value) for place, _, value in named if place[0] not in _NOT_SENT and set(value) & set("=:")]
    within = [(place, value[one.start : one.end]) for place, value in bodies for one, _ in _in_pairs(value)]
    if not (tokens or suspects or within):
        return []
    scanned = outline(text)
    found = [_spot(text, scanned, place, _core(value)) for place, value in (*suspects, *within)]
    return [*((one, _around(scanned, one.start)) for one, _ in tokens), *found]


def _table(text: str) -> dict[str, Any] | None:
    try:
        return None if excess(text) else tomllib.loads(text)
    except (ValueError, RecursionError):
        return None


def _named(value: Any, place: Place, name: str = "") -> Iterator[tuple[Place, str, str]]:
    """Every text with its place and the name it stands under: of a row, that of the row."""
    match value:
        case str():
            yield place, name, value
        case {"name": str(own), "value": str(text)}:
            yield (*place, "value"), own, text
        case dict():
            for key, inner in value.items():
                yield from _named(inner, (*place, key), name if key in _PASSED else key)
        case [str(own), str(text)] if place[0] in ("params", "headers", "path", "body") and isinstance(place[-1], int):
            yield (*place, 1), own, text
        case list():
            for index, inner in enumerate(value):
                yield from _named(inner, (*place, index), name)


def _is_secret(place: Place, name: str, value: str) -> bool:
    if place[0] in _NOT_SENT or "{{" in value:
        return False
    # The value of an API key has a name that its user chose.
    if place == ("auth", "value") or is_secret_name(name):
        return looks_random(_core(value))
    if name.lower() in ("cookie", "set-cookie"):
        return any(looks_random(pair.partition("=")[2].strip()) for pair in value.split(";"))
    return False


def _core(value: str) -> str:
    """What follows the scheme of an Authorization header."""
    return value.split()[-1] if value.split() else value


def _spot(text: str, scanned: Outline, place: Place, value: str) -> tuple[Found, Place | str]:
    span = scanned.spans.get(place)
    start, end = (span.start, span.end) if span else (scanned.find(place), len(text))
    at = text.find(value, start, end)
    # Written with escapes, it is not found as it is.
    at, end = (at, at + len(value)) if at >= 0 else (start, start + 1)
    return Found(at, end, _LOOKS), place


def _around(scanned: Outline, offset: int) -> Place | str:
    """The innermost place a token stands in; "" in a comment."""
    spans = scanned.spans
    holders = [place for place, span in spans.items() if span.start <= offset < span.end]
    return min(holders, key=lambda place: spans[place].end - spans[place].start, default="")


# Other files


def _in_pairs(text: str) -> Iterator[tuple[Found, str]]:
    """Names with a value behind ":" or "=": in JSON, forms, queries."""
    for match in _PAIR.finditer(text):
        if is_secret_name(match["name"]) and looks_random(match["value"]):
            yield Found(match.start("value"), match.end("value"), _LOOKS), match["name"]


def _in_table(text: str, delimiter: str) -> list[tuple[Found, Place | str]]:
    before = csv.field_size_limit(_CELL_LIMIT)
    try:
        return list(_in_cells(text, delimiter))
    except csv.Error:
        return []
    finally:
        csv.field_size_limit(before)


def _in_cells(text: str, delimiter: str) -> Iterator[tuple[Found, Place | str]]:
    rows = csv.reader(io.StringIO(text), delimiter=delimiter)
    columns = [(index, name) for index, name in enumerate(next(rows, [])) if is_secret_name(name)]
    at = 0
    for row in rows if columns else ():
        for index, name in columns:
            if index < len(row) and looks_random(row[index]):
                found = text.find(row[index], at)
                at = found if found >= 0 else at
                yield Found(at, at + len(row[index]), _LOOKS), name
