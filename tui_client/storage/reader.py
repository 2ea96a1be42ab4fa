"""Reading a workspace: collections, their requests by key, and all that a request inherits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import msgspec

from tui_client.errors import BrokenFile, NotFound
from tui_client.model.collection import Environment, Surroundings
from tui_client.model.content import Locate
from tui_client.model.effective import EffectiveRequest, inherit
from tui_client.model.options import SendOptions
from tui_client.model.request import Request
from tui_client.storage import targets, tree
from tui_client.storage.batch import Batch
from tui_client.storage.collection_files import CollectionFiles, Summary
from tui_client.storage.document import Fingerprint
from tui_client.storage.inside import is_there, locate_in
from tui_client.storage.schema_files import bound
from tui_client.storage.tree import Entry, EntryKind

__all__ = ["CollectionRef", "LoadedRequest", "Reader", "Summary"]


class CollectionRef(msgspec.Struct, frozen=True):
    """A collection of the workspace; `name` as its file says, else its id."""

    id: str
    root: Path
    name: str


class LoadedRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request as it was read: `text` is the document (no BOM), `fingerprint` tells whether it changed since."""

    key: str
    path: Path
    request: Request
    text: str
    fingerprint: Fingerprint


class Reader:
    """The requests of a workspace: a directory that holds collections, or is one.

    A key is "users/list" where the workspace is, or has just, one collection, else "shop:users/list".
    `defaults` are the options in force where no file says anything. Reading writes nothing.
    """

    def __init__(self, root: Path, defaults: SendOptions = SendOptions()) -> None:  # noqa: B008 - frozen
        self.root = root.absolute()
        self.defaults = defaults
        self._shelves: dict[str, CollectionFiles] = {}
        self.refresh()

    # Collections

    def refresh(self) -> None:
        """Look again which collections there are."""
        alone = is_there(self.root / tree.COLLECTION_FILE)
        roots = [self.root] if alone else _collection_roots(self.root)
        named = {_name(root): root for root in roots}
        kept = self._shelves
        self._shelves = {
            name: kept[name] if name in kept and kept[name].root == root else CollectionFiles(name, root)
            for name, root in named.items()
        }

    def collections(self) -> tuple[CollectionRef, ...]:
        """The collections there are now, in natural order."""
        self.refresh()
        return tuple(_reference(shelf) for shelf in self._shelves.values())

    @property
    def default_collection(self) -> CollectionRef | None:
        """The first collection, or None in an empty workspace."""
        return next((_reference(shelf) for shelf in self._shelves.values()), None)

    def shelf(self, collection_id: str) -> CollectionFiles:
        """One collection's files. Raises NotFound with near names."""
        if collection_id not in self._shelves:
            self.refresh()
        if collection_id not in self._shelves:
            raise NotFound("collection", collection_id, targets.near(collection_id, tuple(self._shelves)))
        return self._shelves[collection_id]

    def collection_root(self, key: str) -> Path:
        """The directory of the collection that holds `key`."""
        return self.split(key)[0].root

    # Names

    def split(self, key: str) -> tuple[CollectionFiles, str]:
        """The collection of a key, and the key inside it; the request need not be there. Raises NotFound."""
        prefix, colon, rest = key.partition(":")
        if colon and prefix in self._shelves:
            return self._shelves[prefix], rest
        if len(self._shelves) == 1:
            return next(iter(self._shelves.values())), key
        holders = [shelf for shelf in self._shelves.values() if shelf.has(key)]
        if len(holders) == 1:
            return holders[0], key
        known = tuple(self._key(shelf, key) for shelf in holders)
        raise NotFound("request", key, known[:5] or partial(self._near, key))

    def _key(self, shelf: CollectionFiles, key: str) -> str:
        return f"{shelf.id}:{key}" if len(self._shelves) > 1 else key

    def key_of(self, collection_id: str, key: str) -> str:
        """The key in this workspace of a request or folder of one collection."""
        return self._key(self.shelf(collection_id), key)

    def entries(self, collection_id: str, folder: str = "") -> tuple[Entry, ...]:
        """One level of a collection's folders, in order, by file name alone: no request is opened.

        `folder` is its path in the collection. Keys as everywhere in this workspace.
        """
        shelf = self.shelf(collection_id)
        found = shelf.entries(folder)
        if len(self._shelves) == 1:
            return found
        return tuple(msgspec.structs.replace(entry, key=self._key(shelf, entry.key)) for entry in found)

    def keys(self, collection_id: str | None = None) -> tuple[str, ...]:
        """Every request in collection order, by file name alone."""
        shelves = self._shelves.values() if collection_id is None else (self.shelf(collection_id),)
        return tuple(self._key(shelf, key) for shelf in shelves for key in shelf.all_keys())

    def find(self, key: str) -> str:
        """The full key of a request that is there. Raises NotFound with near keys."""
        shelf, inside = self.split(key)
        for name in (inside, inside.removesuffix(".toml")):
            if shelf.has(name):
                return self._key(shelf, name)
        raise NotFound("request", key, partial(self._near, key))

    def _near(self, key: str) -> tuple[str, ...]:
        return targets.near(key, self.keys())

    def select(self, wanted: Sequence[str]) -> tuple[str, ...]:
        """The requests that targets mean: keys, folders, globs, "tag:smoke", "." for all.

        In the order of the targets, each in collection order, none twice. Raises NotFound for a target
        that means nothing.
        """
        chosen: dict[str, None] = {}
        known = {name: shelf.all_keys() for name, shelf in self._shelves.items()}
        for target in wanted:
            found = self._expand(target, known)
            if not found and target not in (".", "./"):
                raise NotFound("request", target, targets.near(target, (*self.keys(), *self.folders())))
            chosen |= dict.fromkeys(found)
        return tuple(chosen)

    def folders(self) -> tuple[str, ...]:
        """Every folder, in collection order, with a slash at its end: "users/admin/"."""
        return tuple(
            self._key(shelf, entry.key) + "/"
            for shelf in self._shelves.values()
            for entry in shelf.walk()
            if entry.kind is EntryKind.FOLDER
        )

    def _expand(self, target: str, known: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
        prefix, colon, rest = target.partition(":")
        named = colon and prefix in self._shelves
        shelves = [self._shelves[prefix]] if named else list(self._shelves.values())
        chosen: list[str] = []
        for shelf in shelves:
            found = targets.expand(rest if named else target, known[shelf.id], shelf.tags)
            chosen += [self._key(shelf, key) for key in found]
        return tuple(chosen)

    # Reading

    def load(self, key: str) -> LoadedRequest:
        """A request with its document. Raises BrokenFile, NotFound."""
        shelf, inside = self.split(self.find(key))
        file = shelf.read(inside)
        return LoadedRequest(
            key=self._key(shelf, inside),
            path=shelf.path(inside),
            request=file.request,
            text=file.text,
            fingerprint=file.fingerprint,
        )

    def summary(self, key: str) -> Summary:
        """Method, URL, name and tags; kept until the file changes. Raises BrokenFile, NotFound."""
        shelf, inside = self.split(self.find(key))
        return shelf.summary(inside)

    def surroundings(self, key: str, environment: str) -> Surroundings:
        """All that a request inherits from; the key need not be there yet. Raises BrokenFile, NotFound."""
        shelf, inside = self.split(key)
        return shelf.surroundings(inside, environment)

    def effective(self, key: str, environment: str) -> EffectiveRequest:
        """A request with all it inherits. Raises BrokenFile, NotFound."""
        loaded = self.load(key)
        return self.effective_of(loaded.request, loaded.key, environment)

    def effective_of(self, request: Request, key: str, environment: str) -> EffectiveRequest:
        """A draft with all it inherits where `key` stands. Raises BrokenFile, NotFound."""
        shelf, inside = self.split(key)
        around = shelf.surroundings(inside, environment)
        return inherit(key, bound(request, shelf.schemas, inside), around, self.defaults)

    def environments(self, collection_id: str) -> tuple[str, ...]:
        """The names of a collection's environments, by file name alone."""
        return tree.environment_names(self.shelf(collection_id).root)

    def environment(self, collection_id: str, name: str) -> Environment:
        """An environment; "" is none. Raises BrokenFile, NotFound."""
        return self.shelf(collection_id).environment(name)

    def batch(self, name: str) -> Batch:
        """A saved batch by name ("nightly", "shop:nightly") or file; its targets mean the batch's own collection.

        Raises BrokenFile, NotFound.
        """
        if name.endswith(".toml") and (path := Path(name).absolute()).is_file():
            for shelf in self._shelves.values():
                if path.resolve().parent == (shelf.root / tree.BATCHES).resolve():
                    return self._own(shelf, path.stem)
        prefix, colon, rest = name.partition(":")
        if colon and prefix in self._shelves:
            return self._own(self._shelves[prefix], rest)
        holders = [shelf for shelf in self._shelves.values() if name in tree.batch_names(shelf.root)]
        if len(holders) != 1:
            raise NotFound("batch", name, targets.near(name, self.batches()))
        return self._own(holders[0], name)

    def _own(self, shelf: CollectionFiles, name: str) -> Batch:
        batch = shelf.batch(name)
        if len(self._shelves) == 1:
            return batch
        return msgspec.structs.replace(
            batch,
            requests=tuple(self._full(shelf, target) for target in batch.requests),
            setup=tuple(self._full(shelf, target) for target in batch.setup),
        )

    def _full(self, shelf: CollectionFiles, key: str) -> str:
        prefix, colon, _ = key.partition(":")
        return key if colon and prefix in self._shelves else self._key(shelf, key)

    def batches(self) -> tuple[str, ...]:
        """The names of all saved batches."""
        return tuple(
            self._key(shelf, name) for shelf in self._shelves.values() for name in tree.batch_names(shelf.root)
        )

    def locate(self, key: str, allowed: frozenset[Path] = frozenset()) -> Locate:
        """Resolves paths written in a request, from its collection's directory; see `inside.locate_in`."""
        return locate_in(self.collection_root(key), allowed)


def _collection_roots(workspace: Path) -> Iterator[Path]:
    try:
        folders = sorted(workspace.iterdir(), key=lambda path: tree.natural(path.name))
    except OSError:
        return
    for folder in folders:
        if not folder.name.startswith(".") and is_there(folder / tree.COLLECTION_FILE):
            yield folder


def _name(root: Path) -> str:
    return root.resolve().name if root.name in ("", "..") else root.name


def _reference(shelf: CollectionFiles) -> CollectionRef:
    try:
        name = shelf.collection().root.name
    except BrokenFile:
        name = ""
    return CollectionRef(shelf.id, shelf.root, name or shelf.id)
