"""A newer version of an OpenAPI document over the requests of an older one: what it changes, with every edit kept.

Three sides are compared: the kept document (base), the new one (theirs) and the files (mine).
"""

from __future__ import annotations

import contextlib
from pathlib import PurePosixPath

import msgspec

from tui_client.errors import BrokenFile, SaveFailed
from tui_client.formats._format import FormatError, Source
from tui_client.formats._found import Found, FoundCollection, Line, Outcome
from tui_client.formats.openapi import IMPORTER, read_openapi
from tui_client.interop.changes_told import Change, ChangeKind
from tui_client.interop.drafting import Drafts, FileChange, on_disk
from tui_client.interop.matching import linked_files
from tui_client.interop.placing import DOCUMENTS
from tui_client.interop.source import FilesBeside
from tui_client.interop.update_requests import Requests
from tui_client.interop.update_shared import Shared
from tui_client.interop.update_writing import in_order, write_files
from tui_client.storage.collection_files import CollectionFiles
from tui_client.storage.library import Library

__all__ = ["Change", "ChangeKind", "FileChange", "Linked", "Update", "linked", "twin_of", "update", "write"]


class Linked(msgspec.Struct, frozen=True, kw_only=True):
    """A document that is kept in the workspace, with requests that came from it.

    collection: its id; folder: in it, "" where all of the collection came from the document. path: of the document,
    relative to the collection. title: outside text. base_url: of its first server as it is written there, "" for none.
    """

    collection: str
    folder: str
    path: str
    title: str
    base_url: str = ""


class Update(msgspec.Struct, frozen=True, kw_only=True):
    """All that an update does. No files: nothing changed.

    collection: the id. unchanged: requests that stay as they are. report: of reading the new document; what is said
    of the update itself (a kept document that can't be read) stands first.
    """

    collection: str
    folder: str
    title: str
    changes: tuple[Change, ...] = ()
    unchanged: int = 0
    files: tuple[FileChange, ...] = ()
    report: tuple[Line, ...] = ()

    def count(self, kind: ChangeKind) -> int:
        """How many changes are of this kind."""
        return sum(change.kind is kind for change in self.changes)


def linked(library: Library) -> tuple[Linked, ...]:
    """The documents of a workspace, in the order of its collections."""
    return tuple(one for ref in library.collections() for one in _linked(library.shelf(ref.id)))


def _linked(shelf: CollectionFiles) -> list[Linked]:
    # In the order of the requests, each once.
    paths = dict.fromkeys(mine.document for mine in linked_files(shelf))
    return [_described(shelf, path) for path in paths if _is_ours(path)]


