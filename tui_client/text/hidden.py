"""Secrets in bytes that are looked at: hidden in their place, so that all offsets stay."""

from __future__ import annotations

from typing import Final

from tui_client.text.redact import secret_spans

SIGN: Final = b"*"
# A character beyond the BMP is two escapes of six signs in JSON; in a URL, four of three.
_SIGNS_PER_CHARACTER: Final = 12


def hidden(data: bytes, secrets: frozenset[str]) -> bytes:
    """Text in UTF-8 or ASCII with each byte of a secret as "*"; bytes that are no UTF-8 go through unharmed."""
    if not secrets or not data:
        return data
    text = data.decode("utf-8", "surrogateescape")
    parts: list[bytes] = []
    shown_to = 0
    for start, end in secret_spans(text, secrets):
        parts += [_bytes(text[shown_to:start]), SIGN * len(_bytes(text[start:end]))]
        shown_to = end
    return b"".join([*parts, _bytes(text[shown_to:])]) if parts else data


def reach(secrets: frozenset[str]) -> int:
    """So many bytes around a piece may belong to a secret that stands partly in it."""
    return _SIGNS_PER_CHARACTER * max(map(len, secrets), default=0)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
