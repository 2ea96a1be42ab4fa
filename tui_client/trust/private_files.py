"""Files that only their owner may read: 0600 in folders of 0700, old or new, never between."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

from tui_client import disk
from tui_client.errors import SaveFailed

FILE_MODE: Final = 0o600
MAX_BYTES: Final = 256 << 20
_SECRET: Final = ".secret.toml"


def read_private(path: Path, limit: int = MAX_BYTES) -> bytes | None:
    """The bytes of a file, None if there is none; a file that others could read is closed to them.

    Raises OSError for one that can't be read, is larger than `limit` bytes, or no file: a pipe would be waited for.
    """
    try:
        with open(path, "rb", opener=disk.open_regular) as file:
            if os.fstat(file.fileno()).st_mode & 0o077:
                # Another's file can't be closed, nor one on a read-only disk; they can only be read.
                with suppress(OSError):
                    os.fchmod(file.fileno(), FILE_MODE)
            data = file.read(limit + 1)
    except FileNotFoundError:
        return None
    if len(data) > limit:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
    return data


def write_private(path: Path, data: bytes, root: Path | None = None) -> None:
    """Replace a file, readable by its owner only; folders that are missing are made so too.

    root: what its folder must not lead out of. Raises SaveFailed.
    """
    _write(path, data, FILE_MODE, root)


def write_shared(path: Path, data: bytes) -> None:
    """Replace a file that holds no secret (a .gitignore); its mode stays, a new one has that of the user's umask.

    Raises SaveFailed.
    """
    try:
        kept = stat.S_IMODE(path.stat().st_mode)
    except OSError:
        kept = None
    _write(path, data, 0o666, None, kept)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """No other instance changes what is written beside `path` meanwhile. Raises SaveFailed where it can't be had."""
    with ExitStack() as stack:
        try:
            _make_folder(path.parent)
            stack.enter_context(disk.locked(path.parent))
        except OSError as error:
            raise SaveFailed(path, error.strerror or str(error)) from error
        yield


def _write(path: Path, data: bytes, mode: int, root: Path | None, kept: int | None = None) -> None:
    try:
        _make_folder(path.parent)
        with disk.folder_at(path.parent, root) as folder:
            _replace(folder, path.name, data, mode, kept)
            # Without this, a power cut can bring the old file back, or none.
            os.fsync(folder)
    except OSError as error:
        raise SaveFailed(path, error.strerror or str(error)) from error


def _replace(folder: int, name: str, data: bytes, mode: int, kept: int | None) -> None:
    # Git must ignore what a killed process leaves of a file that it ignores.
    temporary, descriptor = disk.make_temporary(folder, mode, _SECRET if name.endswith(_SECRET) else ".tmp")
    try:
        # The file stays open, and so locked, until it has its name.
        with os.fdopen(descriptor, "wb") as file:
            if kept is not None:
                os.fchmod(descriptor, kept)
            file.write(data)
            file.flush()
            os.fsync(descriptor)
            os.rename(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
    finally:
        with suppress(OSError):
            os.unlink(temporary, dir_fd=folder)


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        disk.own_folder(folder)
