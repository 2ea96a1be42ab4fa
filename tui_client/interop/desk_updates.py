"""An update of what a workspace has, as a screen is told of it: offers, a preview, what was done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tui_client.errors import Conflict, TuiClientError, UsageError
from tui_client.formats._found import Found
from tui_client.interop import updating
from tui_client.interop.changes_told import Change, ChangeKind
from tui_client.interop.offered import Node, Offer, Preview, Written, said_of, short
from tui_client.interop.updating import Linked, Update
from tui_client.storage.library import Library
from tui_client.text import format_count

UPDATE: Final = "update"
PRUNE: Final = "prune"
_HEADINGS: Final = {
    ChangeKind.ADDED: "added",
    ChangeKind.CHANGED: "changed",
    ChangeKind.KEPT: "kept as you have it",
    ChangeKind.REMOVED: "no longer in the document; the file stays",
    ChangeKind.PRUNED: "no longer in the document, never edited: deleted",
}


def older(library: Library, found: Found) -> Linked | None:
    """What it is a newer version of; None also where that can't be told."""
    try:
        return updating.twin_of(library, found)
    except TuiClientError:
        return None


def offers_of(twin: Linked) -> tuple[Offer, ...]:
    """What can be done with it."""
    name = called(twin)
    return (
        Offer(UPDATE, f"update {name}"),
        Offer(PRUNE, f"update {name}, and delete what is no longer in the document and was never edited"),
    )


def called(twin: Linked) -> str:
    """The collection, and the folder in it."""
    return f"{twin.collection}/{twin.folder}".rstrip("/")


def preview_of(changed: Update, target: str, offers: tuple[Offer, ...], title: str) -> Preview:
    """All that an update would change."""
    return Preview(
        format=title,
        title=short(changed.title),
        requests=0,
        folders=0,
        environments=0,
        files=len(changed.files),
        private=0,
        target=target,
        where=f"over {changed.collection}/{changed.folder}".rstrip("/"),
        is_update=True,
        changes=tuple((str(kind), changed.count(kind)) for kind in ChangeKind if changed.count(kind)),
        unchanged=changed.unchanged,
        offers=offers,
        tree=tuple(_nodes(changed)),
        report=tuple(map(said_of, changed.report)),
    )


def write(library: Library, changed: Update) -> Written:
    """All of it or nothing. Raises SaveFailed, and UsageError where a file is no longer what was looked at."""
    try:
        updating.write(library, changed)
    except Conflict as error:
        raise UsageError(
            f"{error.path} changed meanwhile, and nothing was written. Read the document again."
        ) from error
    counts = [f"{format_count(changed.count(kind))} {kind}" for kind in ChangeKind if changed.count(kind)]
    keys = (change.key for change in changed.changes if change.kind in (ChangeKind.ADDED, ChangeKind.CHANGED))
    key = next((key for key in keys if key and not key.endswith("/") and not key.startswith("environments/")), "")
    where = f"{changed.collection}/{changed.folder}".rstrip("/")
    return Written(
        collection=changed.collection, key=key, where=where, done=f"Updated {where}: {', '.join(counts) or 'no change'}"
    )


def _nodes(changed: Update) -> Iterator[Node]:
    for kind, heading in _HEADINGS.items():
        found = [change for change in changed.changes if change.kind is kind]
        if found:
            yield Node(0, f"{heading}: {format_count(len(found))}", "", "", "", is_folder=True)
            yield from map(_node, found)
    if not changed.changes:
        yield Node(0, "Nothing changed.", "", "")


def _node(change: Change) -> Node:
    what = f": {'; '.join(change.what)}" if change.what else ""
    return Node(1, short(f"{change.title or change.key}{what}"), "", change.key)
