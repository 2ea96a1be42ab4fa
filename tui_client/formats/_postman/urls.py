"""The URL of a Postman request: text, or an object of its parts; its query and path variables as rows."""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import quote, unquote

import msgspec

from tui_client.formats._postman.place import HOLE, Place
from tui_client.formats._postman.values import Table, description, is_on, items, rows, table, text
from tui_client.formats._templates import literal
from tui_client.model.request import NameValue

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://")
# What Postman leaves in a query as it was written.
_LEFT: Final = "!$%()*+,-./:;=?@[\\]^_`{|}~"


class Url(msgspec.Struct, frozen=True):
    """What a request has of it. notes: descriptions of parameters that stand in `url`."""

    url: str = ""
    params: tuple[NameValue, ...] = ()
    path: tuple[NameValue, ...] = ()
    notes: tuple[str, ...] = ()


class _Row(msgspec.Struct, frozen=True):
    name: str
    value: str | None
    on: bool = True
    description: str = ""


class _Parts(msgspec.Struct, frozen=True):
    base: str
    query: tuple[_Row, ...] = ()
    fragment: str = ""


def read_url(value: object, place: Place) -> Url:
    """The URL with its rows; what can't be told by a row stays in the URL."""
    whole = table(value)
    parts = _parts(whole, place) if whole else _split(text(value))
    if whole.get("auth"):
        place.dropped("user and password of the URL's parts", "use basic authentication")
    inside, params, notes = _placed(parts.query, place)
    url = place.template(_absolute(parts.base, place)) + inside
    url += f"#{place.template(parts.fragment)}" if parts.fragment else ""
    return Url(url, params, tuple(_path_row(row, place) for row in rows(whole.get("variable"))), notes)


def _split(raw: str) -> _Parts:
    rest, _, fragment = raw.strip().partition("#")
    base, _, query = rest.partition("?")
    return _Parts(base, tuple(_pair(each) for each in query.split("&")) if query else (), fragment)


def _pair(written: str) -> _Row:
    name, equals, value = written.partition("=")
    return _Row(name, value if equals else None)


def _parts(whole: Table, place: Place) -> _Parts:
    raw = text(whole.get("raw")).strip()
    said = _split(raw)
    base = _base(whole) if whole.get("host") or whole.get("path") else said.base
    scheme = _SCHEME.match(raw)
    if scheme and base and not base.startswith("/") and "://" not in base:
        base = scheme[0] + base
    if isinstance(whole.get("query"), list):
        query = tuple(_query_row(row) for row in rows(whole["query"]))
    else:
        query = said.query
    parts = _Parts(base, query, text(whole.get("hash")) or said.fragment)
    if raw and not _agree(parts, said):
        place.approximated("url", "its text and its parts differ; the parts are taken, as Postman sends them")
    return parts


def _base(whole: Table) -> str:
    protocol = text(whole.get("protocol")).removesuffix("://").removesuffix(":")
    host = _joined(whole.get("host"), ".")
    port = text(whole.get("port"))
    path = _joined(whole.get("path"), "/")
    base = (f"{protocol}://" if protocol and host else "") + host + (f":{port}" if port else "")
    return f"{base}/{path.removeprefix('/')}" if whole.get("path") else base


def _joined(value: object, joint: str) -> str:
    if isinstance(value, str):
        return value
    return joint.join(text(each.get("value")) if isinstance(each, dict) else text(each) for each in items(value))


def _query_row(row: Table) -> _Row:
    value = row.get("value")
    written = None if value is None else text(value)
    return _Row(text(row.get("key")), written, is_on(row), description(row.get("description")))


def _agree(parts: _Parts, said: _Parts) -> bool:
    if unquote(parts.base).rstrip("/") != unquote(said.base).rstrip("/"):
        return False
    told = [(unquote(row.name), unquote(row.value or "")) for row in said.query if row.name or row.value]
    every = [row for row in parts.query if row.name or row.value]
    on = [(unquote(row.name), unquote(row.value or "")) for row in every if row.on]
    return told in (on, [(unquote(row.name), unquote(row.value or "")) for row in every])


def _absolute(base: str, place: Place) -> str:
    """With the http:// that Postman adds; without, it would be taken for a path below base_url."""
    if not base or base.startswith("/") or "://" in base:
        return base
    first = HOLE.match(base)
    if first is None:
        return f"http://{base}"
    known = place.values.get(first[1].strip(), "").strip()
    if known and "://" not in known and not known.startswith(("{{", "/")):
        place.imported("url", f"begins with http://, since {first[0]} has no scheme")
        return f"http://{base}"
    return base


def _placed(query: tuple[_Row, ...], place: Place) -> tuple[str, tuple[NameValue, ...], tuple[str, ...]]:
    """The text that stays in the URL, the rows after it, and the descriptions of what is in that text."""
    cut = max((i + 1 for i, row in enumerate(query) if row.on and not _is_exact(row)), default=0)
    if cut and not _written(query[cut - 1], place):  # an empty one at the end of the URL would be lost
        cut = next((i + 1 for i in range(cut, len(query)) if query[i].on), cut)
    inside = [_written(row, place) for row in query[:cut] if row.on]
    params = tuple(_param(row, place) for i, row in enumerate(query) if i >= cut or not row.on)
    notes = tuple(f"`{row.name}`: {row.description}" for row in query[:cut] if row.on and row.description)
    if notes:
        place.imported("descriptions of parameters", "stand in the request's: a row would not send the same bytes")
    return f"?{'&'.join(inside)}" if inside else "", params, notes


def _is_exact(row: _Row) -> bool:
    """Whether a row of ours, decoded, is sent as Postman sends this one."""
    return row.value is not None and _same(row.name, name=True) and _same(row.value)


def _same(written: str, *, name: bool = False) -> bool:
    try:
        return all(
            quote(unquote(piece, errors="strict"), safe="") == _sent(piece, name=name)
            for piece in HOLE.split(written)[::2]
        )
    except ValueError:
        return False


def _sent(piece: str, *, name: bool = False) -> str:
    return quote(piece, safe=_LEFT.replace("=", "") if name else _LEFT)


def _written(row: _Row, place: Place) -> str:
    name = _encoded(row.name, place, name=True)
    return name if row.value is None else f"{name}={_encoded(row.value, place)}"


def _encoded(written: str, place: Place, *, name: bool = False) -> str:
    pieces: list[str] = []
    at = 0
    for match in HOLE.finditer(written):
        pieces += [literal(_sent(written[at : match.start()], name=name)), place.hole(match)]
        at = match.end()
    return "".join([*pieces, literal(_sent(written[at:], name=name))])


def _param(row: _Row, place: Place) -> NameValue:
    return NameValue(place.decoded(row.name), place.decoded(row.value or ""), row.on, row.description)


def _path_row(row: Table, place: Place) -> NameValue:
    name = text(row.get("key") or row.get("id") or row.get("name"))
    value = text(row.get("value"))
    if not value:
        place.imported(f"path variable {name}", "has no value and is off; with a value, switch it on")
    elif not _same(value):
        place.approximated(f"path variable {name}", "is percent-encoded when it is sent, which Postman does not do")
    return NameValue(name, place.decoded(value), is_on(row) and value != "", description(row.get("description")))


def raw_of(value: Any) -> str:
    """A URL for a title."""
    return text(value.get("raw")) if isinstance(value, dict) else text(value)
