"""Bytes of one row as text that is safe to show."""

from __future__ import annotations

import codecs
from typing import Final, NamedTuple

from tui_client.text import safe

_TAB: Final = 4
_LONGEST_CHARACTER: Final = 3  # bytes of UTF-8 before the last one


class RowText(NamedTuple):
    """What a row shows. `broken`: some bytes mean nothing in this charset and are shown as "�"."""

    text: str
    broken: bool


def snap(data: bytes, position: int) -> int:
    """The nearest position at or before this one where a character of UTF-8 begins; itself where none is near."""
    for back in range(min(_LONGEST_CHARACTER, position) + 1):
        at = position - back
        if at >= len(data) or data[at] & 0xC0 != 0x80:
            return at
    return position


def decode_row(data: bytes, charset: str) -> RowText:
    """The text of a row without its line end: controls visible, tabs as blanks."""
    raw = data.removesuffix(b"\n").removesuffix(b"\r")
    try:
        text, broken = codecs.decode(raw, charset), False
    except UnicodeError:
        text, broken = codecs.decode(raw, charset, "replace"), True
    return RowText(safe(text).expandtabs(_TAB), broken)


def decode_lines(data: bytes, charset: str, limit: int) -> str:
    """The text of many rows at once, each as `decode_row` gives it; of at most so many characters of what is sent."""
    text = codecs.decode(data, charset, "replace").replace("\r\n", "\n")[:limit]
    return safe(text.removesuffix("\n").removesuffix("\r")).expandtabs(_TAB)


def shown_length(data: bytes, charset: str) -> int:
    """How many characters these first bytes of a row take when shown."""
    return len(decode_row(data, charset).text)
