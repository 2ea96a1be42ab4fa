"""The texts of whole new files: requests with what belongs to them, folders, collections, environments."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomli_w

from tui_client.model.collection import Collection, Folder
from tui_client.model.options import Options
from tui_client.model.request import Request
from tui_client.storage.document import Document
from tui_client.storage.forms import kind_tree, options_tree, rows_tree
from tui_client.storage.saving import checked_text, new_request_text
from tui_client.storage.sections import file_text
from tui_client.storage.shared_file import read_collection, read_folder
from tui_client.storage.variables import write_variable


def request_text(path: Path, request: Request, extensions: Mapping[str, Any]) -> str:
    """A request file, its `x-…` tables at the end. Raises SaveFailed for what TOML can't say."""
    return new_request_text(path, request, lambda text: _joined(text, extensions))


def folder_text(path: Path, folder: Folder, extensions: Mapping[str, Any]) -> str:
    """A folder.toml; "" where there is nothing to say. Raises SaveFailed."""

    def read(document: Document) -> Folder:
        return read_folder(document, folder.path)

    return checked_text(path, folder, read, lambda: _joined(file_text(_shared(folder)), extensions))


def collection_text(path: Path, collection: Collection, extensions: Mapping[str, Any]) -> str:
    """A collection.toml. Raises SaveFailed."""
    first = {"format": collection.format} | ({"base_url": collection.base_url} if collection.base_url else {})

    def read(document: Document) -> Collection:
        return read_collection(document, collection.id)

    return checked_text(
        path, collection, read, lambda: _joined(file_text(first | _shared(collection.root)), extensions)
    )


def _shared(folder: Folder) -> dict[str, Any]:
    tree: dict[str, Any] = {
        "name": folder.name,
        "description": folder.description,
        "order": list(folder.order),
        "headers": rows_tree(folder.headers, None),
        "auth": {} if folder.auth is None else kind_tree(folder.auth, None, None),
        "options": {} if folder.options == Options() else options_tree(folder.options, None),
        "variables": {name: write_variable(variable) for name, variable in folder.variables.items()},
    }
    return {key: value for key, value in tree.items() if value}


def _joined(text: str, extensions: Mapping[str, Any]) -> str:
    try:
        return "\n".join(filter(None, (text, *(_table(key, value) for key, value in extensions.items()))))
    except TypeError as error:
        raise ValueError(str(error)) from error


def _table(key: str, value: Any) -> str:
    # tomli-w writes short lists of tables behind an equals sign, which would belong to the table before it.
    lines = "\r" not in repr(value)
    if isinstance(value, list):
        return "\n".join(f"[[{key}]]\n{tomli_w.dumps(item, multiline_strings=lines)}" for item in value)
    return tomli_w.dumps({key: value}, multiline_strings=lines)
