"""The one folder of this process for replies that outgrow memory and files that are lent to other programs.

It stands in the folder for temporary files, is named after user and process, and is locked for as long as the process
lives. The system drops the lock however the process dies, so the next one can tell what a killed one left, and removes
it: `sweep`. Nothing is touched that is not ours by name, owner and mode.
"""

from __future__ import annotations

import atexit
import errno
import hashlib
import os
import re
import shutil
import stat
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

_NAME: Final = re.compile(r"tui-client-(?P<user>[0-9]+)-[0-9]+-[a-z0-9_]{8}")
_MODE: Final = 0o700
_SEAL: Final = ".seal"
_TRIES: Final = 100  # each needs a sweeper that meets a new folder in the moment before it is locked

if sys.platform == "win32":
    # No folder can be opened there, so none is locked and none is swept.
    _USER: Final = 0

    def _lock(descriptor: int) -> bool | None:
        return None

else:
    import fcntl

    _USER: Final = os.geteuid()

    def _lock(descriptor: int) -> bool | None:
        """Whether it is locked now, by us; None where the disk knows no locks."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return None
        return True


class _Held(NamedTuple):
    path: Path
    descriptor: int | None
    process: int


class Scratch:
    """The folder of one process below `base`, None for the system's own; safe for several threads."""

    def __init__(self, base: Path | None = None) -> None:
        self._base = base
        self._held: _Held | None = None
        self._making = threading.Lock()

    def folder(self) -> Path:
        """The folder, mode 0700; made when it is first asked for, after what killed processes left was removed.

        Raises OSError.
        """
        with self._making:
            # What cleans the folder for temporary files may have been there.
            if self._held is None or not self._held.path.is_dir():
                self._let_go()
                base = self._base or Path(tempfile.gettempdir())
                sweep(base)
                self._held = _make(base)
            return self._held.path

    def close(self) -> None:
        """Remove it, but for what `seal` says is someone's work."""
        with self._making:
            held = self._held
            # A forked process has no part in it.
            if held is None or held.process != os.getpid():
                return
            with suppress(OSError):
                if held.descriptor is None:
                    shutil.rmtree(held.path)
                else:
                    _remove(held.descriptor, held.path)
            self._let_go()

    def _let_go(self) -> None:
        if self._held is not None and self._held.descriptor is not None:
            os.close(self._held.descriptor)
        self._held = None


_own: Final = Scratch()
atexit.register(_own.close)
folder: Final = _own.folder


def sweep(base: Path | None = None) -> None:
    """Remove the folders of processes that are no more, where the lock says so. Blocking; raises nothing."""
    with suppress(OSError):
        base = base or Path(tempfile.gettempdir())
        for path in base.iterdir():
            if (found := _NAME.fullmatch(path.name)) and int(found["user"]) == _USER:
                _sweep_one(path)


def _sweep_one(path: Path) -> None:
    with suppress(OSError):
        descriptor = _open(path)
        try:
            found = os.fstat(descriptor)
            is_ours = found.st_uid == _USER and stat.S_IMODE(found.st_mode) == _MODE
            # Locked until it is gone: who has just made it sees that, and makes another.
            if is_ours and _lock(descriptor) and _is_at(descriptor, path):
                _remove(descriptor, path)
        finally:
            os.close(descriptor)


def _make(base: Path) -> _Held:
    for _ in range(_TRIES):
        path = Path(tempfile.mkdtemp(prefix=f"tui-client-{_USER}-{os.getpid()}-", dir=base))
        if sys.platform == "win32":
            return _Held(path, None, os.getpid())
        try:
            descriptor = _open(path)
        except FileNotFoundError:
            continue
        if _lock(descriptor) is not False and _is_at(descriptor, path):
            return _Held(path, descriptor, os.getpid())
        os.close(descriptor)
    raise FileExistsError(errno.EEXIST, "other instances remove what this one makes", str(base))


def _open(path: Path) -> int:
    return os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)


def _is_at(descriptor: int, path: Path) -> bool:
    """Whether the folder that was opened is still the one of that name."""
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(descriptor), path.lstat())
    return False


def _remove(descriptor: int, folder: Path) -> None:
    """Remove a folder, but for what `seal` says is someone's work."""
    # By the descriptor: a name can be given to another folder meanwhile. Links in it are removed, never followed.
    for name in os.listdir(descriptor):
        if name.endswith(_SEAL) or is_changed(folder / name):
            continue
        with suppress(OSError):
            if stat.S_ISDIR(os.stat(name, dir_fd=descriptor, follow_symlinks=False).st_mode):
                shutil.rmtree(name, ignore_errors=True, dir_fd=descriptor)
            else:
                os.unlink(name, dir_fd=descriptor)
    for name in os.listdir(descriptor):
        if name.endswith(_SEAL) and not (folder / name.removesuffix(_SEAL)).exists():
            os.unlink(name, dir_fd=descriptor)
    folder.rmdir()


def seal(folder: Path) -> None:
    """What stands in this folder of ours is no loss; once it is changed, it is someone's work, and stays."""
    _seal_of(folder).write_bytes(_digest(folder))


def is_changed(folder: Path) -> bool:
    """Whether files of a sealed folder are not as they were; False for one that has no seal."""
    try:
        return _seal_of(folder).read_bytes() != _digest(folder)
    except FileNotFoundError:
        return False


def _seal_of(folder: Path) -> Path:
    return folder.with_name(folder.name + _SEAL)


def _digest(folder: Path) -> bytes:
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        mode = path.lstat().st_mode
        content = path.read_bytes() if stat.S_ISREG(mode) else b""
        found.update(f"{path.relative_to(folder)}\0{stat.S_IFMT(mode)}\0{len(content)}\0".encode("utf-8", "replace"))
        found.update(content)
    return found.hexdigest().encode()
