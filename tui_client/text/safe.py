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
# Signs that stand on the one before: accents, and marks of scripts that use a few. More than eight run over the lines
# around them, and take no room however many they are.
_MARKS: Final = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0e34-\u0e3a\u0e47-\u0e4e\u0eb4-\u0ebc\u0ec8-\u0ece"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
)
_FLOOD: Final = re.compile(f"(?<=[{_MARKS}]{{8}})[{_MARKS}]")


def _visible(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    return f"<U+{code:04X}>"


def safe(text: str) -> str:
    """Show every control, bidi and zero-width character as a visible sign; tab and line feed stay.

    So does each accent after the eighth on one letter. C0 controls become their picture (ESC is "␛"), the rest
    "<U+202E>". The result is never markup by itself: hand it to widgets as `Content`/`Text`, not as a markup string.
    """
    shown = _UNSAFE.sub(_visible, text)
    return shown if shown.isascii() else _FLOOD.sub(_visible, shown)


def safe_line(text: str) -> str:
    """Like `safe`, for one line: tab and line feed become visible signs too."""
    return safe(text).replace("\n", "␊").replace("\t", "␉")


def safe_signs(text: str) -> str:
    """Like `safe_line`, one sign for each character, as a cursor needs it: "�" for what has no picture."""
    if safe_line(text) == text:
        return text
    signs = "".join(sign if len(sign := safe_line(character)) == 1 else "�" for character in text)
    return _FLOOD.sub("�", signs)


def safe_json(text: str) -> str:
    """JSON that means the same, with escapes for what `safe` would show as a sign."""
    escaped = _UNSAFE.sub(_escape, text)
    return escaped if escaped.isascii() else _FLOOD.sub(_escape, escaped)


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x10000:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
