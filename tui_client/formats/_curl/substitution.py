"""Command substitutions of a shell, `$(…)` and those in backquotes: where they end. Nothing is run."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_CURL: Final = re.compile(r"(?:^|[\s;|&(])(?:\S{0,60}/)?curl\s")
_PART: Final = re.compile(r"'[^']*'?|\"(?:[^\"\\]|\\.)*\"?|\\.?|[()]|[^'\"\\()]+", re.DOTALL)
_BACKQUOTED: Final = re.compile(r"`((?:[^`\\]|\\.)*)`", re.DOTALL)
MAX_INSIDE: Final = 64 * 1024


class Inside(NamedTuple):
    """What stands in a substitution, "" if no curl is called there; where it ends; how many characters were read."""

    commands: str
    end: int
    read: int


def inside(text: str, at: int) -> Inside:
    """The substitution that begins at `at`."""
    commands, end = "", at
    if text[at] == "`":
        match = _BACKQUOTED.match(text, at, at + MAX_INSIDE)
        if match:
            commands, end = match[1].replace("\\`", "`"), match.end()
    elif text.startswith("$(", at) and not text.startswith("$((", at):
        end = _closed(text, at + 2)
        commands = text[at + 2 : max(at, end - 1)]
    else:
        return Inside("", at, 0)
    return Inside(commands if _CURL.search(commands) else "", end, end - at if end > at else MAX_INSIDE)


def _closed(text: str, at: int) -> int:
    """The place after the parenthesis that closes what began before `at`; 0 if none does."""
    depth = 1
    for part in _PART.finditer(text, at, at + MAX_INSIDE):
        if part[0] == "(":
            depth += 1
        elif part[0] == ")":
            depth -= 1
            if not depth:
                return part.end()
    return 0
