"""From what is known of a workspace to the rows of its tree; pure."""

from __future__ import annotations

from collections.abc import Mapping, Set
from enum import StrEnum

import msgspec

from tui_client.tui.widgets.outline import OutlineRow, RowState


class NodeKind(StrEnum):
    """What a row of the tree stands for."""

    COLLECTION = "collection"
    FOLDER = "folder"
    REQUEST = "request"


class Node(msgspec.Struct, frozen=True):
    """One thing in the tree. path: "users/admin" for folders; key: for requests, as the library knows it."""

    kind: NodeKind
    collection: str
    path: str = ""
    key: str = ""

    @property
    def id(self) -> str:
        """Unique in the workspace."""
        return self.key if self.kind is NodeKind.REQUEST else f"{self.collection}:{self.path}/"

    @property
    def folder(self) -> str:
        """The folder it is, or is in."""
        return self.path if self.kind is not NodeKind.REQUEST else self.path.rpartition("/")[0]

    @property
    def label(self) -> str:
        """Its own name."""
        return self.path.rpartition("/")[2] or self.collection


class Detail(msgspec.Struct, frozen=True):
    """What parsing a request's file told: its method, or why it is broken."""

    method: str = ""
    broken: str = ""


class TreeState(msgspec.Struct, frozen=True):
    """All that the rows depend on.

    children: by a folder's node id, what is in it, as far as it was read. matches: set while a filter is on.
    """

    roots: tuple[Node, ...] = ()
    children: Mapping[str, tuple[Node, ...]] = {}
    expanded: Set[str] = frozenset()
    details: Mapping[str, Detail] = {}
    statuses: Mapping[str, str] = {}
    drafts: Set[str] = frozenset()
    matches: tuple[Node, ...] | None = None


def tree_rows(state: TreeState) -> tuple[tuple[OutlineRow, Node], ...]:
    """The rows from top to bottom, folded folders closed; with a filter, the matches by their whole path."""
    if state.matches is not None:
        return tuple((_leaf(node, 0, state, label=node.path), node) for node in state.matches)
    rows: list[tuple[OutlineRow, Node]] = []
    single = len(state.roots) == 1
    for root in state.roots:
        if single:
            _add_children(root, 0, state, rows)
        else:
            _add(root, 0, state, rows)
    return tuple(rows)


def _add(node: Node, depth: int, state: TreeState, rows: list[tuple[OutlineRow, Node]]) -> None:
    if node.kind is NodeKind.REQUEST:
        rows.append((_leaf(node, depth, state, label=node.label), node))
        return
    is_open = node.id in state.expanded
    rows.append((OutlineRow(node.id, node.label, depth, RowState.OPEN if is_open else RowState.CLOSED), node))
    if is_open:
        _add_children(node, depth + 1, state, rows)


def _add_children(node: Node, depth: int, state: TreeState, rows: list[tuple[OutlineRow, Node]]) -> None:
    for child in state.children.get(node.id, ()):
        _add(child, depth, state, rows)


def _leaf(node: Node, depth: int, state: TreeState, *, label: str) -> OutlineRow:
    detail = state.details.get(node.key, Detail())
    return OutlineRow(
        node.id,
        label,
        depth,
        RowState.BROKEN if detail.broken else RowState.LEAF,
        badge=detail.method,
        mark="*" if node.key in state.drafts else "",
        note=detail.broken or state.statuses.get(node.key, ""),
    )
