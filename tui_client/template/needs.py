"""Which variables a request reaches whose value must be fetched before it can be resolved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import msgspec

from tui_client.model.effective import EffectiveRequest, Scope
from tui_client.model.request import Filter, NameValue
from tui_client.model.values import Value
from tui_client.model.variables import Choice, Constant, FromRequest, HostVariable, Prompt, Secret
from tui_client.template.fields import Spot, fill, place_of
from tui_client.template.parse import Call, Variable, names_in, parse
from tui_client.template.resolve import BASE_URL
from tui_client.template.url import is_absolute

Fetched: TypeAlias = FromRequest | Prompt | Secret | HostVariable


class _Template(msgspec.Struct, frozen=True):
    place: str
    text: str


class Need(msgspec.Struct, frozen=True):
    """A variable whose value must be fetched, and the layer that declares it."""

    name: str
    variable: Fetched
    origin: str


def needs(request: EffectiveRequest, scope: Scope) -> tuple[Need, ...]:
    """Each such variable once, in the order in which the request reaches them, through other variables too.

    Unknown variables and loops are left for `resolve`. Raises RequestFailed (template.syntax).
    """
    found: list[Need] = []
    seen: set[str] = set()
    waiting = [name for template in _templates(request) for name in _names(template)][::-1]
    while waiting:
        name = waiting.pop()
        declared = scope.find(name)
        if name in seen or declared is None:
            continue
        seen.add(name)
        origin, variable = declared
        match variable:
            case FromRequest() | Prompt() | Secret() | HostVariable():
                found.append(Need(name, variable, origin))
            case Constant(value=str() as text, literal=False) | Choice(options=(str() as text, *_)):
                waiting += list(_names(_Template(f"{origin}: {name}", text)))[::-1]
            case Constant() | Choice():
                pass
    return tuple(found)


class Reached(msgspec.Struct, frozen=True):
    """Every variable that a text leads to, through other variables too, and every expression on the way."""

    names: frozenset[str]
    expressions: tuple[Variable | Call, ...]


def reached_by(request: EffectiveRequest, scope: Scope) -> Reached:
    """What the request's texts lead to. Raises RequestFailed (template.syntax)."""
    return _reached(_templates(request), scope)


def reached_from(text: str, scope: Scope) -> Reached:
    """What one text leads to. Raises RequestFailed (template.syntax)."""
    return _reached([_Template("", text)], scope)


def _reached(waiting: list[_Template], scope: Scope) -> Reached:
    names: set[str] = set()
    expressions: list[Variable | Call] = []
    while waiting:
        template = waiting.pop()
        if "{{" not in template.text:
            continue
        for segment in parse(template.text, template.place):
            if not isinstance(segment, Variable | Call):
                continue
            expressions.append(segment)
            for name in names_in(segment):
                declared = scope.find(name)
                if name in names:
                    continue
                names.add(name)
                match declared:
                    case (origin, Constant(value=str() as text, literal=False) | Choice(options=(str() as text, *_))):
                        waiting.append(_Template(f"{origin}: {name}", text))
    return Reached(frozenset(names), tuple(expressions))


def _names(template: _Template) -> Iterator[str]:
    if "{{" in template.text:
        for segment in parse(template.text, template.place):
            if isinstance(segment, Variable | Call):
                yield from names_in(segment)


def _templates(request: EffectiveRequest) -> list[_Template]:
    """Every text of the request that may hold variables, enabled rows only."""
    key = request.key
    found = [_Template(place_of(key, "method"), request.method), _Template(place_of(key, "url"), request.url)]
    if not is_absolute(request.url):
        found.append(_Template(place_of(key, "url"), f"{{{{{BASE_URL}}}}}"))
    for place, rows in (("path", request.path), ("params", request.params), ("headers", request.headers)):
        found += _of_rows(place_of(key, place), rows)

    def collect(spot: Spot, text: str) -> str:
        found.append(_Template(spot.path, text))
        return text

    fill(request.options, place_of(key, "options"), collect)
    if request.body is not None:
        fill(request.body, place_of(key, "body"), collect)
    if request.auth is not None:
        fill(request.auth, place_of(request.auth_origin or key, "auth"), collect)
    for capture in request.captures:
        place = place_of(key, f"capture.{capture.name}")
        fill(capture.query, place, collect)
        found += _of_filters(place, capture.filters)
    for index, assertion in enumerate(request.asserts):
        if assertion.enabled:
            place = place_of(key, f"assert[{index}]")
            fill(assertion.query, place, collect)
            found += [*_of_filters(place, assertion.filters), *_of_value(f"{place}.value", assertion.value)]
    return found


def _of_rows(place: str, rows: tuple[NameValue, ...]) -> Iterator[_Template]:
    for row in rows:
        if row.enabled:
            yield _Template(f"{place}.{row.name}", row.name)
            yield _Template(f"{place}.{row.name}", row.value)


def _of_filters(place: str, filters: tuple[Filter, ...]) -> Iterator[_Template]:
    for each in filters:
        for arg in each.args:
            if isinstance(arg, str):
                yield _Template(f"{place}.filters", arg)


def _of_value(place: str, value: Value) -> Iterator[_Template]:
    match value:
        case str():
            yield _Template(place, value)
        case list():
            for each in value:
                yield from _of_value(place, each)
        case dict():
            for each in value.values():
                yield from _of_value(place, each)
        case _:
            return
