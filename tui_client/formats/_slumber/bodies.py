"""Slumber's bodies as ours."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from tui_client.formats._data import MAX_DEPTH
from tui_client.formats._format import FormatError
from tui_client.formats._slumber.place import Place
from tui_client.formats._slumber.tagged import tag_of, untagged
from tui_client.formats._values import Table, table, text
from tui_client.formats._yaml import Tagged
from tui_client.kinds.body.file import File
from tui_client.kinds.body.form import Form
from tui_client.kinds.body.json import Json
from tui_client.kinds.body.multipart import Multipart, Part
from tui_client.kinds.body.text import Text
from tui_client.model.kinds import Body
from tui_client.model.request import NameValue

_KINDS: Final = frozenset({"json", "form_urlencoded", "form_multipart", "stream", "raw"})


def read_body(value: object, place: Place) -> Body | None:
    """A text, `{type: json, data: …}` or, in version 3, `!json …`."""
    if isinstance(value, Tagged):
        kind, data = tag_of(value)
        return _of_kind(kind, untagged(data), place, native=False)
    if isinstance(value, dict):
        given = table(value)
        for name in given:
            if name not in ("type", "data", "$ref"):
                place.dropped(f"body: {name}: {text(given[name])}", "is not known here")
        return _of_kind(text(given.get("type")), given.get("data"), place, native=True)
    if value is None:
        return None
    return _text(text(value), place)


def _of_kind(kind: str, data: object, place: Place, *, native: bool) -> Body | None:
    match kind:
        case "json":
            return Json("".join(_json(data, place, native=native)))
        case "form_urlencoded":
            return Form(tuple(NameValue(name, place.template(each)) for name, each in pairs(data, place)))
        case "form_multipart":
            return Multipart(tuple(_part(name, each, place) for name, each in pairs(data, place)))
        case "stream" | "raw":
            return _text(text(table(data).get("data", data) if isinstance(data, dict) else data), place)
        case _:
            place.dropped(f"body: {kind or 'without a type'} {text(data)}".strip(), "there is no such body here")
            return None


def _text(written: str, place: Place) -> Body:
    if (path := place.file_in(written)) is not None:
        return File(path)
    return Text(place.template(written), "")


def _part(name: str, value: object, place: Place) -> Part:
    if (path := place.file_in(value)) is not None:
        return Part(name, file=path)
    return Part(name, place.template(value))


def pairs(value: object, place: Place) -> Iterator[tuple[str, object]]:
    """Names and values of a table, a list of values being one each; of version 3 also `- name=value`."""
    if isinstance(value, list):
        for each in value:
            if isinstance(each, str):
                name, _, rest = each.partition("=")
                yield place.template(name), rest
            else:
                place.dropped(text(each), "is no name and value")
        return
    for name, each in table(value).items():
        for one in each if isinstance(each, list) else [each]:
            yield place.template(name), untagged(one)


def _json(value: object, place: Place, *, native: bool, depth: int = 0) -> Iterator[str]:
    """JSON text. native: a text that is nothing but one template has the value's own type, as since version 4."""
    if depth > MAX_DEPTH:
        raise FormatError("is nested too deep")
    value, blanks = untagged(value), "  " * (depth + 1)
    match value:
        case str():
            yield place.native(value) if native else _quoted(place.template(value))
        case dict() | list() if value:
            named = isinstance(value, dict)
            yield "{" if named else "["
            rows: list[tuple[str, object]] = list(table(value).items()) if named else [("", each) for each in value]
            for number, (name, each) in enumerate(rows):
                yield f"{',' * bool(number)}\n{blanks}"
                yield f"{_quoted(place.template(name))}: " if named else ""
                yield from _json(each, place, native=native, depth=depth + 1)
            yield f"\n{blanks[2:]}{'}' if named else ']'}"
        case _:
            yield json.dumps(value, default=str)


def _quoted(template: str) -> str:
    return json.dumps(template, ensure_ascii=False)


def fields_of(value: object) -> Table:
    """The fields of an authentication, whatever form it has."""
    return table(untagged(value))
