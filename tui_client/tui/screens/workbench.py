"""The workbench: collections on the left, the request over its reply on the right."""

from __future__ import annotations

from time import monotonic
from typing import ClassVar, Final

import msgspec
from textual import events, getters, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Footer, Input

from tui_client.errors import TuiClientError
from tui_client.http.cancellation import Cancellation
from tui_client.model.effective import EffectiveRequest
from tui_client.model.request import Request
from tui_client.model.step import StepResult
from tui_client.model.wording import describe_error
from tui_client.tui.actions import bindings_for
from tui_client.tui.modals.choose import Choice, Choose
from tui_client.tui.modals.pick import Pick, PickItem
from tui_client.tui.panels.collections import CollectionsPanel
from tui_client.tui.panels.request_builder import RequestBuilder
from tui_client.tui.panels.response_viewer import ResponseViewer, SaveBody
from tui_client.tui.screens._context import builder_context, effective_draft, environments_of
from tui_client.tui.screens._files import Files
from tui_client.tui.screens._open_requests import OpenRequests
from tui_client.tui.screens._progress import Progress, SendEnded, SendMoved
from tui_client.tui.screens._replies import Replies, status_text
from tui_client.tui.state import OpenRequest
from tui_client.tui.widgets.status_bar import InFlight, StatusBar
from tui_client.tui.widgets.tab_strip import TabStrip
from tui_client.workspace import Workspace

_PANELS: Final = ("collections", "builder", "reply")


