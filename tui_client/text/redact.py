"""Secrets out of text, before it is shown, written or reported."""

from __future__ import annotations

import base64
import json
import re
import urllib.parse
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

MASK: Final = "•••"
# Shorter ones ("1", "eu") would mask half of any text, and give themselves away by it.
MIN_SECRET_CHARS: Final = 4
_MIN_BASE64_PART_CHARS: Final = 6


def redact(text: str, secrets: frozenset[str]) -> str:
    """The text with each secret of four characters or more replaced by "•••".

    Found as it is, and as it stands in a URL, a form, JSON, or Base64 (also as a part: the password of basic auth).
    """
    spans = sorted(span for secret in secrets for form in _forms(secret) for span in _spans(text, form))
    if not spans:
        return text
    parts: list[str] = []
    start, end = spans[0]
    shown_to = 0
    for next_start, next_end in [*spans[1:], (len(text) + 1, len(text) + 1)]:
        if next_start <= end:
            end = max(end, next_end)
            continue
        parts += [text[shown_to:start], MASK]
        shown_to, start, end = end, next_start, next_end
    return "".join(parts) + text[shown_to:]


def _spans(text: str, form: str) -> Iterator[tuple[int, int]]:
    at = text.find(form)
    while at >= 0:
        yield at, at + len(form)
        at = text.find(form, at + 1)


@lru_cache(maxsize=256)
def _forms(secret: str) -> frozenset[str]:
    if len(secret) < MIN_SECRET_CHARS:
        return frozenset()
    raw = secret.encode("utf-8", "surrogatepass")
    quoted = urllib.parse.quote(raw, safe="")
    # Some encoders leave the slash, some write the hex digits small, forms write a space as "+".
    quoted_forms = {quoted, urllib.parse.quote(raw), quoted.replace("%20", "+")}
    quoted_forms |= {re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), form) for form in quoted_forms}
    escaped = {json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1], repr(secret)[1:-1]}
    return frozenset({secret, *quoted_forms, *escaped, *_base64_forms(raw)})


def _base64_forms(raw: bytes) -> Iterator[str]:
    """The whole secret, and the letters that depend on it alone, wherever in a triple of bytes it begins."""
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        yield encode(raw).decode()
        yield encode(raw).decode().rstrip("=")
        for offset, first in ((0, 0), (1, 2), (2, 3)):
            letters = encode(b"\0" * offset + raw).decode()
            part = letters[first : (offset + len(raw)) * 8 // 6]
            if len(part) >= _MIN_BASE64_PART_CHARS:
                yield part
