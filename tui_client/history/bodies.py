"""Long bodies, a file each: masked while they are copied, readable while anyone looks at them."""

from __future__ import annotations

import os
import secrets as dice
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from tui_client.model.exchange import BodyContent
from tui_client.model.masking import margin, masked_bytes

FOLDER: Final = "bodies"
# Small, since looking for secrets in a piece holds the interpreter's lock.
_PIECE: Final = 256 * 1024


class KeptFile(NamedTuple):
    """A body's file: its name in the folder, how many bytes are in it, and whether the reply had more."""

    name: str
    size: int
    cut: bool


class FileBody:
    """A `model.exchange.BodyContent` of a file that may be removed meanwhile."""

    def __init__(self, path: Path) -> None:
        """Raises OSError."""
        self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        weakref.finalize(self, os.close, self._descriptor)
        self.path: Path | None = path
        self.size = os.fstat(self._descriptor).st_size

    def read(self, start: int = 0, length: int | None = None) -> bytes:
        """Bytes from `start`, at most `length`."""
        end = self.size if length is None else min(start + length, self.size)
        pieces = []
        while start < end and (piece := os.pread(self._descriptor, end - start, start)):
            pieces.append(piece)
            start += len(piece)
        return b"".join(pieces)


def write_body(folder: Path, body: BodyContent, secrets: frozenset[str], limit: int) -> KeptFile:
    """Copy `limit` bytes at most into a new file, mode 0600. Raises OSError; no file stays then."""
    folder.mkdir(mode=0o700, exist_ok=True)
    name = dice.token_hex(16)
    path = folder / name
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb", buffering=0) as file:
            written = sum(_write(file.fileno(), piece) for piece in _masked_pieces(body, secrets, limit))
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return KeptFile(name, written, body.size > limit)


def _write(descriptor: int, data: bytes) -> int:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
    return len(data)


def _masked_pieces(body: BodyContent, secrets: frozenset[str], limit: int) -> Iterator[bytes]:
    if not secrets:
        for start in range(0, min(body.size, limit), _PIECE):
            yield body.read(start, min(_PIECE, limit - start))
        return
    extra = margin(secrets)
    window, read = b"", 0
    # Beyond the limit too: a secret that begins before it is masked as a whole.
    end = min(body.size, limit + extra)
    while read < end:
        more = body.read(read, min(_PIECE, end - read))
        if not more:
            break
        window, read = window + more, read + len(more)
        cut = _safe_cut(window, secrets, extra)
        if cut:
            yield _masked(window[:cut], secrets)
            window = window[cut:]
    if body.size <= limit:
        yield _masked(window, secrets)
    elif len(window) > extra:
        # Its last bytes may be the beginning of a secret.
        cut = _safe_cut(window, secrets, extra)
        yield _masked(window[:cut], secrets)


def _safe_cut(window: bytes, secrets: frozenset[str], extra: int) -> int:
    """Where a window can be cut so that no secret stands on both sides; 0 where there is no such place."""
    cut = len(window) - extra
    while cut > 0:
        before, after = window[max(0, cut - extra) : cut], window[cut : cut + extra]
        if _masked(before + after, secrets) == _masked(before, secrets) + _masked(after, secrets):
            return cut
        cut -= max(1, extra // 8)
    return 0


def _masked(data: bytes, secrets: frozenset[str]) -> bytes:
    return masked_bytes(data, secrets, len(data) * 4 + 16, whole=True)
