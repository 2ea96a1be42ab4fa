"""Templates as text: `{{name}}` and `{{function(arguments)}}` between plain text, to segments and back.

hole       = "{{" expression "}}"           the last two braces of a run open, so {{{a}}} is {, a, }
expression = string | name | call
call       = name "(" [argument {"," argument}] ")"
argument   = string | number | name | call
name       = letters, digits, _ - .
string     = '…' or "…", without escapes
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NoReturn, TypeAlias

import msgspec

from tui_client.errors import Failure, FailureKind, RequestFailed

MAX_EXPRESSION: Final = 4096  # characters between the braces
MAX_DEPTH: Final = 16  # calls inside calls
_CACHED_LENGTH: Final = 65_536

_OPEN: Final = re.compile(r"\{\{(?!\{)")
_SPACE: Final = re.compile(r"\s*")
_NAME: Final = re.compile(r"[\w.\-]+")
_NUMBER: Final = re.compile(r"-?[0-9]{1,300}(\.[0-9]+)?", re.ASCII)


class Text(msgspec.Struct, frozen=True):
    """Text that stays as it is; `{{'{{'}}` is the text `{{`."""

    value: str


class Literal(msgspec.Struct, frozen=True):
    """A string or a number among the arguments of a call."""

    value: str | int | float


class Variable(msgspec.Struct, frozen=True):
    """The value of a variable."""

    name: str


class Call(msgspec.Struct, frozen=True):
    """The value of a function."""

    function: str
    args: tuple[Argument, ...] = ()


class Broken(msgspec.Struct, frozen=True):
    """A hole that can't be read, and why."""

    source: str
    reason: str


Argument: TypeAlias = Literal | Variable | Call
Segment: TypeAlias = Text | Variable | Call


class Located(msgspec.Struct, frozen=True):
    """A segment and the text it was read from."""

    source: str
    segment: Segment | Broken


class _Unreadable(Exception):
    """Why the hole under the reader can't be read."""


class _Reader:
    """Reads one hole from `start`; `at` counts characters from there."""

    def __init__(self, text: str, start: int) -> None:
        self.text = text[start : start + MAX_EXPRESSION]
        self.cut = len(text) > start + MAX_EXPRESSION
        self.at = 0

    def hole(self) -> Segment:
        expression = self._argument(0, top=True)
        self._expect("}}")
        return Text(str(expression.value)) if isinstance(expression, Literal) else expression

    def _argument(self, depth: int, *, top: bool = False) -> Argument:
        if depth > MAX_DEPTH:
            raise _Unreadable(f"calls nest deeper than {MAX_DEPTH}")
        self._skip()
        if self.text[self.at : self.at + 1] in ("'", '"'):
            return self._string()
        match = _NAME.match(self.text, self.at)
        if match is None:
            self._stop("expected a name")
        self.at = match.end()
        self._skip()
        if self.text.startswith("(", self.at):
            return self._call(match[0], depth)
        number = None if top else _NUMBER.fullmatch(match[0])
        if number is None:
            return Variable(match[0])
        return Literal(float(match[0]) if number[1] else int(match[0]))

    def _string(self) -> Literal:
        end = self.text.find(self.text[self.at], self.at + 1)
        if end < 0:
            self._stop("a string without its closing quote")
        value = self.text[self.at + 1 : end]
        self.at = end + 1
        return Literal(value)

    def _call(self, name: str, depth: int) -> Call:
        self._expect("(")
        self._skip()
        args: list[Argument] = []
        while not self.text.startswith(")", self.at):
            if args:
                self._expect(",")
            args.append(self._argument(depth + 1))
            self._skip()
        self.at += 1
        return Call(name, tuple(args))

    def _skip(self) -> None:
        match = _SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def _expect(self, sign: str) -> None:
        self._skip()
        if not self.text.startswith(sign, self.at):
            self._stop(f"expected {sign}")
        self.at += len(sign)

    def _stop(self, reason: str) -> NoReturn:
        if self.at >= len(self.text):
            reason = f"longer than {MAX_EXPRESSION} characters" if self.cut else f"{reason}, found the end"
        raise _Unreadable(reason)


def _resume(text: str, start: int) -> int:
    """Where reading goes on after a hole that can't be read: past its braces, or at the next hole."""
    limit = min(len(text), start + MAX_EXPRESSION)
    close = text.find("}}", start, limit)
    again = _OPEN.search(text, start, limit)
    return min(close + 2 if close >= 0 else limit, again.start() if again else limit)


def _read(text: str) -> Iterator[tuple[int, int, Segment | Broken]]:
    at = 0
    while (found := _OPEN.search(text, at)) is not None:
        if found.start() > at:
            yield at, found.start(), Text(text[at : found.start()])
        reader = _Reader(text, found.end())
        try:
            segment: Segment | Broken = reader.hole()
            at = found.end() + reader.at
        except _Unreadable as error:
            at = _resume(text, found.end())
            segment = Broken(text[found.start() : at], str(error))
        yield found.start(), at, segment
    if at < len(text):
        yield at, len(text), Text(text[at:])


def scan(text: str) -> tuple[Located, ...]:
    """All of a template, holes that can't be read among it; the sources put together are `text`."""
    return tuple(Located(text[start:end], segment) for start, end, segment in _read(text))


def _merged(text: str, place: str) -> tuple[Segment, ...]:
    segments: list[Segment] = []
    for start, _, segment in _read(text):
        if isinstance(segment, Broken):
            detail = f"{segment.reason}, at character {start + 1}"
            raise RequestFailed(Failure(FailureKind.TEMPLATE_SYNTAX, segment.source[:60], place, detail))
        if isinstance(segment, Text) and segments and isinstance(last := segments[-1], Text):
            segments[-1] = Text(last.value + segment.value)
        else:
            segments.append(segment)
    return tuple(segments)


_cached = lru_cache(maxsize=1024)(_merged)


def parse(text: str, place: str = "") -> tuple[Segment, ...]:
    """A template's segments; no two texts stand side by side. Raises RequestFailed (template.syntax) at `place`."""
    return _cached(text, place) if len(text) <= _CACHED_LENGTH else _merged(text, place)


def _argument_source(argument: Argument) -> str:
    match argument:
        case Literal(value=str() as value):
            return f'"{value}"' if "'" in value else f"'{value}'"
        case Literal(value=value):
            return str(value)
        case Variable(name=name):
            return name
        case Call(function=function, args=args):
            return f"{function}({', '.join(map(_argument_source, args))})"


def unparse(segments: tuple[Segment, ...]) -> str:
    """The text that `parse` reads as these segments."""
    return "".join(
        segment.value.replace("{{", "{{'{{'}}") if isinstance(segment, Text) else f"{{{{{_argument_source(segment)}}}}}"
        for segment in segments
    )


def names_in(expression: Argument) -> Iterator[str]:
    """Every variable in an expression, from left to right."""
    match expression:
        case Variable(name=name):
            yield name
        case Call(args=args):
            for argument in args:
                yield from names_in(argument)
        case Literal():
            return


def variables_in(text: str) -> tuple[str, ...]:
    """The names of the variables a template uses, each once; never fails."""
    found: dict[str, None] = {}
    for located in scan(text):
        if isinstance(located.segment, Variable | Call):
            found.update(dict.fromkeys(names_in(located.segment)))
    return tuple(found)
