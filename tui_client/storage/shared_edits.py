"""What requests share, edited in place: collection.toml, folder.toml, and the `x-…` tables of any file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tui_client.model.collection import Collection, Folder
from tui_client.storage.document import Document
from tui_client.storage.forms import in_order, kind_tree, options_tree, rows_tree
from tui_client.storage.saving import edited
from tui_client.storage.shared_file import read_collection, read_folder
from tui_client.storage.variables import write_variable


def edited_folder_text(path: Path, text: str, folder: Folder) -> str:
    """A folder.toml with this in it, everything else as it stood. Raises SaveFailed, BrokenFile."""

    def read(document: Document) -> Folder:
        return read_folder(document, folder.path)

    document = _document(path, text)
    old = read(document)
    if old == folder:
        return text
    return edited(document, text, _tree(document.table, old, folder), folder, read)


def edited_collection_text(path: Path, text: str, collection: Collection) -> str:
    """The same for a collection.toml; `format` and `history` stay."""

    def read(document: Document) -> Collection:
        return read_collection(document, collection.id)

    document = _document(path, text)
    old = read(document)
    if old == collection:
        return text
    tree = _tree(document.table, old.root, collection.root)
    if old.base_url != collection.base_url:
        tree = _put(tree, document.table, "base_url", collection.base_url)
    return edited(document, text, tree, collection, read)


def extended_text(path: Path, text: str, name: str, table: dict[str, Any]) -> str:
    """A file with another `x-…` table of this name. Raises SaveFailed, BrokenFile."""
    document = _document(path, text)
    tree = {**document.table, name: table}
    return edited(document, text, tree, tree, lambda found: found.table)


def _document(path: Path, text: str) -> Document:
    return Document(path, text.replace("\r\n", "\n"))


def _tree(raw: dict[str, Any], old: Folder, new: Folder) -> dict[str, Any]:
    variables = raw.get("variables", {})
    made: dict[str, Callable[[], Any]] = {
        "name": lambda: new.name,
        "description": lambda: new.description,
        "order": lambda: list(new.order),
        "headers": lambda: rows_tree(new.headers, raw.get("headers")),
        "auth": lambda: {} if new.auth is None else kind_tree(new.auth, raw.get("auth"), old.auth),
        "options": lambda: options_tree(new.options, raw.get("options")),
        "variables": lambda: {
            name: variables[name]
            if name in variables and repr(old.variables.get(name)) == repr(value)
            else write_variable(value)
            for name, value in new.variables.items()
        },
    }
    tree = raw
    for key, make in made.items():
        if repr(getattr(old, key)) != repr(getattr(new, key)):
            tree = _put(tree, raw, key, make())
    return tree


def _put(tree: dict[str, Any], raw: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    if not value:
        return {name: item for name, item in tree.items() if name != key}
    return in_order({**tree, key: value}, raw)
