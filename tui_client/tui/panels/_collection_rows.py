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


class Placed(msgspec.Struct, frozen=True):
    """A node and how deep it stands."""

    node: Node
    depth: int


def placed(state: TreeState) -> tuple[Placed, ...]:
    """The nodes from top to bottom, folded folders closed; with a filter, the matches."""
    if state.matches is not None:
        return tuple(Placed(node, 0) for node in state.matches)
    if len(state.roots) != 1:
        waiting = [Placed(root, 0) for root in reversed(state.roots)]
    else:
        # A single collection needs no row of its own: the panel's title says it.
        waiting = [Placed(child, 0) for child in reversed(state.children.get(state.roots[0].id, ()))]
    found: list[Placed] = []
    while waiting:
        one = waiting.pop()
        found.append(one)
        if one.node.kind is not NodeKind.REQUEST and one.node.id in state.expanded:
            waiting += [Placed(child, one.depth + 1) for child in reversed(state.children.get(one.node.id, ()))]
    return tuple(found)


class TreeRows:
    """The rows of the tree; each is made when it is drawn, so that thousands of them cost nothing."""

    def __init__(self, nodes: tuple[Placed, ...] = (), state: TreeState = TreeState()) -> None:  # noqa: B008 - frozen
        self._nodes = nodes
        self._state = state

    def __len__(self) -> int:
        return len(self._nodes)

    def __getitem__(self, index: int) -> OutlineRow:
        one, state = self._nodes[index], self._state
        node = one.node
        if node.kind is not NodeKind.REQUEST:
            is_open = node.id in state.expanded
            return OutlineRow(node.id, node.label, one.depth, RowState.OPEN if is_open else RowState.CLOSED)
        detail = state.details.get(node.key, Detail())
        whole = node.path if len(state.roots) == 1 else node.key
        return OutlineRow(
            node.id,
            node.label if state.matches is None else whole,
            one.depth,
            RowState.BROKEN if detail.broken else RowState.LEAF,
            badge=detail.method,
            mark="*" if node.key in state.drafts else "",
            note=detail.broken or state.statuses.get(node.key, ""),
        )

    def place(self, id_: str) -> int | None:
        """Where the node with this id stands; None if it is not among the rows."""
        return next((index for index, one in enumerate(self._nodes) if one.node.id == id_), None)

    def with_state(self, state: TreeState) -> TreeRows:
        """The same nodes, which say something else."""
        return TreeRows(self._nodes, state)

    def node(self, index: int) -> Node | None:
        """What a row stands for."""
        return self._nodes[index].node if 0 <= index < len(self._nodes) else None
