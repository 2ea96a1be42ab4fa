"""Files that only their owner may read: 0600 in folders of 0700, old or new, never between."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

from tui_client.errors import SaveFailed

FILE_MODE: Final = 0o600
FOLDER_MODE: Final = 0o700


def read_private(path: Path) -> bytes | None:
    """The bytes of a file, None if there is none; a file that others could read is closed to them.

    Raises OSError for one that can't be read.
    """
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_mode & 0o077:
                # Another's file can't be closed, nor one on a read-only disk; they can only be read.
                with suppress(OSError):
                    os.fchmod(file.fileno(), FILE_MODE)
            return file.read()
    except FileNotFoundError:
        return None


def write_private(path: Path, data: bytes) -> None:
    """Replace a file, readable by its owner only; folders that are missing are made so too. Raises SaveFailed."""
    _write(path, data, FILE_MODE)


def write_shared(path: Path, data: bytes) -> None:
    """Replace a file that holds no secret (a .gitignore), readable as the user's umask says. Raises SaveFailed."""
    umask = os.umask(0)
    os.umask(umask)
    _write(path, data, 0o666 & ~umask)


def _write(path: Path, data: bytes, mode: int) -> None:
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}.tmp")
    try:
        _make_folder(path.parent)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)
    except OSError as error:
        raise SaveFailed(path, error.strerror or str(error)) from error


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=FOLDER_MODE, exist_ok=True)


def _sync_folder(folder: Path) -> None:
    # Without this, a power cut can bring the old file back, or none.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
