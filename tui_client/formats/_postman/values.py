"""Loose JSON of a Postman file as the few shapes that are read from it."""

from __future__ import annotations

from typing import Any, Final

import msgspec

MOST_DEEP: Final = 100  # folders in folders

Table = dict[str, Any]


def text(value: object) -> str:
    """A value as text: nothing for null, JSON for lists and objects."""
    match value:
        case str():
            return value
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case _:
            return msgspec.json.encode(value).decode()


def description(value: object) -> str:
    """A description: text, or an object with `content`."""
    words = text(value.get("content")) if isinstance(value, dict) else text(value)
    return words.replace("\r\n", "\n")


def table(value: object) -> Table:
    """An object; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[Any]:
    """A list; an empty one for anything else."""
    return value if isinstance(value, list) else []


def rows(value: object) -> list[Table]:
    """Rows of key and value, from a list of them, from an object, or from lines "key: value"."""
    match value:
        case dict():
            return [{"key": key, "value": each} for key, each in value.items()]
        case str():
            return [_line(line) for line in value.splitlines() if line.strip()]
        case _:
            return [_line(row) if isinstance(row, str) else row for row in items(value) if isinstance(row, dict | str)]


def _line(line: str) -> Table:
    name, _, value = line.partition(":")
    return {"key": name.strip(), "value": value.strip()}


def is_on(row: Table) -> bool:
    """Whether a row is not disabled."""
    return row.get("disabled") is not True and row.get("enabled") is not False
