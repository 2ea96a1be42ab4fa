"""Values as text and as JSON."""

from __future__ import annotations

import json
import math
import re
from datetime import date, datetime, time
from typing import Final, NoReturn

from tui_client.model.values import Value

_ENCODE: Final = json.JSONEncoder(ensure_ascii=False).encode  # json.dumps would make an encoder a call
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class JsonText(str):
    """Text that is JSON already: put into a JSON body as it stands, so that 1.10 stays 1.10."""

    __slots__ = ()


def text_of(value: Value) -> str:
    """A value as it stands in a URL, a header or a text; lists and tables as JSON.

    Raises ValueError for bytes that are not UTF-8, and for what JSON can't say.
    """
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case None:
            return "null"
        case bytes():
            return _decoded(value)
        case datetime() | date() | time():
            return value.isoformat().replace("+00:00", "Z")
        case _:
            return json_of(value)


def json_of(value: Value) -> str:
    """A value as JSON: text becomes a string, dates become ISO 8601 strings. Raises ValueError for inf and nan."""
    match value:
        case JsonText():
            return str(value)
        case str() | datetime() | date() | time() | bytes():
            return f'"{escaped(text_of(value))}"'
        case float() if not math.isfinite(value):
            raise ValueError(f"{value} is not a JSON number")
        case list() | dict():
            return _dumped(value)
        case _:
            return json.dumps(value)


def escaped(text: str) -> str:
    """Text as it stands inside a JSON string, without the quotes."""
    # A lone surrogate has no UTF-8, but JSON can write it as an escape.
    return _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", _ENCODE(text)[1:-1])


def parsed_json(text: str) -> JsonText:
    """Text that is valid JSON (RFC 8259), kept as it is. Raises ValueError for anything else."""
    try:
        # Numbers stay text: a number of 5,000 digits is valid, and this only asks whether the text is.
        json.loads(text, parse_int=str, parse_float=str, parse_constant=_refuse_constant)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return JsonText(text)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise ValueError("the bytes are not UTF-8 text") from None


def _dumped(value: list[object] | dict[str, object]) -> str:
    try:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_leaf)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _leaf(value: object) -> str:
    match value:
        case datetime() | date() | time() | bytes():
            return text_of(value)
        case _:
            raise ValueError(f"{type(value).__name__} has no JSON")
