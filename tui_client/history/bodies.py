"""Long bodies, a file each: masked while they are copied, readable while anyone looks at them."""

from __future__ import annotations

import os
import secrets as dice
import weakref
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from tui_client import disk
from tui_client.model.exchange import BodyContent
from tui_client.model.masking import margin, masked_bytes

FOLDER: Final = "bodies"
# Small, since looking for secrets in a piece holds the interpreter's lock.
_PIECE: Final = 256 * 1024
# So many places are tried for a cut between two secrets; a body of nothing else has none.
_TRIES: Final = 500


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


class Hidden(NamedTuple):
    """What is masked in a body. charset: in which they may stand there besides the usual ones, "" for none."""

    secrets: frozenset[str]
    charset: str = ""

    def out_of(self, data: bytes) -> bytes:
        """All of the data without them."""
        return masked_bytes(data, self.secrets, len(data) * 4 + 16, whole=True, charset=self.charset)


class _Ends(Exception):
    """The rest can't be kept: it is not there, or full of secrets and so not to be masked piece by piece."""


def write_body(folder: Path, body: BodyContent, hidden: Hidden, limit: int) -> KeptFile:
    """Copy `limit` bytes at most into a new file, mode 0600. Raises OSError; no file stays then."""
    disk.own_folder(folder)
    name = dice.token_hex(16)
    path = folder / name
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    written, cut = 0, body.size > limit
    try:
        with os.fdopen(descriptor, "wb", buffering=0) as file, suppress(_Ends):
            for piece in _masked_pieces(body, hidden, limit):
                written += _write(file.fileno(), piece)
            return KeptFile(name, written, cut)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return KeptFile(name, written, cut=True)


def _write(descriptor: int, data: bytes) -> int:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
    return len(data)


def _masked_pieces(body: BodyContent, hidden: Hidden, limit: int) -> Iterator[bytes]:
    """Raises OSError, _Ends."""
    if not hidden.secrets:
        for start in range(0, min(body.size, limit), _PIECE):
            yield _read(body, start, min(_PIECE, limit - start, body.size - start))
        return
    extra = margin(hidden.secrets)
    window, read = b"", 0
    # Beyond the limit too: a secret that begins before it is masked as a whole.
    end = min(body.size, limit + extra)
    while read < end:
        window += _read(body, read, min(_PIECE, end - read))
        read = min(read + _PIECE, end)
        if len(window) > extra:
            cut = _safe_cut(window, hidden, extra)
            yield hidden.out_of(window[:cut])
            window = window[cut:]
    if body.size <= limit:
        yield hidden.out_of(window)
    elif len(window) > extra:
        # Its last bytes may be the beginning of a secret.
        yield hidden.out_of(window[: _safe_cut(window, hidden, extra)])


def _read(body: BodyContent, start: int, length: int) -> bytes:
    data = body.read(start, length)
    if len(data) < length:
        raise _Ends
    return data


def _safe_cut(window: bytes, hidden: Hidden, extra: int) -> int:
    """Where a window can be cut so that no secret stands on both sides. Raises _Ends if no such place is found."""
    for tried in range(_TRIES):
        cut = len(window) - extra - tried * max(1, extra // 8)
        if cut <= 0:
            # In a window that short, the beginning is as good a place.
            if len(window) <= 2 * extra:
                return 0
            break
        before, after = window[max(0, cut - extra) : cut], window[cut : cut + extra]
        if hidden.out_of(before + after) == hidden.out_of(before) + hidden.out_of(after):
            return cut
    raise _Ends