class WorkbenchScreen(Screen[None]):
    """Owns the open requests, the environment and what is in flight; panels show it and post what the user wants."""

    CSS_PATH = "workbench.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("workbench")]
    # Textual declares both without ClassVar, which is final for a type checker.
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (34, "-tall")]  # noqa: RUF012

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

    def __init__(self, workspace: Workspace, first: str = "") -> None:
        """first: the key of the request to open at the start; "" begins a new one."""
        super().__init__()
        self.workspace = workspace
        self._first = first
        self.files = Files(self, workspace.library)
        self.requests = OpenRequests()
        self.environment = ""
        self.replies = Replies()
        self._sends: dict[str, tuple[Cancellation, float]] = {}
        self._statuses: dict[str, str] = {}

    def compose(self) -> ComposeResult:
        """Three panels between a line of state and a line of keys."""
        yield StatusBar()
        with Horizontal(id="panels"):
            yield CollectionsPanel(id="collections")
            with Vertical(id="work"):
                yield TabStrip(id="open")
                yield RequestBuilder(id="builder")
                yield ResponseViewer(id="reply")
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Show the workspace with its first environment, and a request to type into."""
        self.builder.border_title = "Request"
        self.reply.border_title = "Reply"
        collections = self.workspace.library.collections()
        first = collections[0].id if collections else ""
        names = environments_of(self.workspace.library, first)
        self.environment = names[0] if names else ""
        self.collections.show(self.workspace.library)
        self.change(self.requests.open(None, first))
        if self._first:
            self.open_key(self._first)
        self.builder.focus_url()
        self._follow_disk()

    # State down

    def change(self, requests: OpenRequests) -> None:
        """Take a new state of the open requests and show it."""
        switched = requests.active != self.requests.active
        self.requests = requests
        item = requests.current
        collection = item.collection if item else ""
        self.strip.tabs, self.strip.active = requests.tabs(self._sends), requests.active
        self.status.place = collection or "no collection"
        self.status.environment = self.environment
        self.collections.mark(dict(self._statuses), frozenset(i.key for i in requests.dirty if i.key))
        self.builder.disabled = item is None
        if item is not None:
            self.builder.show(item.draft, builder_context(self.workspace, item, self.environment))
        if switched:
            self.reply.show(self.replies.view(requests.active))

    @property
    def current(self) -> OpenRequest | None:
        """The request that is shown."""
        return self.requests.current

    def say(self, error: TuiClientError | str) -> None:
        """Tell the user what went wrong."""
        text = error if isinstance(error, str) else describe_error(error)
        self.notify(text, severity="error", markup=False, timeout=8)

    # Messages up

    @on(RequestBuilder.Edited)
    def _edited(self, message: RequestBuilder.Edited) -> None:
        if item := self.current:
            self.add_class("-in-builder")
            self.change(self.requests.replace(msgspec.structs.replace(item, draft=message.draft)))

    @on(RequestBuilder.SendRequested)
    def _send_pressed(self) -> None:
        self.action_send()

    @on(TabStrip.Selected, "#open")
    def _tab(self, message: TabStrip.Selected) -> None:
        self.change(self.requests.show(message.tab_id))

    @on(CollectionsPanel.Opened)
    def _open(self, message: CollectionsPanel.Opened) -> None:
        self.open_key(message.node.key)
        self.remove_class("-drawer")

    @on(CollectionsPanel.Wanted)
    def _wanted(self, message: CollectionsPanel.Wanted) -> None:
        self.files.do(message.action, message.node)

    @on(StatusBar.Clicked)
    def _status_clicked(self, message: StatusBar.Clicked) -> None:
        if message.part_id == "environment":
            self.action_environment()
        elif message.part_id == "replaying":
            self.action_replay()

    @on(SaveBody)
    def _save_body(self, message: SaveBody) -> None:
        self.files.save_body(message.exchange)

    def open_key(self, key: str) -> None:
        """Open a request by its key, or show it if it is open already."""
        try:
            loaded = self.workspace.library.load(key)
        except TuiClientError as error:
            self.say(error)
            return
        collection = self.workspace.library.split(loaded.key)[0].id
        self.change(self.requests.open(loaded, collection))
        self.collections.reveal(loaded.key, collection)
        self.builder.focus_url()

    # Sending

    def action_send(self) -> None:
        """Send the open request; others go on meanwhile."""
        item = self.current
        if item is None or item.id in self._sends:
            return
        try:
            draft = effective_draft(self.workspace.library, item, self.environment)
        except TuiClientError as error:
            self.say(error)
            return
        cancellation = Cancellation()
        self._sends[item.id] = (cancellation, monotonic())
        self.replies = self.replies.begun(item.id, monotonic())
        self._show_sends(item.id)
        # On a short screen the reply is what one wants to see now, whatever has the focus.
        self.remove_class("-in-builder")
        self._send(item, draft, cancellation)

    @work(group="sends", exit_on_error=True)
    async def _send(self, item: OpenRequest, draft: EffectiveRequest, cancellation: Cancellation) -> None:
        result = await self.workspace.send(
            draft.key, self.environment, draft=draft, on_event=Progress(self, item.id), cancellation=cancellation
        )
        self.post_message(SendEnded(item.id, result))

    @on(SendMoved)
    def _moved(self, message: SendMoved) -> None:
        if message.request_id in self._sends:
            self.replies = self.replies.moved(message)
            if message.request_id == self.requests.active:
                self.reply.show(self.replies.view(message.request_id))

    @on(SendEnded)
    def _ended(self, message: SendEnded) -> None:
        self._sends.pop(message.request_id, None)
        self.replies = self.replies.ended(message.request_id, message.result)
        if (item := self.requests.get(message.request_id)) and item.key:
            self._statuses[item.key] = status_text(message.result)
        self._show_sends(message.request_id)

    def _show_sends(self, request_id: str) -> None:
        since = min((begun for _, begun in self._sends.values()), default=0.0)
        self.status.in_flight = InFlight(len(self._sends), since)
        self.change(self.requests)
        if request_id == self.requests.active:
            self.reply.show(self.replies.view(request_id))

    def action_cancel(self) -> None:
        """End the send of the open request."""
        if self.has_class("-drawer"):
            self.remove_class("-drawer")
        elif send := self._sends.get(self.requests.active):
            send[0].cancel()

    def show_result(self, result: StepResult) -> None:
        """Show a step of a replay: its request, and the exchange it came to."""
        self.open_key(result.step.key)
        if item := self.current:
            self.replies = self.replies.ended(item.id, result)
            self.reply.show(self.replies.view(item.id))

    # Files, tabs, environment

    def action_save(self) -> None:
        """Write the open request to its file."""
        self.files.save()

    def action_save_as(self) -> None:
        """Write the open request to another file."""
        self.files.save_as()

    def action_new_request(self) -> None:
        """Begin a request in the collection that is shown."""
        collections = self.workspace.library.collections()
        here = self.current.collection if self.current else ""
        self.change(self.requests.open(None, here or (collections[0].id if collections else "")))
        self.builder.focus_url()

    def action_new_folder(self) -> None:
        """Make a folder where the cursor of the tree is."""
        self.files.do("new_folder", self.collections.node)

    def action_reload(self) -> None:
        """Read the collections from disk again."""
        self.collections.show(self.workspace.library)

    @work(group="dialog", exclusive=True)
    async def action_jump(self) -> None:
        """Open a request by a part of its name."""
        keys = self.workspace.library.keys()
        items = tuple(PickItem(key, key, self._statuses.get(key, "")) for key in keys)
        key = await self.app.push_screen_wait(Pick("Open a request", items, empty="No requests yet. ^n makes one."))
        if key:
            self.open_key(key)

    @work(group="dialog", exclusive=True)
    async def action_environment(self) -> None:
        """Choose the environment that requests are sent in."""
        names = environments_of(self.workspace.library, self.current.collection if self.current else "")
        items = (*(PickItem(name, name) for name in names), PickItem("", "none", "base_url as the collection says"))
        chosen = await self.app.push_screen_wait(Pick("Environment", items, current=self.environment))
        if chosen is not None:
            self.environment = chosen
            self.change(self.requests)

    def action_next_tab(self) -> None:
        """Show the open request on the right."""
        self.change(self.requests.step(1))

    def action_previous_tab(self) -> None:
        """Show the open request on the left."""
        self.change(self.requests.step(-1))

    @work(group="dialog", exclusive=True)
    async def action_close_tab(self) -> None:
        """Close the open request; an edit that is not saved is asked for."""
        item = self.current
        if item is None or (item.dirty and not await self._may_lose(item)):
            return
        if send := self._sends.get(item.id):
            send[0].cancel()
        rest = self.requests.close(item.id)
        self.change(rest if rest.items else rest.open(None, item.collection))

    async def _may_lose(self, item: OpenRequest) -> bool:
        choices = (Choice("save", "Save"), Choice("discard", "Discard the edit", danger=True))
        answer = await self.app.push_screen_wait(
            Choose("Not saved", f"{item.title} has an edit that is not saved.", choices)
        )
        return await self.files.saved(item) if answer == "save" else answer == "discard"

    @work(group="dialog", exclusive=True)
    async def action_quit(self) -> None:
        """Leave; edits that are not saved are asked for, one by one."""
        for item in self.requests.dirty:
            if item.draft == Request() or await self._may_lose(item):
                continue
            return
        self.post_message(self.Left("quit"))

    def action_replay(self) -> None:
        """Go to the replay, with the folder the cursor of the tree is on."""
        node = self.collections.node
        target = (
            "" if node is None else self.workspace.library.key_of(node.collection, node.folder) if node.folder else ""
        )
        self.post_message(self.Left("replay", target))

    @work(group="disk", exit_on_error=False)
    async def _follow_disk(self) -> None:
        async for changed in self.workspace.changes():
            await self.files.follow(changed)

    # Room

    def action_focus_url(self) -> None:
        """Go to the URL."""
        self.remove_class("-zoom-reply", "-zoom-collections")
        self.builder.focus_url()

    def action_next_panel(self) -> None:
        """Go to the next panel that is there."""
        here = self._panel()
        order = [*_PANELS[_PANELS.index(here) + 1 :], *_PANELS[: _PANELS.index(here)]]
        if self.has_class("-narrow"):
            self.set_class(order[0] == "collections", "-drawer")
        for name in order:
            panel = self.query_one(f"#{name}")
            target = next((w for w in panel.query("*") if w.focusable and w.display), None)
            if panel.display and target is not None:
                (target if name != "builder" else panel.query_one("#url", Input)).focus()
                return

    def _panel(self) -> str:
        around = self.focused.ancestors_with_self if self.focused else ()
        return next((node.id for node in around if node.id in _PANELS), None) or "builder"

    def action_collections(self) -> None:
        """Show the tree and go there, or put it away."""
        if self.has_class("-narrow"):
            self.toggle_class("-drawer")
        elif self._panel() == "collections" or self.has_class("-no-tree"):
            self.toggle_class("-no-tree")
        if self.collections.display:
            self.collections.query_one("#tree").focus()
        else:
            self.builder.focus_url()

    def action_zoom(self) -> None:
        """Give the panel all the room, or take it back."""
        zoomed = [name for name in _PANELS if self.has_class(f"-zoom-{name}")]
        if zoomed:
            self.remove_class(*(f"-zoom-{name}" for name in zoomed))
        else:
            self.add_class(f"-zoom-{self._panel()}")

    def action_grow(self) -> None:
        """Give the reply more rows."""
        self._split(1)

    def action_shrink(self) -> None:
        """Give the request more rows."""
        self._split(-1)

    def _split(self, by: int) -> None:
        steps = ("-builder-3", "-builder-2", "", "-reply-2", "-reply-3")
        at = next((index for index, name in enumerate(steps) if name and self.has_class(name)), 2)
        self.remove_class(*(name for name in steps if name))
        if name := steps[max(0, min(at + by, len(steps) - 1))]:
            self.add_class(name)

    @on(events.DescendantFocus)
    def _focus_moved(self) -> None:
        self.set_class(self._panel() == "builder", "-in-builder")
