"""A dotenv file as names and values, as python-dotenv reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import msgspec

_KEY: Final = re.compile(r"\s*(?:export[^\S\n]+)?(?:'([^'\n]+)'|([^=#\s]+))?[^\S\n]*(?:(=)([^\S\n]*))?")
_SINGLE: Final = re.compile(r"'((?:\\.|[^'\\])*)'", re.DOTALL)
_DOUBLE: Final = re.compile(r'"((?:\\.|[^"\\])*)"', re.DOTALL)
_LINE: Final = re.compile(r"[^\n]*")
_REST: Final = re.compile(r"[^\S\n]*(?:#[^\n]*)?(?=\n|\Z)")
_COMMENT: Final = re.compile(r"(?<=\s)#")
_SINGLE_ESCAPE: Final = re.compile(r"\\([\\'])")
_DOUBLE_ESCAPE: Final = re.compile(r"\\([\\'\"abfnrtv])")
_SIGNS: Final = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
# Neither may hold another opening, so that many of them are read in one go.
_REFERENCE: Final = re.compile(r"\$\{([^}:${\s]{0,200})(?::-([^}{]{0,1000}))?\}")


class Entry(msgspec.Struct, frozen=True):
    """One line. value None: it has no equals sign; name "": it can't be read."""

    line: int
    name: str
    value: str | None


class Reference(msgspec.Struct, frozen=True):
    """`${NAME}` or `${NAME:-default}` in a value."""

    name: str
    default: str


def entries(source: str) -> Iterator[Entry]:
    """The lines in their order; comments and empty ones are none."""
    at, line, counted = 0, 1, 0
    while at < len(source):
        match = _KEY.match(source, at)
        if match is None:
            break
        begin = match.start(1) if match[1] is not None else match.start(2)
        name = match[1] or match[2] or ""
        start = max(begin, at)
        line, counted = line + source.count("\n", counted, start), start
        at = match.end()
        if not name:
            at = _end_of_line(source, at)
            if match[3]:
                yield Entry(line, "", None)
            continue
        value, at = _value(source, at, blank=bool(match[4])) if match[3] else (None, at)
        rest = _REST.match(source, at)
        if rest is None:
            name, at = "", _end_of_line(source, at)
        else:
            at = rest.end()
        yield Entry(line, name, value if name else None)


def references(value: str) -> Iterator[str | Reference]:
    """The parts of a value: text, and what is put in from elsewhere."""
    at = 0
    for match in _REFERENCE.finditer(value):
        if at < match.start():
            yield value[at : match.start()]
        yield Reference(match[1], match[2] or "")
        at = match.end()
    if at < len(value):
        yield value[at:]


def _value(source: str, at: int, *, blank: bool) -> tuple[str | None, int]:
    sign = source[at : at + 1]
    if blank and sign == "#":
        return "", at
    if sign in ("'", '"') and sign:
        match = (_SINGLE if sign == "'" else _DOUBLE).match(source, at)
        if match is None:
            return None, at
        if sign == "'":
            return _SINGLE_ESCAPE.sub(r"\1", match[1]), match.end()
        return _DOUBLE_ESCAPE.sub(lambda each: _SIGNS.get(each[1], each[1]), match[1]), match.end()
    end = _end_of_line(source, at)
    whole = source[at:end]
    comment = _COMMENT.search(whole)
    return (whole[: comment.start()] if comment else whole).rstrip(), end


def _end_of_line(source: str, at: int) -> int:
    match = _LINE.match(source, at)
    return match.end() if match else at
