"""The words of commands for the prompt of Windows, as DevTools copies them: `^` before a sign, `^` at a line's end."""

from __future__ import annotations

import re
from typing import Final

from tui_client.formats._curl.shell import Command

_OF_WINDOWS: Final = re.compile(r"\^\n|\^\"|\"\^|\^$")
_CARET: Final = re.compile(r"\^(\n.|\n|[^A-Za-z0-9\s]|[A-Za-z0-9 ])", re.DOTALL)
_PIECE: Final = re.compile(r'\\*"|""|\\+|[^\\"\s]+|\s', re.DOTALL)
_END: Final = "\0"


def is_for_windows(text: str) -> bool:
    """Whether carets stand where only that prompt has them."""
    return _OF_WINDOWS.search(text) is not None


def windows_commands(text: str) -> list[Command]:
    """Every command; a line break without a caret, or a lone `&`, ends one."""
    found: list[Command] = []
    line = 1
    for piece in _uncareted(text.replace("\0", "")).split(_END):
        words = _words(piece)
        if words:
            found.append(Command(line + len(piece) - len(piece.lstrip("\n")), words))
        line += piece.count("\n")
    return found


def _uncareted(text: str) -> str:
    """Carets undone; NUL where a command ends. Carets count within quotes too, as those who copy mean them."""
    out: list[str] = []
    at, quoted = 0, False
    while at < len(text):
        if match := _CARET.match(text, at):
            sign = match[1]
            out.append(sign[1:] if sign[0] == "\n" and len(sign) > 1 else "" if sign == "\n" else sign)
            at = match.end()
            continue
        sign = text[at]
        quoted ^= sign == '"'
        ends = not quoted and sign in "&\n|"
        out.append(_END + sign.strip("&|") if ends else sign)
        at += 1
    return "".join(out)


def _words(text: str) -> tuple[str, ...]:
    """Arguments as the C runtime takes them apart: backslashes count before a quote only."""
    words: list[str] = []
    word: list[str] | None = None
    quoted = False
    for match in _PIECE.finditer(text):
        piece = match[0]
        if piece.isspace() and not quoted:
            if word is not None:
                words.append("".join(word))
            word = None
            continue
        word = [] if word is None else word
        if piece.endswith('"') and piece != '""':
            slashes = len(piece) - 1
            word.append("\\" * (slashes // 2) + ('"' if slashes % 2 else ""))
            quoted ^= slashes % 2 == 0
        elif piece == '""':
            word.append('"' if quoted else "")
        else:
            word.append(piece)
    if word is not None:
        words.append("".join(word))
    return tuple(words)
