"""Signs that no line of a request may hold."""

from __future__ import annotations

import re
from typing import Final

# RFC 9110, 5.5, and RFC 7617, 2: a tab is the only control sign that a value may hold.
CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_NAMES: Final = {"\r": "a carriage return", "\n": "a line feed", "\0": "a NUL"}


def control_in(text: str) -> str:
    """The first control sign in words ("a line feed", "the control character U+001B"), "" if there is none."""
    found = CONTROL.search(text)
    if found is None:
        return ""
    return _NAMES.get(found[0]) or f"the control character U+{ord(found[0]):04X}"
