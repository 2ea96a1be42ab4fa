"""All that is wrong with the files of a collection, one complaint a file, and on with the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from tui_client.errors import BrokenFile
from tui_client.model.collection import Environment, Folder
from tui_client.model.variables import FromRequest
from tui_client.storage import tree
from tui_client.storage.collection_files import CollectionFiles
from tui_client.storage.document import read_document
from tui_client.storage.node import did_you_mean
from tui_client.storage.positions import Place
from tui_client.storage.targets import near


def problems(shelf: CollectionFiles) -> Iterator[BrokenFile]:
    """Every file that can't be understood, in the order of the tree, and every `from` that names no request."""
    root = shelf.root
    keys = shelf.all_keys()
    shared = root / tree.COLLECTION_FILE
    yield from _file(shelf, shared, lambda: shelf.collection().root, keys)
    for name in tree.environment_names(root):
        path = root / tree.ENVIRONMENTS / f"{name}.toml"
        yield from _file(shelf, path, partial(shelf.environment, name), keys)
    for name in tree.batch_names(root):
        yield from _complaint(partial(shelf.batch, name))
    for entry in shelf.walk():
        if entry.kind is tree.EntryKind.REQUEST:
            yield from _complaint(partial(shelf.read, entry.key))
        else:
            path = root / entry.key / tree.FOLDER_FILE
            yield from _file(shelf, path, partial(shelf.folder, entry.key), keys)


def warnings(shelf: CollectionFiles) -> Iterator[BrokenFile]:
    """Names in `order` that nothing in the folder has."""
    folders = [entry.key for entry in shelf.walk() if entry.kind is tree.EntryKind.FOLDER]
    for folder in ("", *folders):
        there = {entry.key.rsplit("/", 1)[-1] for entry in shelf.entries(folder)}
        path = shelf.root / folder / (tree.FOLDER_FILE if folder else tree.COLLECTION_FILE)
        for index, name in enumerate(shelf.order(folder)):
            if name.removesuffix(".toml").rstrip("/") not in there:
                yield _at(path, ("order", index), f"nothing here is called {name!r}{did_you_mean(name, there)}")


def _complaint(read: Callable[[], Any]) -> Iterator[BrokenFile]:
    try:
        read()
    except BrokenFile as error:
        yield error


def _file(
    shelf: CollectionFiles, path: Path, read: Callable[[], Folder | Environment], keys: tuple[str, ...]
) -> Iterator[BrokenFile]:
    try:
        variables = read().variables
    except BrokenFile as error:
        yield error
        return
    for name, variable in variables.items():
        if isinstance(variable, FromRequest):
            reason = _no_source(shelf, name, variable.key.removeprefix(f"{shelf.id}:"), keys)
            if reason:
                yield _at(path, ("variables", name, "from"), reason)


def _no_source(shelf: CollectionFiles, name: str, key: str, keys: tuple[str, ...]) -> str:
    """Why a request can't give a variable; "" if it can, or is broken itself, which is said elsewhere."""
    if not shelf.has(key):
        hint = near(key, keys)
        return f"there is no request {key!r}" + (f"; did you mean {hint[0]!r}?" if hint else "")
    try:
        captures = shelf.read(key).request.captures
    except BrokenFile:
        return ""
    return "" if any(capture.name == name for capture in captures) else f"{key!r} has no [capture.{name}]"


def _at(path: Path, place: Place, reason: str) -> BrokenFile:
    try:
        return read_document(path).broken(place, reason)
    except BrokenFile as error:
        return error
