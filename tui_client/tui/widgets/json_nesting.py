"""Nesting in indented JSON: where a container ends, how many parts it has, the JSONPath of a line.

The text is as our formatters make it: two blanks a level, each part of a container on a line of its own, no raw line
feed in a string. So a line's indent says its level, and the next line of the same indent ends what a line opens.
Lines are known by the line feed before them, so that text can be looked at in steps that cut lines anywhere.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from tui_client.model.exchange import BodyContent

# Deeper than this the tolerant formatter indents no further, and a line's indent says nothing.
DEEPEST: Final = 100
_STEP: Final = 1 << 18  # a fraction of a millisecond
_LONGEST: Final = 1 << 12  # bytes of a line that are looked at; a key may be as long
_MORE: Final = 2 * DEEPEST + 8  # bytes after a step that tell the indent of its last line
_KEY: Final = re.compile(rb'("(?:[^"\\]|\\.)*"): ?')
_PLAIN_NAME: Final = re.compile(rb"[A-Za-z_][A-Za-z0-9_]*")


class Line(NamedTuple):
    """A line: where it starts, its indent in blanks, its text after that (4 KiB at most), and whether that is all."""

    start: int
    indent: int
    text: bytes
    whole: bool

    @property
    def opens(self) -> bool:
        """Whether a container begins here that has parts."""
        return self.whole and self.text.endswith((b"{", b"["))

    @property
    def closes(self) -> bool:
        """Whether a container ends here that began on another line."""
        return self.text.startswith((b"}", b"]"))

    @property
    def key(self) -> bytes:
        """The key with its quotes, as sent; empty for an item of an array."""
        found = _KEY.match(self.text)
        return found[1] if found else b""

    @property
    def value(self) -> bytes:
        """The value on this line without its comma, the bracket of a container; empty where it is too long."""
        found = _KEY.match(self.text)
        return (self.text[found.end() :] if found else self.text).removesuffix(b",") if self.whole else b""

    @property
    def too_deep(self) -> bool:
        return self.indent >= 2 * DEEPEST


class Fold(NamedTuple):
    """What a line opens: the bytes that are hidden when it is folded, its parts, and its end ("}" or "},")."""

    start: int
    end: int
    parts: int
    closing: bytes


def line_at(content: BodyContent, start: int) -> Line:
    """The line that begins at this byte."""
    data = content.read(start, _LONGEST)
    text, feed, _ = data.partition(b"\n")
    bare = text.lstrip(b" ")
    whole = bool(feed) or start + len(data) >= content.size
    return Line(start, len(text) - len(bare), bare, whole)


def parts_in(data: bytes, feeds: int, indent: int) -> int:
    """How many of the line feeds in the first bytes have so many blanks exactly after them, and no closing bracket."""
    deep = b"\n" + b" " * indent

    def count(pattern: bytes) -> int:
        return data.count(pattern, 0, feeds + len(pattern) - 1)

    # Counting four times is ten times as fast as one regular expression.
    return count(deep) - count(deep + b" ") - count(deep + b"]") - count(deep + b"}")


@lru_cache(maxsize=DEEPEST)
def _lines_of(indent: int) -> re.Pattern[bytes]:
    return re.compile(rb"\n {%d}(?=[^ \n])" % indent)


class FoldSearch:
    """Finds what a line opens; `fold` is there when `complete`, None where it opens nothing or the text is cut."""

    def __init__(self, content: BodyContent, line: Line) -> None:
        self._content = content
        self._indent = line.indent
        self._end = b"\n" + b" " * line.indent + (b"}" if line.text.endswith(b"{") else b"]")
        self._start = self._at = line.start + line.indent + len(line.text)
        self._parts = 0
        self.fold: Fold | None = None
        self.complete = not line.opens or line.too_deep

    def extend(self) -> None:
        """Look at one more step."""
        data = self._content.read(self._at, _STEP + _MORE)
        end = data.find(self._end, 0, _STEP + len(self._end) - 1)
        feeds = end if end >= 0 else min(_STEP, len(data))
        self._parts += parts_in(data, feeds, self._indent + 2)
        self._at += feeds
        if end >= 0:
            self._found(self._at + len(self._end))
        self.complete = end >= 0 or self._at >= self._content.size

    def _found(self, after: int) -> None:
        tail = self._content.read(after, 2)
        comma = tail[: tail.startswith(b",")]
        feed = tail[len(comma) : len(comma) + 1] == b"\n"
        self.fold = Fold(self._start + 1, after + len(comma) + feed, self._parts, self._end[-1:] + comma)


class PathSearch:
    """Finds the JSONPath (RFC 9535) of the line that begins at `start`; "" where its indent doesn't tell.

    around: end at the line that opens what that line is a part or the end of, which is `line` then.
    """

    def __init__(self, content: BodyContent, start: int, *, around: bool = False) -> None:
        self.path = ""
        self._around = around
        self.complete = False
        self._content = content
        self._segments: list[bytes] = []
        self._look_around(line_at(content, start))
        if self.line.too_deep or self.line.indent % 2:
            self.complete = True

    def _look_around(self, line: Line) -> None:
        """Look for the beginning of what this line is a part or the end of."""
        self.line = line
        self._wanted = line.indent if line.closes else line.indent - 2
        self._counts = not line.closes and not line.key
        self._index = 0
        self._at = line.start - 1  # line feeds before this one are looked at
        if self._wanted < 0:
            self.path = "$" + b"".join(reversed(self._segments)).decode("utf-8", "replace")
            self.complete = True

    def extend(self) -> None:
        """Look at one more step, before those that were seen."""
        start = max(0, self._at - _STEP)
        feeds = max(0, self._at - start)
        data = self._content.read(start, feeds + _MORE)
        opener = self._opener(data, feeds)
        if opener is None and start > 0:
            self._count(data, feeds)
            self._at = start
            return
        at = -1 if opener is None else opener
        self._count(data[at + 1 :], feeds - at - 1)
        line = line_at(self._content, start + at + 1)
        if line.indent != self._wanted or not line.opens:
            self.complete = True  # not the text that it seems to be
            return
        if not self.line.closes:
            self._segments.append(_segment(self.line.key, self._index))
        self._look_around(line)
        self.complete = self.complete or self._around

    def _opener(self, data: bytes, feeds: int) -> int | None:
        """The last line feed that is followed by a line of the wanted indent."""
        blanks = b"\n" + b" " * self._wanted
        end = feeds + len(blanks) - 1
        if data.count(blanks, 0, end) == data.count(blanks + b" ", 0, end + 1):
            return None
        found = None
        for match in _lines_of(self._wanted).finditer(data, 0, end + 1):
            if match.start() < feeds:
                found = match.start()
        return found

    def _count(self, data: bytes, feeds: int) -> None:
        if self._counts:
            self._index += parts_in(data, feeds, self._wanted + 2)


def _segment(key: bytes, index: int) -> bytes:
    if not key:
        return b"[%d]" % index
    name = key[1:-1]
    return b"." + name if _PLAIN_NAME.fullmatch(name) else b"[" + key + b"]"
