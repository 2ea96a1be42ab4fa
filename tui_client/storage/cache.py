"""What was made of a file, kept as long as the file stands as it was."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, Generic, TypeAlias, TypeVar

from tui_client.errors import BrokenFile
from tui_client.storage.stamps import may_hide_a_change

T = TypeVar("T")

MAX_ENTRIES: Final = 20_000

_Signature: TypeAlias = tuple[int, int, int, int]


class FileCache(Generic[T]):
    """Values by path; read again when the file's times, size or inode differ, or could not differ yet.

    Errors are kept too. most: values of so many files; then all are forgotten.
    """

    def __init__(self, read: Callable[[Path], T], most: int = MAX_ENTRIES) -> None:
        self._read = read
        self._most = most
        self._kept: dict[Path, tuple[_Signature | None, T | BrokenFile]] = {}

    def get(self, path: Path) -> T:
        """The value of a file. Raises BrokenFile."""
        try:
            status = os.stat(path)  # noqa: PTH116 - Path.stat costs twice as much, once a step of a replay
        except OSError as error:
            self._kept.pop(path, None)
            raise BrokenFile(path, f"can't be read: {error.strerror or error}") from error
        signature = (status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino)
        kept = self._kept.get(path)
        if kept is None or kept[0] != signature:
            now_ns = time.time_ns()
            kept = (None if may_hide_a_change(status, now_ns) else signature, self._fresh(path))
            if len(self._kept) >= self._most and path not in self._kept:
                self._kept.clear()
            self._kept[path] = kept
        if isinstance(kept[1], BrokenFile):
            raise kept[1].with_traceback(None)
        return kept[1]

    def _fresh(self, path: Path) -> T | BrokenFile:
        try:
            return self._read(path)
        except BrokenFile as error:
            return error
