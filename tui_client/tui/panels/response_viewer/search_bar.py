"""The line where a search is typed: a text or a pattern, its case and whole words, and how it stands."""

from __future__ import annotations

from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static

from tui_client.text import safe_line
from tui_client.tui.widgets.find_query import Query
from tui_client.tui.widgets.line_input import LineInput
from tui_client.tui.widgets.say_line import say_line
from tui_client.tui.widgets.toggle import Toggle


class SearchBar(Horizontal):
    """Says what is wanted with each key; up and down go to the matches, Enter to the body.

    The switches are reached with Tab, with a click, or with Alt where a terminal sends it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        # With priority: a field takes a letter with Alt for the letter.
        Binding("alt+r", "turn('pattern')", "Pattern", show=False, priority=True),
        Binding("alt+c", "turn('case')", "Case", show=False, priority=True),
        Binding("alt+w", "turn('whole')", "Whole words", show=False, priority=True),
        Binding("down", "step(1)", "Next", show=False),
        Binding("up", "step(-1)", "Previous", show=False),
    ]
    DEFAULT_CSS = """
    SearchBar {
        height: 1; padding: 0 1; background: $surface;
        & > #search-sign { width: 2; color: $text-accent; }
        & > #search-text { width: 1fr; height: 1; border: none; padding: 0; background: transparent; }
        & > #search-state { width: auto; max-width: 50%; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
        & > #search-state.-problem { color: $text-error; }
    }
    """

    text = getters.query_one("#search-text", Input)
    state = getters.query_one("#search-state", Static)

    class Wanted(Message):
        """Look for this now."""

        def __init__(self, query: Query) -> None:
            super().__init__()
            self.query = query

    class Step(Message):
        """Go to the next match, or with -1 the one before."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    class Entered(Message):
        """The user is done with typing."""

    def compose(self) -> ComposeResult:
        yield Static("/", id="search-sign", markup=False)
        yield LineInput(id="search-text", compact=True, placeholder="find in the body")
        yield Static(id="search-state", markup=False)
        yield Toggle("Aa", "Tell capitals apart (Alt+c); without it, a text without capitals finds them too", id="case")
        yield Toggle("word", "Whole words only (Alt+w)", id="whole")
        yield Toggle(".*", "A regular expression, within a line (Alt+r)", id="pattern")

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.display = False

    @property
    def wanted(self) -> Query:
        """What to look for; nothing while it is closed."""
        pattern, case, whole = (self.query_one(f"#{name}", Toggle).on_ for name in ("pattern", "case", "whole"))
        return Query(self.text.value if self.display else "", pattern, case, whole)

    def open(self) -> None:
        """Ask; what was asked before is there to be typed over."""
        self.display = True
        self.screen.set_focus(self.text)
        self.text.select_all()
        if self.text.value:
            self.post_message(self.Wanted(self.wanted))

    def say(self, state: str, *, problem: bool = False) -> None:
        """How the search stands, safe to print or not."""
        say_line(self.state, safe_line(state))
        self.state.set_class(problem, "-problem")

    def action_turn(self, name: str) -> None:
        """Turn a switch."""
        self.query_one(f"#{name}", Toggle).action_turn()

    def action_step(self, by: int) -> None:
        """Go to the next match, or the one before."""
        self.post_message(self.Step(by))

    @on(Input.Changed, "#search-text")
    @on(Toggle.Turned)
    def _changed(self, event: Message) -> None:
        event.stop()
        if self.display:
            self.post_message(self.Wanted(self.wanted))

    @on(Input.Submitted, "#search-text")
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Entered())
