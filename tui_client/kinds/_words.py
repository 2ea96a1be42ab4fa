"""The words of a line of asserts and captures: bare, quoted, or a name with arguments; and values as such words."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Collection
from datetime import date, time
from typing import Any, Final

import msgspec

from tui_client.errors import UsageError
from tui_client.model.values import Value

_DOUBLE: Final = r'"(?:[^"\\]|\\.)*"'
_SINGLE: Final = r"'[^']*'"
_CALL: Final = re.compile(rf"[A-Za-z]\w*\((?:[^()\"']|{_DOUBLE}|{_SINGLE})*\)", re.DOTALL)
_QUOTED: Final = re.compile(f"{_DOUBLE}|{_SINGLE}", re.DOTALL)
_BARE: Final = re.compile(r"[^\s\"']\S*")
_ARGUMENT: Final = re.compile(rf"\s*({_DOUBLE}|{_SINGLE}|[^\s,\"']+)\s*(,|$)", re.DOTALL)
_ESCAPE: Final = re.compile(r'\\(["\\nrt]|u[0-9a-fA-F]{4})')
_UNESCAPED: Final = {'"': '"', "\\": "\\", "n": "\n", "r": "\r", "t": "\t"}
_ESCAPED: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d.*)?|\d\d:\d\d:\d\d(\.\d+)?")
_PYTHONS: Final = ("NaN", "Infinity", "-Infinity")


class Word(msgspec.Struct, frozen=True):
    """One word as it stands in the line."""

    source: str

    @property
    def bare(self) -> str:
        """The word if nothing quotes it, else ""."""
        return "" if self.source[:1] in ("'", '"') else self.source

    @property
    def text(self) -> str:
        """What it says, without its quotes."""
        return unquoted(self.source)

    @property
    def name(self) -> str:
        """The name before its arguments."""
        return self.bare.partition("(")[0]

    @property
    def arguments(self) -> tuple[str | int | float | bool, ...]:
        """The arguments in brackets; bare words are text. Raises UsageError."""
        inside = self.source[len(self.name) + 1 : -1].strip() if "(" in self.source else ""
        found: list[str | int | float | bool] = []
        at = 0
        while at < len(inside):
            match = _ARGUMENT.match(inside, at)
            if match is None:
                raise UsageError(f"The arguments of {self.name} can't be read. Put text into quotes: {inside}")
            value = scalar(match[1])
            found.append(value if isinstance(value, str | int | float | bool) else match[1])
            at = match.end()
        return tuple(found)


class Words:
    """The words of a line, taken from its beginning. Raises UsageError for a quote that is not closed."""

    def __init__(self, line: str) -> None:
        self._line = line.strip()

    def __bool__(self) -> bool:
        return bool(self._line)

    @property
    def rest(self) -> str:
        """What was not taken yet."""
        return self._line

    @property
    def next_name(self) -> str:
        """The name that the next word begins with; "" for text in quotes."""
        return Word(self._peek()).name

    def is_operator(self, operators: Collection[str]) -> bool:
        """Whether an operator comes next, and not as the last word, where it may be meant as text."""
        word = self._peek()
        return word in operators and not word.isalpha()

    def take(self) -> Word:
        """The next word."""
        word = self._peek()
        self._line = self._line[len(word) :].lstrip()
        return Word(word)

    def take_word(self, word: str) -> bool:
        """Take the next word if it is this one."""
        if self._line and self._peek() == word:
            self.take()
            return True
        return False

    def take_value(self, op: str) -> Value:
        """The value that the line ends with, or its next word. Raises UsageError."""
        if not self._line:
            raise UsageError(f"{op} needs a value.")
        if self._line[0] == "[" or (self._line[0] == "{" and not self._line.startswith("{{")):
            source, self._line = self._line, ""
            return composite(source)
        if _DATE.fullmatch(self._line):
            source, self._line = self._line, ""
        else:
            source = self.take().source
        value = scalar(source)
        if value is None:
            raise UsageError("TOML has no null. Write isNull, or not isNull.")
        return value

    def _peek(self) -> str:
        pattern = _QUOTED if self._line[:1] in ("'", '"') else _CALL
        match = pattern.match(self._line) or (None if pattern is _QUOTED else _BARE.match(self._line))
        if match is None:
            raise UsageError(f"A quote is not closed: {self._line}")
        return match[0]


def unquoted(source: str) -> str:
    """The text of a word. A backslash before anything else stands for itself, so that patterns need not double it."""
    if source.startswith("'"):
        return source[1:-1]
    if not source.startswith('"'):
        return source
    return _ESCAPE.sub(lambda match: _UNESCAPED.get(match[1]) or chr(int(match[1][1:], 16)), source[1:-1])


def quoted(text: str) -> str:
    """Text in quotes: in single ones where that saves escapes."""
    if ('"' in text or "\\" in text) and "'" not in text and text.isprintable():
        return f"'{text}'"
    return '"' + "".join(_sign(character) for character in text) + '"'


def _sign(character: str) -> str:
    if character in _ESCAPED:
        return _ESCAPED[character]
    # What is beyond the first plane is printable or needs no escape to stand in one line.
    return character if character.isprintable() or ord(character) > 0xFFFF else f"\\u{ord(character):04x}"


def scalar(source: str) -> Value:
    """The value of one word: number, true, false, null or date if it is bare, else text."""
    if source[:1] in ("'", '"'):
        return unquoted(source)
    try:
        if _DATE.fullmatch(source):
            moment: Value = tomllib.loads(f"v = {source}")["v"]
            return moment
        value: Any = json.loads(source)
    except ValueError:
        return source
    return value if isinstance(value, int | float | None) else source


def composite(source: str) -> Value:
    """A list or an object, as JSON or as TOML writes it. Raises UsageError."""
    try:
        value: Value = json.loads(source, strict=False)
    except (ValueError, RecursionError):
        value = _toml(source)
    if _has_null(value):
        raise UsageError("TOML has no null, so a list or an object can't hold one here.")
    return value


def _toml(source: str) -> Value:
    try:
        value: Value = tomllib.loads(f"v = {source}")["v"]
    except (ValueError, RecursionError) as error:
        kind = "list" if source[0] == "[" else "object"
        raise UsageError(f"This {kind} can't be read; put text into quotes: {source}") from error
    return value


def _has_null(value: Any) -> bool:
    if isinstance(value, list):
        return any(map(_has_null, value))
    return any(map(_has_null, value.values())) if isinstance(value, dict) else value is None


def written(value: Value) -> str:
    """A value as one word, or as the end of a line."""
    match value:
        case str():
            return quoted(value)
        case date() | time():
            return value.isoformat()
        case list() | dict() if _has_date(value):
            return _toml_text(value)
        case _:
            return json.dumps(value, ensure_ascii=False, default=str)


def _has_date(value: Any) -> bool:
    if isinstance(value, list | dict):
        return any(map(_has_date, value.values() if isinstance(value, dict) else value))
    return isinstance(value, date | time)


def _toml_text(value: Any) -> str:
    match value:
        case list():
            return f"[{', '.join(map(_toml_text, value))}]"
        case dict():
            return "{" + ", ".join(f"{_json(key)} = {_toml_text(item)}" for key, item in value.items()) + "}"
        case date() | time():
            return value.isoformat()
        case float() if json.dumps(value) in _PYTHONS:
            return str(value)
        case _:
            return _json(value)


def _json(value: Any) -> str:
    # TOML strings know all escapes of JSON but the surrogate pairs of ASCII-only text; DEL must be escaped in TOML.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
