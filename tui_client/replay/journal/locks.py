"""Who runs a run: a lock that the system lets go when its process dies, however it dies."""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from tui_client import disk
from tui_client.errors import SaveFailed, UsageError

# A look at whether a run is running holds its lock for a moment; a runner that meets one tries again.
_TRIES: Final = 10
_PAUSE_S: Final = 0.01

if sys.platform == "win32":
    import msvcrt

    # Beyond the text, since a locked byte can't be read by others.
    _FAR: Final = 1 << 20

    def _try_lock(descriptor: int, *, shared: bool) -> bool:
        os.lseek(descriptor, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(descriptor: int, *, shared: bool) -> bool:
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


class RunLock:
    """A file beside the journal, never the journal itself: closing that would drop SQLite's own locks.

    It holds the PID as text. One that nobody holds, left behind by a killed process, is no lock.
    """

    def __init__(self, path: Path) -> None:
        """Take the lock. Raises UsageError if another process, or this one, holds it; SaveFailed."""
        self._path = path
        self._descriptor: int | None = None
        for attempt in range(_TRIES):
            if attempt:
                time.sleep(_PAUSE_S)
            try:
                self._descriptor = _taken(path)
            except OSError as error:
                raise SaveFailed(path, error.strerror or str(error)) from error
            if self._descriptor is not None:
                return
        raise UsageError(f"{path.stem} is being run by process {_holder(path)}. Wait for its end, or stop it.")

    def release(self) -> None:
        """Let it go; a second time does nothing."""
        if self._descriptor is None:
            return
        with suppress(OSError):
            self._path.unlink()
        os.close(self._descriptor)
        self._descriptor = None


def is_locked(path: Path) -> bool:
    """Whether a living process holds the lock of this path."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except OSError:
        return False
    try:
        return not _try_lock(descriptor, shared=True)
    finally:
        os.close(descriptor)


def _taken(path: Path) -> int | None:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if _try_lock(descriptor, shared=False) and _is_at(descriptor, path):
            # One that a killed process left may be as open as it was made.
            disk.close_to_others(path)
            os.ftruncate(descriptor, 0)
            os.lseek(descriptor, 0, os.SEEK_SET)
            os.write(descriptor, str(os.getpid()).encode())
            held, descriptor = descriptor, -1
            return held
        return None
    finally:
        if descriptor >= 0:
            os.close(descriptor)


def _is_at(descriptor: int, path: Path) -> bool:
    """Whether the file is still the one of that name: who let go of it may have removed it since it was opened."""
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(descriptor), path.stat())
    return False


def _holder(path: Path) -> str:
    try:
        text = path.read_text("ascii")
    except (OSError, ValueError):
        return "unknown"
    return text if text.isdigit() else "unknown"
