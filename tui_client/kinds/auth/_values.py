"""Checks that the auth kinds share."""

from __future__ import annotations

from tui_client.errors import Failure, FailureKind, RequestFailed
from tui_client.text import control_in


def header_value(name: str, value: str) -> str:
    """The value, if a header can carry it. Raises RequestFailed (header.invalid), without the value."""
    if found := control_in(value):
        raise RequestFailed(Failure(FailureKind.HEADER_INVALID, name, detail=f"it has {found}"))
    try:
        value.encode()
    except UnicodeEncodeError:
        raise RequestFailed(Failure(FailureKind.HEADER_INVALID, name, detail="it is not valid Unicode")) from None
    return value
