"""Text with holes in it: what stands as {{name}} in a request is read from the environment when the code runs."""

from __future__ import annotations

import re
from collections.abc import Collection
from enum import StrEnum
from typing import Final, TypeAlias
from urllib.parse import quote, unquote

import msgspec

_HOLE: Final = re.compile(r"\{\{([\w.\-]+)\}\}")
# The same name once it has been put into a query or a path.
_URL_HOLE: Final = re.compile(r"\{\{([\w.\-]+)\}\}|%7B%7B((?:[\w.\-]|%[0-9A-F]{2})+)%7D%7D")
_NOT_IN_NAMES: Final = re.compile(r"[^A-Z0-9_]")
_STRING_MARK: Final = re.compile(r'\\.|"', re.DOTALL)
# What a shell or a system has there already.
_TAKEN: Final = frozenset({"HOME", "LANG", "LOGNAME", "OLDPWD", "PATH", "PWD", "SHELL", "TERM", "TZ", "USER", "_"})


class How(StrEnum):
    """How a value is written where it stands. GRANTED: not from the environment, but the token of an OAuth reply."""

    RAW = "raw"
    URL = "url"
    FORM = "form"
    JSON = "json"
    GRANTED = "granted"


class Hole(msgspec.Struct, frozen=True):
    """A value that is only known when the code runs. name: of the environment variable."""

    name: str
    how: How = How.RAW


Text: TypeAlias = tuple[str | Hole, ...]


class Variables:
    """The variables of one export, each with the name it has in the environment: "api-key" is API_KEY."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}

    def text(self, written: str, how: How = How.RAW) -> Text:
        """Text as it stands in a request, its {{names}} as holes."""
        if "{{" not in written:
            return (written,) if written else ()
        pieces: list[str | Hole] = []
        at = 0
        for match in _HOLE.finditer(written):
            pieces += [written[at : match.start()], self._hole(match[1], how)]
            at = match.end()
        return joined(*pieces, written[at:])

    def json(self, written: str) -> Text:
        """JSON with holes: inside a string their values are escaped, elsewhere they are values themselves."""
        pieces: list[str | Hole] = []
        inside = False
        for piece in self.text(written):
            if isinstance(piece, str):
                inside ^= sum(match[0] == '"' for match in _STRING_MARK.finditer(piece)) % 2 == 1
                pieces.append(piece)
            else:
                pieces.append(Hole(piece.name, How.JSON if inside else How.RAW))
        return tuple(pieces)

    def url(self, written: str, raw: Collection[str]) -> Text:
        """The part of a URL after its host. raw: the names that a person wrote into it, which are put in as they are.

        All others stand in path parameters and params, and are encoded.
        """
        if "{{" not in written and "%7B%7B" not in written:
            return (written,) if written else ()
        pieces: list[str | Hole] = []
        at = 0
        for match in _URL_HOLE.finditer(written):
            name = match[1] or unquote(match[2])
            how = How.RAW if match[1] is not None and name in raw else How.URL
            pieces += [written[at : match.start()], self._hole(name, how)]
            at = match.end()
        return joined(*pieces, written[at:])

    def _hole(self, variable: str, how: How) -> Hole:
        if variable not in self.names:
            self.names[variable] = self._free(_NOT_IN_NAMES.sub("_", variable.upper()))
        return Hole(self.names[variable], how)

    def _free(self, name: str) -> str:
        taken = {*self.names.values(), *_TAKEN}
        name = f"_{name}" if name[:1].isdigit() else name
        return next(each for each in (name, *(f"{name}_{n}" for n in range(2, len(taken) + 3))) if each not in taken)


def joined(*pieces: str | Hole) -> Text:
    """Pieces without the empty ones, text beside text as one."""
    found: list[str | Hole] = []
    for piece in pieces:
        if isinstance(piece, str) and found and isinstance(last := found[-1], str):
            found[-1] = last + piece
        elif piece:
            found.append(piece)
    return tuple(found)


def literal(text: Text) -> str | None:
    """The text, if there is no hole in it."""
    return None if any(isinstance(piece, Hole) for piece in text) else "".join(map(str, text))


def known(text: Text) -> str:
    """The text without what is in its holes."""
    return "".join(piece for piece in text if isinstance(piece, str))


def encoded(text: Text, how: How = How.URL) -> Text:
    """The text as a part of a query, or a field of a form."""
    safe = "" if how is How.URL else " *"

    def one(piece: str) -> str:
        done = quote(piece, safe=safe, errors="replace")
        return done if how is How.URL else done.replace(" ", "+").replace("~", "%7E")

    return tuple(one(piece) if isinstance(piece, str) else Hole(piece.name, how) for piece in text)


def form_text(fields: tuple[tuple[Text, Text], ...]) -> Text:
    """The fields of a form as they are sent."""
    pieces: list[str | Hole] = []
    for index, (name, value) in enumerate(fields):
        pieces += ["&" if index else "", *encoded(name, How.FORM), "=", *encoded(value, How.FORM)]
    return joined(*pieces)
