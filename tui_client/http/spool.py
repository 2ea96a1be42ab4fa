"""A body that is still growing: in memory up to 1 MiB, then in a file that only we can read."""

from __future__ import annotations

import asyncio
import errno
import os
import tempfile
import threading
import time
import weakref
from pathlib import Path
from typing import Final

from tui_client import scratch
from tui_client.errors import Failure, FailureKind, RequestFailed
from tui_client.http.arrivals import Arrivals
from tui_client.text import format_bytes

MEMORY_BYTES: Final = 1 << 20
LEFT_FREE_BYTES: Final = 256 << 20  # of the disk, for others
SMALL_BYTES: Final = 32 << 20  # so much may be written to a disk that is nearly full


class Spool:
    """A `model.exchange.BodyContent` and `TimedContent`: one writer, any number of readers in any thread.

    Made when the head of the reply is here. The file goes away with the last reference to the spool, or by `close`.
    """

    def __init__(
        self,
        directory: Path | None = None,
        memory_bytes: int = MEMORY_BYTES,
        left_free_bytes: int = LEFT_FREE_BYTES,
        small_bytes: int = SMALL_BYTES,
    ) -> None:
        """directory: for the file; None: that of this process.

        left_free_bytes: of the disk, once the body has more than `small_bytes`.
        """
        self._directory = directory
        self._memory_bytes = memory_bytes
        self._left_free_bytes = left_free_bytes
        self._small_bytes = small_bytes
        self._begin = time.monotonic()
        self._arrivals: Arrivals | None = None
        self._lock = threading.Lock()
        self._tail = bytearray()
        self._moving = b""  # on its way to the file, still readable here
        self._stored = 0
        self._descriptor: int | None = None
        self._path: Path | None = None
        self._discard: weakref.finalize[[int, Path], Spool] | None = None
        self._closed = False

    @property
    def size(self) -> int:
        """Bytes so far."""
        with self._lock:
            return self._size()

    def _size(self) -> int:
        return self._stored + len(self._moving) + len(self._tail)

    @property
    def path(self) -> Path | None:
        """The file, None while all is in memory."""
        return self._path

    def append(self, data: bytes) -> None:
        """Add bytes, in memory; call `settle` now and then."""
        with self._lock:
            if self._arrivals is None:
                # Not sooner: most replies of a replay come with their head and are never put here.
                self._arrivals = Arrivals(self._begin)
            self._arrivals.note(self._stored + len(self._moving) + len(self._tail), time.monotonic())
            self._tail += data

    @property
    def age_s(self) -> float:
        """Seconds since the head."""
        return time.monotonic() - self._begin

    def arrived_s(self, offset: int) -> float:
        """Seconds from the head to when the byte at `offset` came, to a millisecond or so in the first half minute."""
        with self._lock:
            return 0.0 if self._arrivals is None else self._arrivals.at(offset)

    async def settle(self) -> None:
        """Move what memory should not hold to the file, in a thread.

        Raises RequestFailed (disk); what came so far stays readable.
        """
        if len(self._tail) > self._memory_bytes or (self._descriptor is not None and self._tail):
            await asyncio.to_thread(self._move)

    @property
    def unsettled(self) -> bool:
        """Whether enough is waiting in memory to be worth a `settle`."""
        return len(self._tail) > self._memory_bytes

    def read(self, start: int = 0, length: int | None = None) -> bytes:
        """Bytes from `start`, at most `length`, of what is here now."""
        with self._lock:
            end = self._size() if length is None else min(start + length, self._size())
            if start >= end:
                return b""
            pieces = [self._read_file(start, min(end, self._stored))]
            offset = self._stored
            for memory in (self._moving, self._tail):
                pieces.append(bytes(memory[max(start - offset, 0) : max(end - offset, 0)]))
                offset += len(memory)
        return b"".join(pieces)

    def close(self) -> None:
        """Forget the body and remove its file."""
        with self._lock:
            self._closed = True
            self._tail.clear()
            self._stored = 0
            # While a thread is writing, the descriptor is its: closing it now could hit another file's.
            if self._discard is not None and not self._moving:
                self._discard()

    def _read_file(self, start: int, end: int) -> bytes:
        if self._descriptor is None or start >= end:
            return b""
        pieces = []
        while start < end and (piece := os.pread(self._descriptor, end - start, start)):
            pieces.append(piece)
            start += len(piece)
        return b"".join(pieces)

    def _move(self) -> None:
        with self._lock:
            if self._closed or self._moving:
                return
            self._moving, self._tail = bytes(self._tail), bytearray()
        try:
            self._write(self._moving, self._stored)
        except OSError as error:
            with self._lock:
                self._tail[:0], self._moving = self._moving, b""
            raise RequestFailed(Failure(FailureKind.DISK, detail=error.strerror or str(error))) from None
        self._moved()

    def _moved(self) -> None:
        with self._lock:
            if not self._closed:
                self._stored += len(self._moving)
            elif self._discard is not None:
                self._discard()
            self._moving = b""

    def _write(self, data: bytes, offset: int) -> None:
        if self._descriptor is None:
            self._open()
        assert self._descriptor is not None  # `_open` has set it, or raised
        if offset + len(data) > self._small_bytes:
            self._check_room(len(data))
        view = memoryview(data)
        while view:
            written = os.pwrite(self._descriptor, view, offset)
            view, offset = view[written:], offset + written

    def _check_room(self, more_bytes: int) -> None:
        assert self._descriptor is not None  # as above
        disk = os.fstatvfs(self._descriptor)
        if disk.f_bavail * disk.f_frsize - more_bytes < self._left_free_bytes:
            left = format_bytes(self._left_free_bytes)
            raise OSError(errno.ENOSPC, f"less than {left} would be free on the disk of {self._path}")

    def _open(self) -> None:
        directory = self._directory or scratch.folder()
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix="body-", dir=directory)  # mode 0600
        with self._lock:
            self._descriptor, self._path = descriptor, Path(name)
            self._discard = weakref.finalize(self, _remove, descriptor, self._path)


def _remove(descriptor: int, path: Path) -> None:
    os.close(descriptor)
    path.unlink(missing_ok=True)
