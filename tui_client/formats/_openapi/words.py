"""Words of a document for people: one line of them, and what a parameter may be."""

from __future__ import annotations

import json
from typing import Any, Final

from tui_client.formats._openapi.references import Node, References, shown
from tui_client.formats._openapi.schema import put_together

MAX_LISTED: Final = 50
_LIMITS: Final = {
    "minimum": "at least {}",
    "maximum": "at most {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {} items",
    "maxItems": "at most {} items",
    "pattern": "matches {}",
}


def text_in(table: dict[str, Any], key: str) -> str:
    """A text of a table; "" if it has none."""
    value = table.get(key)
    return value.strip() if isinstance(value, str) else ""


def one_line(text: str) -> str:
    """A text in one line."""
    return " ".join(text.split())


def plain(value: Any) -> str:
    """A value as the text that a row, a field or a description has for it."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


def said_of(schema: Node, references: References) -> str:
    """What a value may be: "integer, at most 100, default 20", "one of: a, b"."""
    whole = put_together((schema,), references)
    said = [" or ".join(whole.types)] if whole.types else []
    form = whole.says.get("format")
    if isinstance(form, str):
        said = [f"{said[0]}, {shown(form)}" if said else shown(form)]
    enum = whole.enum
    if enum is None and whole.items:
        enum = put_together(tuple(whole.items), references).enum
    if enum is not None:
        listed = ", ".join(shown(plain(each)) for each in enum[:MAX_LISTED])
        said.append(f"one of: {listed}{', …' if len(enum) > MAX_LISTED else ''}")
    said += [words.format(shown(whole.says[key])) for key, words in _LIMITS.items() if key in whole.says]
    if whole.says.get("default") is not None:
        said.append(f"default {shown(plain(whole.says['default']))}")
    return ", ".join(said)


def described(description: str, said: str, *, deprecated: bool = False) -> str:
    """A description, and what a value may be, in one line."""
    parts = [one_line(description), f"({said})" if said else "", "Deprecated." if deprecated else ""]
    return " ".join(part for part in parts if part)
