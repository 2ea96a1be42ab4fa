"""The workbench: collections on the left, the request over its reply on the right."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import ClassVar

import msgspec
from textual import events, getters, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.geometry import NULL_SIZE, Size
from textual.message import Message

from tui_client.errors import TuiClientError
from tui_client.model.request import Request
from tui_client.model.step import StepResult
from tui_client.text import format_count
from tui_client.tui.actions import bindings_for
from tui_client.tui.panels._collection_rows import Node, NodeKind
from tui_client.tui.panels.collections import CollectionsPanel
from tui_client.tui.panels.history import HistoryPanel
from tui_client.tui.panels.request_builder import RequestBuilder
from tui_client.tui.panels.response_viewer import Broke, Copied, Done, ReplyWish, ResponseViewer, view_of
from tui_client.tui.screens import _questions
from tui_client.tui.screens._context import environments_of
from tui_client.tui.screens._edits import Edits
from tui_client.tui.screens._errands import ErrandsScreen
from tui_client.tui.screens._files import Files
from tui_client.tui.screens._following import looked_at
from tui_client.tui.screens._history_desk import HistoryDesk
from tui_client.tui.screens._open_requests import OpenRequests
from tui_client.tui.screens._progress import SendEnded, SendMoved
from tui_client.tui.screens._replies import Replies, status_text
from tui_client.tui.screens._reply_desk import ReplyDesk
from tui_client.tui.screens._room import Room
from tui_client.tui.screens._saving import Saving
from tui_client.tui.screens._sends import QUIET_S, Sends
from tui_client.tui.screens._session import SessionDesk
from tui_client.tui.state import OpenRequest
from tui_client.tui.widgets.key_bar import KeyBar, keys_of
from tui_client.tui.widgets.status_bar import StatusBar
from tui_client.tui.widgets.tab_strip import TabStrip
from tui_client.workspace import Workspace


class WorkbenchScreen(ErrandsScreen):
    """Owns the open requests, the environments and what is in flight; panels show it and post what the user wants."""

    CSS_PATH = "workbench.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("workbench")]
    AUTO_FOCUS = "#url"

    collections = getters.query_one("#collections", CollectionsPanel)
    builder = getters.query_one("#builder", RequestBuilder)
    reply = getters.query_one("#reply", ResponseViewer)
    status = getters.query_one(StatusBar)
    strip = getters.query_one("#open", TabStrip)

    class Left(Message):
        """The user wants another screen: "replay", with the key of what to replay, or "quit"."""

        def __init__(self, to: str, target: str = "") -> None:
            super().__init__()
            self.to = to
            self.target = target

    def __init__(self, workspace: Workspace, keys: dict[str, str], first: str = "", size: Size = NULL_SIZE) -> None:
        """keys: those of each action by its id. first: the key of the request to open; "" begins a new one."""
        super().__init__(size)
        self.keys = keys
        self.workspace = workspace
        self.requests = OpenRequests()
        self.replies = Replies()
        self._edits = Edits()
        self.sends = Sends(self)
        self.saving = Saving(self, workspace.library)
        self.files = Files(self, workspace.library)
        self.room = Room(self)
        self.reply_desk = ReplyDesk(self)
        self.past = HistoryDesk(self)
        self.session = SessionDesk(self)
        self._first = first
        self.environments: dict[str, str] = {}
        self._statuses: dict[str, str] = {}

    def compose(self) -> ComposeResult:
        """Three panels between a line of state and a line of keys."""
        yield StatusBar()
        with Horizontal(id="panels"):
            with Vertical(id="side"):
                yield CollectionsPanel(id="collections")
                yield HistoryPanel(self.keys.get("history", "").split(", ")[0], id="history")
            with Vertical(id="work"):
                yield TabStrip(id="open")
                yield RequestBuilder(id="builder", classes="-focused")
                yield ResponseViewer(self.keys, id="reply")
        yield KeyBar(keys_of("workbench", self.keys))

    def on_mount(self) -> None:
        """Show the workspace, and a request to type into."""
        self.builder.border_title, self.reply.border_title = "Request", "Reply"
        self.collections.show(self.workspace.library)
        self.change(self.requests.open(None, self.collection))
        if self._first:
            self.open_key(self._first)
        self._follow_disk()
        self.past.begin()

    # State down

    @property
    def current(self) -> OpenRequest | None:
        """The request that is shown."""
        return self.requests.current

    @property
    def collection(self) -> str:
        """The id of the collection of the request that is shown, else of the first one; "" if there is none."""
        first = self.workspace.library.default_collection
        return (self.current.collection if self.current else "") or (first.id if first else "")

    @property
    def environment(self) -> str:
        """The environment that the request that is shown is sent in: each collection has its own; "" is none."""
        collection = self.collection
        if collection not in self.environments:
            names = environments_of(self.workspace.library, collection)
            self.environments[collection] = names[0] if names else ""
        return self.environments[collection]

    def change(self, requests: OpenRequests) -> None:
        """Take a new state of the open requests and show it."""
        switched = requests.active != self.requests.active
        self._edits.follow(self.requests, requests)
        self.requests = requests
        self.replies = self.replies.only([item.id for item in requests.items])
        self.strip.tabs, self.strip.active = requests.tabs(self.sends.ids), requests.active
        self.status.place = self.collection or "no collection"
        self.status.environment = self.environment
        self.status.in_flight = self.sends.in_flight
        self.collections.mark(dict(self._statuses), frozenset(i.key for i in requests.dirty if i.key))
        if item := requests.current:
            self.builder.show(item.draft, self.context_of(item))
        self.session.changed()
        if switched:
            self._show_reply(requests.active)

    def _show_reply(self, request_id: str) -> None:
        if request_id == self.requests.active:
            item = self.requests.current
            self.reply.show(self.replies.view(request_id), (item.key if item else "") or request_id)

    # Messages up

    @on(RequestBuilder.Edited)
    def _edited(self, message: RequestBuilder.Edited) -> None:
        # An edit may arrive after the user went to another request: it belongs to the one it was made in.
        if item := self.requests.get(message.request_id):
            self.room.focus_moved()
            self._edit(item, message.draft)

    def _edit(self, item: OpenRequest, draft: Request) -> None:
        self._edits.made(item.id, item.draft, draft)
        self.change(self.requests.replace(msgspec.structs.replace(item, draft=draft)))

    def edit(self, draft: Request) -> None:
        """Make this the draft of the request that is shown; it can be taken back."""
        if item := self.current:
            self._edit(item, draft)

    def action_undo_edit(self) -> None:
        """Take back the last edit; a text of many lines has an undo of its own."""
        if (item := self.current) and (draft := self._edits.take_back(item.id, item.draft)):
            self.change(self.requests.replace(msgspec.structs.replace(item, draft=draft)))

    @on(RequestBuilder.SendRequested)
    def _send_pressed(self) -> None:
        self.action_send()

    @on(TabStrip.Selected, "#open")
    def _tab(self, message: TabStrip.Selected) -> None:
        self.change(self.requests.show(message.tab_id))

    @on(CollectionsPanel.Opened)
    def _open(self, message: CollectionsPanel.Opened) -> None:
        self.open_key(message.node.key)

    @on(CollectionsPanel.Wanted)
    def _wanted(self, message: CollectionsPanel.Wanted) -> None:
        self.files.do(message.action, message.node)

    @on(HistoryPanel.Wanted)
    def _past_wanted(self, message: HistoryPanel.Wanted) -> None:
        self.past.do(message.action, message.entry)

    @on(StatusBar.Clicked)
    def _status_clicked(self, message: StatusBar.Clicked) -> None:
        if message.part_id == "environment":
            self.action_environment()
        elif message.part_id == "replaying":
            self.action_replay()

    @on(ReplyWish)
    def _reply_wish(self, message: ReplyWish) -> None:
        self.reply_desk.do(message)

    @on(Copied)
    def _copied(self, message: Copied) -> None:
        cut = "; terminals take no more" if message.cut else ""
        self.tell(f"Copied {message.what or f'{format_count(message.characters)} characters'}{cut}.")

    @on(events.DescendantFocus)
    def _focus_moved(self) -> None:
        self.room.focus_moved()

    def open_key(self, key: str) -> bool:
        """Open a request by its key, or show it if it is open already; False where it can't be read."""
        library = self.workspace.library
        try:
            loaded = library.load(key)
            collection = library.split(loaded.key)[0].id
        except TuiClientError as error:
            self.say(error)
            return False
        self.change(self.requests.open(loaded, collection))
        self.collections.reveal(loaded.key, collection)
        self.room.to_request()
        return True

    def rename_status(self, old_key: str, key: str) -> None:
        """The last status of a request goes with its file."""
        if old_key in self._statuses:
            self._statuses[key] = self._statuses.pop(old_key)

    # Sending

    def action_send(self) -> None:
        """Send the open request; others go on meanwhile."""
        if (item := self.current) is None or self.past.stops(item):
            return
        try:
            since = self.sends.start(item, self.environment)
        except TuiClientError as error:
            self.say(error)
            return
        if since is None:
            self.room.to_reply()
        else:
            self.replies = self.replies.begun(item.id, since)
            self.set_timer(QUIET_S, partial(self._show_send, item.id))

    def _show_send(self, request_id: str) -> None:
        if self.sends.drawn(request_id):
            if request_id == self.requests.active:
                self.room.to_reply()
            self.change(self.requests)
            self._show_reply(request_id)

    @on(SendMoved)
    def _moved(self, message: SendMoved) -> None:
        self.replies = self.replies.moved(message)
        if not self.sends.is_quiet(message.request_id):
            self._show_reply(message.request_id)

    @on(SendEnded)
    def _ended(self, message: SendEnded) -> None:
        if self.sends.is_quiet(message.request_id) and message.request_id == self.requests.active:
            self.room.to_reply()
        self.sends.ended(message.request_id)
        if item := self.requests.get(message.request_id):
            self.replies = self.replies.ended(item.id, message.result)
            self._statuses |= {item.key: status_text(message.result)} if item.key else {}
        self.change(self.requests)
        self._show_reply(message.request_id)
        self.past.ended(message)
        self.tell_of_cookies()

    def action_cancel(self) -> None:
        """Close the drawer, or end the send of the open request."""
        if not self.room.leave_drawer():
            self.sends.cancel(self.requests.active)

    def show_result(self, result: StepResult) -> None:
        """Show a step of a replay: its request, and the exchange it came to."""
        if self.open_key(result.step.key):
            self.show_past(view_of(result.outcome))

    def show_past(self, view: Done | Broke) -> None:
        """Show a reply of the past with the request that is open."""
        if item := self.current:
            self.replies = self.replies.past(item.id, view)
            self._show_reply(item.id)
            self.room.to_reply()

    def worker_failed(self, name: str, error: BaseException) -> None:
        """A send that ended in a bug of ours says so as its reply."""
        if not self.sends.broke(name, error):
            super().worker_failed(name, error)

    # Files

    def action_save(self) -> None:
        """Write the open request to its file."""
        if item := self.current:
            self.dialog(self.saving.save(item))

    def action_save_as(self) -> None:
        """Write the open request to another file."""
        if item := self.current:
            self.dialog(self.saving.save_as(item))

    def action_rename(self) -> None:
        """Rename what the cursor of the tree is on; elsewhere the open request."""
        item, node = self.current, self.collections.node
        if self.room.panel != "collections" and item and item.key:
            node = Node(NodeKind.REQUEST, item.collection, item.key.removeprefix(f"{item.collection}:"), item.key)
        self.files.do("rename", node)

    def action_new_folder(self) -> None:
        """Make a folder where the cursor of the tree is."""
        self.files.do("new_folder", self.collections.node)

    def action_reload(self) -> None:
        """Read the collections from disk again."""
        self.look_at_disk(self.requests.items)

    def look_at_disk(self, items: Iterable[OpenRequest]) -> None:
        """Compare these open requests with their files, and show the tree as it is now."""
        requests, sentences = looked_at(self.workspace.library, self.requests, items)
        for sentence in sentences:
            self.say(sentence)
        if self.environment not in ("", *environments_of(self.workspace.library, self.collection)):
            del self.environments[self.collection]
        self.change(requests)
        self.collections.show(self.workspace.library)

    @work(group="disk", exit_on_error=False)
    async def _follow_disk(self) -> None:
        async for changed in self.workspace.changes():
            # The first look may have come after a change, so that there was none to see.
            items = [(item, item.loaded.path) for item in self.requests.items if item.loaded]
            self.look_at_disk([item for item, path in items if not changed or path in changed])

    def action_copy(self) -> None:
        """Copy what is selected, else what the reply shows."""
        self.reply.action_copy()

    # Tabs, environment, leaving

    def action_new_request(self) -> None:
        """Begin a request in the collection that is shown."""
        self.change(self.requests.open(None, self.collection))
        self.room.to_request()

    def action_jump(self) -> None:
        """Open a request by a part of its name."""
        self.dialog(_questions.jump(self, self._statuses))

    def action_environment(self) -> None:
        """Choose the environment that requests are sent in."""
        self.dialog(_questions.pick_environment(self))

    def use_environment(self, name: str) -> None:
        """Send the requests of this collection in another environment from now on."""
        self.environments[self.collection] = name
        self.change(self.requests)

    def action_next_tab(self) -> None:
        """Show the open request on the right."""
        self.change(self.requests.step(1))

    def action_previous_tab(self) -> None:
        """Show the open request on the left."""
        self.change(self.requests.step(-1))

    def action_close_tab(self) -> None:
        """Close the open request; an edit that is not saved is asked for."""
        if item := self.current:
            self.dialog(_questions.close_tab(self, item))

    def close(self, request_id: str) -> None:
        """Close an open request, ending its send; the last one gives way to a new one."""
        self.sends.cancel(request_id)
        self._edits.forget(request_id)
        collection = self.collection
        rest = self.requests.close(request_id)
        self.change(rest if rest.items else rest.open(None, collection))

    def action_quit(self) -> None:
        """Leave; edits that are not saved are asked for, one by one."""
        self.dialog(_questions.leave(self))

    def action_replay(self) -> None:
        """Go to the replay, with the folder the cursor of the tree is on."""
        node = self.collections.node
        target = self.workspace.library.key_of(node.collection, node.folder) if node and node.folder else ""
        self.post_message(self.Left("replay", target))
