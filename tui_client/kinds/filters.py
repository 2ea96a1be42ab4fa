"""The filters between a query and its operator: each takes the value before it, and its own arguments."""

from __future__ import annotations

import base64
import binascii
import re
import urllib.parse
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from types import MappingProxyType
from typing import Final, TypeAlias, TypeVar

import msgspec

from tui_client.errors import QueryError
from tui_client.kinds.bounded import MAX_QUERY_BYTES, first_match, pattern_problem
from tui_client.kinds.operators import MOST_QUOTED, quoted, type_name
from tui_client.kinds.reply import parse_json
from tui_client.model.charset import text_codec
from tui_client.model.request import Filter
from tui_client.model.values import MISSING, QueryValue, Value
from tui_client.text import format_bytes

T = TypeVar("T")

Argument: TypeAlias = str | int | float | bool
Function: TypeAlias = Callable[..., QueryValue]

_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,4000}")
_NUMBER: Final = re.compile(r"[+-]?([0-9]{1,4000}(\.[0-9]{0,4000})?|\.[0-9]{1,4000})([eE][+-]?[0-9]{1,10})?")
_MAX_DATE_CHARS: Final = 1000
# More take seconds, and gigabytes.
_MAX_PARTS: Final = 1_000_000
_MAX_URL_CHARS: Final = 4 * 1024 * 1024
# RFC 3339, as chrono (and so Hurl) writes it.
_ISO: Final = "%+"


class FilterSpec(msgspec.Struct, frozen=True):
    """A filter's function and the types of its arguments, in order; all must be given but the last `optional`."""

    function: Function
    arguments: tuple[type, ...] = ()
    optional: int = 0


def _expect(name: str, value: Value, kind: type[T], what: str) -> T:
    if not isinstance(value, kind):
        raise QueryError(name, f"needs {what}, got {type_name(value)}")
    return value


def _count(value: Value) -> QueryValue:
    if not isinstance(value, list | bytes):
        raise QueryError("count", f"needs a list or bytes, got {type_name(value)}")
    return len(value)


def _nth(value: Value, index: int) -> QueryValue:
    items = _expect("nth", value, list, "a list")
    if not -len(items) <= index < len(items):
        raise QueryError("nth", f"there is no item {index} in a list of {len(items)}")
    item: QueryValue = items[index]
    return item


def _split(value: Value, separator: str) -> QueryValue:
    if not separator:
        raise QueryError("split", "needs a separator that is not empty")
    text = _expect("split", value, str, "text")
    if text.count(separator) >= _MAX_PARTS:
        raise QueryError("split", f"would give more than {_MAX_PARTS:,} parts")
    return list(text.split(separator))


def _replace(value: Value, old: str, new: str) -> QueryValue:
    text = _expect("replace", value, str, "text")
    if not old:
        raise QueryError("replace", "needs a text to replace that is not empty")
    if len(text) + text.count(old) * (len(new) - len(old)) > MAX_QUERY_BYTES:
        raise QueryError("replace", f"would give more than {format_bytes(MAX_QUERY_BYTES)}")
    return text.replace(old, new)


def _regex(value: Value, pattern: str) -> QueryValue:
    return first_match(pattern, _expect("regex", value, str, "text"), "regex")


def _json(value: Value, expr: str) -> QueryValue:
    from tui_client.kinds.jsonpath import select  # only those who ask for JSON pay for the import

    if isinstance(value, str | bytes):
        return select(expr, parse_json(value, "json"))
    if isinstance(value, list | dict):
        return select(expr, value)
    raise QueryError("json", f"needs JSON text, a list or an object, got {type_name(value)}")


