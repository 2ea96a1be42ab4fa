"""The expressions between the braces of Slumber's templates, taken apart; nothing is ever called."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, TypeAlias

import msgspec

MAX_LENGTH: Final = 2000
_MAX_DEPTH: Final = 12
_TOKEN: Final = re.compile(
    r"""\s*(?:(?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?P<number>-?\d+(?:\.\d+)?)"""
    r"""|(?P<name>[A-Za-z_][\w.\-]*)|(?P<sign>[()\[\],|=]))"""
)
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_WORDS: Final = {"true": True, "false": False, "null": None}
_SHOWN: Final = {True: "true", False: "false", None: "null"}


class Name(msgspec.Struct, frozen=True):
    """A field of the profile: `host`; in version 3 also `chains.token` and `env.HOME`."""

    name: str


class Literal(msgspec.Struct, frozen=True):
    """A text, a number, a truth value, null."""

    value: str | int | float | bool | None


class Items(msgspec.Struct, frozen=True):
    """A list."""

    items: tuple[Expression, ...]


class Call(msgspec.Struct, frozen=True):
    """A function with what it is given, by place and by name."""

    name: str
    given: tuple[Expression, ...] = ()
    named: tuple[tuple[str, Expression], ...] = ()

    def text(self, name: str, at: int = -1) -> str:
        """A literal it is given by this name, or at this place; "" if there is none."""
        found = dict(self.named).get(name)
        if found is None and 0 <= at < len(self.given):
            found = self.given[at]
        return str(found.value) if isinstance(found, Literal) and found.value is not None else ""

    def has(self, name: str) -> bool:
        """Whether something is given by this name."""
        return any(name == each for each, _ in self.named)


class Pipe(msgspec.Struct, frozen=True):
    """A value that goes through functions."""

    first: Expression
    filters: tuple[Call, ...]


Expression: TypeAlias = "Name | Literal | Items | Call | Pipe"


def shown(expression: Expression) -> str:
    """An expression as it could have been written."""
    match expression:
        case Name(name):
            return name
        case Literal(value):
            return _SHOWN.get(value, str(value)) if value is None or isinstance(value, bool) else _quoted(value)
        case Items(items):
            return f"[{', '.join(map(shown, items))}]"
        case Call(name, given, named):
            return f"{name}({', '.join([*map(shown, given), *(f'{key}={shown(each)}' for key, each in named)])})"
        case Pipe(first, filters):
            return " | ".join(map(shown, (first, *filters)))


def _quoted(value: str | float) -> str:
    return f"'{value}'" if isinstance(value, str) else str(value)


def calls(expression: Expression) -> Iterator[str]:
    """The names of all functions in it."""
    match expression:
        case Items(items):
            inner: tuple[Expression, ...] = items
        case Call(name, given, named):
            yield name
            inner = (*given, *(each for _, each in named))
        case Pipe(first, filters):
            inner = (first, *filters)
        case _:
            inner = ()
    for each in inner:
        yield from calls(each)


class NotUnderstood(Exception):
    """The text is no expression that is known."""


def parsed(text: str) -> Expression:
    """An expression. Raises NotUnderstood."""
    if len(text) > MAX_LENGTH:
        raise NotUnderstood
    reader = _Reader(text)
    found = reader.pipe(0)
    if reader.kind:
        raise NotUnderstood
    return found


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text.rstrip()
        self._at = 0
        self.kind = self.word = ""
        self._next()

    def _next(self) -> str:
        word = self.word
        if self._at >= len(self._text):
            self.kind = self.word = ""
            return word
        match = _TOKEN.match(self._text, self._at)
        if match is None:
            raise NotUnderstood
        self._at = match.end()
        self.kind = match.lastgroup or ""
        self.word = match[self.kind]
        return word

    def _take(self, sign: str) -> bool:
        if self.kind == "sign" and self.word == sign:
            self._next()
            return True
        return False

    def _expect(self, sign: str) -> None:
        if not self._take(sign):
            raise NotUnderstood

    def pipe(self, depth: int) -> Expression:
        """A value, and the functions it goes through."""
        if depth > _MAX_DEPTH:
            raise NotUnderstood
        first = self._value(depth)
        filters: list[Call] = []
        while self._take("|"):
            found = self._value(depth)
            if not isinstance(found, Call):
                raise NotUnderstood
            filters.append(found)
        return Pipe(first, tuple(filters)) if filters else first

    def _value(self, depth: int) -> Expression:
        kind, word = self.kind, self.word
        if kind == "text":
            self._next()
            return Literal(_ESCAPE.sub(lambda sign: {"n": "\n", "t": "\t"}.get(sign[1], sign[1]), word[1:-1]))
        if kind == "number":
            self._next()
            return Literal(float(word) if "." in word else int(word))
        if kind == "name":
            self._next()
            if self._take("("):
                return self._call(word, depth)
            return Literal(_WORDS[word]) if word in _WORDS else Name(word)
        self._expect("[")
        items: list[Expression] = []
        while not self._take("]"):
            items.append(self.pipe(depth + 1))
            if not self._take(","):
                self._expect("]")
                break
        return Items(tuple(items))

    def _call(self, name: str, depth: int) -> Call:
        given: list[Expression] = []
        named: list[tuple[str, Expression]] = []
        while not self._take(")"):
            found = self.pipe(depth + 1)
            if isinstance(found, Name) and self._take("="):
                named.append((found.name, self.pipe(depth + 1)))
            else:
                given.append(found)
            if not self._take(","):
                self._expect(")")
                break
        return Call(name, tuple(given), tuple(named))
