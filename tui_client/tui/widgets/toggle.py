"""A word that is on or off."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tui_client.text import safe_line


class Toggle(Widget, can_focus=True):
    """Enter, space or a click turn it; that it is on is seen without colour too."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,space", "turn", "Turn", show=False)]
    DEFAULT_CSS = """
    Toggle {
        width: auto; height: 1; padding: 0 1; color: $text-muted;
        &.-on { color: $text; text-style: bold reverse; }
        &:focus { background: $primary 40%; }
        &.-on:focus { text-style: bold reverse underline; }
    }
    """

    on_: reactive[bool] = reactive(False)

    class Turned(Message):
        """The user turned it."""

        def __init__(self, toggle: Toggle) -> None:
            super().__init__()
            self.toggle = toggle

        @property
        def control(self) -> Toggle:
            return self.toggle

    def __init__(self, word: str, tooltip: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._word = word
        self.tooltip = Content(safe_line(tooltip))

    def render(self) -> Content:
        """The word."""
        return Content(safe_line(self._word))

    def watch_on_(self) -> None:
        self.set_class(self.on_, "-on")

    def action_turn(self) -> None:
        """On, or off."""
        self.on_ = not self.on_
        self.post_message(self.Turned(self))

    def on_click(self, event: Click) -> None:
        """A click turns it."""
        event.stop()
        self.action_turn()
