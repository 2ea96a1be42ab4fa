"""Finding a pattern within the lines of a body, in pieces, with an end for patterns that would go on for years.

A match is what the pattern finds in its line alone. Patterns of the usual kind are first searched for in many lines
at once, and only lines with something in them are looked at by themselves.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from tui_client.tui.widgets.find_text import Piece, Scanned, safely
from tui_client.tui.widgets.row_text import snap

if TYPE_CHECKING:
    import regex

# What may fail in many lines and match in one: looking around, giving nothing back, anchors of the whole text,
# line ends as a unit, fuzzy matching. Such a pattern is searched for line by line.
_UNUSUAL: Final = re.compile(r"\(\?(?!:|P<|i\))|\(\*|[*+?}]\+|\\[AZzGKRXmMB]|\{(?![\d,])")
_LONG_LINE: Final = 1 << 14


class PatternTooSlow(Exception):
    """Nothing came of a pattern in its time."""


class PatternScanner:
    """Finds a pattern within lines; an empty match is none. Raises regex.error for what is no pattern.

    A line that does not fit a piece is searched in parts that overlap by 16 KiB; a longer match is cut there.
    """

    overlap = _LONG_LINE

    def __init__(self, pattern: str, charset: str, *, any_case: bool = False, whole: bool = False) -> None:
        import regex  # only those who use patterns pay for the import

        self._charset = charset
        self._utf8 = charset.startswith("utf-8")
        flags = regex.MULTILINE | (regex.IGNORECASE if any_case else 0)
        regex.compile(pattern)  # so that an error is about what was typed
        self._pattern: regex.Pattern[str] = regex.compile(rf"\b(?:{pattern})\b" if whole else pattern, flags)
        self._usual = _UNUSUAL.search(pattern) is None
        self._about_ends = "$" in pattern

    def scan(self, piece: Piece) -> Scanned:
        """All matches in the whole lines of this piece. Raises PatternTooSlow."""
        data, at = piece.data, piece.at
        begin = data.rfind(b"\n", 0, at) + 1  # what stands before in the same line can be looked at
        last_feed = data.rfind(b"\n", at)
        if piece.last:
            end = searched = len(data)
        elif last_feed >= 0:
            end = searched = last_feed + 1
        else:
            end, searched = len(data), max(at, self._snap(data, len(data) - self.overlap))
            searched = searched if searched > at else len(data)
        text = self._decode(data[begin:end])
        skip = len(self._decode(data[begin:at]))
        try:
            found = list(self._found(text, skip, piece.stop_s))
        except TimeoutError as error:
            raise PatternTooSlow from error
        spans = [(begin + start, begin + stop) for start, stop in self._in_bytes(text, found)]
        spans = [span for span in spans if at <= span[0] < searched]
        again = max(at, last_feed + 1) if len(data) - last_feed <= self.overlap else max(at, len(data) - self.overlap)
        last_end = spans[-1][1] if spans else 0
        return Scanned(spans, max(searched, last_end), safely(again, spans, len(data)))

    def _snap(self, data: bytes, position: int) -> int:
        return snap(data, max(0, position)) if self._utf8 else max(0, position)

    def _decode(self, data: bytes) -> str:
        # One character for each byte, or such as can be made bytes again.
        return data.decode(self._charset, "surrogateescape" if self._utf8 else "replace")

    def _found(self, text: str, skip: int, stop_s: float) -> Iterator[tuple[int, int]]:
        """Characters of matches, in the lines from `skip` on; the first line may have been searched up to there."""
        first_end = text.find("\n", skip) if skip else -1
        if skip:
            end = len(text) if first_end < 0 else first_end
            yield from self._in_line(text, 0, end, stop_s, skip)
            if first_end < 0:
                return
        begin = first_end + 1
        if self._usual and not (self._about_ends and "\r" in text):
            yield from self._in_likely_lines(text, begin, stop_s)
            return
        while begin < len(text):
            end = text.find("\n", begin)
            end = len(text) if end < 0 else end
            yield from self._in_line(text, begin, end, stop_s)
            begin = end + 1

    def _in_likely_lines(self, text: str, begin: int, stop_s: float) -> Iterator[tuple[int, int]]:
        while begin < len(text):
            match = self._pattern.search(text, begin, timeout=_left_s(stop_s), concurrent=True)
            if match is None:
                return
            end = text.find("\n", match.start())
            end = len(text) if end < 0 else end
            yield from self._in_line(text, max(begin, text.rfind("\n", begin, match.start()) + 1), end, stop_s)
            begin = end + 1

    def _in_line(self, text: str, begin: int, end: int, stop_s: float, skip: int = 0) -> Iterator[tuple[int, int]]:
        line = text[begin:end].removesuffix("\r")
        for match in self._pattern.finditer(line, skip, timeout=_left_s(stop_s), concurrent=True):
            if match.end() > match.start():
                yield begin + match.start(), begin + match.end()

    def _in_bytes(self, text: str, spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        if not self._utf8 or text.isascii():
            yield from spans
            return
        at = in_bytes = 0
        for start, end in spans:
            first = in_bytes + _length(text[at:start])
            at, in_bytes = end, first + _length(text[start:end])
            yield first, in_bytes


def _length(text: str) -> int:
    return len(text.encode("utf-8", "surrogateescape"))


def _left_s(stop_s: float) -> float:
    left = stop_s - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
