"""A session as JSON, and back; pure.

What the user typed is in it as it was typed, secrets too: it is their unsaved text. Whoever writes it to a file sees to
it that nobody else can read that.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, time
from math import isfinite
from typing import Any, Final, Union

import msgspec

from tui_client.kinds import auth, body, query
from tui_client.model.options import Options
from tui_client.model.request import Assertion, Capture, Filter, NameValue, Request
from tui_client.tui.session.state import Base, SavedTab, SessionState

FORMAT: Final = 1
_TOML: Final = "$toml"  # a date, a time, an infinite number: JSON has no word for them


class _Capture(msgspec.Struct):
    name: str
    query: Any
    filters: tuple[Filter, ...] = ()


class _Assertion(msgspec.Struct):
    query: Any
    op: str
    value: Any = None
    filters: tuple[Filter, ...] = ()
    negated: bool = False
    enabled: bool = True


class _Draft(msgspec.Struct):
    """A request, but for the unions of kinds, which the model does not know."""

    name: str = ""
    method: str = "GET"
    url: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    path: tuple[NameValue, ...] = ()
    params: tuple[NameValue, ...] = ()
    headers: tuple[NameValue, ...] = ()
    body: Any = None
    auth: Any = None
    options: Options = Options()
    captures: tuple[_Capture, ...] = ()
    asserts: tuple[_Assertion, ...] = ()


class _Head(msgspec.Struct):
    format: int = 0


class _Tab(msgspec.Struct):
    key: str = ""
    collection: str = ""
    draft: _Draft | None = None
    base: Base | None = None
    folder: str = ""


class _File(msgspec.Struct):
    tabs: list[_Tab] = []
    active: int = 0
    environments: dict[str, str] = {}
    room: tuple[str, ...] = ()


def encode(state: SessionState) -> bytes:
    """The bytes of its file. Raises ValueError for text that is no Unicode."""
    tabs = [msgspec.structs.replace(tab, draft=tab.draft and _sayable(tab.draft)) for tab in state.tabs]
    return msgspec.json.encode({"format": FORMAT, **msgspec.structs.asdict(state), "tabs": tabs})


def decode(data: bytes) -> SessionState:
    """A session from its file. Raises ValueError for one that is damaged, or of a newer version of the program."""
    try:
        if msgspec.json.decode(data, type=_Head).format != FORMAT:
            raise ValueError("it has another format")
        read = msgspec.json.decode(data, type=_File)
        tabs = tuple(
            SavedTab(tab.key, tab.collection, None if tab.draft is None else _request(tab.draft), tab.base, tab.folder)
            for tab in read.tabs
        )
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error
    return SessionState(tabs, read.active, read.environments, read.room)


def _sayable(draft: Request) -> Request:
    """The draft with dates, times and odd numbers as JSON can say them."""
    asserts = tuple(msgspec.structs.replace(one, value=_said(one.value)) for one in draft.asserts)
    return msgspec.structs.replace(draft, asserts=asserts)


def _said(value: Any) -> Any:
    match value:
        case date() | time():
            return {_TOML: value.isoformat()}
        case float() if not isfinite(value):
            return {_TOML: str(value)}
        case list() | tuple():
            return [*map(_said, value)]
        case dict():
            return {name: _said(one) for name, one in value.items()}
        case _:
            return value


def _request(draft: _Draft) -> Request:
    values = msgspec.structs.asdict(draft)
    values["auth"] = _kind(draft.auth, auth.kinds())
    values["body"] = _kind(draft.body, body.kinds())
    values["captures"] = tuple(
        Capture(one.name, _kind(one.query, query.kinds()), one.filters) for one in draft.captures
    )
    values["asserts"] = tuple(
        Assertion(_kind(one.query, query.kinds()), one.op, _value(one.value), one.filters, one.negated, one.enabled)
        for one in draft.asserts
    )
    return Request(**values)


def _value(value: Any) -> Any:
    match value:
        case {"$toml": str(text), **others} if not others:
            with suppress(ValueError):  # else it was typed so; one of too many digits is no TOMLDecodeError
                return tomllib.loads(f"value = {text}")["value"]
            return value
        case list():
            return [*map(_value, value)]
        case dict():
            return {name: _value(one) for name, one in value.items()}
        case _:
            return value


def _kind(value: Any, kinds: Mapping[str, Any]) -> Any:
    return None if value is None else msgspec.convert(value, Union[tuple(kinds.values())])  # noqa: UP007 - made here
