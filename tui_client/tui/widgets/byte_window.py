"""Reading a large body in small pieces, each piece read once."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from tui_client.model.exchange import BodyContent

PIECE: Final = 1 << 16
_KEPT: Final = 32


class ByteWindow:
    """A cache of whole 64 KiB pieces over a body that only ever grows at its end; at most 2 MiB of it."""

    def __init__(self, content: BodyContent) -> None:
        self.content = content
        self._pieces: OrderedDict[int, bytes] = OrderedDict()

    @property
    def size(self) -> int:
        """Bytes so far."""
        return self.content.size

    def read(self, start: int, end: int) -> bytes:
        """The bytes from `start` to `end`, fewer at the end of the body."""
        if end - start > PIECE:
            return self.content.read(start, end - start)
        first, last = start // PIECE, max(start, end - 1) // PIECE
        data = self._piece(first) if first == last else self._piece(first) + self._piece(last)
        base = first * PIECE
        return data[start - base : end - base]

    def _piece(self, number: int) -> bytes:
        known = self._pieces.get(number)
        if known is not None:
            self._pieces.move_to_end(number)
            return known
        data = self.content.read(number * PIECE, PIECE)
        # A piece that may still grow is read again.
        if len(data) == PIECE:
            self._pieces[number] = data
            if len(self._pieces) > _KEPT:
                self._pieces.popitem(last=False)
        return data
