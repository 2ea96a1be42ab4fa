"""Where a workspace lies, and its files."""

from __future__ import annotations

from pathlib import Path

from tui_client import config
from tui_client.errors import UsageError
from tui_client.model.options import SendOptions
from tui_client.storage.defaults import read_defaults
from tui_client.storage.library import Library


def default_path() -> Path:
    """./collections if it is there, else the collections in the user's data folder."""
    here = Path("collections")
    return here if here.is_dir() else config.named(config.data_dir) / "collections"


def open_library(path: Path | None, defaults: SendOptions | None = None) -> Library:
    """The files of the workspace at `path`, or of the default one; `defaults` None: those of the user's settings.

    Raises UsageError if `path` is no directory, BrokenFile for settings that can't be read.
    """
    if path is not None and not path.is_dir():
        raise UsageError(f"{path} is not a directory. Give a workspace, or a collection in it.")
    return Library(path or default_path(), read_defaults() if defaults is None else defaults)
