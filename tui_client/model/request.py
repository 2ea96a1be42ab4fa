"""A request as a person wrote it: templates still in it, nothing inherited yet."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date, time

import msgspec

from tui_client.model.kinds import Auth, Body, Query
from tui_client.model.options import Options
from tui_client.model.values import Value


class NameValue(msgspec.Struct, frozen=True):
    """One row of query parameters, headers, path parameters or form fields; order and repeats count."""

    name: str
    value: str = ""
    enabled: bool = True
    description: str = ""


class Filter(msgspec.Struct, frozen=True):
    """One filter and its arguments: `"count"`, or `["nth", 0]`."""

    name: str
    args: tuple[str | int | float | bool, ...] = ()


class Capture(msgspec.Struct, frozen=True):
    """Takes a value from the reply into the variable `name`."""

    name: str
    query: Query
    filters: tuple[Filter, ...] = ()


class Assertion(msgspec.Struct, frozen=True):
    """One `[[assert]]`: query, filters, operator, value. `value` is None for operators that take none."""

    query: Query
    op: str
    value: Value = None
    filters: tuple[Filter, ...] = ()
    negated: bool = False
    enabled: bool = True

    def __eq__(self, other: object) -> bool:
        # To Python 1 is True and 1.0; to TOML and to a check they differ, and an edit from one to another is an edit.
        return isinstance(other, Assertion) and self._said == other._said

    def __hash__(self) -> int:
        return hash(self._said)

    @property
    def _said(self) -> tuple[object, ...]:
        return self.query, self.op, _typed(self.value), self.filters, self.negated, self.enabled


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One request file. `auth` None: inherited from folder, then collection. `body` None: none."""

    name: str = ""
    method: str = "GET"
    url: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    path: tuple[NameValue, ...] = ()
    params: tuple[NameValue, ...] = ()
    headers: tuple[NameValue, ...] = ()
    body: Body | None = None
    auth: Auth | None = None
    options: Options = Options()
    captures: tuple[Capture, ...] = ()
    asserts: tuple[Assertion, ...] = ()


def _typed(value: Value) -> Hashable:
    """A value that is equal to another only where their types are."""
    match value:
        case list():
            return "list", *map(_typed, value)
        case dict():
            return "dict", *((name, _typed(one)) for name, one in value.items())
        case float():
            return "float", float.__repr__(value)
        case date() | time():
            return type(value).__name__, value.isoformat()
        case _:
            return type(value).__name__, value
