"""A body in a file without a name."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO


class FileBody:
    """A `model.exchange.BodyContent` that is gone when nobody holds it."""

    def __init__(self, file: IO[bytes]) -> None:
        file.flush()
        self._file = file
        self._size = os.fstat(file.fileno()).st_size

    @property
    def size(self) -> int:
        return self._size

    @property
    def path(self) -> Path | None:
        return None

    def read(self, start: int = 0, length: int | None = None) -> bytes:
        return os.pread(self._file.fileno(), self._size - start if length is None else length, start)
