"""URLs as people type them: whole, or as localhost and :8000."""

from __future__ import annotations

import re
from typing import Final

_LOCAL: Final = re.compile(r"localhost(?=[:/?#]|$)|(?=:\d+([/?#]|$))")


def as_url(word: str) -> str | None:
    """The URL that a word is (with "://", or beginning with localhost or :port), or None."""
    if "://" in word:
        return word
    if _LOCAL.match(word):
        return f"http://{word if word.startswith('localhost') else 'localhost' + word}"
    return None
