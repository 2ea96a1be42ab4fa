"""Writing a file so that it is old or new, never between, whatever happens on the way."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Iterable
from pathlib import Path

from tui_client.errors import SaveFailed


def write_atomically(
    path: Path, data: bytes | Iterable[bytes], *, mode: int | None = None, fresh: bool = False
) -> None:
    """Write beside it, fsync, rename, fsync the folder. The mode of an existing file stays.

    `mode`: of a new file, instead of what the umask gives. `fresh`: the file must not be there yet.
    Raises SaveFailed; what stood on disk is untouched then.
    """
    temporary = path.parent / f".tui-client-{secrets.token_hex(8)}.tmp"
    try:
        try:
            _fill(temporary, data, _mode(path) if mode is None else mode)
            if fresh:
                _place(temporary, path)
            else:
                temporary.replace(path)
        finally:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
        sync_folder(path.parent)
    except OSError as error:
        raise SaveFailed(path, error.strerror or str(error)) from error


def _place(temporary: Path, path: Path) -> None:
    try:
        # Unlike a rename, a link never replaces what another process made in the meantime.
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:
        # File systems without hard links, FAT for one.
        if path.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST)) from None
        temporary.replace(path)


def sync_folder(folder: Path) -> None:
    """Make a rename last."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        # Without this, a power cut can leave the renamed file empty.
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _mode(path: Path) -> int | None:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return None


def _fill(temporary: Path, data: bytes | Iterable[bytes], mode: int | None) -> None:
    created = 0o666 if mode is None else 0o600
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, created)
    with os.fdopen(descriptor, "wb") as file:
        if mode is not None:
            os.fchmod(descriptor, mode)
        file.writelines((data,) if isinstance(data, bytes) else data)
        file.flush()
        os.fsync(descriptor)
