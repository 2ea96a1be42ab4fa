"""Posting's URL, its query and its path parameters as ours."""

from __future__ import annotations

import re
from collections import defaultdict, deque
from typing import Final
from urllib.parse import parse_qsl

import msgspec

from tui_client.formats._posting.place import HOLE, Place, without_holes
from tui_client.formats._values import Table, rows, text
from tui_client.model.request import NameValue

_PATH_NAME: Final = re.compile(r"(?<!:):([A-Za-z_][A-Za-z0-9_]*)")
_ORIGIN: Final = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.\-]*://)?[^/]*")
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://")
# What is written alike by both: unreserved characters, and what both encode.
_ALIKE: Final = re.compile(r"(?:[A-Za-z0-9\-._~]|[^\x21-\x7e]|[\"<>`{}])*")


class Row(msgspec.Struct):
    """A row of Posting's tables, its templates still those of Posting."""

    name: str
    value: str
    enabled: bool = True


def read_rows(value: object, construct: str, place: Place) -> list[Row]:
    """The rows of headers, parameters and fields; what is none is told."""
    found = rows(value)
    if value is not None and (not isinstance(value, list) or len(found) < len(value)):
        place.dropped(construct, "has rows that are no names with values")
    made = []
    for each in found:
        place.note_unknown(each, ("name", "value", "enabled"), f"{construct}.")
        switch = place.flag(each.get("enabled"), f"{construct}.enabled", default=True)
        made.append(Row(text(each.get("name")), text(each.get("value")), switch))
    return made


def as_sent(given: list[Row]) -> list[Row]:
    """Rows of one name stand together, where the first that is enabled stood: so Posting sends them."""
    first: dict[str, int] = {}
    for at, row in enumerate(given):
        if row.enabled:
            first.setdefault(row.name, at)
    keys = [first[row.name] if row.enabled else at for at, row in enumerate(given)]
    return [given[at] for at in sorted(range(len(given)), key=lambda at: (keys[at], at))]


def named(given: list[Row], place: Place) -> tuple[NameValue, ...]:
    """Rows with our templates in them."""
    return tuple(NameValue(place.template(row.name), place.template(row.value), row.enabled) for row in given)


def read_address(content: Table, place: Place) -> tuple[str, tuple[NameValue, ...], tuple[NameValue, ...]]:
    """The URL without its query, path parameters, and the query as Posting puts it together."""
    whole, mark, fragment = text(content.get("url")).strip().partition("#")
    written, _, query = whole.partition("?")
    params = _merged(query, read_rows(content.get("params"), "params", place))
    url, path = _with_path(written, read_rows(content.get("path_params"), "path_params", place), place)
    url = _scheme(written, place) + url
    return url + place.url_template(mark + fragment), path, named(as_sent(params), place)


def _merged(query: str, given: list[Row]) -> list[Row]:
    """The pairs of the URL first; of those that the table has too, its switch, and its value if it has one."""
    # An encoded dollar is no sign of a variable.
    pairs = parse_qsl(query.replace("%24", "%24%24"), keep_blank_values=True)
    places: dict[str, deque[int]] = defaultdict(deque)
    for at, row in enumerate(given):
        places[row.name].append(at)
    made, taken = [], set()
    for name, value in pairs:
        if not places[name]:
            made.append(Row(name, value))
            continue
        at = places[name].popleft()
        taken.add(at)
        made.append(Row(name, given[at].value or value, given[at].enabled))
    return [*made, *(row for at, row in enumerate(given) if at not in taken)]


def _with_path(written: str, given: list[Row], place: Place) -> tuple[str, tuple[NameValue, ...]]:
    """Values of whole segments become path parameters; others stand in the URL itself."""
    origin = _origin(written)
    segments = written[len(origin) :].split("/")
    values = {row.name: row.value for row in given}
    names = dict.fromkeys(match[1] for segment in segments for match in _PATH_NAME.finditer(segment))
    inline = {name for name in values if name in names and not _alike(values[name])}
    inline |= {segment[2:] for segment in segments if segment[:2] == "::"}
    out = [_segment(segment, names, values, inline, place) for segment in segments]
    whole = {match[1] for segment in segments if (match := _PATH_NAME.fullmatch(segment))}
    kept = {name: values.get(name, "") for name in names if name in whole and name not in inline}
    path = [NameValue(name, place.template(value)) for name, value in kept.items()]
    # Those that the URL doesn't name are switched off: nobody asks for their variables.
    path += [NameValue(name, place.template(value), False) for name, value in values.items() if name not in names]
    return place.url_template(origin) + "/".join(out), tuple(path)


def _origin(written: str) -> str:
    match = _ORIGIN.match(written)
    return match[0] if match else ""


def _alike(value: str) -> bool:
    return _ALIKE.fullmatch(without_holes(value)) is not None


def _segment(segment: str, names: dict[str, None], values: dict[str, str], inline: set[str], place: Place) -> str:
    match = _PATH_NAME.fullmatch(segment)
    if match and match[1] not in inline:
        return segment
    out, at = [], 0
    for match in _PATH_NAME.finditer(segment):
        out.append(_plain(segment[at : match.start()], names, place))
        value = values.get(match[1])
        if value is None:
            place.approximated(f"path parameter {match[0]}", "has no value; it stays, where Posting would leave it out")
        out.append(match[0] if value is None else _plain(value, names, place))
        at = match.end()
    return "".join([*out, _plain(segment[at:], names, place)])


def _plain(written: str, names: dict[str, None], place: Place) -> str:
    # Two colons are one, but only in a URL that has path parameters.
    return place.url_template(written.replace("::", ":") if names else written)


def _scheme(written: str, place: Place) -> str:
    """Posting puts http:// before a URL that has no scheme once its variables are filled in."""
    if not written or written.startswith("/") or _SCHEME.match(written):
        return ""
    first = HOLE.match(written)
    if first is None or first[1]:
        return "http://"
    values = [value for value in place.known.get(first[2] or first[3], ()) if value]
    bare = [value for value in values if not _SCHEME.match(value)]
    if bare and len(bare) < len(values):
        place.approximated(f"url: {first[0]}", "has no scheme in some environments; write http:// before it there")
    return "http://" if bare and len(bare) == len(values) else ""
