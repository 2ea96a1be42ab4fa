"""All that is wrong with the files of a collection, file by file: the first thing that keeps one from being read, or
all that can never be used in one that can."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
from pathlib import Path

from tui_client.errors import BrokenFile, OutsideCollection
from tui_client.kinds.query.schema import Schema
from tui_client.model.collection import Collection, Environment, Folder
from tui_client.model.kinds import Query
from tui_client.model.request import Request
from tui_client.model.variables import FromRequest
from tui_client.storage import tree
from tui_client.storage.collection_files import CollectionFiles
from tui_client.storage.document import read_document
from tui_client.storage.inside import is_there
from tui_client.storage.mistakes import Mistake, broken_at, in_request, in_shared
from tui_client.storage.node import did_you_mean
from tui_client.storage.positions import Place
from tui_client.storage.targets import expand, near


def problems(shelf: CollectionFiles) -> Iterator[BrokenFile]:
    """What is wrong with the files, in the order of the tree.

    Files that can't be understood; names that no request has; templates, queries and patterns that can't be read.
    """
    root = shelf.root
    keys = shelf.all_keys()
    shared = root / tree.COLLECTION_FILE
    yield from _file(shelf, shared, shelf.collection, keys)
    for name in tree.environment_names(root):
        path = root / tree.ENVIRONMENTS / f"{name}.toml"
        yield from _file(shelf, path, partial(shelf.environment, name), keys)
    for name in tree.batch_names(root):
        yield from _batch(shelf, name, keys)
    for entry in shelf.walk():
        if entry.kind is tree.EntryKind.REQUEST:
            yield from _request(shelf, entry.key)
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


def count_files(shelf: CollectionFiles) -> int:
    """How many files `problems` reads."""
    root = shelf.root
    shared = [root / tree.COLLECTION_FILE]
    count = len(tree.environment_names(root)) + len(tree.batch_names(root))
    for entry in shelf.walk():
        if entry.kind is tree.EntryKind.REQUEST:
            count += 1
        else:
            shared.append(root / entry.key / tree.FOLDER_FILE)
    return count + sum(map(is_there, shared))


def _request(shelf: CollectionFiles, key: str) -> Iterator[BrokenFile]:
    try:
        request = shelf.read(key).request
    except BrokenFile as error:
        yield error
    except OutsideCollection:
        yield BrokenFile(shelf.root / f"{key}.toml", "has a name that can't be a key: a backslash is in it")
    else:
        yield from _mistakes(shelf.path(key), chain(in_request(request), _schemas(shelf, key, request)))


def _schemas(shelf: CollectionFiles, key: str, request: Request) -> Iterator[Mistake]:
    """Schemas that no check can find."""
    places: list[tuple[Place, Query]] = [(("capture", each.name), each.query) for each in request.captures]
    places += [(("assert", index), each.query) for index, each in enumerate(request.asserts) if each.enabled]
    for place, query in places:
        if isinstance(query, Schema) and not query.text and (reason := shelf.schemas.problem(query, key)):
            yield Mistake((*place, "file" if query.file else "query"), reason)


def _batch(shelf: CollectionFiles, name: str, keys: tuple[str, ...]) -> Iterator[BrokenFile]:
    try:
        batch = shelf.batch(name)
    except BrokenFile as error:
        yield error
        return
    for part in ("requests", "setup"):
        for index, target in enumerate(getattr(batch, part)):
            if not expand(target.removeprefix(f"{shelf.id}:"), keys, shelf.tags):
                reason = f"there is no request {target!r}{_meant(target, keys)}"
                yield _at(shelf.root / tree.BATCHES / f"{name}.toml", (part, index), reason)


def _file(
    shelf: CollectionFiles, path: Path, read: Callable[[], Collection | Folder | Environment], keys: tuple[str, ...]
) -> Iterator[BrokenFile]:
    try:
        shared = read()
    except BrokenFile as error:
        yield error
        return
    yield from _mistakes(path, in_shared(shared))
    variables = shared.root.variables if isinstance(shared, Collection) else shared.variables
    for name, variable in variables.items():
        if isinstance(variable, FromRequest):
            reason = _no_source(shelf, name, variable.key.removeprefix(f"{shelf.id}:"), keys)
            if reason:
                yield _at(path, ("variables", name, "from"), reason)


def _no_source(shelf: CollectionFiles, name: str, key: str, keys: tuple[str, ...]) -> str:
    """Why a request can't give a variable; "" if it can, or is broken itself, which is said elsewhere."""
    if not shelf.has(key):
        return f"there is no request {key!r}{_meant(key, keys)}"
    try:
        captures = shelf.read(key).request.captures
    except BrokenFile:
        return ""
    return "" if any(capture.name == name for capture in captures) else f"{key!r} has no [capture.{name}]"


def _mistakes(path: Path, mistakes: Iterator[Mistake]) -> Iterator[BrokenFile]:
    found = tuple(mistakes)
    if not found:
        return
    try:
        document = read_document(path)
    except BrokenFile as error:
        yield error
        return
    yield from (broken_at(document, each) for each in found)


def _meant(name: str, keys: tuple[str, ...]) -> str:
    hint = near(name, keys)
    return f"; did you mean {hint[0]!r}?" if hint else ""


def _at(path: Path, place: Place, reason: str) -> BrokenFile:
    try:
        return read_document(path).broken(place, reason)
    except BrokenFile as error:
        return error
