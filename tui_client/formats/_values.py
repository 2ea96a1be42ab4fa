"""Foreign values read leniently: what is not of the wanted form counts as not there."""

from __future__ import annotations

import json
from typing import Final, TypeAlias

Table: TypeAlias = dict[str, object]

_TRUE: Final = ("true", True)


def table(value: object) -> Table:
    """An object, else an empty one; its keys as text."""
    return {str(key): each for key, each in value.items()} if isinstance(value, dict) else {}


def rows(value: object) -> list[Table]:
    """The objects of a list."""
    return [table(each) for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def text(value: object) -> str:
    """Text as it is; other values as JSON has them; nothing is ""."""
    match value:
        case None:
            return ""
        case str():
            return value.encode("utf-8", "replace").decode()
        case _:
            return json.dumps(value, ensure_ascii=False, default=str).encode("utf-8", "replace").decode()


def is_true(value: object) -> bool:
    """Whether it is true, or the word."""
    return value in _TRUE if isinstance(value, bool | str) else False


def number(value: object) -> float | None:
    """A number that is no less than 0 and no more than a billion, also as text; else None."""
    try:
        found = float(text(value)) if not isinstance(value, bool) else -1.0
    except ValueError:
        return None
    return found if 0 <= found <= 1e9 else None


def number_of(value: object) -> float:
    """A number by which others are sorted; 0 for what is none."""
    return float(value) if isinstance(value, int | float) and abs(value) < 1e300 else 0.0
