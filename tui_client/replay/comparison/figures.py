"""What can be said of two bodies of any size: how large they are, their hashes, where they begin to differ."""

from __future__ import annotations

import hashlib
import threading
from typing import Final

import msgspec

from tui_client.model.exchange import BodyContent
from tui_client.replay.comparison.diff_rows import first_difference

_PIECE: Final = 1 << 20
_EXCERPT: Final = 16
_BEFORE: Final = 4


class Stopped(Exception):
    """The comparison is not wanted any more."""


class Figures(msgspec.Struct, frozen=True):
    """Two bodies, byte by byte.

    sizes: in bytes. sha256: as hex. offset: of the first byte that differs or that one of them lacks; None if they are
    the same. at, excerpts: some bytes of each around it, and where these begin.
    """

    sizes: tuple[int, int]
    sha256: tuple[str, str]
    offset: int | None = None
    at: int = 0
    excerpts: tuple[bytes, bytes] = (b"", b"")

    @property
    def same(self) -> bool:
        """Whether the bodies are the same, byte for byte."""
        return self.offset is None


def figures_of(left: BodyContent, right: BodyContent, stop: threading.Event) -> Figures:
    """Read both to their ends; a gigabyte takes seconds. For a thread. Raises Stopped soon after `stop` is set."""
    hashes = hashlib.sha256(), hashlib.sha256()
    offset: int | None = None
    sizes = left.size, right.size
    for start in range(0, max(sizes), _PIECE):
        if stop.is_set():
            raise Stopped
        pieces = left.read(start, _PIECE), right.read(start, _PIECE)
        for hashed, piece in zip(hashes, pieces, strict=True):
            hashed.update(piece)
        if offset is None and pieces[0] != pieces[1]:
            at = first_difference(*pieces)
            offset = start + (min(map(len, pieces)) if at is None else at)
    at = max(0, (offset or 0) - _BEFORE)
    excerpts = (b"", b"") if offset is None else (left.read(at, _EXCERPT), right.read(at, _EXCERPT))
    return Figures(sizes, (hashes[0].hexdigest(), hashes[1].hexdigest()), offset, at, excerpts)


def is_binary(head: bytes, content_type: str) -> bool:
    """Whether a body is no text, by its type and its first bytes."""
    media = content_type.partition(";")[0].strip().lower()
    if media.startswith(("image/", "audio/", "video/", "font/")):
        return not media.endswith("+xml")
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")) or "charset=utf-" in content_type.lower():
        return False
    return b"\x00" in head
