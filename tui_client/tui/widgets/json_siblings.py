"""All containers on one level of an indented JSON text, to be folded at once."""

from __future__ import annotations

import re
from typing import Final

from tui_client.model.exchange import BodyContent
from tui_client.tui.widgets.json_nesting import Fold, parts_in

MOST_FOLDS: Final = 20_000
_STEP: Final = 1 << 17


class SiblingSearch:
    """Finds what can be folded on the level of this indent. limited: there is more than `folds`."""

    def __init__(self, content: BodyContent, indent: int) -> None:
        blanks = b"\n" + b" " * indent
        # A line feed, the indent, then the end of a container, or anything that is no deeper line.
        self._lines = re.compile(blanks + rb"(?:([\]}],?)|[^ \n])")
        self._content = content
        self._indent = indent
        self._at = 0
        self._opened = -1  # where the line feed before the last line of this level is
        self._last = b""
        self.folds: list[Fold] = []
        self.limited = False
        self.complete = False

    def extend(self) -> None:
        """Look at one more step."""
        data = self._content.read(self._at, _STEP + self._indent + 8)
        for found in self._lines.finditer(data):
            if found.start() >= _STEP:
                break
            if found[1] and self._opened >= 0:
                self._add(self._at + found.start(), self._at + found.end(), found[1])
            self._opened = -1 if found[1] else self._at + found.start()
        self._at += _STEP
        self.limited = len(self.folds) >= MOST_FOLDS
        self.complete = self.limited or self._at >= self._content.size

    def _add(self, close: int, end: int, closing: bytes) -> None:
        """The container between two lines of this level; what is between them is deeper."""
        start = self._end_of_line(self._opened + 1)
        parts = 0
        for at in range(start, close, _STEP):
            feeds = min(_STEP, close - at)
            parts += parts_in(self._content.read(at, feeds + self._indent + 8), feeds, self._indent + 2)
        feed = self._content.read(end, 1) == b"\n"
        self.folds.append(Fold(start + 1, end + feed, parts, closing))

    def _end_of_line(self, start: int) -> int:
        """Where the line ends that begins here; keys may be of any length."""
        at = start
        while (found := (data := self._content.read(at, 1 << 12)).find(b"\n")) < 0 and data:
            at += len(data)
        return at + max(0, found)
