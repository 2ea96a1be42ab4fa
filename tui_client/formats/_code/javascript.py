"""Values as JavaScript writes them, in Node and in k6."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from typing import Final

from tui_client.formats._code.text import Hole, How, Text, joined, literal

INDENT: Final = "  "
_WIDE: Final = 100
_MOST_ADDED: Final = 200
_NAME: Final = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
_PLAIN: Final = re.compile(r"[ !#-;=-\[\]-~]*")


def quoted(text: str) -> str:
    """A string literal as JSON.stringify gives it; what can't be seen is escaped, and no script element ends in it."""
    if _PLAIN.fullmatch(text):
        return f'"{text}"'
    written = json.dumps(text, ensure_ascii=False).replace("</", "<\\/").replace("<!--", "<\\u0021--")
    return written if written.isprintable() else "".join(map(_sign, written))


def _sign(sign: str) -> str:
    return sign if sign.isprintable() else json.dumps(sign)[1:-1]


def key(name: str) -> str:
    """The name of a property."""
    # As a property, __proto__ would set what the object inherits.
    return name if _NAME.fullmatch(name) else '["__proto__"]' if name == "__proto__" else quoted(name)


def indented(lines: Iterable[str], depth: int = 1) -> list[str]:
    """Lines farther in; no string of ours spans lines."""
    return [f"{INDENT * depth}{line}" if line else "" for block in lines for line in block.split("\n")]


def bracketed(opening: str, rows: Sequence[str], closing: str) -> str:
    """One row a line, or all in one line where they are short."""
    space = " " if opening.endswith("{") else ""
    flat = f"{opening}{space}{', '.join(rows)}{space}{closing}" if rows else opening + closing
    if len(flat) <= _WIDE - 20 and "\n" not in flat:
        return flat
    return "\n".join([opening, *indented(f"{row}," for row in rows), closing])


def base64_bytes(text: Text, charset: str) -> str | None:
    """The text in its charset as base64; None where it holds what is only known later."""
    whole = literal(text)
    return None if whole is None else b64encode(whole.encode(charset)).decode()


class JavaScript:
    """Writes expressions. environment: of variables, "process.env"; granted: the expression of an access token."""

    def __init__(self, environment: str, granted: str) -> None:
        self.environment = environment
        self.granted = granted

    def text(self, text: Text) -> str:
        """An expression that is a string."""
        pieces = [piece for part in text for piece in self._pieces(part)]
        if not pieces:
            return '""'
        if len(pieces) == 1:
            return pieces[0]
        if len(pieces) > _MOST_ADDED:
            # A compiler's depth is limited.
            return bracketed("[", pieces, '].join("")')
        if sum(map(len, pieces)) < _WIDE:
            return " + ".join(pieces)
        return "\n".join([f"{pieces[0]} +", *indented([" +\n".join(pieces[1:])])])

    def basic(self, user: Text, password: Text, base64: str) -> str:
        """The value of Authorization. base64: the call that encodes, "btoa({})"."""
        pair = joined(*user, ":", *password)
        whole = literal(pair)
        if whole is not None:
            return quoted("Basic " + b64encode(whole.encode("utf-8", "replace")).decode())
        return f'"Basic " + {base64.format(self.text(pair))}'

    def _pieces(self, piece: str | Hole) -> list[str]:
        if isinstance(piece, Hole):
            return [self._value(piece)]
        if len(piece) < _WIDE and piece.count("\n") <= 1:
            return [quoted(piece)]
        return [quoted(line) for line in piece.splitlines(keepends=True)]

    def _value(self, hole: Hole) -> str:
        if hole.how is How.GRANTED:
            return self.granted
        value = f"{self.environment}.{hole.name}"
        match hole.how:
            case How.URL:
                return f"encodeURIComponent({value})"
            case How.FORM:
                return f'encodeURIComponent({value}).replace(/%20/g, "+")'
            case How.JSON:
                return f"JSON.stringify({value}).slice(1, -1)"
            case _:
                return value
