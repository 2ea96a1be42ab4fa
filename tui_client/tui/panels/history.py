"""The newest exchanges, a row each, below the tree."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Final, TypeAlias

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from tui_client.errors import TuiClientError
from tui_client.history.entry import Entry
from tui_client.model.wording import describe_error
from tui_client.text import safe_line
from tui_client.tui.actions import bindings_for
from tui_client.tui.widgets.entry_rows import EntryRows
from tui_client.tui.widgets.outline import Outline

if TYPE_CHECKING:
    from tui_client.history.store import History

# More than a person looks through without searching.
SHOWN: Final = 200
_PAGES: Final = 5
_EMPTY: Final = "Nothing was sent yet."

IsHere: TypeAlias = Callable[[Entry], bool]


class HistoryPanel(Widget):
    """Shows the newest exchanges of a workspace and posts what the user wants done with one; the screen does it."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("history")]
    DEFAULT_CSS = """
    HistoryPanel {
        #no-entries { display: none; color: $text-muted; padding: 0 1; height: 1fr; }
        &.-empty #no-entries { display: block; }
        &.-empty Outline { display: none; }
    }
    """

    outline = getters.query_one("#entries", Outline)

    class Wanted(Message):
        """Something should be done: "open" or "delete" an exchange, or "search" all of them."""

        def __init__(self, action: str, entry: Entry | None = None) -> None:
            super().__init__()
            self.action = action
            self.entry = entry

    class _Read(Message):
        def __init__(self, entries: tuple[Entry, ...]) -> None:
            super().__init__()
            self.entries = entries

    def __init__(self, search_key: str = "", *, id: str | None = None) -> None:
        """search_key: what opens the search from anywhere, for the hint."""
        super().__init__(id=id)
        self._search_key = search_key
        self._history: History | None = None
        self._is_here: IsHere = _any
        self._rows = EntryRows()
        self._behind = False
        self._reading = False

    def compose(self) -> ComposeResult:
        """The rows, or a sentence where there are none."""
        yield Outline(id="entries")
        yield Static(_EMPTY, id="no-entries", markup=False)

    def on_mount(self) -> None:
        """Say what it is, and how to get at the rest."""
        self.border_title = "History"
        self.border_subtitle = Content(f"{safe_line(self._search_key)} search" if self._search_key else "")

    def show(self, history: History, is_here: IsHere) -> None:
        """Show the newest of these that belong here; they are read in a thread."""
        self._history = history
        self._is_here = is_here
        self.look_again()

    def look_again(self) -> None:
        """There may be new ones. Nothing is read while nobody sees it."""
        self._behind = True
        if self.region.area and not self._reading and self._history is not None:
            self._reading = True
            self._read(self._history)

    def show_nothing(self, why: str) -> None:
        """Say why there is no history."""
        self.query_one("#no-entries", Static).update(safe_line(why))
        self.add_class("-empty")

    def on_show(self) -> None:
        """Catch up with what came while the panel was put away."""
        if self._behind:
            self.look_again()

    @work(group="history", exit_on_error=False)
    async def _read(self, history: History) -> None:
        try:
            while self._behind:
                self._behind = False
                await history.settled()
                self.post_message(self._Read(await asyncio.to_thread(newest, history, self._is_here)))
        except TuiClientError as error:
            self.show_nothing(describe_error(error))
        finally:
            self._reading = False

    @on(_Read)
    def _take(self, message: _Read) -> None:
        self._rows = EntryRows(message.entries, datetime.now().astimezone().date())
        self.outline.rows = self._rows
        if not self.outline.has_focus:
            # Whoever is elsewhere wants to see the newest when they come.
            self.outline.cursor = 0
        self.set_class(not message.entries, "-empty")

    # What the screen does

    @on(Outline.Chosen)
    def _chosen(self) -> None:
        self._want("open")

    def action_delete_entry(self) -> None:
        """Ask the screen to remove the exchange."""
        self._want("delete")

    def _want(self, action: str) -> None:
        if entry := self._rows.at(self.outline.cursor):
            self.post_message(self.Wanted(action, entry))

    def action_search_history(self) -> None:
        """Ask the screen to open the search."""
        self.post_message(self.Wanted("search"))


def newest(history: History, is_here: IsHere, shown: int = SHOWN) -> tuple[Entry, ...]:
    """The newest entries that belong here, looking through a few pages at most; blocking."""
    found: list[Entry] = []
    before = None
    for _ in range(_PAGES):
        page = history.recent(shown, before)
        found += filter(is_here, page)
        if len(page) < shown or len(found) >= shown:
            break
        before = page[-1].id
    return tuple(found[:shown])


def _any(entry: Entry) -> bool:
    return True
