"""The history: searched as typed, with a look into each exchange."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

import msgspec
from textual import events, getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from tui_client.errors import TuiClientError
from tui_client.history.entry import Entry
from tui_client.model.wording import describe_error
from tui_client.text import format_count, safe_line
from tui_client.tui.modals._dialog import Dialog
from tui_client.tui.modals._history_preview import preview
from tui_client.tui.modals.choose import Choice, Choose
from tui_client.tui.widgets.entry_rows import EntryRows, address_path, clock_text
from tui_client.tui.widgets.key_bar import Key, KeyBar
from tui_client.tui.widgets.line_input import LineInput
from tui_client.tui.widgets.outline import Outline

if TYPE_CHECKING:
    from tui_client.history.store import History

OPEN: Final = "open"
NEW: Final = "new"
RESEND: Final = "resend"
COMPARE: Final = "compare"

PAGE: Final = 200
# Between the keys of someone who types, nothing is looked for.
_PAUSE_S: Final = 0.1
_EMPTY: Final = "Nothing was sent yet. Each exchange is kept here, to be searched, opened and sent again."
_NO_MATCH: Final = "No exchange has all of these words."
_KEEP_OR_DELETE: Final = (Choice("keep", "Keep"), Choice("delete", "Delete", danger=True))
_KEYS: Final = (
    Key("screen.act('open')", "Enter", "open"),
    Key("screen.act('resend')", "r", "resend"),
    Key("screen.act('new')", "o", "as new"),
    Key("screen.act('compare')", "d", "compare"),
    Key("screen.delete", "Del", "delete"),
    Key("screen.clear", "C", "clear"),
    Key("screen.search", "/", "search"),
)


class HistoryWanted(msgspec.Struct, frozen=True):
    """What should be done with an exchange. action: OPEN, NEW, RESEND or COMPARE."""

    action: str
    entry: Entry


class HistoryDialog(Dialog[HistoryWanted]):
    """Gives back what should be done with which exchange. Deleting is done here, after a question.

    The field keeps the letters; in the list, to which the arrow down leads, they are keys.
    """

    AUTO_FOCUS = "Input"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (150, "-wide")]  # noqa: RUF012 - as Textual declares it
    VERTICAL_BREAKPOINTS = [(0, "-short"), (20, "-tall")]  # noqa: RUF012 - as above
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "list", "To the list", show=False),
        Binding("r", f"act('{RESEND}')", "Resend", show=False),
        Binding("o", f"act('{NEW}')", "Open as new", show=False),
        Binding("d", f"act('{COMPARE}')", "Compare with now", show=False),
        Binding("delete", "delete", "Delete", show=False),
        Binding("C", "clear", "Clear", show=False),
        Binding("slash", "search", "Search", show=False),
    ]
    DEFAULT_CSS = """
    HistoryDialog {
        .dialog { width: 95%; height: 92%; max-height: 92%; }
        Input { margin: 0; }
        #found { height: 1fr; layout: vertical; }
        #past { height: 1fr; }
        #preview { height: 1fr; border-top: solid $foreground 25%; text-wrap: nowrap; text-overflow: ellipsis; }
        &.-wide #found { layout: horizontal; }
        &.-wide #past { width: 1fr; height: 1fr; }
        &.-wide #preview {
            width: 1fr; height: 1fr; border-top: none; border-left: solid $foreground 25%; padding: 0 1;
        }
        &.-short #preview { display: none; }
        .-typing KeyBar { opacity: 60%; }
    }
    """

    field = getters.query_one(Input)
    outline = getters.query_one(Outline)
    look = getters.query_one("#preview", Static)

    class _Found(Message):
        """A page. before: the id it ends before; None for the first."""

        def __init__(self, text: str, before: int | None, entries: tuple[Entry, ...]) -> None:
            super().__init__()
            self.text = text
            self.before = before
            self.entries = entries

    class _Looked(Message):
        def __init__(self, entry_id: int, content: Content) -> None:
            super().__init__()
            self.entry_id = entry_id
            self.content = content

    def __init__(self, history: History, note: str = "") -> None:
        """note: a sentence that stands in the title, say that a collection keeps no history."""
        super().__init__()
        self._history = history
        self._note = note
        self._rows = EntryRows()
        self._more = False  # there may be older ones than those that are shown
        self._paging = False

    def compose(self) -> ComposeResult:
        """The search over the list, what the cursor is on beside it, and the keys."""
        with Vertical(classes="dialog") as box:
            box.border_title = "History"
            box.border_subtitle = (
                Content(safe_line(self._note)) if self._note else "type to search · ↓ list · Esc closes"
            )
            yield LineInput(placeholder="search addresses, headers and bodies", compact=True)
            with Container(id="found"):
                yield Outline(id="past")
                yield Static("", id="preview", markup=False)
            yield KeyBar(_KEYS)

    def on_mount(self) -> None:
        """Show the newest."""
        self.watch(self.outline, "cursor", self._look, init=False)
        self._search("", pause_s=0)

    # Searching

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._search(event.value)

    @work(group="search", exclusive=True, exit_on_error=False)
    async def _search(self, text: str, before: int | None = None, pause_s: float = _PAUSE_S) -> None:
        await asyncio.sleep(pause_s)
        await self._history.settled()
        try:
            entries = await asyncio.to_thread(self._page, text.strip(), before)
        except TuiClientError as error:
            self.look.update(describe_error(error))
            return
        self.post_message(self._Found(text, before, entries))

    def _page(self, text: str, before: int | None) -> tuple[Entry, ...]:
        if not text:
            return self._history.recent(PAGE, before)
        return self._history.search(text, PAGE, before)

    @on(_Found)
    def _take(self, message: _Found) -> None:
        self._paging = False
        if message.text != self.field.value:
            return
        self._more = len(message.entries) == PAGE
        older = message.before is not None
        self._show([*self._rows.entries, *message.entries] if older else list(message.entries), top=not older)

    def _show(self, entries: list[Entry], *, top: bool = False) -> None:
        self._rows = EntryRows(entries, _today(), whole=True)
        self.outline.rows = self._rows
        if top:
            self.outline.cursor = 0
        self._look()

    @on(Outline.Seen)
    def _seen(self, message: Outline.Seen) -> None:
        entries = self._rows.entries
        if self._more and not self._paging and entries and message.ids[-1:] == (str(entries[-1].id),):
            self._paging = True
            self._search(self.field.value, entries[-1].id, pause_s=0)

    # The exchange under the cursor

    @property
    def entry(self) -> Entry | None:
        """What the cursor is on."""
        return self._rows.at(self.outline.cursor)

    def _look(self) -> None:
        if entry := self.entry:
            self._peek(entry)
        else:
            self.workers.cancel_group(self, "peek")
            self.look.update(_NO_MATCH if self.field.value.strip() else _EMPTY)

    @work(group="peek", exclusive=True, exit_on_error=False)
    async def _peek(self, entry: Entry) -> None:
        try:
            content = await asyncio.to_thread(lambda: preview(self._history.load(entry.id), _today()))
        except TuiClientError as error:
            content = Content(describe_error(error))
        self.post_message(self._Looked(entry.id, content))

    @on(_Looked)
    def _looked(self, message: _Looked) -> None:
        if (entry := self.entry) and entry.id == message.entry_id:
            self.look.update(message.content)

    # Keys

    @on(events.DescendantFocus)
    def _focus_moved(self) -> None:
        self.query_one(".dialog").set_class(self.field.has_focus, "-typing")

    def action_list(self) -> None:
        """To the list."""
        self.outline.focus()

    def action_search(self) -> None:
        """To the field."""
        self.field.focus()

    @on(Input.Submitted)
    @on(Outline.Chosen)
    def _chosen(self) -> None:
        self.action_act(OPEN)

    def action_act(self, action: str) -> None:
        """Do this with the exchange the cursor is on."""
        if entry := self.entry:
            self.dismiss(HistoryWanted(action, entry))

    # Removing

    def action_delete(self) -> None:
        """Remove the exchange the cursor is on, after a question."""
        if entry := self.entry:
            self.app.push_screen(delete_question(entry), lambda answer: self._delete(entry, answer))

    def _delete(self, entry: Entry, answer: str | None) -> None:
        if answer == "delete":
            self._remove(lambda: self._history.delete(entry.id))
            self._show([other for other in self._rows.entries if other.id != entry.id])

    def action_clear(self) -> None:
        """Remove all exchanges, or those of a collection, after a question."""
        if entry := self.entry:
            self.app.push_screen(clear_question(entry), lambda answer: self._clear(entry, answer))

    def _clear(self, entry: Entry, answer: str | None) -> None:
        if answer in ("all", "collection"):
            root = entry.root if answer == "collection" else ""
            self._remove(lambda: self._history.clear(root))

    @work(group="remove", exit_on_error=False)
    async def _remove(self, remove: Callable[[], int | None]) -> None:
        try:
            number = await asyncio.to_thread(remove)
        except TuiClientError as error:
            self.notify(describe_error(error), severity="error", markup=False)
            return
        if number is not None:
            self.notify(f"Removed {format_count(number)} exchanges.", markup=False)
            self._search(self.field.value, pause_s=0)


def delete_question(entry: Entry) -> Choose:
    """Whether an exchange should be removed; "delete" if so."""
    what = f"{entry.method[:10]} {address_path(entry.url)[:80]} of {clock_text(entry.when, _today())}"
    return Choose("Delete", f"Delete {what}? It is removed for good.", _KEEP_OR_DELETE)


def clear_question(entry: Entry) -> Choose:
    """How much should be removed; "all", or "collection": that of the entry."""
    name = Path(entry.root).name
    mine = (Choice("collection", f"That of {name[:30]}", danger=True),) if entry.root else ()
    choices = (Choice("keep", "Keep"), *mine, Choice("all", "All of it", danger=True))
    return Choose("Clear the history", "Remove the history for good?", choices)


def _today() -> date:
    return datetime.now().astimezone().date()
