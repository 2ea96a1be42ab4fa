"""A button of one row. Textual's own has styles for ten kinds, which take longer to read than a whole panel."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.widgets import Static


class Push(Static, can_focus=True):
    """Calls back for a click, Enter and the space bar."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,space", "push", "Press", show=False)]
    DEFAULT_CSS = """
    Push {
        width: auto; height: 1; padding: 0 1; text-align: center; text-style: bold; pointer: pointer;
        color: $button-color-foreground; background: $primary;
        &:hover { background: $primary-darken-2; }
        &:focus { text-style: $button-focus-text-style; }
    }
    """

    def __init__(self, label: str, pushed: Callable[[], None], *, id: str | None = None) -> None:
        super().__init__(label, markup=False, id=id)
        self._pushed = pushed

    def on_click(self, event: events.Click) -> None:
        """Pushed by the mouse."""
        event.stop()
        self._pushed()

    def action_push(self) -> None:
        """Pushed by a key."""
        self._pushed()
