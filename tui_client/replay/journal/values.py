"""Values as JSON that keeps their types; what JSON can't say is an object of one key: {"$date": "2026-11-22"}."""

from __future__ import annotations

import base64
import math
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any, Final

from tui_client.model.values import Value

_MARK: Final = "$"
_FROM_TEXT: Final[dict[str, Callable[[str], Value]]] = {
    "$datetime": datetime.fromisoformat,
    "$date": date.fromisoformat,
    "$time": time.fromisoformat,
    "$bytes": base64.b64decode,
    "$float": float,
}


def to_plain(value: Value) -> Any:
    """The value made of what JSON has: str, int, finite float, bool, None, list and dict. Raises RecursionError."""
    match value:
        case float() if not math.isfinite(value):
            return {"$float": str(value)}
        case None | str() | bool() | int() | float():
            return value
        case list():
            return [to_plain(one) for one in value]
        case dict():
            plain = {name: to_plain(one) for name, one in value.items()}
            # An object of a server that looks like one of ours is wrapped, so that it comes back as it was.
            return {"$dict": plain} if len(plain) == 1 and next(iter(plain)).startswith(_MARK) else plain
        case datetime():
            return {"$datetime": value.isoformat()}
        case date():
            return {"$date": value.isoformat()}
        case time():
            return {"$time": value.isoformat()}
        case bytes():
            return {"$bytes": base64.b64encode(value).decode()}


def is_marked(plain: dict[str, Any]) -> bool:
    """Whether an object stands for a value that JSON can't say."""
    return len(plain) == 1 and next(iter(plain)) in _FROM_TEXT


def from_plain(plain: Any) -> Value:
    """What `to_plain` was given. Raises ValueError for what it never makes, and RecursionError."""
    if isinstance(plain, list):
        return [from_plain(one) for one in plain]
    if not isinstance(plain, dict):
        return plain  # type: ignore[no-any-return]  # JSON has nothing else
    if len(plain) == 1:
        (mark, inner), *_ = plain.items()
        if mark == "$dict" and isinstance(inner, dict):
            return {name: from_plain(one) for name, one in inner.items()}
        if mark in _FROM_TEXT and isinstance(inner, str):
            return _FROM_TEXT[mark](inner)
        if mark.startswith(_MARK):
            raise ValueError(f"unknown kind of value: {mark}")
    return {name: from_plain(one) for name, one in plain.items()}
