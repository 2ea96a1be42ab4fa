"""The actions that move the focus and share out the room; a screen with panels has them."""

from __future__ import annotations

from typing import Final

from textual import events
from textual.geometry import NULL_SIZE, Size

from tui_client.tui.screens._room import Room
from tui_client.tui.screens._talking import TalkingScreen

# Widgets know their size by then, and say what they show.
_SIZED_S: Final = 0.008


class RoomScreen(TalkingScreen):
    """A screen whose panels are shared out by a `Room`, which the screen makes."""

    # Textual declares both without ClassVar, which is final for a type checker.
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (34, "-tall")]  # noqa: RUF012
    room: Room

    def __init__(self, size: Size = NULL_SIZE) -> None:
        """size: of the terminal, columns and rows. What depends on it is there from the first frame on."""
        fitting = _fitting(self.HORIZONTAL_BREAKPOINTS, size.width), _fitting(self.VERTICAL_BREAKPOINTS, size.height)
        super().__init__(classes=" ".join((*fitting, "-in-builder")))
        self._begun = False
        self._complete = False

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """At the start every widget was given its styles a moment ago."""
        event.refresh_styles = self._begun
        if not self._begun:
            self._begun = True
            # Textual's own timer would let up to 17 ms pass before the first frame.
            self.set_timer(_SIZED_S, self._on_timer_update)

    def _on_timer_update(self) -> None:
        # By then every widget knows its size.
        self._complete = True
        super()._on_timer_update()

    def _compositor_refresh(self) -> None:
        # What Textual lays out first has borders and nothing in them. Painting that takes as long as painting all.
        if self._complete:
            super()._compositor_refresh()

    def action_focus_url(self) -> None:
        """Go to the URL."""
        self.room.to_request()

    def action_next_panel(self) -> None:
        """Go to the next panel that is there."""
        self.room.next_panel()

    def action_collections(self) -> None:
        """Show the tree and go there, or put it away."""
        self.room.toggle_collections()

    def action_history_panel(self) -> None:
        """Show what was sent last below the tree, or hide it."""
        self.room.toggle_history()

    def action_zoom(self) -> None:
        """Give the panel all the room, or take it back."""
        self.room.zoom()

    def action_grow(self) -> None:
        """Give the reply more rows."""
        self.room.split(1)

    def action_shrink(self) -> None:
        """Give the request more rows."""
        self.room.split(-1)


def _fitting(breakpoints: list[tuple[int, str]], cells: int) -> str:
    """The class of the last breakpoint that this many cells reach."""
    return [name for least, name in breakpoints if cells >= least][-1]
