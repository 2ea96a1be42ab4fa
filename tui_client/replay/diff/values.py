"""JSON values for comparing: numbers as they were written, equal values known by one number, short text to show."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Final, TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

SHOWN_CHARS: Final = 100
_SHOWN_BEFORE: Final = 20
_SEARCHED_CHARS: Final = 1_000_000
_MAX_INT_DIGITS: Final = 4000  # Python refuses to read longer ones as an int


class Written(float):
    """A number that remembers how it was written, since 1e400 or 0.1000000000000000000001 is no float."""

    __slots__ = ("text",)

    def __new__(cls, text: str) -> Written:
        number = super().__new__(cls, text)
        number.text = text
        return number

    text: str


def parse(text: str) -> Json:
    """JSON as values, NaN and Infinity too; of a name that stands twice the last one counts.

    Raises ValueError for what is not JSON, or nested too deeply.
    """
    try:
        value: Json = json.loads(text, parse_float=Written, parse_int=_whole)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    return value


def _whole(text: str) -> int | float:
    return int(text) if len(text) <= _MAX_INT_DIGITS else Written(text)


def shown(value: Json, limit: int = SHOWN_CHARS) -> str:
    """A value as JSON on one line, cut with "…" to so many characters. Outside text: `safe_line` it."""
    parts: list[str] = []
    length = 0
    for part in _texts(value, limit):
        parts.append(part)
        length += len(part)
        if length > limit:
            break
    return shortened("".join(parts), limit)


def shown_both(before: Json, after: Json) -> tuple[str, str]:
    """Two values that differ, each as `shown`; if they do so late, from shortly before that place on."""
    was, now = shown(before), shown(after)
    if was != now:
        return was, now
    was, now = shown(before, _SEARCHED_CHARS), shown(after, _SEARCHED_CHARS)
    same = next((at for at, (one, other) in enumerate(zip(was, now, strict=False)) if one != other), len(was))
    start = max(0, same - _SHOWN_BEFORE)
    return shortened("…" + was[start:]), shortened("…" + now[start:])


def shortened(text: str, limit: int = SHOWN_CHARS) -> str:
    """The text, cut with "…" to so many characters."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def quoted(text: str) -> str:
    """A string as JSON: signs beyond ASCII stay, but halves of surrogate pairs, which no file can hold."""
    return "".join(
        f"\\u{ord(sign):04x}" if "\ud800" <= sign <= "\udfff" else sign for sign in json.dumps(text, ensure_ascii=False)
    )


class _Sign(str):
    """Text that is JSON already."""

    __slots__ = ()


def _texts(value: Json, limit: int) -> Iterator[str]:
    # A stack of its own, since a document may be nested deeper than Python's calls.
    stack: list[Json | _Sign] = [value]
    while stack:
        item = stack.pop()
        match item:
            case _Sign():
                yield item
            case list():
                yield "["
                stack.append(_Sign("]"))
                for place in range(len(item) - 1, -1, -1):
                    stack += [item[place], _Sign(", ")] if place else [item[place]]
            case dict():
                yield "{"
                stack.append(_Sign("}"))
                for place, (name, member) in zip(range(len(item) - 1, -1, -1), reversed(item.items()), strict=True):
                    stack += [member, _Sign(f"{', ' if place else ''}{quoted(name)}: ")]
            case _:
                yield _scalar_text(item, limit)


def _scalar_text(value: bool | int | float | str | None, limit: int) -> str:
    match value:
        case str():
            # More would be cut anyway, and a string may be long.
            return quoted(value[: limit + 1])
        case Written():
            return value.text
        case bool() | None | float():
            return json.dumps(value)
        case int():
            return str(Decimal(value))


def scalar_key(value: bool | int | float | str | None) -> Hashable:
    """The same for scalars that are the same JSON value: 1 and 1.0, 1.10 and 1.1, not 1 and "1" or true."""
    match value:
        case None | bool() | str():
            return (type(value).__name__, value)
        case int():
            return ("number", value)
        case _:
            text = value.text if isinstance(value, Written) else repr(value)
            try:
                number = Decimal(text)
            except InvalidOperation:
                return ("number", text)
            return ("number", number if number.is_finite() else text)
