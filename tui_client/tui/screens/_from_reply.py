"""Asserts and captures made of a value in a reply."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from tui_client.errors import UsageError
from tui_client.kinds._words import quoted
from tui_client.kinds.lines import parse_assertion, parse_capture
from tui_client.model.request import Assertion, Request

_LAST_NAME: Final = re.compile(r"""(?:\.(\w+)|\["((?:[^"\\]|\\.)*)"\])(?:\[\d+\])*$""")
_NO_NAME: Final = re.compile(r"[^\w.-]+")
# Above this a value says less than that it is there.
_LONGEST: Final = 200


class Added(msgspec.Struct, frozen=True):
    """A draft with a line more, and that line."""

    draft: Request
    line: str


def with_check(draft: Request, path: str, value: str) -> Added:
    """The draft with an assert that this path finds this value; of a container its kind, of a long text that it is.

    value: as JSON; "" for one that must not be written down.
    """
    line = f"json {quoted(path)} {_expected(value)}"
    try:
        assertion: Assertion = parse_assertion(line)
    except UsageError:
        line = f"json {quoted(path)} exists"
        assertion = parse_assertion(line)
    if assertion in draft.asserts:
        return Added(draft, line)
    return Added(msgspec.structs.replace(draft, asserts=(*draft.asserts, assertion)), line)


def _expected(value: str) -> str:
    match value[:1]:
        case "{":
            return "isObject"
        case "[":
            return "isList"
        case "n":
            return "isNull"
    return f"== {value}" if len(value) <= _LONGEST else "exists"


def with_capture(draft: Request, path: str) -> Added:
    """The draft with a capture of what this JSONPath finds, under the last name of the path if that is free."""
    taken = {capture.name for capture in draft.captures}
    name = base = _name_in(path)
    number = 1
    while name in taken:
        number += 1
        name = f"{base}_{number}"
    line = f"{name}: json {quoted(path)}"
    return Added(msgspec.structs.replace(draft, captures=(*draft.captures, parse_capture(line))), line)


def _name_in(path: str) -> str:
    found = _LAST_NAME.search(path)
    name = _NO_NAME.sub("_", next(filter(None, found.groups()), "")) if found else ""
    return name.strip("_.-") or "value"
