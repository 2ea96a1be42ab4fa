"""Checks that the auth kinds share."""

from __future__ import annotations

from tui_client.errors import Failure, FailureKind, RequestFailed


def header_value(name: str, value: str) -> str:
    """The value, if a header can carry it. Raises RequestFailed (header.invalid), without the value."""
    if any(sign in value for sign in "\r\n\0"):
        raise RequestFailed(Failure(FailureKind.HEADER_INVALID, name, detail="it has a line break or a NUL"))
    try:
        value.encode()
    except UnicodeEncodeError:
        raise RequestFailed(Failure(FailureKind.HEADER_INVALID, name, detail="it is not valid Unicode")) from None
    return value
