"""What the OpenAPI document that a request came from says of its operation, for people."""

from __future__ import annotations

import threading
import tomllib
from pathlib import Path
from typing import Any, Final

from tui_client import disk
from tui_client.formats._format import FormatError
from tui_client.formats._openapi.described import (
    BodyInfo,
    Content,
    OperationInfo,
    ParameterInfo,
    ReplyInfo,
    operation_info,
)
from tui_client.formats._openapi.references import parsed
from tui_client.interop.source import FilesBeside

__all__ = ["BodyInfo", "Content", "OperationInfo", "ParameterInfo", "ReplyInfo", "link_of", "read_operation"]

MAX_BYTES: Final = 64 * 1024 * 1024
_KEPT: Final = 2
_LOCK: Final = threading.Lock()
# By path: when it was changed and its size, and what stood in it.
_DOCUMENTS: Final[dict[Path, tuple[tuple[int, int], Any]]] = {}


def link_of(text: str) -> tuple[str, str] | None:
    """The document and the operation that the text of a request file names: (".openapi/openapi.json", "get /users")."""
    if "[x-openapi]" not in text:
        return None
    try:
        table = tomllib.loads(text).get("x-openapi")
    except (ValueError, RecursionError):
        return None
    document, operation = (table.get("document"), table.get("operation")) if isinstance(table, dict) else (None, None)
    return (document, operation) if isinstance(document, str) and isinstance(operation, str) else None


def read_operation(root: Path, link: tuple[str, str]) -> OperationInfo | None:
    """What the document says; None where it, or the operation, is not there or can't be read.

    Blocking: call it in a thread. A document is parsed once as long as its file stays the same.
    """
    path = root / link[0]
    try:
        document = _document(path, root)
        return operation_info(document, path.name, FilesBeside(path.parent), link[1])
    except (FormatError, OSError, ValueError):
        return None


def _document(path: Path, root: Path) -> Any:
    with _LOCK:
        found = path.stat()
        stamp = (found.st_mtime_ns, found.st_size)
        if path not in _DOCUMENTS or _DOCUMENTS[path][0] != stamp:
            data = disk.read_file(path, root, MAX_BYTES + 1).data
            if len(data) > MAX_BYTES:
                raise FormatError(f"is larger than {MAX_BYTES >> 20} MiB")
            while len(_DOCUMENTS) >= _KEPT:
                del _DOCUMENTS[next(iter(_DOCUMENTS))]
            _DOCUMENTS[path] = (stamp, parsed(data))
        return _DOCUMENTS[path][1]
