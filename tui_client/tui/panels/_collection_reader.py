"""What the tree asks of the disk; each function is called in a thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set

import msgspec

from tui_client.errors import BrokenFile, TuiClientError
from tui_client.model.wording import describe_error
from tui_client.storage.catalog import Catalog, found_by
from tui_client.storage.library import Library
from tui_client.tui.panels._collection_rows import Detail, Node, NodeKind


class Tree(msgspec.Struct, frozen=True):
    """Folders as they were read: their contents by node id. roots: the collections; None where only folders were."""

    children: Mapping[str, tuple[Node, ...]]
    roots: tuple[Node, ...] | None = None
    title: str = ""


def read_tree(library: Library, expanded: Set[str]) -> Tree:
    """The collections and all folders that stand open; the first collection does."""
    collections = library.collections()
    roots = tuple(Node(NodeKind.COLLECTION, one.id) for one in collections)
    title = collections[0].name if len(collections) == 1 else "Collections"
    standing_open = roots[:1] + tuple(root for root in roots[1:] if root.id in expanded)
    return Tree(read_folders(library, standing_open, expanded).children, roots, title)


def read_folders(library: Library, folders: Iterable[Node], expanded: Set[str]) -> Tree:
    """Some folders, and those in them that stand open."""
    children: dict[str, tuple[Node, ...]] = {}
    waiting = list(folders)
    while waiting:
        folder = waiting.pop()
        found = children[folder.id] = _read_folder(library, folder)
        waiting += [one for one in found if one.kind is not NodeKind.REQUEST and one.id in expanded]
    return Tree(children)


def _read_folder(library: Library, folder: Node) -> tuple[Node, ...]:
    try:
        entries = library.entries(folder.collection, folder.path)
    except TuiClientError:
        return ()  # the collection is gone; what is left of it shows as empty
    return tuple(
        Node(NodeKind(entry.kind.value), folder.collection, entry.key.removeprefix(f"{folder.collection}:"), entry.key)
        for entry in entries
    )


def read_details(library: Library, keys: Iterable[str], wanted: Callable[[], bool]) -> Mapping[str, Detail]:
    """Parse requests, until nobody looks at them any more."""
    details: dict[str, Detail] = {}
    for key in keys:
        if not wanted():
            break
        details[key] = _read_detail(library, key)
    return details


def _read_detail(library: Library, key: str) -> Detail:
    try:
        return Detail(method=library.summary(key).method)
    except BrokenFile as error:
        return Detail(broken=f"line {error.line}" if error.line else error.reason)
    except TuiClientError as error:
        return Detail(broken=describe_error(error))


def read_names(library: Library) -> tuple[Node, ...]:
    """Every request of the workspace."""
    return tuple(
        Node(NodeKind.REQUEST, one.id, key.removeprefix(f"{one.id}:"), key)
        for one in library.collections()
        for key in library.keys(one.id)
    )


def matching(names: tuple[Node, ...], text: str, catalog: Catalog) -> tuple[Node, ...]:
    """Those that have every word in their path, or in what is known of them by now, in any order and case."""
    words = text.lower().split()
    return tuple(node for node in names if found_by(words, node.path, catalog.words(node.key)))
