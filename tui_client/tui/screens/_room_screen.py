"""The actions that move the focus and share out the room; a screen with panels has them."""

from __future__ import annotations

from tui_client.tui.screens._room import Room
from tui_client.tui.screens._talking import TalkingScreen


class RoomScreen(TalkingScreen):
    """A screen whose panels are shared out by a `Room`, which the screen makes."""

    room: Room

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
