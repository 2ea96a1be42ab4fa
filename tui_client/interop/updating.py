"""A newer version of an OpenAPI document over the requests of an older one: what it changes, with every edit kept.

Three sides are compared: the kept document (base), the new one (theirs) and the files (mine).
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from tui_client.formats._found import Found, Line
from tui_client.storage.library import Library


class Linked(msgspec.Struct, frozen=True, kw_only=True):
    """A document that is kept in the workspace, with requests that came from it.

    collection: its id; folder: in it, "" where all of the collection came from the document. path: of the document,
    relative to the collection. title: outside text. base_url: of its first server, "" where it can't be read.
    """

    collection: str
    folder: str
    path: str
    title: str
    base_url: str = ""


class ChangeKind(StrEnum):
    """What an update does with a request, a folder, an environment or the collection."""

    ADDED = "added"
    CHANGED = "changed"
    KEPT = "kept"  # the document changed what the user changed too: the user's stays
    REMOVED = "removed"  # no longer in the document; its file stays
    PRUNED = "pruned"  # no longer in the document, never edited: its file goes


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that an update changes or tells. All texts are outside text.

    key: of the request ("users/list"), its folder ("users/"), "environments/NAME", or "" for what all requests share.
    what: clauses, "parameter limit added", "your URL is kept, the document now says /v2/users".
    """

    kind: ChangeKind
    key: str
    title: str
    what: tuple[str, ...] = ()


class FileChange(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of a file. path: relative to the collection. was: the SHA-256 of what it held, "" for no file.

    text: None where the file goes. private: only its owner may read it.
    """

    path: str
    was: str = ""
    text: str | None = None
    private: bool = False


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
    raise NotImplementedError


def twin_of(library: Library, found: Found) -> Linked | None:
    """The kept document that `found` is a version of: of the same title, of several the one with the same server.

    None where there is none, and where it could be several.
    """
    raise NotImplementedError


def update(library: Library, found: Found, twin: Linked, *, url: str = "", prune: bool = False) -> Update:
    """What it would change; nothing is written. url: where the new document came from, "" where that is not known.

    prune: requests that are no longer in the document and were never edited go. Raises SaveFailed for what no file
    can hold, BrokenFile for a request of the document that can't be read.
    """
    raise NotImplementedError


def write(library: Library, changed: Update) -> None:
    """All of it or nothing, alone in the collection; without files nothing is touched.

    Raises Conflict where a file is no longer what `update` saw, SaveFailed where the disk refuses.
    """
    raise NotImplementedError


def kinds_told(changes: Sequence[Change]) -> tuple[ChangeKind, ...]:
    """The kinds there are, in the order in which they are told."""
    return tuple(kind for kind in ChangeKind if any(change.kind is kind for change in changes))
