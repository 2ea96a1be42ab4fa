"""A request as a person wrote it: templates still in it, nothing inherited yet."""

from __future__ import annotations

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
