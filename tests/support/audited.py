"""Notes what a piece of work does outside of its own memory: code it compiles, programs, sockets, files."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType
from typing import Any

_CODE = ("exec", "compile", "import", "marshal.loads", "pickle.find_class", "ctypes.dlopen", "code.__new__")
_PROGRAMS = ("subprocess.Popen", "os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn")
_WORLD = ("webbrowser.open", "shutil.", "ftplib.", "urllib.Request", "http.client.connect")

_noted: list[str] | None = None
_folder = ""
_is_hooked = False


def _hook(event: str, given: tuple[Any, ...]) -> None:
    if _noted is None:
        return
    if given and (event in _CODE or event in _PROGRAMS or event.startswith(("socket.", *_WORLD))):
        what = given[0].co_filename if isinstance(given[0], CodeType) else given[0]
        _noted.append(f"{event} {what!r}"[:200])
    elif event == "open" and not _is_inside(given[0]):
        _noted.append(f"open {given[0]!r}")


def _is_inside(path: object) -> bool:
    if isinstance(path, int):
        return True  # a descriptor: it was opened before
    name = os.fsdecode(path)  # type: ignore[arg-type]  # a path
    # A name alone is one of a folder that was opened before.
    return os.sep not in name or (bool(_folder) and Path(name).resolve().is_relative_to(_folder))


@contextmanager
def noting(folder: Path | None = None) -> Iterator[list[str]]:
    """What is done meanwhile; files in `folder` may be opened. Only in a program of its own: a hook stays for ever."""
    global _noted, _folder, _is_hooked
    if not _is_hooked:
        sys.addaudithook(_hook)
        _is_hooked = True
    _folder = "" if folder is None else str(folder.resolve())
    noted: list[str] = []
    _noted = noted
    try:
        yield noted
    finally:
        _noted = None
