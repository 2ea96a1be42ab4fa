"""One collection on disk: its folders by name, its files read when asked for, kept until they change."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from tui_client.errors import BrokenFile, NotFound, OutsideCollection
from tui_client.model.collection import NO_ENVIRONMENT, Collection, Environment, Folder, Surroundings
from tui_client.model.request import Request
from tui_client.storage import tree
from tui_client.storage.batch import Batch, read_batch
from tui_client.storage.cache import MAX_ENTRIES, FileCache
from tui_client.storage.document import Document, Fingerprint, decode, read_bytes, read_document
from tui_client.storage.inside import is_there, request_path
from tui_client.storage.request_file import read_request
from tui_client.storage.schema_files import SchemaFiles
from tui_client.storage.shared_file import read_collection, read_environment, read_folder
from tui_client.storage.targets import near


class RequestFile(msgspec.Struct, frozen=True):
    """A request file as it was read; `text` without its BOM."""

    request: Request
    text: str
    fingerprint: Fingerprint


class Summary(msgspec.Struct, frozen=True, gc=False):
    """What a tree shows of a request, and a search finds it by. Small: there may be one for each of many files."""

    method: str
    name: str
    url: str
    tags: tuple[str, ...]


class CollectionFiles:
    """The directory of one collection."""

    def __init__(self, collection_id: str, root: Path) -> None:
        self.id = collection_id
        self.root = root
        self._paths: dict[str, Path] = {}
        self._requests = FileCache(self._read_request)
        self._summaries = FileCache(self._read_summary)
        self._folders = FileCache(self._read_folder)
        self._collections = FileCache(lambda path: read_collection(self._document(path), collection_id))
        self._environments = FileCache(lambda path: read_environment(self._document(path), path.stem))
        self._batches = FileCache(lambda path: read_batch(self._document(path), path.stem))
        self.schemas = SchemaFiles(root)

    def _document(self, path: Path) -> Document:
        return read_document(path, self.root)

    def _read_request(self, path: Path) -> RequestFile:
        data, fingerprint = read_bytes(path, self.root)
        text = decode(path, data)
        return RequestFile(read_request(Document(path, text)), text, fingerprint)

    def _read_summary(self, path: Path) -> Summary:
        request = self._read_request(path).request
        return Summary(request.method, request.name, request.url, request.tags)

    def _read_folder(self, path: Path) -> Folder:
        return read_folder(self._document(path), path.parent.relative_to(self.root).as_posix())

    def order(self, folder: str) -> tuple[str, ...]:
        """`order` of a folder; () where its file is missing or broken."""
        try:
            return self.folder(folder).order if folder else self.collection().root.order
        except BrokenFile:
            return ()

    def entries(self, folder: str = "") -> tuple[tree.Entry, ...]:
        """One level, by name alone."""
        return tree.level(self.root, folder, self.order(folder))

    def walk(self) -> Iterator[tree.Entry]:
        """All folders and requests, depth first, in order, by name alone."""
        return tree.walk(self.root, self.order)

    def all_keys(self) -> tuple[str, ...]:
        """Every request, in order, by name alone."""
        return tuple(entry.key for entry in self.walk() if entry.kind is tree.EntryKind.REQUEST)

    def has(self, key: str) -> bool:
        """Whether a request file of this key is there, readable or not."""
        try:
            path = self.path(key)
            first, last = key.split("/", 1)[0], path.name
            reserved = first in (tree.ENVIRONMENTS, tree.BATCHES) and "/" in key
            shared = last in (tree.COLLECTION_FILE, tree.FOLDER_FILE) or last.endswith(tree.SECRET_SUFFIX)
            return not (reserved or shared) and path.is_file()
        except (OutsideCollection, OSError, ValueError):
            return False

    def path(self, key: str) -> Path:
        """The file of a key. Raises OutsideCollection."""
        found = self._paths.get(key)
        if found is None:
            found = request_path(self.root, key)
            if len(self._paths) >= MAX_ENTRIES:
                self._paths.clear()
            # A replay asks for the same few paths thousands of times a second; pathlib is slow at that.
            self._paths[key] = found
        return found

    def read(self, key: str) -> RequestFile:
        """A request. Raises BrokenFile."""
        return self._requests.get(self.path(key))

    def summary(self, key: str) -> Summary:
        """What a request's row and a search need; nothing else of the file is kept. Raises BrokenFile."""
        return self._summaries.get(self.path(key))

    def tags(self, key: str) -> tuple[str, ...]:
        """The tags of a request; none of one that can't be read."""
        try:
            return self.summary(key).tags
        except (BrokenFile, OutsideCollection):
            return ()

    def collection(self) -> Collection:
        """`collection.toml`. Raises BrokenFile."""
        path = self.root / tree.COLLECTION_FILE
        return self._collections.get(path) if is_there(path) else Collection(id=self.id)

    def folder(self, folder: str) -> Folder:
        """`folder.toml` of a folder, or an empty one. Raises BrokenFile."""
        path = self.root / folder / tree.FOLDER_FILE
        return self._folders.get(path) if is_there(path) else Folder(path=folder)

    def environment(self, name: str) -> Environment:
        """An environment; "" is none. Raises NotFound with near names, BrokenFile."""
        if not name:
            return NO_ENVIRONMENT
        names = tree.environment_names(self.root)
        if name not in names:
            raise NotFound("environment", name, near(name, names))
        return self._environments.get(self.root / tree.ENVIRONMENTS / f"{name}.toml")

    def batch(self, name: str) -> Batch:
        """A saved batch. Raises NotFound with near names, BrokenFile."""
        names = tree.batch_names(self.root)
        if name not in names:
            raise NotFound("batch", name, near(name, names))
        return self._batches.get(self.root / tree.BATCHES / f"{name}.toml")

    def surroundings(self, key: str, environment: str) -> Surroundings:
        """All that a request of this key inherits from. Raises BrokenFile, NotFound."""
        parents = key.split("/")[:-1]
        folders = tuple(self.folder("/".join(parents[:depth])) for depth in range(1, len(parents) + 1))
        return Surroundings(self.collection(), folders, self.environment(environment))
