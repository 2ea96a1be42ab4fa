"""An import from its source to the disk, in steps that a screen or a command takes one after the other."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import msgspec

from tui_client.errors import UsageError
from tui_client.formats._found import Found, Line, Outcome
from tui_client.interop.placing import Placed, place_collections, place_inside
from tui_client.interop.writing import write_collections, write_inside
from tui_client.model.effective import inherited_auth
from tui_client.storage import changes, tree
from tui_client.storage.inside import is_there
from tui_client.storage.library import Library

_LOST = (Outcome.KEPT, Outcome.DROPPED)


class Target(msgspec.Struct, frozen=True):
    """Where an import goes. root: of the collection, None: new collections in the workspace. folder: in it.

    has_auth: whether there is an auth that what stands there inherits.
    """

    workspace: Path
    root: Path | None = None
    folder: str = ""
    has_auth: bool = False


def target_of(library: Library, found: Found, into: str = "") -> Target:
    """Where it goes: into a folder that was named, the one collection of a workspace that is it, or beside the others.

    Loose requests go into the first collection, if there is one. Nothing is made here. Raises OutsideCollection,
    NotFound, BrokenFile, and UsageError for a folder where there is no collection.
    """
    alone = is_there(library.root / tree.COLLECTION_FILE)
    first = library.default_collection
    if into or alone or (found.loose and first is not None):
        prefix, colon, rest = into.partition(":")
        if colon and any(one.id == prefix for one in library.collections()):
            shelf, folder = library.shelf(prefix), rest
        elif first is not None:
            shelf, folder = library.shelf(first.id), into
        else:
            raise UsageError("There is no collection that could have this folder. Leave --into out: one is made.")
        path = changes.new_folder_path(shelf.root, folder.strip("/"))
        inside = "" if path == shelf.root else path.relative_to(shelf.root).as_posix()
        auth, _ = inherited_auth(shelf.surroundings(f"{inside}/new".lstrip("/"), ""))
        return Target(library.root, shelf.root, inside, auth is not None)
    return Target(library.root)


def place(found: Found, target: Target) -> Placed:
    """What would be written, and where. Raises SaveFailed for what a file can't say."""
    if target.root is None:
        return place_collections(found, changes.names_in(target.workspace))
    taken, environments = _taken(target.root), _environments(target.root)
    return place_inside(found, target.folder, taken, environments, has_auth=target.has_auth)


def write(placed: Placed, target: Target) -> None:
    """All of it or nothing. Raises SaveFailed."""
    if target.root is None:
        write_collections(target.workspace, placed)
    else:
        write_inside(target.root, placed)


def lost(placed: Placed) -> int:
    """How many constructs are only kept as text, or not there."""
    return lost_lines(placed.report)


def lost_lines(report: Iterable[Line]) -> int:
    """The same of a report."""
    return sum(line.outcome in _LOST for line in report)


def _taken(root: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for folder, folders, files in os.walk(root, followlinks=False):
        folders[:] = [name for name in folders if not name.startswith(".")]
        inside = Path(folder).relative_to(root).as_posix()
        names = {name.removesuffix(".toml") for name in files} | set(folders)
        found["" if inside == "." else inside] = names
    return found


def _environments(root: Path) -> set[str]:
    return set(tree.environment_names(root))
