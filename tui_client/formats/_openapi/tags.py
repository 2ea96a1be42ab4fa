"""Folders: of the first tag, else of the first segment of the path that tells the paths apart."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from tui_client.formats._found import FoundFolder, FoundRequest
from tui_client.formats._openapi.references import Node, References
from tui_client.formats._openapi.words import one_line, text_in
from tui_client.model.collection import Folder

MAX_NESTING: Final = 8


def _described(tags: Node, references: References) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for each in tags.value if isinstance(tags.value, list) else []:
        table = references.follow(Node(each, tags.file)).table()
        name = one_line(text_in(table, "name"))
        if name:
            found.setdefault(name, table)
    return found


def _around(tag: str, described: dict[str, dict[str, Any]]) -> tuple[str, ...]:
    """A tag below the tags it says it belongs to (OpenAPI 3.2)."""
    path = [tag]
    while len(path) < MAX_NESTING:
        parent = one_line(text_in(described.get(path[0], {}), "parent"))
        if not parent or parent in path or parent not in described:
            break
        path.insert(0, parent)
    return tuple(path)


def placed(requests: list[FoundRequest], tags: Node, references: References) -> list[FoundRequest]:
    """The requests, each in its folder."""
    described = _described(tags, references)
    paths = [_segments(each) for each in requests if not each.folder]
    common = _common(paths)
    found = []
    for each in requests:
        if each.folder:
            folder = _around(each.folder[0], described)
        else:
            rest = [segment for segment in _segments(each)[common:] if not segment.startswith("{")]
            folder = (rest[0],) if rest else ()
        found.append(msgspec.structs.replace(each, folder=folder))
    return found


def _segments(found: FoundRequest) -> list[str]:
    path = str(found.extensions["x-openapi"]["operation"]).partition(" ")[2].partition("?")[0].partition("#")[0]
    return [one_line(segment)[:100] for segment in path.split("/") if segment.strip()]


def _common(paths: list[list[str]]) -> int:
    """How many segments all paths begin with: "api" and "v1" would make one folder of everything."""
    if len({tuple(path) for path in paths}) < 2:
        return 0
    shortest = min(len(path) for path in paths) - 1
    first = paths[0]
    count = 0
    while count < shortest and all(path[count] == first[count] for path in paths):
        count += 1
    return count


def folders_of(tags: Node, requests: list[FoundRequest], references: References) -> tuple[FoundFolder, ...]:
    """All folders: those that the document describes in its order, then others as they are met."""
    described = _described(tags, references)
    paths: dict[tuple[str, ...], None] = {}
    for path in [_around(tag, described) for tag in described] + [each.folder for each in requests]:
        for length in range(1, len(path) + 1):
            paths.setdefault(path[:length])
    return tuple(FoundFolder(path=path, shared=_shared(described.get(path[-1], {}))) for path in paths)


def _shared(tag: dict[str, Any]) -> Folder:
    docs = tag.get("externalDocs")
    parts = [text_in(tag, "description")]
    if isinstance(docs, dict):
        parts.append(" ".join(filter(None, (text_in(docs, "description"), text_in(docs, "url")))))
    # The title of a tag is its name, which the requests have; `summary` is a longer one.
    parts.insert(0, text_in(tag, "summary"))
    return Folder(description="\n\n".join(part for part in parts if part))
