"""Text as one word of a POSIX shell."""

from __future__ import annotations

import re
import shlex
from typing import Final

_CONTROL: Final = re.compile(r"[\x01-\x09\x0b-\x1f\x7f]")


def quoted(text: str) -> str:
    """The word, safe whatever is in it; NUL, which no word can have, is left out."""
    text = text.replace("\0", "")
    if not _CONTROL.search(text):
        return shlex.quote(text)
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")
    return "$'" + _CONTROL.sub(lambda match: f"\\{ord(match[0]):03o}", escaped) + "'"
