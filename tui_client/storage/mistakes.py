"""What can be read but never used: broken templates, and queries, filters and patterns that can't be read.

A file with these still loads and opens; only `problems` tells them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from tui_client.errors import BrokenFile
from tui_client.kinds.filters import filter_problem
from tui_client.kinds.operators import value_problem
from tui_client.kinds.query import QueryKind
from tui_client.kinds.query.schema import Schema
from tui_client.model.collection import Collection, Environment, Folder
from tui_client.model.kinds import Query
from tui_client.model.request import Filter, NameValue, Request
from tui_client.model.values import Value
from tui_client.model.variables import Choice, Constant, Variable
from tui_client.storage.document import Document
from tui_client.storage.positions import Place
from tui_client.template.fields import Spot, fill
from tui_client.template.mistakes import mistake

_STEP: Final = re.compile(r"\.(\w+)|\[(\d+)\]")


class Mistake(msgspec.Struct, frozen=True):
    """A reason and its place among a struct's fields; rows are counted as they stand in the struct."""

    place: Place
    reason: str


def broken_at(document: Document, found: Mistake) -> BrokenFile:
    """The error that names a mistake's line, column and TOML path."""
    return document.broken(_toml_place(document.table, found.place), found.reason)


def in_request(request: Request) -> Iterator[Mistake]:
    """Every mistake of a request; what is switched off is passed over, as in sending."""
    yield from _in_text(("method",), request.method)
    yield from _in_text(("url",), request.url)
    for name, rows in (("path", request.path), ("params", request.params), ("headers", request.headers)):
        yield from _in_rows(name, rows)
    for name, part in (("body", request.body), ("auth", request.auth), ("options", request.options)):
        yield from _in_struct((name,), part)
    for capture in request.captures:
        place = ("capture", capture.name)
        yield from _in_query(place, capture.query)
        yield from _in_filters(place, capture.filters)
    for index, check in enumerate(request.asserts):
        if check.enabled:
            yield from _in_query(("assert", index), check.query)
            yield from _in_filters(("assert", index), check.filters)
            yield from _in_value(("assert", index, "value"), check.op, check.value)


def in_shared(shared: Collection | Folder | Environment) -> Iterator[Mistake]:
    """Every mistake of what requests share."""
    match shared:
        case Collection():
            yield from _in_text(("base_url",), shared.base_url)
            yield from in_shared(shared.root)
        case Folder():
            yield from _in_rows("headers", shared.headers)
            yield from _in_struct(("auth",), shared.auth)
            yield from _in_struct(("options",), shared.options)
            yield from _in_variables(shared.variables)
        case Environment():
            yield from _in_text(("base_url",), shared.base_url)
            yield from _in_rows("headers", shared.headers)
            yield from _in_variables(shared.variables)


def _in_text(place: Place, text: str, *, secret: bool = False) -> Iterator[Mistake]:
    if "{{" in text and (reason := mistake(text, secret=secret)):
        yield Mistake(place, reason)


def _in_rows(name: str, rows: tuple[NameValue, ...]) -> Iterator[Mistake]:
    for index, row in enumerate(rows):
        if row.enabled:
            yield from _in_text((name, index, "name"), row.name)
            yield from _in_text((name, index, "value"), row.value)


def _in_struct(place: Place, struct: msgspec.Struct | None) -> Iterator[Mistake]:
    found: list[Mistake] = []

    def look(spot: Spot, text: str) -> str:
        if "{{" in text:
            steps = tuple(step[1] or int(step[2]) for step in _STEP.finditer(spot.path))
            found.extend(_in_text((*place, *steps), text, secret=spot.secret))
        return text

    if struct is not None:
        fill(struct, "", look)
    yield from found


def _in_query(place: Place, query: Query) -> Iterator[Mistake]:
    yield from _in_struct(place, query)
    templated = _has_template(msgspec.structs.astuple(query))
    if not templated and isinstance(query, QueryKind) and (reason := query.problem()):
        yield Mistake((*place, "text" if isinstance(query, Schema) else "expr"), reason)


def _in_filters(place: Place, filters: tuple[Filter, ...]) -> Iterator[Mistake]:
    for index, item in enumerate(filters):
        # In TOML, the filter's name stands before its arguments.
        inside = (*place, "filters", index)
        for number, arg in enumerate(item.args, start=1):
            if isinstance(arg, str):
                yield from _in_text((*inside, number), arg)
        if not _has_template(item.args) and (reason := filter_problem(item)):
            yield Mistake((*inside, 1), reason)


def _in_value(place: Place, op: str, value: Value) -> Iterator[Mistake]:
    yield from _in_texts(place, value)
    if not _has_template((value,)) and (reason := value_problem(op, value)):
        yield Mistake(place, reason)


def _in_texts(place: Place, value: Value) -> Iterator[Mistake]:
    match value:
        case str():
            yield from _in_text(place, value)
        case list():
            for index, each in enumerate(value):
                yield from _in_texts((*place, index), each)
        case dict():
            for name, each in value.items():
                yield from _in_texts((*place, name), each)
        case _:
            return


def _in_variables(variables: Mapping[str, Variable]) -> Iterator[Mistake]:
    for name, variable in variables.items():
        match variable:
            case Constant(value=str() as text, literal=False):
                yield from _in_text(("variables", name), text)
            case Choice(options=options):
                for index, option in enumerate(options):
                    if isinstance(option, str):
                        yield from _in_text(("variables", name, "options", index), option)
            case _:
                pass


def _has_template(values: tuple[object, ...]) -> bool:
    return any(isinstance(value, str) and "{{" in value for value in values)


def _toml_place(value: Any, place: Place) -> Place:
    """Where in a document a place among fields is: rows may stand there as a table, or as ["name", "value"]."""
    out: list[str | int] = []
    for index, part in enumerate(place):
        if isinstance(part, int) and isinstance(value, dict):
            row = _row_places(value)[part]
            return (*out, *_inside_row(value, row, place[index + 1 :]))
        if isinstance(value, list) and isinstance(part, str):
            return (*out, 0 if part == "name" else 1)
        if not isinstance(value, dict | list):
            break
        out.append(part)
        value = value.get(part) if isinstance(value, dict) else value[int(part)]
    return tuple(out)


def _row_places(table: dict[str, Any]) -> list[Place]:
    return [
        (name, number) if isinstance(value, list) else (name,)
        for name, value in table.items()
        for number in range(len(value) if isinstance(value, list) else 1)
    ]


def _inside_row(table: dict[str, Any], row: Place, rest: Place) -> Place:
    """The field of a row of a table: its name is the key itself, its value the pair unless that is a table."""
    value: Any = table
    for part in row:
        value = value[part]
    return (*row, *rest) if isinstance(value, dict) and rest != ("name",) else row
