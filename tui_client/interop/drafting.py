"""The files of a collection as an update would leave them: read once, changed in memory, written by others."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

from tui_client import disk
from tui_client.errors import SaveFailed
from tui_client.storage import changes
from tui_client.storage.document import decode


class FileChange(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of a file. path: relative to the collection. was: the SHA-256 of what it held, "" for no file.

    text: None where the file goes.
    """

    path: str
    was: str = ""
    text: str | None = None


class Drafts:
    """Files by their path relative to the collection."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._was: dict[str, tuple[str | None, str]] = {}  # text and digest on disk
        self._now: dict[str, str | None] = {}
        self._names: dict[str, set[str]] = {}

    def seen(self, path: str, text: str, digest: str) -> None:
        """What a file was found to hold, so that it is not read again."""
        self._was.setdefault(path, (text, digest))

    def text(self, path: str) -> str | None:
        """What it holds by now, None for no file. Raises SaveFailed, BrokenFile."""
        if path not in self._was:
            data = on_disk(self.root / path, self.root)
            if data is None:
                self._was[path] = None, ""
            else:
                # A document need not be readable: it is replaced.
                text = data.decode(errors="replace") if path.startswith(".") else decode(self.root / path, data)
                self._was[path] = text, hashlib.sha256(data).hexdigest()
        return self._now.get(path, self._was[path][0])

    def put(self, path: str, text: str | None) -> None:
        """Let it hold this; None: let it go."""
        self.text(path)
        self._now[path] = text

    def names(self, folder: str) -> set[str]:
        """The names that a new file or folder can't have; add what is given away."""
        if folder not in self._names:
            self._names[folder] = changes.names_in(self.root / folder)
        return self._names[folder]

    def changes(self) -> tuple[FileChange, ...]:
        """The files that differ from what is on disk."""
        return tuple(
            FileChange(path=path, was=self._was[path][1], text=text)
            for path, text in self._now.items()
            if text != self._was[path][0]
        )


def on_disk(path: Path, root: Path) -> bytes | None:
    """The whole of a file, which may be a large document; None if there is none. Raises SaveFailed."""
    try:
        return disk.read_file(path, root).data
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SaveFailed(path, error.strerror or str(error)) from error