def _is_ours(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return len(parts) > 1 and parts[0] == DOCUMENTS and ".." not in parts and "\\" not in path and "\0" not in path


class _Head(msgspec.Struct, frozen=True):
    info: object = None
    servers: object = None
    host: object = None
    basePath: object = None  # noqa: N815 - Swagger's word


def _title_and_server(text: bytes | str) -> tuple[str, str]:
    """As the document has them, its server relative or not; "" for what it does not say."""
    try:
        head = msgspec.json.decode(text, type=_Head)
    except (msgspec.MsgspecError, RecursionError, UnicodeError):
        return "", ""
    title = head.info.get("title") if isinstance(head.info, dict) else None
    first = head.servers[0] if isinstance(head.servers, list) and head.servers else None
    url = first.get("url") if isinstance(first, dict) else f"{head.host or ''}{head.basePath or ''}"
    return " ".join(title.split()) if isinstance(title, str) else "", str(url or "").rstrip("/")


def _described(shelf: CollectionFiles, path: str) -> Linked:
    folder = PurePosixPath(path).parent.relative_to(DOCUMENTS).as_posix()
    folder = "" if folder == "." else folder
    title, url = "", ""
    with contextlib.suppress(SaveFailed):
        title, url = _title_and_server(on_disk(shelf.root / path, shelf.root) or b"")
    with contextlib.suppress(BrokenFile):
        # One that can't be read is known by what its requests stand in.
        title = title or shelf.folder(folder).name if folder else title or shelf.collection().root.name
    return Linked(collection=shelf.id, folder=folder, path=path, title=title or folder or shelf.id, base_url=url)


def twin_of(library: Library, found: Found) -> Linked | None:
    """The kept document that `found` is a version of: of the same title, of several the one with the same server.

    None where there is none, and where it could be several.
    """
    if found.format != IMPORTER.name or not found.collections:
        return None
    own = found.collections[0]
    alike = [one for one in linked(library) if _folded(one.title) == _folded(own.title)]
    if len(alike) > 1:
        server = _title_and_server(own.documents[0].text)[1] if own.documents else ""
        alike = [one for one in alike if one.base_url == server]
    return alike[0] if len(alike) == 1 else None


def _folded(title: str) -> str:
    return " ".join(title.split()).casefold()


def update(library: Library, found: Found, twin: Linked, *, url: str = "", prune: bool = False) -> Update:
    """What it would change; nothing is written. url: where the new document came from, "" where that is not known.

    prune: requests that are no longer in the document and were never edited go. Raises SaveFailed for what no file
    can hold, BrokenFile for a file that is needed and can't be read.
    """
    shelf, theirs = library.shelf(twin.collection), found.collections[0]
    drafts = Drafts(shelf.root)
    base, said = _base(shelf, twin, url)
    known = set() if base is None else {*base.report}
    old = None if base is None else base.collections[0]
    document = _documents(drafts, old, theirs, twin)
    mine = [one for one in linked_files(shelf) if one.document == twin.path]
    requests = Requests(drafts, old, theirs, mine, document, twin.folder)
    requests.run(prune=prune)
    shared = Shared(drafts, old, theirs, twin.folder)
    shared.run(requests.folder_of)
    files = drafts.changes()
    return Update(
        collection=twin.collection,
        folder=twin.folder,
        title=theirs.title,
        changes=(*shared.changes, *requests.changes),
        unchanged=requests.unchanged,
        files=in_order(files),
        report=(*said, *(line for line in found.report if line not in known)),
    )


def _base(shelf: CollectionFiles, twin: Linked, url: str) -> tuple[Found | None, tuple[Line, ...]]:
    path = shelf.root / twin.path
    try:
        data = on_disk(path, shelf.root)
        if data is None:
            raise FormatError("is not there any more")
        source = Source(path.name, data, FilesBeside(path.parent))
        if not IMPORTER.recognises(source):
            raise FormatError("is no OpenAPI document any more")
        return read_openapi(data, name=path.name, beside=source.beside, url=url), ()
    except (FormatError, SaveFailed) as error:
        why = f"it {error.reason}: your requests stay as they are, and only what is new comes"
        return None, (Line(twin.path, "kept document", Outcome.APPROXIMATED, why),)


def _documents(drafts: Drafts, base: FoundCollection | None, theirs: FoundCollection, twin: Linked) -> str:
    """The new documents in place of the old ones; where the main one is kept."""
    if not theirs.documents:
        return twin.path
    place = PurePosixPath(twin.path).parent.as_posix()
    main, *others = theirs.documents
    # One that stands alone keeps its name: nothing refers to it but the requests.
    path = f"{place}/{main.path}" if others else twin.path
    new = {f"{place}/{one.path}": one.text for one in others} | {path: main.text}
    old = [] if base is None else [f"{place}/{one.path}" for one in base.documents[1:]]
    for gone in (*old, twin.path):
        if gone not in new:
            drafts.put(gone, None)
    for name, text in new.items():
        drafts.put(name, text)
    return path


def write(library: Library, changed: Update) -> None:
    """All of it or nothing, alone in the collection; without files nothing is touched.

    Raises Conflict where a file is no longer what `update` saw, SaveFailed where the disk refuses.
    """
    write_files(library.shelf(changed.collection).root, changed.files)
