"""The workspace on disk: reading it, saving, and making, moving and removing requests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TypeAlias

from msgspec.structs import replace

from tui_client.errors import BrokenFile, Conflict, NotFound, OutsideCollection, SaveFailed
from tui_client.model.collection import Environment
from tui_client.model.request import Request
from tui_client.storage import changes, tree
from tui_client.storage.batch import Batch
from tui_client.storage.changes import Trashed
from tui_client.storage.collection_files import CollectionFiles
from tui_client.storage.document import Document, decode
from tui_client.storage.inside import is_folder, is_there
from tui_client.storage.problems import count_files, problems, warnings
from tui_client.storage.reader import CollectionRef, LoadedRequest, Reader, Summary
from tui_client.storage.request_file import read_request
from tui_client.storage.saving import (
    bytes_on_disk,
    check_text,
    check_unchanged,
    edited_request_text,
    environment_text,
    has_bom,
    new_request_text,
    write_text,
)
from tui_client.storage.slugs import slug
from tui_client.storage.tree import Entry, EntryKind

__all__ = ["Batch", "CollectionRef", "Entry", "EntryKind", "Library", "LoadedRequest", "Summary", "Trashed"]

Check: TypeAlias = Callable[[], None]


class Library(Reader):
    """A workspace that can be changed. Every write is atomic and stays inside its collection.

    All of these raise SaveFailed where the disk refuses, OutsideCollection for a name that would lead out.
    """

    # Requests

    def save(self, loaded: LoadedRequest, request: Request, *, overwrite: bool = False) -> LoadedRequest:
        """Put `request` into the document that was loaded; an unchanged request writes nothing.

        Raises Conflict, with the text on disk, if the file changed since it was read; `overwrite` keeps ours.
        """
        if request == loaded.request and not overwrite:
            return loaded
        shelf, _ = self.split(loaded.key)
        check = None if overwrite else partial(check_unchanged, loaded.path, shelf.root, loaded.fingerprint)
        if check is not None:
            # Nothing is made, and nobody waited for, where this can't go on.
            check()
        with self._alone(shelf):
            text = edited_request_text(loaded.path, loaded.text, request)
            return self._written(shelf, loaded, text, request, check)

    def save_text(self, loaded: LoadedRequest, text: str, theirs: str | None, *, aside: bool = False) -> LoadedRequest:
        """Make `text` the whole file, in place of what the disk holds: `theirs`, None for no file.

        aside: theirs is kept under another name that no tree shows (`file.toml.theirs`). Raises BrokenFile for a text
        that is no request, Conflict if the disk holds something else by now.
        """
        request = read_request(Document(loaded.path, text.replace("\r\n", "\n")))
        shelf, _ = self.split(loaded.key)
        check = partial(check_text, loaded.path, shelf.root, theirs)
        with self._alone(shelf):
            check()
            if aside:
                changes.put_aside(shelf.root, loaded.path)
            return self._written(shelf, loaded, text, request, check)

    def _written(
        self, shelf: CollectionFiles, loaded: LoadedRequest, text: str, request: Request, check: Check | None
    ) -> LoadedRequest:
        """What was written, not what stands there by now: that may be another's already."""
        changes.make_folder(loaded.path.parent, shelf.root)
        found = write_text(loaded.path, shelf.root, text, bom=has_bom(loaded.path), check=check)
        return replace(loaded, request=request, text=text, fingerprint=found)

    @contextmanager
    def _alone(self, shelf: CollectionFiles) -> Iterator[None]:
        changes.make_folder(shelf.root)
        with changes.alone_in(shelf.root):
            yield

    def create(self, collection_id: str, folder: str, name: str, request: Request) -> LoadedRequest:
        """A new request file in a folder ("" for the collection's own), its file name made of `name`."""
        shelf = self.shelf(collection_id)
        path = changes.write_new(
            shelf.root,
            changes.new_folder_path(shelf.root, folder),
            name,
            lambda path: new_request_text(path, _titled(request, name, path.stem)),
        )
        return self._reload(shelf, _key_of(shelf, path))

    def duplicate(self, key: str) -> LoadedRequest:
        """A copy beside it, comments included, under a free name."""
        loaded = self.load(key)
        shelf, inside = self.split(loaded.key)
        folder = loaded.path.parent
        title = f"{loaded.request.name} copy" if loaded.request.name else ""
        copy = replace(loaded.request, name=title)
        stem = f"{inside.rsplit('/', 1)[-1]} copy"
        path = changes.write_new(shelf.root, folder, stem, lambda path: edited_request_text(path, loaded.text, copy))
        return self._reload(shelf, _key_of(shelf, path))

    def rename(self, key: str, title: str) -> LoadedRequest:
        """Call a request `title`: its file gets the name made of it, its `name` says it where the file's can't.

        A place in `order` goes along. Raises Conflict if the file changes meanwhile.
        """
        loaded = self.load(key)
        shelf, inside = self.split(loaded.key)
        old = loaded.path.stem
        stem = slug(title, changes.names_in(loaded.path.parent) - {old})
        loaded = self.save(loaded, _titled(loaded.request, title, stem))
        if stem != old:
            new = loaded.path.with_name(f"{stem}.toml")
            with self._alone(shelf):
                changes.move_file(shelf.root, loaded.path, new)
                changes.rename_in_order(shelf.root, new.parent, old, stem)
            inside = _key_of(shelf, new)
        return self._reload(shelf, inside)

    def move(self, key: str, folder: str) -> LoadedRequest:
        """Put a request into another folder of its collection ("" for the top), under its name if that is free."""
        shelf, inside = self.split(self.find(key))
        path = shelf.path(inside)
        target = changes.new_folder_path(shelf.root, folder)
        if target == path.parent:
            return self.load(key)
        names = changes.names_in(target)
        new = target / path.name if path.stem not in names else target / f"{slug(path.stem, names)}.toml"
        with self._alone(shelf):
            changes.move_file(shelf.root, path, new)
        return self._reload(shelf, _key_of(shelf, new))

    def delete(self, key: str) -> Trashed:
        """Remove a request; `restore` brings it back. Links are left alone."""
        shelf, inside = self.split(self.find(key))
        with self._alone(shelf):
            return changes.trash_file(self._key(shelf, inside), shelf.root, shelf.path(inside))

    def restore(self, trashed: Trashed) -> None:
        """Undo a delete, byte for byte. Raises SaveFailed if a name has been taken since; all else is back then."""
        with changes.alone_in(trashed.root):
            changes.restore(trashed)

    # Folders and collections

    def create_folder(self, collection_id: str, parent: str, name: str) -> str:
        """A new folder; gives its key. `folder.toml` is written when there is something to share."""
        shelf = self.shelf(collection_id)
        above = changes.folder_path(shelf.root, parent)
        path = above / slug(name, changes.names_in(above), fallback="new-folder")
        changes.make_folder(path, shelf.root)
        return self._key(shelf, path.relative_to(shelf.root).as_posix())

    def rename_folder(self, key: str, name: str) -> str:
        """Give a folder another name; gives its new key."""
        shelf, inside = self._folder(key)
        old = changes.folder_path(shelf.root, inside)
        new = old.with_name(slug(name, changes.names_in(old.parent) - {old.name}, fallback="new-folder"))
        if new != old:
            with self._alone(shelf):
                changes.move_directory(shelf.root, old, new)
                changes.rename_in_order(shelf.root, new.parent, f"{old.name}/", f"{new.name}/")
        return self._key(shelf, new.relative_to(shelf.root).as_posix())

    def delete_folder(self, key: str) -> Trashed:
        """Remove a folder with all in it, other files too; `restore` brings it back."""
        shelf, inside = self._folder(key)
        folder = changes.folder_path(shelf.root, inside)
        with self._alone(shelf):
            return changes.trash_folder(self._key(shelf, inside), shelf.root, folder)

    def create_collection(self, name: str) -> CollectionRef:
        """A new collection in the workspace. Raises SaveFailed where the workspace is itself a collection."""
        if is_there(self.root / tree.COLLECTION_FILE):
            raise SaveFailed(self.root, "it is a collection itself, and collections don't nest")
        root = changes.create_collection(self.root, name)
        return next(found for found in self.collections() if found.root == root)

    def save_environment(
        self, collection_id: str, environment: Environment, was: Environment | None = None
    ) -> Environment:
        """Write an environment whose name is safe as a file name. was: as it was read; None for a new one.

        Raises Conflict if the disk holds another one than that.
        """
        shelf = self.shelf(collection_id)
        if slug(environment.name) != environment.name.lower():
            raise OutsideCollection(environment.name)
        path = shelf.root / tree.ENVIRONMENTS / f"{environment.name}.toml"
        with self._alone(shelf):
            data = bytes_on_disk(path, shelf.root)
            text = "" if data is None else decode(path, data)
            if (None if data is None else shelf.environment(environment.name)) != was:
                raise Conflict(path, text if data is not None else None)
            changes.make_folder(path.parent, shelf.root)
            edited = environment_text(path, text, environment)
            check = partial(check_text, path, shelf.root, None if data is None else text)
            write_text(path, shelf.root, edited, bom=has_bom(path), fresh=data is None, check=check)
        return shelf.environment(environment.name)

    # Checking

    def problems(self) -> Iterator[BrokenFile]:
        """Every broken file of the workspace, every `from` that names no request, and what can never be used.

        Templates, queries and patterns that can't be read are told here only: their files load all the same.
        """
        for shelf in self._shelves.values():
            yield from problems(shelf)

    def warnings(self) -> Iterator[BrokenFile]:
        """What is odd but breaks nothing: names in `order` that aren't there."""
        for shelf in self._shelves.values():
            yield from warnings(shelf)

    def count_files(self) -> int:
        """How many files `problems` reads."""
        return sum(map(count_files, self._shelves.values()))

    def _folder(self, key: str) -> tuple[CollectionFiles, str]:
        prefix, colon, rest = key.rstrip("/").partition(":")
        if colon and prefix in self._shelves:
            shelf, inside = self._shelves[prefix], rest
        else:
            shelf, inside = self._holder(key.rstrip("/"))
        if not inside or not is_folder(changes.folder_path(shelf.root, inside)):
            raise NotFound("folder", key)
        return shelf, inside

    def _holder(self, folder: str) -> tuple[CollectionFiles, str]:
        holders = [shelf for shelf in self._shelves.values() if is_folder(shelf.root / folder)]
        if len(holders) != 1:
            raise NotFound("folder", folder)
        return holders[0], folder

    def _reload(self, shelf: CollectionFiles, inside: str) -> LoadedRequest:
        try:
            return self.load(f"{shelf.id}:{inside}")
        except NotFound:
            raise Conflict(shelf.path(inside), None) from None


def _key_of(shelf: CollectionFiles, path: Path) -> str:
    return path.relative_to(shelf.root).as_posix().removesuffix(".toml")


def _titled(request: Request, title: str, stem: str) -> Request:
    return replace(request, name=title if title.strip() and (title != stem or request.name) else request.name)
