"""The tree of collections: reads folders when they are opened, parses files when they are seen."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Set
from typing import ClassVar, Final

import msgspec
from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static
from textual.worker import get_current_worker

from tui_client.storage.catalog import Catalog
from tui_client.storage.library import Library
from tui_client.text import safe_line
from tui_client.tui.actions import bindings_for
from tui_client.tui.panels._collection_reader import (
    Tree,
    matching,
    read_details,
    read_folders,
    read_names,
    read_tree,
)
from tui_client.tui.panels._collection_rows import Detail, Node, NodeKind, TreeRows, TreeState, placed
from tui_client.tui.widgets.line_input import LineInput
from tui_client.tui.widgets.outline import Outline

_EMPTY: Final = "No requests yet.\n\n^n makes one: type a URL, ^r sends it, ^s saves it."
_NO_MATCH: Final = "No request has these words in its name, URL or tags.\n\nEsc shows all."
_CATALOG_AFTER_S: Final = 1.0  # the first screen comes before what only a search needs
_LOOK_AGAIN_S: Final = 0.3
# The fields of the state on which rows there are depends; the others change only what they say.
_STRUCTURE: Final = frozenset({"roots", "children", "expanded", "matches"})


class CollectionsPanel(Widget):
    """Shows a library as a tree and posts what the user wants done; the screen does it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_for("collections"),
        Binding("escape", "leave_filter", "Leave the filter", show=False),
        Binding("down", "step(1)", "Next match", show=False),
        Binding("up", "step(-1)", "Previous match", show=False),
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

    outline = getters.query_one("#tree", Outline)
    filter = getters.query_one("#filter", Input)

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

    class _TreeRead(Message):
        def __init__(self, tree: Tree, wanted: str) -> None:
            super().__init__()
            self.tree = tree
            self.wanted = wanted

    class _DetailsRead(Message):
        def __init__(self, details: Mapping[str, Detail]) -> None:
            super().__init__()
            self.details = details

    class _Matched(Message):
        def __init__(self, text: str, nodes: tuple[Node, ...]) -> None:
            super().__init__()
            self.text = text
            self.nodes = nodes

    class _MoreKnown(Message):
        """More of the catalog was read, or all."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._library: Library | None = None
        self._state = TreeState()
        self._rows = TreeRows()
        self._reading = asyncio.Lock()
        self._was_read = False
        self._fresh: frozenset[str] = frozenset()  # requests whose details are not older than the last `show`
        self._names: tuple[Node, ...] | None = None
        self._catalog: Catalog | None = None
        self._knows = False  # whether the catalog is read at all: not before the first screen stands

    def compose(self) -> ComposeResult:
        """The filter over the tree."""
        yield LineInput(placeholder="name, URL or tag:smoke", id="filter", compact=True)
        yield Outline(id="tree")
        yield Static(_EMPTY, id="empty", markup=False)

    @property
    def node(self) -> Node | None:
        """What the cursor is on."""
        return self._rows.node(self.outline.cursor)

    def read_catalog(self) -> Catalog | None:
        """What requests are found by beside their names, which is read from now on; None before there is a library."""
        if self._catalog is not None and not self._knows:
            self._knows = True
            self._know(self._catalog)
        return self._catalog

    def show(self, library: Library) -> None:
        """Show another library, or the same one read again; what was unfolded stays so."""
        if library is not self._library or self._catalog is None:
            self._catalog = Catalog(library)
            self.set_timer(_CATALOG_AFTER_S, self.read_catalog)
        if self._knows:
            self._know(self._catalog)
        self._library = library
        self._fresh = frozenset()
        self._names = None
        self._read(lambda: read_tree(library, self._state.expanded))
        self._match_again()

    def mark(self, statuses: Mapping[str, str], drafts: Set[str]) -> None:
        """Show the last status beside each request, and "*" beside the drafts."""
        if (statuses, drafts) != (self._state.statuses, self._state.drafts):
            self._change(statuses=statuses, drafts=drafts)

    def reveal(self, key: str, collection: str) -> None:
        """Unfold the folders above a request and put the cursor on it."""
        path = key.removeprefix(f"{collection}:")
        above = [path[:at] for at, sign in enumerate(path) if sign == "/"]
        folders = (
            Node(NodeKind.COLLECTION, collection),
            *(Node(NodeKind.FOLDER, collection, folder) for folder in above),
        )
        self._change(expanded=self._state.expanded | {folder.id for folder in folders})
        if not self._go_to(key) and (library := self._library):
            self._read(lambda: read_folders(library, folders, frozenset()), key)

    def _go_to(self, id_: str) -> bool:
        place = self._rows.place(id_)
        if place is not None:
            self.outline.cursor = place
        return place is not None

    @work(group="folders")
    async def _read(self, read: Callable[[], Tree], wanted: str = "") -> None:
        # One after the other, so that an older reading never overwrites a newer one.
        async with self._reading:
            self.post_message(self._TreeRead(await asyncio.to_thread(read), wanted))

    @work(thread=True, group="details", exclusive=True)
    def _read_details(self, library: Library, keys: tuple[str, ...]) -> None:
        worker = get_current_worker()
        self.post_message(self._DetailsRead(read_details(library, keys, lambda: not worker.is_cancelled)))

    @work(thread=True, group="catalog", exclusive=True)
    def _know(self, catalog: Catalog) -> None:
        worker, told_s = get_current_worker(), time.monotonic()

        def pause(seconds: float) -> None:
            nonlocal told_s
            time.sleep(seconds)
            if time.monotonic() - told_s > _LOOK_AGAIN_S:
                told_s = time.monotonic()
                self.post_message(self._MoreKnown())

        catalog.read(lambda: not worker.is_cancelled, pause)
        if not worker.is_cancelled:
            self.post_message(self._MoreKnown())

    @work(group="filter", exclusive=True)
    async def _match(self, library: Library, catalog: Catalog, text: str) -> None:
        if (names := self._names) is None:
            names = self._names = await asyncio.to_thread(read_names, library)
        self.post_message(self._Matched(text, await asyncio.to_thread(matching, names, text, catalog)))

    def _match_again(self) -> None:
        if self.filter.value and self._library and self._catalog:
            self._match(self._library, self._catalog, self.filter.value)

    @on(_TreeRead)
    def _take_tree(self, message: _TreeRead) -> None:
        tree, self._was_read = message.tree, True
        roots = self._state.roots if tree.roots is None else tree.roots
        expanded = self._state.expanded if self._state.roots else self._state.expanded | {root.id for root in roots[:1]}
        if tree.roots is not None:
            self.border_title = Content(safe_line(tree.title))
        self._change(roots=roots, expanded=expanded, children={**self._state.children, **tree.children})
        self._parse(self.outline.visible_ids())
        if message.wanted:
            self._go_to(message.wanted)

    @on(_DetailsRead)
    def _take_details(self, message: _DetailsRead) -> None:
        self._fresh |= message.details.keys()
        self._change(details={**self._state.details, **message.details})

    @on(_MoreKnown)
    def _know_more(self) -> None:
        self._match_again()
        self._say_progress()

    def _say_progress(self) -> None:
        filtering = self.has_class("-filtering")
        self.border_subtitle = Content(self._catalog.progress() if self._catalog and filtering else "")

    @on(_Matched)
    def _take_matches(self, message: _Matched) -> None:
        if message.text == self.filter.value and message.nodes != self._state.matches:
            here = self.node
            self._change(matches=message.nodes)
            if here not in message.nodes:
                self.outline.cursor = 0

    def _change(self, **changes: object) -> None:
        """Take another state and show it."""
        self._state = msgspec.structs.replace(self._state, **changes)
        if _STRUCTURE & changes.keys():
            self._rows = TreeRows(placed(self._state), self._state)
        else:
            self._rows = self._rows.with_state(self._state)
        self.outline.rows = self._rows
        filtered = self._state.matches is not None
        if not len(self._rows):
            self.query_one("#empty", Static).update(_NO_MATCH if filtered else _EMPTY)
        self.set_class(not len(self._rows) and (filtered or self._was_read), "-empty")

    @on(Outline.Seen)
    def _seen(self, message: Outline.Seen) -> None:
        self._parse(message.ids)

    def _parse(self, ids: tuple[str, ...]) -> None:
        """Read what the rows on the screen say of their requests; a folder's id ends in a slash, a key never does."""
        keys = tuple(id_ for id_ in ids if not id_.endswith("/") and id_ not in self._fresh)
        if keys and self._library:
            self._read_details(self._library, keys)

    @on(Outline.FoldRequested)
    def _fold(self, message: Outline.FoldRequested) -> None:
        place = self._rows.place(message.row.id)
        node = self._rows.node(place) if place is not None else None
        if node is None:
            return
        expanded = self._state.expanded
        self._change(expanded=expanded - {node.id} if message.fold else expanded | {node.id})
        if not message.fold and (library := self._library):
            self._read(lambda: read_folders(library, (node,), self._state.expanded))

    @on(Outline.Chosen)
    def _choose(self, message: Outline.Chosen) -> None:
        place = self._rows.place(message.row.id)
        if place is not None and (node := self._rows.node(place)):
            self.post_message(self.Opened(node))

    # The filter

    @on(Input.Changed, "#filter")
    def _filter(self, event: Input.Changed) -> None:
        event.stop()
        if event.value:
            self._match_again()
        else:
            self._change(matches=None)

    @on(Input.Submitted, "#filter")
    def _take_match(self, event: Input.Submitted) -> None:
        event.stop()
        if self._state.matches:
            self.outline.action_choose()

    def action_filter(self) -> None:
        """Show the filter and go there."""
        self.read_catalog()
        self.add_class("-filtering")
        self._say_progress()
        self.filter.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Esc belongs to the filter only while there is one, the arrows while it has the focus."""
        if action == "leave_filter":
            return self.has_class("-filtering")
        return self.filter.has_focus if action == "step" else True

    def action_step(self, by: int) -> None:
        """Move the cursor of the tree while the filter keeps the focus."""
        self.outline.action_move(by)

    def action_leave_filter(self) -> None:
        """Show everything again, with the cursor on what it was on."""
        node = self.node if self._state.matches else None
        self.filter.value = ""
        self._change(matches=None)
        self.remove_class("-filtering")
        self._say_progress()
        self.outline.focus()
        if node is not None:
            self.reveal(node.key, node.collection)

    # What the screen does

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
