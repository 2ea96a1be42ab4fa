"""What an update tells: a line for each request, folder, environment and what all share."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class ChangeKind(StrEnum):
    """What an update does with a request, a folder, an environment or the collection."""

    ADDED = "added"
    CHANGED = "changed"
    KEPT = "kept"  # the document changed what the user changed too: the user's stays
    REMOVED = "removed"  # no longer in the document; its file stays
    PRUNED = "pruned"  # no longer in the document, never edited: its file goes


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that an update changes or tells. All texts are outside text.

    key: of the request ("users/list"), its folder ("users/"), "environments/NAME", or "" for what all requests share
    and for what has no file. what: clauses, "parameter limit added", "your URL is kept, the document now says /v2".
    """

    kind: ChangeKind
    key: str
    title: str
    what: tuple[str, ...] = ()
