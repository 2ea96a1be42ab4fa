"""Picking one of many by typing a part of its name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Final, Protocol

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
_SHOWN: Final = 100
_GROWS_S: Final = 0.3


class PickItem(msgspec.Struct, frozen=True):
    """One thing to pick: its id, what people read, and a note behind it."""

    id: str
    label: str
    note: str = ""


class Words(Protocol):
    """What items are found by beside what they show; it may grow while the dialog is open."""

    @property
    def complete(self) -> bool:
        """Whether nothing is to come any more."""

    def words(self, key: str, /) -> str:
        """Of the item with this id."""

    def progress(self) -> str:
        """How far they were read, for people; "" if there is nothing to say."""


def best(known: Iterable[tuple[str, str]], text: str) -> list[int]:
    """The places of those that have every word of the text, the nearest first.

    known: the label of each, and all it is found by, in lower case, like the text. The nearest label is the text;
    then come those that begin with it, whose last part does, that have its words, and that are found by the rest.
    """
    words = text.split()
    groups: tuple[list[int], ...] = ([], [], [], [], [])
    for place, (label, whole) in enumerate(known):
        for word in words:
            if word not in whole:
                break
        else:
            groups[_distance(label, text, words)].append(place)
    return [place for group in groups for place in group]


def _distance(label: str, text: str, words: list[str]) -> int:
    if text not in label:
        return 3 if all(word in label for word in words) else 4
    last = label[label.rfind("/") + 1 :]
    if text in (label, last):
        return 0
    return 1 if label.startswith(text) else 2 if last.startswith(text) else 3


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
        self,
        title: str,
        items: tuple[PickItem, ...],
        *,
        current: str = "",
        empty: str = "Nothing here yet.",
        words: Words | None = None,
        hint: str = "filter",
    ) -> None:
        """words: what items are found by, too. hint: stands in the filter while it is empty."""
        super().__init__()
        self._more = words
        self._all_known = False
        self._hint = hint
        self._title = title
        self._items = items
        self._current = current
        self._empty = empty

    def compose(self) -> ComposeResult:
        """The filter over the list."""
        with Vertical(classes="dialog") as box:
            box.border_title = Content(safe_line(self._title))
            box.border_subtitle = "type to filter · Enter takes · Esc closes"
            yield LineInput(placeholder=self._hint)
            yield OptionList(markup=False)
            yield Static("", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Show everything, the current one marked."""
        self._fill("")
        self.query_one(Input).focus()
        if self._more is not None and not self._more.complete:
            self._growing = self.set_interval(_GROWS_S, self._grow)

    def _words(self, item: PickItem) -> str:
        return self._more.words(item.id) if self._more else ""

    def _known(self) -> list[tuple[str, str]]:
        """Of each item its label and all that it is found by; made anew while more may be known of some."""
        if not self._all_known:
            self._all_known = self._more is None or self._more.complete
            self._lowered = [
                (item.label.lower(), f"{item.label} {item.note} {self._words(item)}".lower()) for item in self._items
            ]
        return self._lowered

    def _fill(self, text: str, mark: str = "") -> None:
        """Show what has the text, with the mark on the item of this id if it is there."""
        words = text.lower().split()
        found = best(self._known(), text.lower().strip())
        self._left = max(0, len(found) - _SHOWN)
        self._shown = [self._items[place] for place in found[:_SHOWN]]
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options([Option(self._prompt(item, words), id=str(at)) for at, item in enumerate(self._shown)])
        places = {item.id: place for place, item in enumerate(self._shown)}
        options.highlighted = places.get(mark, places.get(self._current, 0)) if places else None
        self._say()

    def _grow(self) -> None:
        """Look again: more may be found by now."""
        if self._more is None or self._more.complete:
            self._growing.stop()
        place = self.query_one(OptionList).highlighted
        text = self.query_one(Input).value
        if text.strip():
            self._fill(text, self._shown[place].id if place is not None else "")
        else:
            self._say()

    def _say(self) -> None:
        left = f"{format_count(self._left)} more" if self._left else ""
        parts = [left, self._more.progress() if self._more else ""]
        said = " · ".join(part for part in parts if part)
        self.query_one(".hint", Static).update(safe_line(said if self._items else self._empty))

    def _prompt(self, item: PickItem, words: list[str]) -> Content:
        note = item.note
        if not all(word in f"{item.label} {item.note}".lower() for word in words):
            # It says why it is here.
            note = f"{note}  {self._words(item)}".strip()
        faint = Content(f"  {safe_line(note)}").stylize("$foreground 60%") if note else Content("")
        return Content(safe_line(item.label)) + faint

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
