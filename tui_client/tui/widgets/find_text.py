"""Finding a text in pieces of bytes, at the speed of `bytes.find`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

_WORD: Final = re.compile(rb"[0-9A-Za-z_\x80-\xff]")


class Piece(NamedTuple):
    """Bytes of a body: what is looked at begins at `at`, before it is what was searched already.

    last: the body ends here. stop_s: the monotonic clock when patience is over.
    """

    data: bytes
    at: int
    last: bool
    stop_s: float


class Scanned(NamedTuple):
    """Matches in a piece, and up to where it was searched; `again`: from where, if more follows after a last piece."""

    spans: list[tuple[int, int]]
    searched: int
    again: int


def safely(again: int, spans: list[tuple[int, int]], length: int) -> int:
    """From where to search again so that no match is cut in two; one that touches the end may become longer."""
    for start, end in reversed(spans):
        if start < again < end:
            return end if end < length else start
    return again


class TextScanner:
    """Finds a text as it stands in a charset. Raises UnicodeError if it can't stand there.

    Letters of either case are told apart or not; a whole word has no letter, digit or underscore beside it, and
    all that is beyond ASCII counts as a letter.
    """

    def __init__(self, text: str, charset: str, *, any_case: bool = False, whole: bool = False) -> None:
        self._needle = text.encode(charset)
        self._whole = whole
        self._folded = any_case and self._needle.isascii()
        self._pattern: re.Pattern[bytes] | None = None
        if self._folded:
            self._needle = self._needle.lower()
        elif any_case:
            self._pattern = re.compile(b"".join(_variants(char, charset) for char in text), re.IGNORECASE)
        self.overlap = 4 * len(text) + len(self._needle) + 1

    @classmethod
    def of_bytes(cls, needle: bytes) -> TextScanner:
        """Finds these bytes."""
        return cls(needle.decode("latin-1"), "latin-1")

    def scan(self, piece: Piece) -> Scanned:
        """All matches that begin in this piece, its overlap apart."""
        data = piece.data
        stop = len(data) if piece.last else max(piece.at, len(data) - self.overlap)
        spans: list[tuple[int, int]] = []
        found = self._found if self._pattern is None else self._found_by_pattern
        for start, end in found(data, piece.at):
            if start >= stop:
                break
            spans.append((start, end))
        searched = max(stop, spans[-1][1] if spans else 0)
        return Scanned(spans, searched, safely(max(piece.at, len(data) - self.overlap), spans, len(data)))

    def _found(self, data: bytes, at: int) -> Iterator[tuple[int, int]]:
        within = data.lower() if self._folded else data
        length = len(self._needle)
        start = within.find(self._needle, at)
        while start >= 0:
            whole = not self._whole or _stands_alone(data, start, start + length)
            if whole:
                yield start, start + length
            start = within.find(self._needle, start + (length if whole else 1))

    def _found_by_pattern(self, data: bytes, at: int) -> Iterator[tuple[int, int]]:
        assert self._pattern is not None  # asked for by the caller
        while match := self._pattern.search(data, at):
            whole = not self._whole or _stands_alone(data, *match.span())
            if whole:
                yield match.span()
            at = match.end() if whole else match.start() + 1


def _stands_alone(data: bytes, start: int, end: int) -> bool:
    return not (_WORD.match(data, end) or (start and _WORD.match(data, start - 1)))


def _variants(char: str, charset: str) -> bytes:
    if char.isascii():
        return re.escape(char.encode(charset))  # the pattern ignores the case of these
    forms = {char.encode(charset)}
    for form in (char.upper(), char.lower()):
        try:
            forms.add(form.encode(charset) if len(form) == 1 else b"")
        except UnicodeError:
            continue  # this charset has one case of it only
    encoded = sorted(re.escape(form) for form in forms if form)
    return encoded[0] if len(encoded) == 1 else b"(?:" + b"|".join(encoded) + b")"