def _to_int(value: Value) -> QueryValue:
    if isinstance(value, str) and _INTEGER.fullmatch(value):
        return int(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return int(value)
        except (ValueError, OverflowError) as error:
            raise QueryError("toInt", f"{value} is not an integer") from error
    shown = quoted(value) if isinstance(value, str) else type_name(value)
    raise QueryError("toInt", f"{shown} is not an integer")


def _to_float(value: Value) -> QueryValue:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if number or (isinstance(value, str) and _NUMBER.fullmatch(value)):
        try:
            return float(value)  # type: ignore[arg-type]  # text or a number, as just tested
        except OverflowError as error:
            raise QueryError("toFloat", "the number is too large") from error
    shown = quoted(value) if isinstance(value, str) else type_name(value)
    raise QueryError("toFloat", f"{shown} is not a number")


def _to_date(value: Value, pattern: str = _ISO) -> QueryValue:
    text = _expect("toDate", value, str, "text")
    if max(len(text), len(pattern)) > _MAX_DATE_CHARS:
        raise QueryError("toDate", "the text is too long for a date")
    try:
        moment = datetime.fromisoformat(text) if pattern == _ISO else datetime.strptime(text, pattern)
    except (ValueError, LookupError, OverflowError, re.error) as error:
        # What remains unread may be the end of a secret, which would not be known as one.
        reason = "" if "remain" in str(error) or len(text) > MOST_QUOTED else f": {error}"
        raise QueryError("toDate", f"{quoted(text)} is not a date written {pattern!r}{reason}") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _format(value: Value, pattern: str = _ISO) -> QueryValue:
    if not isinstance(value, date | time):
        raise QueryError("format", f"needs a date, got {type_name(value)}")
    try:
        return value.isoformat() if pattern == _ISO else value.strftime(pattern[:_MAX_DATE_CHARS])
    except (ValueError, OverflowError, UnicodeError) as error:
        raise QueryError("format", f"{pattern!r} can't be used: {error}") from error


def _decode(value: Value, charset: str) -> QueryValue:
    data = _expect("decode", value, bytes, "bytes")
    codec = text_codec(charset)
    if codec is None:
        raise QueryError("decode", f"{charset!r} is not a charset of text")
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        raise QueryError("decode", f"byte {error.start:,} is not valid {codec}") from error


def _base64_encode(value: Value) -> QueryValue:
    data = _utf8("base64Encode", value) if isinstance(value, str) else value
    return base64.b64encode(_expect("base64Encode", data, bytes, "bytes or text")).decode()


def _base64_decode(value: Value) -> QueryValue:
    text = _expect("base64Decode", value, str, "text")
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise QueryError("base64Decode", f"not Base64: {error}") from error


def _utf8(name: str, text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise QueryError(name, "the text holds half a surrogate pair") from error


def _url_part(name: str, value: Value) -> str:
    text = _expect(name, value, str, "text")
    if len(text) > _MAX_URL_CHARS:
        raise QueryError(name, f"needs text of at most {_MAX_URL_CHARS:,} characters")
    return text


def _url_encode(value: Value) -> QueryValue:
    return urllib.parse.quote(_utf8("urlEncode", _url_part("urlEncode", value)), safe="")


def _url_decode(value: Value) -> QueryValue:
    try:
        return urllib.parse.unquote(_url_part("urlDecode", value), errors="strict")
    except UnicodeDecodeError as error:
        raise QueryError("urlDecode", "the bytes are not UTF-8") from error


FILTERS: Final[Mapping[str, FilterSpec]] = MappingProxyType(
    {
        "count": FilterSpec(_count),
        "nth": FilterSpec(_nth, (int,)),
        "split": FilterSpec(_split, (str,)),
        "replace": FilterSpec(_replace, (str, str)),
        "regex": FilterSpec(_regex, (str,)),
        "json": FilterSpec(_json, (str,)),
        "toInt": FilterSpec(_to_int),
        "toFloat": FilterSpec(_to_float),
        "toDate": FilterSpec(_to_date, (str,), optional=1),
        "format": FilterSpec(_format, (str,), optional=1),
        "decode": FilterSpec(_decode, (str,)),
        "base64Encode": FilterSpec(_base64_encode),
        "base64Decode": FilterSpec(_base64_decode),
        "urlEncode": FilterSpec(_url_encode),
        "urlDecode": FilterSpec(_url_decode),
    }
)


def check_filter(item: Filter) -> None:
    """Raise QueryError for an unknown filter, or arguments of the wrong number or type; needs no reply."""
    spec = FILTERS.get(item.name)
    if spec is None:
        raise QueryError(item.name, f"is not a filter; there are {' '.join(FILTERS)}")
    least, most = len(spec.arguments) - spec.optional, len(spec.arguments)
    if not least <= len(item.args) <= most:
        wanted = f"{most}" if least == most else f"{least} to {most}"
        raise QueryError(item.name, f"takes {wanted} arguments, got {len(item.args)}")
    for given, kind in zip(item.args, spec.arguments, strict=False):
        if type(given) is not kind:
            wanted = "an integer" if kind is int else "text"
            raise QueryError(item.name, f"takes {wanted}, got {type_name(given)}")


def filter_problem(item: Filter) -> str:
    """Why the expression of a filter, templates filled in, can't be read; "" if it can, or if it has none."""
    match item:
        case Filter("regex", (str(pattern),)):
            return pattern_problem(pattern)
        case Filter("json", (str(expr),)):
            from tui_client.kinds.jsonpath import expression_problem  # only those who ask for JSON pay for the import

            return expression_problem(expr)
        case _:
            return ""


def apply_filter(item: Filter, value: QueryValue) -> QueryValue:
    """The value after one filter. Raises QueryError where it can't be applied; nothing can't be filtered."""
    check_filter(item)
    if value is MISSING:
        raise QueryError(item.name, "there is nothing to filter: the query found no value")
    result = FILTERS[item.name].function(value, *item.args)
    if isinstance(result, str | bytes) and len(result) > MAX_QUERY_BYTES:
        raise QueryError(item.name, f"gave more than {format_bytes(MAX_QUERY_BYTES)}")
    return result
