"""The one way for text of a server or a file to reach a widget, a terminal or a report."""

from __future__ import annotations

import re
from typing import Final

# C0 but tab and line feed, DEL, C1, soft hyphen, bidi controls, zero-width signs, the line and paragraph
# separators, interlinear marks, tag characters, variation selectors' supplement, BOM, noncharacters, surrogates.
_UNSAFE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def _visible(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    return f"<U+{code:04X}>"


def safe(text: str) -> str:
    """Show every control, bidi and zero-width character as a visible sign; tab and line feed stay.

    C0 controls become their picture (ESC is "␛"), the rest "<U+202E>". The result is never markup by itself:
    hand it to widgets as `Content`/`Text`, not as a markup string.
    """
    return _UNSAFE.sub(_visible, text)


def safe_line(text: str) -> str:
    """Like `safe`, for one line: tab and line feed become visible signs too."""
    return safe(text).replace("\n", "␊").replace("\t", "␉")
