"""The tree of collections: reads folders when they are opened, parses files when they are seen."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import ClassVar

import msgspec
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from tui_client.errors import BrokenFile, NotFound, TuiClientError
from tui_client.model.wording import describe_error
from tui_client.storage.library import Library
from tui_client.tui.actions import bindings_for
from tui_client.tui.panels._collection_rows import Detail, Node, NodeKind, TreeState, tree_rows
from tui_client.tui.widgets.outline import Outline

_EMPTY = "No requests yet.\n\n^n makes one: type a URL,\n^r sends it, ^s saves it."


class CollectionsPanel(Widget):
    """Shows a library as a tree and posts what the user wants done; the screen does it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_for("collections"),
        Binding("escape", "leave_filter", "Leave the filter", show=False),
    ]
    DEFAULT_CSS = """
    CollectionsPanel {
        #filter { display: none; }
        &.-filtering #filter { display: block; }
        #empty { display: none; color: $text-muted; padding: 1; height: 1fr; }
        &.-empty #empty { display: block; }
        &.-empty Outline { display: none; }
    }
    """

    class Opened(Message):
        """A request should be shown."""

        def __init__(self, node: Node) -> None:
            super().__init__()
            self.node = node

    class Wanted(Message):
        """Something should be done with a node: rename, duplicate, move, delete, undo_delete, new_folder."""

        def __init__(self, action: str, node: Node | None) -> None:
            super().__init__()
            self.action = action
            self.node = node

    class _FolderRead(Message):
        def __init__(self, read: Mapping[str, tuple[Node, ...]]) -> None:
            super().__init__()
            self.read = read

    class _DetailsRead(Message):
        def __init__(self, details: Mapping[str, Detail]) -> None:
            super().__init__()
            self.details = details

    class _Matched(Message):
        def __init__(self, text: str, nodes: tuple[Node, ...]) -> None:
            super().__init__()
            self.text = text
            self.nodes = nodes

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._library: Library | None = None
        self._state = TreeState()
        self._by_id: dict[str, Node] = {}
        self._wanted = ""  # the request to put the cursor on once its folders are read

    def compose(self) -> ComposeResult:
        """The filter over the tree."""
        yield Input(placeholder="filter", id="filter", compact=True)
        yield Outline(id="tree")
        yield Static(_EMPTY, id="empty", markup=False)

    @property
    def node(self) -> Node | None:
        """What the cursor is on."""
        row = self.query_one(Outline).current
        return self._by_id.get(row.id) if row else None

    def show(self, library: Library) -> None:
        """Show another library, or the same one read again; what was unfolded stays so."""
        self._library = library
        roots = tuple(Node(NodeKind.COLLECTION, ref.id) for ref in library.collections())
        first = frozenset(root.id for root in roots[:1])
        self._state = msgspec.structs.replace(
            self._state, roots=roots, details={}, expanded=self._state.expanded | first
        )
        self.border_title = roots[0].collection if len(roots) == 1 else "Collections"
        self._read_folders(library, self._open_folders())

    def mark(self, statuses: Mapping[str, str], drafts: Set[str]) -> None:
        """Show the last status beside each request, and "*" beside the drafts."""
        self._state = msgspec.structs.replace(self._state, statuses=statuses, drafts=drafts)
        self._draw()

    def reveal(self, key: str, collection: str) -> None:
        """Unfold the folders above a request and put the cursor on it."""
        path = key.rpartition(":")[2]
        above = [path[:at] for at, sign in enumerate(path) if sign == "/"]
        folders = [Node(NodeKind.COLLECTION, collection)]
        folders += [Node(NodeKind.FOLDER, collection, folder) for folder in above]
        self._state = msgspec.structs.replace(self._state, expanded=self._state.expanded | {f.id for f in folders})
        self._wanted = key
        if self._library:
            self._read_folders(self._library, tuple(folders))

    def _go_to_wanted(self) -> None:
        outline = self.query_one(Outline)
        index = next((i for i, row in enumerate(outline.rows) if row.id == self._wanted), None)
        if index is not None:
            outline.cursor = index
            self._wanted = ""

    def _open_folders(self) -> tuple[Node, ...]:
        known = {child.id: child for children in self._state.children.values() for child in children}
        roots = self._state.roots
        wanted = [root for root in roots if len(roots) == 1 or root.id in self._state.expanded]
        return (*wanted, *(known[id_] for id_ in self._state.expanded if id_ in known))

    @work(thread=True, group="folders", exit_on_error=False)
    def _read_folders(self, library: Library, folders: tuple[Node, ...]) -> None:
        read: dict[str, tuple[Node, ...]] = {}
        for folder in folders:
            try:
                entries = library.entries(folder.collection, folder.path)
            except (NotFound, BrokenFile):
                entries = ()
            read[folder.id] = tuple(
                Node(NodeKind(entry.kind.value), folder.collection, entry.key.rpartition(":")[2], entry.key)
                for entry in entries
            )
        self.post_message(self._FolderRead(read))

    @work(thread=True, group="details", exclusive=True, exit_on_error=False)
    def _read_details(self, library: Library, keys: tuple[str, ...]) -> None:
        details = {}
        for key in keys:
            try:
                details[key] = Detail(method=library.summary(key).method)
            except BrokenFile as error:
                details[key] = Detail(broken=f"line {error.line}" if error.line else "broken")
            except TuiClientError as error:
                details[key] = Detail(broken=describe_error(error))
        self.post_message(self._DetailsRead(details))

    @work(thread=True, group="filter", exclusive=True, exit_on_error=False)
    def _match(self, library: Library, text: str) -> None:
        words = text.lower().split()
        nodes = []
        for root in self._state.roots:
            for key in library.keys(root.collection):
                path = key.rpartition(":")[2]
                if all(word in path.lower() for word in words):
                    nodes.append(Node(NodeKind.REQUEST, root.collection, path, key))
        self.post_message(self._Matched(text, tuple(nodes)))

    @on(_FolderRead)
    def _take_folders(self, message: _FolderRead) -> None:
        self._state = msgspec.structs.replace(self._state, children={**self._state.children, **message.read})
        self._draw()
        if self._wanted:
            self._go_to_wanted()

    @on(_DetailsRead)
    def _take_details(self, message: _DetailsRead) -> None:
        self._state = msgspec.structs.replace(self._state, details={**self._state.details, **message.details})
        self._draw()

    @on(_Matched)
    def _take_matches(self, message: _Matched) -> None:
        if message.text == self.query_one("#filter", Input).value:
            self._state = msgspec.structs.replace(self._state, matches=message.nodes)
            self._draw()

    def _draw(self) -> None:
        rows = tree_rows(self._state)
        self._by_id = {node.id: node for _, node in rows}
        self.query_one(Outline).rows = tuple(row for row, _ in rows)
        read = all(root.id in self._state.children for root in self._state.roots)
        self.set_class(not rows and read and self._state.matches is None, "-empty")

    @on(Outline.Seen)
    def _parse_seen(self, message: Outline.Seen) -> None:
        keys = tuple(
            self._by_id[id_].key
            for id_ in message.ids
            if id_ in self._by_id and self._by_id[id_].key and id_ not in self._state.details
        )
        if keys and self._library:
            self._read_details(self._library, keys)

    @on(Outline.FoldRequested)
    def _fold(self, message: Outline.FoldRequested) -> None:
        node = self._by_id[message.row.id]
        expanded = self._state.expanded - {node.id} if message.fold else self._state.expanded | {node.id}
        self._state = msgspec.structs.replace(self._state, expanded=expanded)
        self._draw()
        if not message.fold and self._library:
            self._read_folders(self._library, (node,))

    @on(Outline.Chosen)
    def _choose(self, message: Outline.Chosen) -> None:
        self.post_message(self.Opened(self._by_id[message.row.id]))

    @on(Input.Changed, "#filter")
    def _filter(self, event: Input.Changed) -> None:
        event.stop()
        if event.value and self._library:
            self._match(self._library, event.value)
        else:
            self._state = msgspec.structs.replace(self._state, matches=None)
            self._draw()

    @on(Input.Submitted, "#filter")
    def _to_matches(self, event: Input.Submitted) -> None:
        event.stop()
        self.query_one(Outline).focus()

    def action_filter(self) -> None:
        """Show the filter and go there."""
        self.add_class("-filtering")
        self.query_one("#filter", Input).focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Esc belongs to the filter only while there is one."""
        return self.has_class("-filtering") if action == "leave_filter" else True

    def action_leave_filter(self) -> None:
        """Show everything again."""
        self.query_one("#filter", Input).value = ""
        self.remove_class("-filtering")
        self.query_one(Outline).focus()

    def action_rename(self) -> None:
        """Ask the screen to rename the node."""
        self.post_message(self.Wanted("rename", self.node))

    def action_duplicate(self) -> None:
        """Ask the screen to copy the request."""
        self.post_message(self.Wanted("duplicate", self.node))

    def action_move(self) -> None:
        """Ask the screen to move the request."""
        self.post_message(self.Wanted("move", self.node))

    def action_delete(self) -> None:
        """Ask the screen to delete the node."""
        self.post_message(self.Wanted("delete", self.node))

    def action_undo_delete(self) -> None:
        """Ask the screen to bring back what was deleted."""
        self.post_message(self.Wanted("undo_delete", None))
