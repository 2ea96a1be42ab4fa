"""What in a TOML text would keep the parser busy for seconds or take its whole stack: found before it is parsed."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

MAX_PARTS: Final = 100
MAX_DEPTH: Final = 100

TOKEN: Final = re.compile(
    r'"""(?:[^"\\]++|\\.|"{1,2}(?!"))*+(?:"{3,5}|\Z)'
    r"|'''(?:[^']++|'{1,2}(?!'))*+(?:'{3,5}|\Z)"
    r'|"(?:[^"\\\n]++|\\.)*+"?'
    r"|'[^'\n]*+'?"
    r"|\#[^\n]*+|[ \t]++|[A-Za-z0-9_-]++|.|\n",
    re.DOTALL,
)
"""Strings, comments and words as a whole, everything else a character at a time; every text is made of these."""


class Excess(NamedTuple):
    """Where the text goes too far, as an offset, and how, as a clause without a subject."""

    at: int
    reason: str


def excess(text: str) -> Excess | None:
    """The first dotted key or nesting that is too long; None for a text that can be parsed in no time."""
    depth = parts = 0
    for token in TOKEN.finditer(text):
        first = token[0][0]
        if first in "[{":
            depth += 1
        elif first in "]}":
            depth -= 1
        if first == ".":
            parts += 1
        elif first in "\n=,[]{}#":
            parts = 0
        if depth > MAX_DEPTH:
            return Excess(token.start(), "is nested too deep")
        if parts > MAX_PARTS:
            return Excess(token.start(), f"has a key of more than {MAX_PARTS} parts")
    return None
