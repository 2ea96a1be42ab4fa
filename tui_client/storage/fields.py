"""The fields of a kind or row, found once: msgspec evaluates all annotations of a Struct each time it is asked."""

from __future__ import annotations

from typing import Any, Final

import msgspec

_KNOWN: Final[dict[type[Any], tuple[msgspec.structs.FieldInfo, ...]]] = {}


def fields_of(kind: type[Any]) -> tuple[msgspec.structs.FieldInfo, ...]:
    """In the order of their declaration."""
    found = _KNOWN.get(kind)
    if found is None:
        found = _KNOWN[kind] = msgspec.structs.fields(kind)
    return found
