"""What the OpenAPI document that a request came from says of its operation, for people."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path, PurePosixPath
from typing import Any, Final, NamedTuple

from tui_client import disk
from tui_client.formats._format import Beside, FormatError
from tui_client.formats._openapi.described import (
    BodyInfo,
    Content,
    OperationInfo,
    ParameterInfo,
    ReplyInfo,
    operation_info,
)
from tui_client.formats._openapi.references import parsed
from tui_client.interop.matching import TABLE, link_in
from tui_client.interop.source import FilesBeside

__all__ = ["BodyInfo", "Content", "OperationInfo", "ParameterInfo", "ReplyInfo", "link_of", "read_operation"]

MAX_BYTES: Final = 64 * 1024 * 1024
_KEPT: Final = 2


def link_of(text: str) -> tuple[str, str] | None:
    """The document and the operation that the text of a request file names: (".openapi/openapi.json", "get /users")."""
    if f"[{TABLE}]" not in text:
        return None
    table = link_in(text)
    document, operation = table.get("document"), table.get("operation")
    return (document, operation) if isinstance(document, str) and isinstance(operation, str) else None


def read_operation(root: Path, link: tuple[str, str]) -> OperationInfo | None:
    """What the document says; None where it, or the operation, is not there or can't be read. Raises nothing.

    Blocking: call it in a thread. A document is parsed once as long as its file stays the same.
    """
    document, operation = link
    path = root / document
    if PurePosixPath(document).is_absolute() or ".." in PurePosixPath(document).parts:
        return None
    try:
        with _LOCK:
            return _kept(path, root).operation(path, operation)
    except (FormatError, OSError, ValueError, RecursionError):
        return None


class _Stamp(NamedTuple):
    """What changes with a file."""

    mtime_ns: int
    size: int


def _stamp(path: Path) -> _Stamp:
    found = os.lstat(path)
    # A link says nothing of what it leads to; it is not followed anyway.
    return _Stamp(found.st_mtime_ns, found.st_size) if stat.S_ISREG(found.st_mode) else _Stamp(0, 0)


class _Noticed:
    """The files beside a document, with the stamps that they had before they were read."""

    def __init__(self, folder: Path, stamps: dict[str, _Stamp]) -> None:
        self._folder = folder
        self._files = FilesBeside(folder)
        self._stamps = stamps
        self.names = self._files.names

    def read(self, name: str) -> bytes:
        try:
            found = _stamp(self._folder / name)
        except (OSError, ValueError):
            found = _Stamp(0, 0)
        data = self._files.read(name)
        self._stamps[name] = found
        return data


class _Document:
    """A parsed document, None where it can't be read, and the parsed files beside it."""

    def __init__(self, stamp: _Stamp, data: Any) -> None:
        self.stamp = stamp
        self._data = data
        self._files: dict[str, Any] = {}
        self._stamps: dict[str, _Stamp] = {}

    def operation(self, path: Path, operation: str) -> OperationInfo | None:
        """What it says; see `read_operation`."""
        self._forget(path.parent)
        beside: Beside = _Noticed(path.parent, self._stamps)
        return operation_info(self._data, path.name, beside, operation, self._files)

    def _forget(self, folder: Path) -> None:
        """The files that changed; all where they are too much to be kept."""
        too_much = sum(each.size for each in self._stamps.values()) > MAX_BYTES
        for name, known in list(self._stamps.items()):
            if too_much or not _is_still(folder / name, known):
                self._stamps.pop(name)
                self._files.pop(name, None)


def _is_still(path: Path, known: _Stamp) -> bool:
    try:
        return _stamp(path) == known
    except OSError:
        return False


_LOCK: Final = threading.Lock()
_DOCUMENTS: Final[dict[Path, _Document]] = {}  # those that were read last, the latest at the end


def _kept(path: Path, root: Path) -> _Document:
    """Raises OSError, ValueError."""
    stamp = _stamp(path)
    known = _DOCUMENTS.pop(path, None)
    if known is None or known.stamp != stamp:
        known = _Document(stamp, _parsed(path, root))
    while len(_DOCUMENTS) >= _KEPT:
        del _DOCUMENTS[next(iter(_DOCUMENTS))]
    _DOCUMENTS[path] = known
    return known


def _parsed(path: Path, root: Path) -> Any:
    data = disk.read_file(path, root, MAX_BYTES).data
    try:
        return parsed(data) if len(data) <= MAX_BYTES else None
    except (FormatError, RecursionError):
        return None  # it is not tried again before it changes
