"""An import in the steps that a screen takes: read, look, place elsewhere, write. Holds all that was read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from tui_client.errors import UsageError
from tui_client.formats import importers
from tui_client.formats._format import Importer, Source
from tui_client.formats._found import Found
from tui_client.interop import desk_updates, importing, updating
from tui_client.interop.desk_updates import PRUNE, UPDATE
from tui_client.interop.importing import Target
from tui_client.interop.offered import NEW, Offer, Preview, Read, Unknown, Written, said_of, short
from tui_client.interop.outlining import nodes_of
from tui_client.interop.placing import Placed
from tui_client.interop.recognise import read_source
from tui_client.interop.source import of_text, open_source
from tui_client.interop.undoing import receipt_of
from tui_client.interop.updating import Linked, Update
from tui_client.storage import tree
from tui_client.storage.inside import is_there
from tui_client.storage.library import Library
from tui_client.storage.tree import EntryKind
from tui_client.text import format_bytes, format_count

_MOST_NAMED: Final = 3


class Desk:
    """One import at a time. told: takes what is done now."""

    def __init__(self, root: Path, told: Callable[[str], None]) -> None:
        """root: of the workspace, which need not be there yet."""
        self._root = root
        self._told = told
        self._found: Found | None = None
        self._placed: Placed | None = None
        self._target: Target | None = None
        self._target_id = NEW
        self._title = self._url = ""
        self._twin: Linked | None = None
        self._update: Update | None = None

    def read(self, ask: Read) -> Preview | Unknown:
        """What is in it, placed where it goes by itself. Raises TuiClientError."""
        try:
            source = _source(ask)
            self._told(_called(source, ask))
            importer = _importer(source, ask)
            if importer is None:
                reason = f"{_called(source, ask, sized=False)} is of no format that is known."
                return Unknown(reason, tuple((one.name, one.title) for one in importers().values()))
            self._told(f"{_called(source, ask)}, {importer.title}")
            self._found = read_source(source, importer.name)
        except UsageError as error:
            # It was no command that it was given to.
            raise UsageError(error.reason.replace("The standard input", "What was pasted")) from error
        self._title, self._url = importer.title, source.url
        self._twin = desk_updates.older(Library(self._root), self._found)
        return self.place(None)

    def place(self, into: str | None) -> Preview:
        """What would be written there. into: the id of an offer, None for where it goes by itself."""
        assert self._found is not None, "nothing was read"
        library = Library(self._root)
        self._update = None
        if into in (UPDATE, PRUNE) and self._twin is not None:
            self._told("Comparing with what is there")
            self._update = updating.update(library, self._found, self._twin, url=self._url, prune=into == PRUNE)
            return desk_updates.preview_of(self._update, into, self._offers(library), self._title)
        target = importing.target_of(library, self._found, into or "")
        self._told("Names and files")
        self._placed, self._target = importing.place(self._found, target), target
        self._target_id = NEW if target.root is None else f"{_id_of(library, target.root)}:{target.folder}"
        return self._preview(library)

    def write(self) -> Written:
        """All of it or nothing. Raises SaveFailed, UsageError."""
        if self._update is not None:
            return desk_updates.write(Library(self._root), self._update)
        assert self._placed is not None and self._target is not None, "nothing was placed"
        placed, target = self._placed, self._target
        receipt = receipt_of(placed, target)
        importing.write(placed, target)
        collection, key = self._target_id.partition(":")[0], placed.requests[0].key if placed.requests else ""
        if target.root is None:
            collection, _, key = key.partition("/") if key else (next(iter(placed.collections), ""), "", "")
        place = target.root or target.workspace
        where = str(place / (placed.collections[0] if placed.collections else target.folder))
        count = f"{format_count(len(placed.requests))} request{'s' * (len(placed.requests) != 1)}"
        done = f"Imported {count} to {where}"
        return Written(collection=collection, key=key, where=where, done=done, receipt=receipt)

    def _offers(self, library: Library) -> tuple[Offer, ...]:
        assert self._found is not None
        elsewhere = tuple(_offers(library, self._found))
        return (*desk_updates.offers_of(self._twin), *elsewhere) if self._twin else elsewhere

    def _preview(self, library: Library) -> Preview:
        assert self._found is not None and self._placed is not None and self._target is not None
        found, placed = self._found, self._placed
        return Preview(
            format=self._title,
            title=", ".join(short(one.title) for one in found.collections[:_MOST_NAMED]),
            requests=len(placed.requests),
            folders=len(placed.folders),
            environments=sum(len(one.environments) for one in found.collections),
            files=len(placed.files),
            private=sum(file.private for file in placed.files),
            target=self._target_id,
            where=_where(placed, self._target, self._target_id),
            offers=self._offers(library),
            update=UPDATE if self._twin else "",
            tree=nodes_of(found, placed),
            report=tuple(map(said_of, placed.report)),
        )


def _source(ask: Read) -> Source:
    if ask.url:
        return Source(ask.name, ask.data, url=ask.url)
    return of_text(ask.text) if ask.text else open_source(ask.word)


def _called(source: Source, ask: Read, *, sized: bool = True) -> str:
    name = "What was pasted" if ask.text else source.name
    return f"{name}, {format_bytes(len(source.data))}" if sized and not source.is_folder else name


def _importer(source: Source, ask: Read) -> Importer | None:
    known = importers()
    if ask.format:
        return known.get(ask.format)
    if not source.is_folder and not source.data.strip():
        raise UsageError(f"{_called(source, ask, sized=False)} is empty.")
    return next((one for one in known.values() if one.recognises(source)), None)


def _id_of(library: Library, root: Path) -> str:
    return next((one.id for one in library.collections() if library.shelf(one.id).root == root), "")


def _offers(library: Library, found: Found) -> Iterator[Offer]:
    collections = library.collections()
    alone = is_there(library.root / tree.COLLECTION_FILE)
    if not alone and not (found.loose and collections):
        yield Offer(NEW, "a new collection" if len(found.collections) == 1 else "new collections")
    for one in collections:
        yield Offer(f"{one.id}:", f"into {one.id}")
        for entry in library.shelf(one.id).walk():
            if entry.kind is EntryKind.FOLDER:
                yield Offer(f"{one.id}:{entry.key}", f"into {one.id}/{entry.key}")


def _where(placed: Placed, target: Target, target_id: str) -> str:
    if target.root is not None:
        collection, _, folder = target_id.partition(":")
        return f"into {collection}/{folder}".rstrip("/")
    names = ", ".join(placed.collections[:_MOST_NAMED])
    more = len(placed.collections) - _MOST_NAMED
    rest = f" and {format_count(more)} more" if more > 0 else ""
    return f"to a new collection {names}" if len(placed.collections) == 1 else f"to new collections {names}{rest}"
