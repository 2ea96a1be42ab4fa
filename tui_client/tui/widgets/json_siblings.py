"""All containers on one level of an indented JSON text, to be folded at once."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from tui_client.model.exchange import BodyContent
from tui_client.tui.widgets.json_nesting import Fold, parts_in

MOST_FOLDS: Final = 20_000
_STEP: Final = 1 << 15


class _Long(NamedTuple):
    """A container that is being counted: from where on, up to where, and what is known of its fold."""

    at: int
    close: int
    fold: Fold


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
        self._long: _Long | None = None
        self.folds: list[Fold] = []
        self.limited = False
        self.complete = False

    def extend(self) -> None:
        """Look at one more step."""
        if self._long is not None:
            self._go_on(self._long)
            return
        data = self._content.read(self._at, _STEP + self._indent + 8)
        for found in self._lines.finditer(data):
            if found.start() >= _STEP:
                break
            if found[1] and self._opened >= 0:
                whole = self._add(self._at + found.start(), self._at + found.end(), found[1])
                if not whole:
                    self._opened = -1
                    self._at += found.end()
                    return
            self._opened = -1 if found[1] else self._at + found.start()
        self._at += _STEP
        self.limited = len(self.folds) >= MOST_FOLDS
        self.complete = self.limited or self._at >= self._content.size

    def _add(self, close: int, end: int, closing: bytes) -> bool:
        """The container between two lines of this level, with deeper ones between; False: it is still counted."""
        start = self._end_of_line(self._opened + 1)
        feed = self._content.read(end, 1) == b"\n"
        self._go_on(_Long(start, close, Fold(start + 1, end + feed, 0, closing)))
        return self._long is None

    def _go_on(self, long: _Long) -> None:
        """Count the parts of one more piece of a container."""
        at, close, fold = long
        feeds = min(_STEP, close - at)
        parts = fold.parts + parts_in(self._content.read(at, feeds + self._indent + 8), feeds, self._indent + 2)
        fold = fold._replace(parts=parts)
        self._long = _Long(at + feeds, close, fold) if at + feeds < close else None
        if self._long is None:
            self.folds.append(fold)

    def _end_of_line(self, start: int) -> int:
        """Where the line ends that begins here; keys may be of any length."""
        at = start
        while (found := (data := self._content.read(at, 1 << 12)).find(b"\n")) < 0 and data:
            at += len(data)
        return at + max(0, found)
