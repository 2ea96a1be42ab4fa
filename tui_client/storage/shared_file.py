"""What requests share: collection.toml, folder.toml, environments/NAME.toml."""

from __future__ import annotations

from typing import Any, Final

from tui_client.model.collection import Collection, Environment, Folder
from tui_client.storage.document import Document
from tui_client.storage.node import Node
from tui_client.storage.parts import read_auth, read_options
from tui_client.storage.rows import read_rows
from tui_client.storage.variables import read_variables

FORMAT: Final = 1

_FOLDER: Final[dict[str, Any]] = {
    "name": Node.text,
    "description": Node.text,
    "order": Node.texts,
    "headers": read_rows,
    "auth": read_auth,
    "options": read_options,
    "variables": read_variables,
}
_ENVIRONMENT: Final[dict[str, Any]] = {"base_url": Node.text, "variables": read_variables, "headers": read_rows}

FOLDER_KEYS: Final = tuple(_FOLDER)
COLLECTION_KEYS: Final = ("format", "base_url", "history", *FOLDER_KEYS)
ENVIRONMENT_KEYS: Final = tuple(_ENVIRONMENT)


def _fields(root: Node, readers: dict[str, Any]) -> dict[str, Any]:
    return {key: readers[key](child) for key, child in root.table().items() if key in readers}


def read_folder(document: Document, path: str) -> Folder:
    """`folder.toml` of the folder at `path`. Raises BrokenFile."""
    root = Node(document, (), document.table)
    root.only(FOLDER_KEYS, extensions=True)
    return Folder(path=path, **_fields(root, _FOLDER))


def read_collection(document: Document, collection_id: str) -> Collection:
    """`collection.toml`. Raises BrokenFile."""
    root = Node(document, (), document.table)
    root.only(COLLECTION_KEYS, extensions=True)
    table = root.table()
    if "format" in table and (table["format"].value is True or table["format"].value != FORMAT):
        raise table["format"].broken(f"this version of tui-client reads format {FORMAT}")
    return Collection(
        id=collection_id,
        root=Folder(**_fields(root, _FOLDER)),
        base_url=table["base_url"].text() if "base_url" in table else "",
        history=table["history"].boolean() if "history" in table else True,
    )


def read_environment(document: Document, name: str) -> Environment:
    """`environments/NAME.toml`. Raises BrokenFile."""
    root = Node(document, (), document.table)
    root.only(ENVIRONMENT_KEYS, extensions=True)
    return Environment(name=name, **_fields(root, _ENVIRONMENT))
