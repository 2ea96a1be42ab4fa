"""The options in force where no file of a collection says anything: the user's own."""

from __future__ import annotations

from pathlib import Path

from tui_client.config import config_file
from tui_client.model.effective import merge_options
from tui_client.model.options import SendOptions
from tui_client.storage.document import read_document
from tui_client.storage.node import Node
from tui_client.storage.parts import read_options


def read_defaults(path: Path | None = None) -> SendOptions:
    """`[options]` of the user's config.toml, or of `path`, over the built-in ones. Raises BrokenFile with its place."""
    path = config_file() if path is None else path
    if not path.exists():
        return SendOptions()
    document = read_document(path)
    root = Node(document, (), document.table)
    if "options" not in document.table:
        return SendOptions()
    return merge_options(SendOptions(), read_options(root.child("options")))
