"""What is imported: a file, a folder or the standard input, and the files beside it, never one outside its folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

from tui_client import disk
from tui_client.errors import UsageError
from tui_client.formats._format import MAX_BYTES, Alone, FormatError, Source

_MOST_FILES: Final = 10_000
_MOST_DEEP: Final = 24
_MOST_BYTES: Final = 16 * 1024 * 1024


class FilesBeside:
    """The files of one folder and those below it; links are not followed, hidden ones left out."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self) -> Sequence[str]:
        """Paths relative to the folder, sorted, at most 10,000."""
        return self._names

    @cached_property
    def _names(self) -> tuple[str, ...]:
        found: list[str] = []
        for name in _walk(self._folder, ""):
            if len(found) == _MOST_FILES:
                break
            found.append(name)
        return tuple(sorted(found))

    def read(self, name: str) -> bytes:
        """One file. Raises FormatError."""
        path = self._folder.joinpath(*filter(None, name.replace("\\", "/").split("/")))
        try:
            # It follows no link, waits for no pipe, and does not leave the folder.
            data = disk.read_file(path, self._folder, _MOST_BYTES + 1).data
        except (OSError, ValueError) as error:
            raise FormatError(f"can't be read: {getattr(error, 'strerror', None) or error}") from error
        if len(data) > _MOST_BYTES:
            raise FormatError(f"is larger than {_MOST_BYTES >> 20} MiB")
        return data


def _walk(folder: Path, prefix: str, depth: int = 0) -> Iterator[str]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_file(follow_symlinks=False):
            yield prefix + entry.name
        elif entry.is_dir(follow_symlinks=False) and depth < _MOST_DEEP:
            yield from _walk(folder / entry.name, f"{prefix}{entry.name}/", depth + 1)


def open_source(word: str) -> Source:
    """The source that a word of the command line names: a file, a folder, or "-" for the standard input.

    Raises UsageError, with what to do.
    """
    if word == "-":
        return Source("-", _limited(sys.stdin.buffer.read(MAX_BYTES + 1), "The standard input"))
    try:
        path = Path(word).expanduser()
        if path.is_dir():
            return Source(path.resolve().name, b"", FilesBeside(path.resolve()), is_folder=True)
        descriptor = disk.open_regular(str(path), os.O_RDONLY)
        with os.fdopen(descriptor, "rb") as file:
            data = _limited(file.read(MAX_BYTES + 1), str(path))
    except (OSError, ValueError, RuntimeError) as error:
        # The last is of a `~name` that nobody has.
        why = getattr(error, "strerror", None) or str(error).rstrip(".")
        raise UsageError(f"{word} can't be read: {why}.") from error
    return Source(path.name, data, FilesBeside(path.resolve().parent))


def of_text(text: str) -> Source:
    """What was pasted."""
    return Source("-", text.encode("utf-8", "surrogatepass"), Alone())


def _limited(data: bytes, what: str) -> bytes:
    if len(data) > MAX_BYTES:
        raise UsageError(f"{what} is larger than {MAX_BYTES >> 20} MiB, which no format needs.")
    return data
