"""The requests of an update: those there are, put together with the new document; those it adds; those it lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from msgspec.structs import replace

from tui_client.errors import BrokenFile, SaveFailed
from tui_client.formats._found import FoundCollection, FoundFolder, FoundRequest
from tui_client.interop.changes_told import Change, ChangeKind
from tui_client.interop.drafting import Drafts
from tui_client.interop.matching import TABLE, Mine, Operations, operation, operation_id, pairs
from tui_client.interop.merging import Told, merged_request, same
from tui_client.model.collection import Folder
from tui_client.model.request import Request
from tui_client.storage import tree
from tui_client.storage.document import Document
from tui_client.storage.new_files import folder_text, request_text
from tui_client.storage.request_file import read_request
from tui_client.storage.saving import edited_request_text, order_text
from tui_client.storage.shared_edits import extended_text
from tui_client.storage.slugs import slug

_GONE: Final = "no longer in the document; its file stays: delete it if nobody needs it"
_GONE_EDITED: Final = "no longer in the document; you edited it, so its file stays"
_DELETED: Final = "stays deleted, the document changed it"


class Requests:
    """One update's requests. base: None where the kept document can't be read."""

    def __init__(
        self,
        drafts: Drafts,
        base: FoundCollection | None,
        theirs: FoundCollection,
        files: Sequence[Mine],
        document: str,
        folder: str,
    ) -> None:
        self._drafts = drafts
        self._base = None if base is None else Operations(base.requests)
        self._theirs = Operations(theirs.requests)
        self._pairs = {} if self._base is None else pairs(self._base, self._theirs)
        self._files = files
        self._document = document
        self._folder = folder
        self._folders = {one.path: one for one in theirs.folders}
        self._old_folders = {one.path for one in base.folders} if base is not None else set()
        self._keys: dict[int, str] = {}  # of an operation of theirs, the first file that it has
        self._places: dict[tuple[str, ...], str] = {}
        self._orders: dict[str, list[str] | None] = {}
        self.changes: list[Change] = []
        self.unchanged = 0

    def run(self, *, prune: bool) -> None:
        """All of it. Raises SaveFailed for what no file can hold."""
        for mine in self._files:
            self._file(mine, None if self._base is None else self._base.of(mine.link), prune=prune)
        self._places = self._where()
        before = {new: old for old, new in self._pairs.items()}
        for index, found in enumerate(self._theirs.all):
            is_new = self._base is not None and index not in before
            if index in self._keys:
                if is_new:  # written by an update that was killed before its end
                    self._into_order_of(index)
            elif self._base is None or is_new:
                self._add(index, found)
            elif not same(self._base.all[before[index]].request, found.request):
                name = found.request.name
                self.changes.append(Change(kind=ChangeKind.KEPT, key="", title=name, what=(_DELETED,)))
        for titles in self._folders:
            if self._base is not None and titles not in self._old_folders:
                self._complete(titles)
        self._write_orders()

    def folder_of(self, titles: tuple[str, ...]) -> str | None:
        """Where a folder that was there before stands, None where it does no more."""
        if titles in self._places:
            return self._places[titles]
        above = self.folder_of(titles[:-1])
        if above is None:
            return None
        here = f"{above}/{slug(titles[-1], fallback='new-folder')}".lstrip("/")
        return here if (self._drafts.root / here).is_dir() else None

    # Files that are there

    def _file(self, mine: Mine, base: int | None, *, prune: bool) -> None:
        old = self._base.all[base] if self._base is not None and base is not None else None
        index = self._pairs.get(base) if base is not None else self._theirs.of(mine.link)
        if index is None:
            if old is not None or self._base is None:
                self._removed(mine, old, prune=prune)
            return
        self._keys.setdefault(index, mine.key)
        found = self._theirs.all[index]
        alike = old is None or (same(old.request, found.request) and old.folder == found.folder)
        table = {key: value for key, value in mine.link.items() if key != "operation_id"} | self._link(found)
        if alike and table == mine.link:
            self.unchanged += 1
            return
        told = Told()
        try:
            self._merge(mine, old, found, table, told)
        except (BrokenFile, SaveFailed) as error:
            told = Told()
            told.kept.append(f"the file stays as it is: {error.reason}")
        if not told.what:
            self.unchanged += 1
            return
        kind = ChangeKind.CHANGED if told.taken else ChangeKind.KEPT
        self.changes.append(Change(kind=kind, key=mine.key, title=found.request.name, what=told.what))

    def _merge(
        self, mine: Mine, old: FoundRequest | None, found: FoundRequest, table: dict[str, Any], told: Told
    ) -> None:
        name = f"{mine.key}.toml"
        path, text = self._drafts.root / name, mine.text
        if old is not None:
            own = read_request(_document(path, text))
            merged = merged_request(old.request, found.request, _named(own, mine.key), told)
            text = edited_request_text(path, text, _unnamed(merged, own, mine.key))
            if old.folder != found.folder:
                told.kept.append(f"the document now has it in {' / '.join(found.folder) or 'no folder'}; it stays here")
        if table != mine.link:
            text = extended_text(path, text, TABLE, table)
        self._drafts.seen(name, mine.text, mine.digest)
        self._drafts.put(name, text)

    def _removed(self, mine: Mine, old: FoundRequest | None, *, prune: bool) -> None:
        name, kind, what = f"{mine.key}.toml", ChangeKind.REMOVED, _GONE
        title = mine.key.rpartition("/")[2] if old is None else old.request.name
        if prune and old is not None:
            try:
                own = read_request(_document(self._drafts.root / name, mine.text))
            except BrokenFile:
                own = Request()
            kind, what = ChangeKind.REMOVED, _GONE_EDITED
            if same(_named(own, mine.key), old.request):
                kind, what = ChangeKind.PRUNED, "no longer in the document"
                self._drafts.seen(name, mine.text, mine.digest)
                self._drafts.put(name, None)
                self._out_of_order(mine.key)
        self.changes.append(Change(kind=kind, key=mine.key, title=title, what=(what,)))

    def _link(self, found: FoundRequest) -> dict[str, str]:
        link = {"document": self._document, "operation": operation(found)}
        return link | ({"operation_id": operation_id(found)} if operation_id(found) else {})

    # New ones

    def _where(self) -> dict[tuple[str, ...], str]:
        """Where most requests of a folder of the document stand by now."""
        votes: dict[tuple[str, ...], Counter[str]] = {}
        for index, key in self._keys.items():
            titles = self._theirs.all[index].folder
            parts = key.split("/")[:-1]
            # What is above the folder that all of it stands in is none of the document's.
            depth = len(parts) - self._folder.count("/") - bool(self._folder)
            for up in range(min(len(titles), max(0, depth))):
                place = "/".join(parts[: len(parts) - up])
                votes.setdefault(titles[: len(titles) - up], Counter())[place] += 1
        return {(): self._folder} | {titles: counted.most_common(1)[0][0] for titles, counted in votes.items()}

    def _place(self, titles: tuple[str, ...]) -> str:
        if titles not in self._places:
            above = self._place(titles[:-1])
            used = self._drafts.names(above)
            plain = slug(titles[-1], fallback="new-folder")
            here = f"{above}/{plain}".lstrip("/")
            if (self._base is None or titles in self._old_folders) and (self._drafts.root / here).is_dir():
                self._places[titles] = here
                return here
            name = slug(titles[-1], used, fallback="new-folder")
            used.add(name)
            self._places[titles] = here = f"{above}/{name}".lstrip("/")
            self._new_folder(here, self._folders.get(titles), titles[-1])
            self._into_order(above, f"{name}/", "")
        return self._places[titles]

    def _complete(self, titles: tuple[str, ...]) -> None:
        """A folder that is new in the document has its file and its place, also where it has no request."""
        place = self._place(titles)
        if self._drafts.text(_shared_file(place)) is None:
            self._new_folder(place, self._folders[titles], titles[-1])
            here = (key.rpartition("/") for _, key in sorted(self._keys.items()))
            self._orders[place] = [name for folder, _, name in here if folder == place]
        if place:
            above, _, name = place.rpartition("/")
            self._into_order(above, f"{name}/", "")

    def _new_folder(self, place: str, found: FoundFolder | None, title: str) -> None:
        shared = replace(found.shared if found else Folder(), path=place)
        shared = replace(shared, name=shared.name or title)
        name = f"{place}/{tree.FOLDER_FILE}"
        self._drafts.put(name, folder_text(Path(name), shared, {}))
        self._orders[place] = []

    def _add(self, index: int, found: FoundRequest) -> None:
        folder = self._place(found.folder)
        used = self._drafts.names(folder)
        name = slug(found.request.name, used)
        key = f"{folder}/{name}".lstrip("/")
        extensions: dict[str, Any] = {**found.extensions, TABLE: self._link(found)}
        try:
            text = request_text(Path(f"{key}.toml"), _unnamed(found.request, Request(), key), extensions)
        except SaveFailed as error:
            what = (f"no file can hold it: {error.reason}",)
            self.changes.append(Change(kind=ChangeKind.KEPT, key="", title=found.request.name, what=what))
            return
        used.add(name)
        self._drafts.put(f"{key}.toml", text)
        self._keys[index] = key
        self._into_order_of(index)
        what = (f"{found.request.method} {found.request.url}",)
        self.changes.append(Change(kind=ChangeKind.ADDED, key=key, title=found.request.name, what=what))

    # Order

    def _into_order_of(self, index: int) -> None:
        folder, _, name = self._keys[index].rpartition("/")
        earlier, _, before = self._keys.get(index - 1, "").rpartition("/")
        self._into_order(folder, name, before if earlier == folder else "")

    def _into_order(self, folder: str, name: str, before: str) -> None:
        """Behind its neighbour of the document, else at the end; where a file says the order."""
        order = self._order(folder)
        if order is not None and name not in order:
            order.insert(order.index(before) + 1 if before in order else len(order), name)

    def _out_of_order(self, key: str) -> None:
        folder, _, name = key.rpartition("/")
        order = self._order(folder)
        if order and name in order:
            order.remove(name)

    def _order(self, folder: str) -> list[str] | None:
        if folder not in self._orders:
            name = _shared_file(folder)
            text = self._drafts.text(name)
            try:
                found = None if text is None else _document(self._drafts.root / name, text).table.get("order")
            except BrokenFile:
                found = None
            self._orders[folder] = list(found) if isinstance(found, list) else None
        return self._orders[folder]

    def _write_orders(self) -> None:
        for folder, order in self._orders.items():
            name = _shared_file(folder)
            text = self._drafts.text(name)
            if order is not None and text is not None:
                self._drafts.put(name, order_text(self._drafts.root / name, text, order))


def _shared_file(folder: str) -> str:
    return f"{folder}/{tree.FOLDER_FILE}" if folder else tree.COLLECTION_FILE


def _document(path: Path, text: str) -> Document:
    return Document(path, text.replace("\r\n", "\n"))


def _named(request: Request, key: str) -> Request:
    return request if request.name else replace(request, name=key.rpartition("/")[2])


def _unnamed(merged: Request, own: Request, key: str) -> Request:
    """A name that the file's says already is not said, unless it was."""
    stem = key.rpartition("/")[2]
    return replace(merged, name="") if merged.name == stem and own.name != stem else merged
