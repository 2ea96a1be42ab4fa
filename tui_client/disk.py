"""Folders that others use at the same time: opened without following links, locked, rid of what killed writers left.

Everything is done by the descriptor of a folder: a name can be given to another folder, or to a link, meanwhile.
"""

from __future__ import annotations

import errno
import itertools
import os
import re
import secrets
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, NamedTuple

_TEMPORARY: Final = re.compile(r"\.tui-client-[0-9a-f]+\.(tmp|secret\.toml)")
_OWN_FOLDER: Final = 0o700
_WAIT_S: Final = 2.0
_PAUSE_S: Final = 0.005
_TRIES: Final = 20  # each needs a sweeper that meets a new file in the moment before it is locked

if sys.platform == "win32":

    def _lock(descriptor: int) -> bool | None:
        return None

else:
    import fcntl

    def _lock(descriptor: int) -> bool | None:
        """Whether it is locked now, by us; None where the disk knows no locks."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return None
        return True


class Outside(OSError):
    """A path that leads out of the folder it must stay in."""


class NoFile(OSError):
    """A folder, a pipe or a device where a file should be."""


def real_path(path: Path) -> Path:
    """A path without links. Raises OSError for a loop of links, and for what no path can be."""
    try:
        return path.resolve()
    except RuntimeError as error:
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path)) from error
    except ValueError as error:
        raise OSError(errno.EINVAL, str(error), str(path)) from error


def _opened(name: str | Path, within: int | None = None) -> int:
    return os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | os.O_NOFOLLOW, dir_fd=within)


def open_folder(folder: Path, root: Path | None = None, *, make: bool = False) -> int:
    """A descriptor of a folder, to be closed.

    root: what the folder must be, or be below, whatever links say, also those that appear while this goes on. make:
    folders that are missing are made. Raises Outside, OSError.
    """
    real = real_path(folder)
    if root is None:
        if make:
            real.mkdir(parents=True, exist_ok=True)
        return _opened(real)
    top = real_path(root)
    if not real.is_relative_to(top):
        raise Outside(errno.EXDEV, "it leads out of the collection", str(folder))
    descriptor = _opened(top)
    for part in real.relative_to(top).parts:
        try:
            below = _step(part, descriptor, make)
        finally:
            os.close(descriptor)
        descriptor = below
    return descriptor


def _step(name: str, folder: int, make: bool) -> int:
    if make:
        with suppress(FileExistsError):
            os.mkdir(name, dir_fd=folder)
    try:
        return _opened(name, folder)
    except OSError as error:
        if _is_link(name, folder):
            # The path had no link in it a moment ago.
            raise Outside(errno.EXDEV, "it has become a link", name) from error
        raise


def _is_link(name: str, folder: int) -> bool:
    try:
        return stat.S_ISLNK(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)
    except OSError:
        return False


@contextmanager
def folder_at(folder: Path, root: Path | None = None, *, make: bool = False) -> Iterator[int]:
    """As `open_folder`, for as long as it is needed."""
    descriptor = open_folder(folder, root, make=make)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


class FileRead(NamedTuple):
    """The bytes of a file, and how it stood when they were read."""

    data: bytes
    status: os.stat_result


def read_file(path: Path, root: Path | None = None, limit: int = sys.maxsize) -> FileRead:
    """A regular file, one byte more than `limit` at most. root: as in `open_folder`.

    Raises Outside, NoFile, OSError.
    """
    real = real_path(path)
    with folder_at(real.parent, root) as folder:
        descriptor = open_regular(real.name, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW, folder)
    with os.fdopen(descriptor, "rb") as file:
        return FileRead(file.read(limit + 1 if limit < sys.maxsize else -1), os.fstat(descriptor))


def open_regular(name: str, flags: int, folder: int | None = None) -> int:
    """A descriptor of a regular file, also as an `opener` of `open`. Raises NoFile, OSError."""
    # A pipe would be waited for.
    descriptor = os.open(name, flags | os.O_NONBLOCK, dir_fd=folder)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    raise NoFile(errno.EINVAL, "it is not a regular file", name)


def own_folder(folder: Path) -> None:
    """A folder that is the user's alone, 0700 whatever the umask says; those above it that are missing too.

    One that is there and open to others is closed. Raises OSError where it can't be made.
    """
    missing = []
    while not os.path.lexists(folder):
        missing.append(folder)
        folder = folder.parent
    for made in reversed(missing):
        with suppress(FileExistsError):
            made.mkdir(_OWN_FOLDER)
    close_to_others(missing[0] if missing else folder, _OWN_FOLDER)


def close_to_others(path: Path, mode: int = 0o600) -> None:
    """Take from others what the mode of a file of ours gives them; what can't be changed stays as it is."""
    with suppress(OSError):
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            path.chmod(mode)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Let no other instance that asks for this lock change files of a folder that is there.

    A disk that knows no locks gives none. Raises TimeoutError after 2 seconds of waiting, OSError.
    """
    with folder_at(folder) as descriptor:
        end_s = time.monotonic() + _WAIT_S
        while _lock(descriptor) is False:
            if time.monotonic() > end_s:
                raise TimeoutError(errno.ETIMEDOUT, "another instance is writing there and does not end", str(folder))
            time.sleep(_PAUSE_S)
        yield


def set_aside(path: Path) -> str:
    """Move a file that can't be read out of the way, and over nothing: "cookies.aside.json", "cookies.aside2.json".

    Gives its new name. For one process at a time. Raises OSError.
    """
    for number in itertools.count(1):
        aside = path.with_suffix(f".aside{number if number > 1 else ''}{path.suffix}")
        if not os.path.lexists(aside):
            break
    path.rename(aside)
    return aside.name


def make_temporary(folder: int, mode: int, suffix: str = ".tmp") -> tuple[str, int]:
    """The name and the descriptor of a new file in a folder; locked, so that `sweep` knows its writer to be alive.

    suffix: ".tmp", or ".secret.toml" where git must ignore it. What was left behind is removed first. Raises OSError.
    """
    sweep(folder)
    for _ in range(_TRIES):
        name = f".tui-client-{secrets.token_hex(8)}{suffix}"
        descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode, dir_fd=folder)
        if _lock(descriptor) is not False and os.fstat(descriptor).st_nlink:
            return name, descriptor
        os.close(descriptor)
    raise FileExistsError(errno.EEXIST, "other instances remove what this one makes")


def sweep(folder: int) -> None:
    """Remove the temporary files in a folder whose writers are no more. Raises nothing."""
    with suppress(OSError):
        for name in filter(_TEMPORARY.fullmatch, os.listdir(folder)):
            with suppress(OSError):
                _sweep_one(name, folder)


def _sweep_one(name: str, folder: int) -> None:
    descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    try:
        if stat.S_ISREG(os.fstat(descriptor).st_mode) and _lock(descriptor):
            os.unlink(name, dir_fd=folder)
    finally:
        os.close(descriptor)
