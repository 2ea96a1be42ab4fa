"""Where each key of a TOML text stands: a scanner that reads structure, not values."""

from __future__ import annotations

import re
import tomllib
from typing import Final, NamedTuple, TypeAlias

Place: TypeAlias = tuple[str | int, ...]

_SPACE: Final = re.compile(r"[ \t]*+")
_GAP: Final = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
_KEY: Final = re.compile(r'"(?:[^"\\\n]++|\\.)*+"|\'[^\'\n]*+\'|[A-Za-z0-9_-]++')
_STRING: Final = re.compile(
    r'"""(?:[^"\\]++|\\.|"{1,2}(?!"))*+"{3,5}'
    r"|'''(?:[^']++|'{1,2}(?!'))*+'{3,5}"
    r'|"(?:[^"\\\n]++|\\.)*+"'
    r"|'[^'\n]*+'",
    re.DOTALL,
)
_SCALAR: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d[^\s,\]}#]*+|[^\s,\]}\[{#]++")
_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")


class Span(NamedTuple):
    """Offsets of a pair or an array's item; for an item, `key` is where its value starts."""

    key: int
    start: int
    end: int


class Header(NamedTuple):
    """A `[table]` or `[[table]]` line; `end` stands after its last bracket."""

    place: Place
    start: int
    end: int


class Outline:
    """All pairs, items and headers of a text, as far as it could be read."""

    def __init__(self) -> None:
        self.spans: dict[Place, Span] = {}
        self.statements: list[Place] = []  # pairs that are lines of their own, in order
        self.headers: list[Header] = []
        self.dotted: dict[Place, int] = {}  # tables that only a dotted key made

    def find(self, place: Place) -> int:
        """The offset of `place`, or of the nearest table around it."""
        headers = {header.place: header.start for header in reversed(self.headers)}
        for length in range(len(place), 0, -1):
            part = place[:length]
            if part in self.spans:
                return self.spans[part].key
            if part in headers:
                return headers[part]
            if part in self.dotted:
                return self.dotted[part]
            inside = [header.start for header in self.headers if header.place[:length] == part]
            if inside:
                return inside[0]
        return 0


def outline(text: str) -> Outline:
    """Scan a text. What comes after something that isn't TOML is left out."""
    scanner = _Scanner(text)
    scanner.run()
    return scanner.found


def line_column(text: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset, both from 1, in characters."""
    start = text.rfind("\n", 0, offset) + 1
    return text.count("\n", 0, offset) + 1, offset - start + 1


def toml_path(place: Place) -> str:
    """A place as people read it: "$.assert[0].op", quoted where TOML would quote."""
    out = "$"
    for part in place:
        if isinstance(part, int):
            out += f"[{part}]"
        else:
            out += f".{part}" if _BARE.fullmatch(part) else f'."{part}"'
    return out


def key_text(raw: str) -> str:
    """A key's name from how it is written."""
    if raw[0] == "'" or (raw[0] == '"' and "\\" not in raw):
        return raw[1:-1]
    return str(tomllib.loads(f"k = {raw}")["k"]) if raw[0] == '"' else raw


class _NotToml(Exception):
    pass


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found = Outline()
        self.counts: dict[Place, int] = {}

    def run(self) -> None:
        table: Place = ()
        try:
            while True:
                self.skip(_GAP)
                if self.at >= len(self.text):
                    return
                if self.text[self.at] == "[":
                    table = self.header()
                else:
                    self.pair(table, statement=True)
        except (_NotToml, tomllib.TOMLDecodeError):
            return

    def skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.at)
        if match is None:
            raise _NotToml
        self.at = match.end()
        return match[0]

    def expect(self, sign: str) -> None:
        if not self.text.startswith(sign, self.at):
            raise _NotToml
        self.at += len(sign)

    def sees(self, sign: str) -> bool:
        return self.text.startswith(sign, self.at)

    def keys(self) -> list[str]:
        parts = []
        while True:
            self.skip(_SPACE)
            parts.append(key_text(self.take(_KEY)))
            self.skip(_SPACE)
            if not self.sees("."):
                return parts
            self.at += 1

    def header(self) -> Place:
        start = self.at
        many = self.sees("[[")
        self.expect("[[" if many else "[")
        parts = self.keys()
        self.expect("]]" if many else "]")
        place: Place = ()
        for index, part in enumerate(parts):
            place = (*place, part)
            last = index == len(parts) - 1
            if many and last:
                self.counts[place] = self.counts.get(place, -1) + 1
            if place in self.counts:
                place = (*place, self.counts[place])
        self.found.headers.append(Header(place, start, self.at))
        return place

    def pair(self, table: Place, *, statement: bool) -> None:
        start = self.at
        parts = self.keys()
        self.expect("=")
        self.skip(_SPACE)
        for length in range(1, len(parts)):
            self.found.dotted.setdefault((*table, *parts[:length]), start)
        place = (*table, *parts)
        if statement:
            self.found.statements.append(place)
        self.value(place, start)

    def value(self, place: Place, key: int) -> None:
        start = self.at
        if self.sees("["):
            self.array(place)
        elif self.sees("{"):
            self.inline(place)
        elif self.text[start : start + 1] in ('"', "'"):
            self.take(_STRING)
        else:
            self.take(_SCALAR)
        self.found.spans[place] = Span(key, start, self.at)

    def array(self, place: Place) -> None:
        self.expect("[")
        index = 0
        while True:
            self.skip(_GAP)
            if self.sees("]"):
                break
            self.value((*place, index), self.at)
            index += 1
            self.skip(_GAP)
            if not self.sees(","):
                break
            self.at += 1
        self.expect("]")

    def inline(self, place: Place) -> None:
        self.expect("{")
        self.skip(_GAP)
        while not self.sees("}"):
            self.pair(place, statement=False)
            self.skip(_GAP)
            if not self.sees(","):
                break
            self.at += 1
            self.skip(_GAP)
        self.expect("}")
