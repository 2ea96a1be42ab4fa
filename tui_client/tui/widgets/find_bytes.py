"""Searching a large body in pieces short enough for a screen that stays alive."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from typing import Final

from tui_client.model.exchange import BodyContent
from tui_client.tui.widgets.byte_window import PIECE

LIMIT: Final = 100_000
_LONGEST: Final = 512  # characters of a query


def pattern_for(query: str, charset: str) -> re.Pattern[bytes] | None:
    """What to look for in the bytes; None for nothing. A query without capitals finds them too."""
    if not query or len(query) > _LONGEST:
        return None
    any_case = query == query.lower()
    try:
        return re.compile(b"".join(_variants(char, charset, any_case) for char in query))
    except UnicodeError:
        return None


def _variants(char: str, charset: str, any_case: bool) -> bytes:
    forms = {char, char.upper(), char.lower()} if any_case else {char}
    encoded = sorted(re.escape(form.encode(charset)) for form in forms if len(form) == 1)
    return encoded[0] if len(encoded) == 1 else b"(?:" + b"|".join(encoded) + b")"


class Finder:
    """Matches of one pattern, in order, found piece by piece; at most 100,000 are kept."""

    def __init__(self, content: BodyContent, pattern: re.Pattern[bytes], origin: int = 0) -> None:
        self.origin = origin  # the byte where the user began to search
        self.current: int | None = None
        self.starts = array("Q")
        self.ends = array("Q")
        self.scanned_bytes = 0
        self._content = content
        self._pattern = pattern

    @property
    def complete(self) -> bool:
        """Whether all that is there was searched, or the limit was reached."""
        return self.full or self.scanned_bytes >= self._content.size

    @property
    def full(self) -> bool:
        """Whether there may be more matches than were kept."""
        return len(self.starts) >= LIMIT

    def extend(self) -> None:
        """Search one more piece: 64 KiB, and so much over that no match is cut."""
        start = self.scanned_bytes
        end = min(start + PIECE, self._content.size)
        overlap = 4 * _LONGEST
        data = self._content.read(start, end - start + overlap)
        after = self.ends[-1] - start if self.ends else 0
        for match in self._pattern.finditer(data, max(0, after)):
            if match.start() >= end - start or self.full:
                break
            self.starts.append(start + match.start())
            self.ends.append(start + match.end())
        self.scanned_bytes = end

    def between(self, start: int, end: int) -> range:
        """The numbers of the matches that touch these bytes."""
        return range(bisect_right(self.ends, start), bisect_left(self.starts, end))

    def next_from(self, offset: int) -> int | None:
        """The number of the first match at or after this byte, else the first of all; None if there is none yet."""
        if not self.starts:
            return None
        number = bisect_left(self.starts, offset)
        return number if number < len(self.starts) else 0
