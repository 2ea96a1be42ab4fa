"""Writing a file so that it is old or new, never between, whatever happens on the way."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Callable, Iterable
from pathlib import Path

from tui_client import disk
from tui_client.errors import SaveFailed


def write_atomically(
    path: Path,
    data: bytes | Iterable[bytes],
    *,
    mode: int | None = None,
    fresh: bool = False,
    root: Path | None = None,
    check: Callable[[], None] | None = None,
) -> None:
    """Write beside it, fsync, rename, fsync the folder. The mode of an existing file stays.

    `mode`: of a new file, instead of what the umask gives. `fresh`: the file must not be there yet. `root`: what its
    folder must not lead out of. `check` is called in the last moment before the rename, and may raise.
    Raises SaveFailed; what stood on disk is untouched then.
    """
    try:
        with disk.folder_at(path.parent, root) as folder:
            _write(folder, path.name, data, mode, fresh, check)
            # Without this, a power cut can bring the old name back, or leave the renamed file empty.
            os.fsync(folder)
    except OSError as error:
        raise SaveFailed(path, error.strerror or str(error)) from error


def _write(
    folder: int,
    name: str,
    data: bytes | Iterable[bytes],
    mode: int | None,
    fresh: bool,
    check: Callable[[], None] | None,
) -> None:
    wanted = _mode(folder, name) if mode is None else mode
    temporary, descriptor = disk.make_temporary(folder, 0o666 if wanted is None else 0o600)
    try:
        # The file stays open, and so locked, until it has its name.
        with os.fdopen(descriptor, "wb") as file:
            if wanted is not None:
                os.fchmod(descriptor, wanted)
            file.writelines((data,) if isinstance(data, bytes) else data)
            file.flush()
            os.fsync(descriptor)
            if check is not None:
                check()
            if fresh:
                place_new(folder, temporary, name)
            else:
                os.rename(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
    finally:
        with contextlib.suppress(OSError):
            os.unlink(temporary, dir_fd=folder)


def place_new(folder: int, temporary: str, name: str) -> None:
    """Give a file of a folder its name, which no other one may have. Raises FileExistsError, OSError."""
    try:
        # Unlike a rename, a link never replaces what another process made in the meantime.
        os.link(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
    except FileExistsError:
        raise
    except OSError:
        # File systems without hard links, FAT for one.
        with contextlib.suppress(FileNotFoundError):
            os.stat(name, dir_fd=folder, follow_symlinks=False)
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST)) from None
        os.rename(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)


def sync_folder(folder: Path) -> None:
    """Make a rename last."""
    with disk.folder_at(folder) as descriptor:
        # Without this, a power cut can leave the renamed file empty.
        os.fsync(descriptor)


def _mode(folder: int, name: str) -> int | None:
    try:
        return stat.S_IMODE(os.stat(name, dir_fd=folder).st_mode)
    except FileNotFoundError:
        return None
