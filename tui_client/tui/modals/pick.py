"""Picking one of many by typing a part of its name."""

from __future__ import annotations

from typing import ClassVar, Final

import msgspec
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui_client.text import format_count, safe_line
from tui_client.tui.modals._dialog import Dialog
from tui_client.tui.widgets.line_input import LineInput

# More rows than this say nothing to a person; the filter finds the rest.
_SHOWN: Final = 200


class PickItem(msgspec.Struct, frozen=True):
    """One thing to pick: its id, what people read, and a note behind it."""

    id: str
    label: str
    note: str = ""


def matches(item: PickItem, words: list[str]) -> bool:
    """Whether every word stands in the label or the note, in any order and case."""
    text = f"{item.label} {item.note}".lower()
    return all(word in text for word in words)


def rank(item: PickItem, text: str) -> int:
    """How near a label is to the text: the same, begins with it, its last part does, has it somewhere."""
    label = item.label.lower()
    last = label.rpartition("/")[2]
    return 0 if text in (label, last) else 1 if label.startswith(text) else 2 if last.startswith(text) else 3


class Pick(Dialog[str]):
    """Gives back the id of the item. Typing filters, the arrows choose, Enter takes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "step(1)", "Next", show=False, priority=True),
        Binding("up", "step(-1)", "Previous", show=False, priority=True),
        Binding("pagedown", "page(1)", "Next page", show=False, priority=True),
        Binding("pageup", "page(-1)", "Previous page", show=False, priority=True),
    ]
    DEFAULT_CSS = """
    Pick OptionList {
        height: auto; max-height: 60vh; border: none; padding: 0; scrollbar-size-vertical: 1;
        text-wrap: nowrap; text-overflow: ellipsis;
        &:focus { border: none; }
    }
    """

    def __init__(
        self, title: str, items: tuple[PickItem, ...], *, current: str = "", empty: str = "Nothing here yet."
    ) -> None:
        super().__init__()
        self._title = title
        self._items = items
        self._current = current
        self._empty = empty

    def compose(self) -> ComposeResult:
        """The filter over the list."""
        with Vertical(classes="dialog") as box:
            box.border_title = Content(safe_line(self._title))
            box.border_subtitle = "type to filter · Enter takes · Esc closes"
            yield LineInput(placeholder="filter")
            yield OptionList(markup=False)
            yield Static("", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Show everything, the current one marked."""
        self._fill("")
        self.query_one(Input).focus()

    def _fill(self, text: str) -> None:
        found = [item for item in self._items if matches(item, text.lower().split())]
        if text:
            found.sort(key=lambda item: rank(item, text.lower().strip()))
        shown = found[:_SHOWN]
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options([Option(self._prompt(item), id=str(index)) for index, item in enumerate(shown)])
        self._shown = shown
        ids = [item.id for item in shown]
        options.highlighted = ids.index(self._current) if self._current in ids else (0 if shown else None)
        more = f"{format_count(len(found) - _SHOWN)} more" if len(found) > _SHOWN else ""
        self.query_one(".hint", Static).update(more if self._items else self._empty)

    def _prompt(self, item: PickItem) -> Content:
        note = Content(f"  {safe_line(item.note)}").stylize("$foreground 60%") if item.note else Content("")
        return Content(safe_line(item.label)) + note

    @on(Input.Changed)
    def _filter(self, event: Input.Changed) -> None:
        self._fill(event.value)

    @on(Input.Submitted)
    def _accept(self) -> None:
        highlighted = self.query_one(OptionList).highlighted
        if highlighted is not None:
            self.dismiss(self._shown[highlighted].id)

    @on(OptionList.OptionSelected)
    def _click(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._shown[event.option_index].id)

    def action_step(self, by: int) -> None:
        """Move the mark in the list while the filter keeps the focus."""
        options = self.query_one(OptionList)
        if by > 0:
            options.action_cursor_down()
        else:
            options.action_cursor_up()

    def action_page(self, by: int) -> None:
        """Move the mark by a screenful."""
        options = self.query_one(OptionList)
        if options.highlighted is not None:
            place = options.highlighted + by * max(1, options.size.height - 1)
            options.highlighted = max(0, min(place, len(self._shown) - 1))
