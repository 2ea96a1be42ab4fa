"""Who gets the room of the workbench: the tree, the request, the reply."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.widget import Widget

if TYPE_CHECKING:
    from tui_client.tui.screens.workbench import WorkbenchScreen

_PANELS: Final = ("collections", "builder", "reply")
_SPLITS: Final = ("-builder-3", "-builder-2", "", "-reply-2", "-reply-3")
_FIRST: Final = {"collections": "#tree", "builder": "#url"}


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
        self._mark(self.panel)
        # A class of the screen costs a new style for every widget: not where nothing depends on it.
        if self._screen.has_class("-short"):
            self._screen.set_class(self.panel == "builder", "-in-builder")

    def _mark(self, here: str) -> None:
        panels = [self._screen.query_one(f"#{name}") for name in _PANELS]
        changed = [panel for panel in panels if panel.has_class("-focused") != (panel.id == here)]
        for panel in changed:
            panel.set_class(panel.id == here, "-focused", update=False)
        self._screen.app.stylesheet.update_nodes(set(changed))

    def next_panel(self) -> None:
        """Go to the next panel; where one has all the room, the next one gets it."""
        here = _PANELS.index(self.panel)
        for name in (*_PANELS[here + 1 :], *_PANELS[:here]):
            if self.go(name):
                return

    def go(self, name: str) -> bool:
        """Put the focus into a panel, opening the drawer for the tree; False where it is put away."""
        screen = self._screen
        if name == "collections" and screen.has_class("-no-tree") and not self.zoomed:
            return False
        target = self._target(name)
        if target is None:
            return False
        if self.zoomed:
            self._zoom(name)
        else:
            screen.set_class(name == "collections" and screen.has_class("-narrow"), "-drawer")
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
            screen.remove_class("-drawer")
            screen.set_class(not screen.has_class("-narrow"), "-no-tree")
            screen.builder.focus_url()
        else:
            screen.remove_class("-no-tree")
            self.go("collections")

    def leave_drawer(self) -> bool:
        """Close the drawer; False if it is not open."""
        if not self._screen.has_class("-drawer"):
            return False
        self._screen.remove_class("-drawer")
        self._screen.builder.focus_url()
        return True

    def to_request(self) -> None:
        """Show the request and go to its URL."""
        if self.zoomed in ("collections", "reply"):
            self._zoom("")
        self._screen.remove_class("-drawer")
        self._screen.builder.focus_url()

    def to_reply(self) -> None:
        """Show the reply, whatever has the focus."""
        if self.zoomed in ("collections", "builder"):
            self._zoom("")
        # On a short screen the reply is what one wants to see after sending.
        self._screen.remove_class("-in-builder", "-drawer")

    def zoom(self) -> None:
        """Give the panel with the focus all the room, or take it back."""
        panel = self.panel
        self._zoom("" if self.zoomed else panel)
        if not self.zoomed and panel == "collections" and self._screen.has_class("-narrow"):
            self._screen.add_class("-drawer")

    def _zoom(self, name: str) -> None:
        for each in _PANELS:
            self._screen.set_class(each == name, f"-zoom-{each}")

    def split(self, by: int) -> None:
        """Give the reply more rows, or fewer."""
        screen = self._screen
        at = next((index for index, name in enumerate(_SPLITS) if name and screen.has_class(name)), 2)
        screen.remove_class(*(name for name in _SPLITS if name))
        if name := _SPLITS[max(0, min(at + by, len(_SPLITS) - 1))]:
            screen.add_class(name)


def _is_shown(widget: Widget, panel: Widget) -> bool:
    around = widget.ancestors_with_self
    inside = around[: around.index(panel)]
    return all(node.styles.display != "none" for node in inside if isinstance(node, Widget))
