"""Opening a workspace for commands that only read files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tui_client.errors import UsageError

if TYPE_CHECKING:
    from tui_client.storage.library import Library


def open_files(path: Path | None) -> Library:
    """The workspace at `path`, or the default one. Raises UsageError if it is no directory, or holds no collection."""
    from tui_client.workspace import open_library

    library = open_library(path)
    if path is not None and not library.collections():
        raise UsageError(f"{path} holds no collection: no collection.toml is in it, nor in a directory of it.")
    return library
