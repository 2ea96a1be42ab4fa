"""Who gets the room of the workbench: the tree, the request, the reply."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Final

from textual.widget import Widget

if TYPE_CHECKING:
    from tui_client.tui.screens.workbench import WorkbenchScreen

_PANELS: Final = ("collections", "history", "builder", "reply")
_SIDE: Final = ("collections", "history")
# Where the history below the tree has no room, or is put away.
_NO_HISTORY: Final = ("-narrow", "-short", "-no-history")
_SPLITS: Final = ("-builder-3", "-builder-2", "", "-reply-2", "-reply-3")
_HABITS: Final = ("-no-tree", *filter(None, _SPLITS))
_FIRST: Final = {"collections": "#tree", "history": "#entries", "builder": "#url"}


class Room:
    """Sets the classes that the stylesheet lays the panels out by."""

    def __init__(self, screen: WorkbenchScreen) -> None:
        self._screen = screen

    @property
    def panel(self) -> str:
        """The panel that has the focus; the builder where none has it."""
        focused = self._screen.focused
        around = focused.ancestors_with_self if focused else ()
        return next((node.id for node in around if node.id in _PANELS), None) or "builder"

    @property
    def zoomed(self) -> str:
        """The panel that has all the room, or ""."""
        return next((name for name in _PANELS if self._screen.has_class(f"-zoom-{name}")), "")

    def focus_moved(self) -> None:
        """Mark the panel with the focus; on a short terminal that half gets the room."""
        here = self.panel
        if not self._screen.query_one(f"#{here}").has_class("-focused"):
            for name in _PANELS:
                self._screen.query_one(f"#{name}").set_class(name == here, "-focused", update=False)
            self._apply()
        self._set("-in-builder", here == "builder")

    def _set(self, name: str, on: bool) -> None:
        if self._screen.has_class(name) is not on:
            self._screen.set_class(on, name, update=False)
            self._apply()

    def _apply(self) -> None:
        """Style what the classes here are about; Textual would style every widget of the screen."""
        parts = [self._screen.query_one(f"#{name}") for name in (*_PANELS, "side", "work", "open")]
        self._screen.app.stylesheet.update_nodes([self._screen, *parts])

    def next_panel(self) -> None:
        """Go to the next panel; where one has all the room, the next one gets it."""
        here = _PANELS.index(self.panel)
        for name in (*_PANELS[here + 1 :], *_PANELS[:here]):
            if self.go(name):
                return

    def go(self, name: str) -> bool:
        """Put the focus into a panel, opening the drawer for the tree; False where it is put away."""
        screen = self._screen
        if name in _SIDE and screen.has_class("-no-tree") and not self.zoomed:
            return False
        if name == "history" and any(map(screen.has_class, _NO_HISTORY)):
            return False
        target = self._target(name)
        if target is None:
            return False
        if self.zoomed:
            self._zoom(name)
        else:
            self._set("-drawer", name == "collections" and screen.has_class("-narrow"))
        target.focus()
        return True

    def _target(self, name: str) -> Widget | None:
        panel = self._screen.query_one(f"#{name}")
        wanted = panel.query(_FIRST.get(name, "BodyView"))
        shown = [widget for widget in (*wanted, *panel.query("*")) if widget.focusable and _is_shown(widget, panel)]
        return shown[0] if shown else None

    def toggle_collections(self) -> None:
        """Show the tree and go there; put it away if the focus is there already."""
        screen = self._screen
        if self.panel == "collections":
            self._zoom("")
            self._set("-drawer", False)
            self._set("-no-tree", not screen.has_class("-narrow"))
            screen.builder.focus_url()
        else:
            self._set("-no-tree", False)
            self.go("collections")

    def toggle_history(self) -> None:
        """Show what was sent last below the tree, or put it away."""
        if self.panel == "history":
            self._zoom("")
            self._screen.builder.focus_url()
        self._set("-no-history", not self._screen.has_class("-no-history"))

    def leave_drawer(self) -> bool:
        """Close the drawer; False if it is not open."""
        if not self._screen.has_class("-drawer"):
            return False
        self._set("-drawer", False)
        self._screen.builder.focus_url()
        return True

    def to_request(self) -> None:
        """Show the request and go to its URL."""
        if self.zoomed not in ("", "builder"):
            self._zoom("")
        self._set("-drawer", False)
        self._screen.builder.focus_url()

    def to_reply(self) -> None:
        """Show the reply, whatever has the focus."""
        if self.zoomed not in ("", "reply"):
            self._zoom("")
        # On a short screen the reply is what one wants to see after sending.
        self._set("-in-builder", False)
        self._set("-drawer", False)

    def zoom(self) -> None:
        """Give the panel with the focus all the room, or take it back."""
        panel = self.panel
        self._zoom("" if self.zoomed else panel)
        if not self.zoomed and panel == "collections" and self._screen.has_class("-narrow"):
            self._set("-drawer", True)

    def _zoom(self, name: str) -> None:
        for each in _PANELS:
            self._screen.set_class(each == name, f"-zoom-{each}", update=False)
        self._apply()

    @property
    def habits(self) -> tuple[str, ...]:
        """How the user shared out the room: classes of the screen, in order."""
        return tuple(name for name in _HABITS if self._screen.has_class(name))

    def take_habits(self, habits: Collection[str]) -> None:
        """Share out the room as it was once."""
        if self.habits != tuple(habits):
            for name in _HABITS:
                self._screen.set_class(name in habits, name, update=False)
            self._apply()

    def split(self, by: int) -> None:
        """Give the reply more rows, or fewer."""
        screen = self._screen
        at = next((index for index, name in enumerate(_SPLITS) if name and screen.has_class(name)), 2)
        wanted = _SPLITS[max(0, min(at + by, len(_SPLITS) - 1))]
        for name in filter(None, _SPLITS):
            screen.set_class(name == wanted, name, update=False)
        self._apply()


def _is_shown(widget: Widget, panel: Widget) -> bool:
    around = widget.ancestors_with_self
    inside = around[: around.index(panel)]
    return all(node.styles.display != "none" for node in inside if isinstance(node, Widget))
