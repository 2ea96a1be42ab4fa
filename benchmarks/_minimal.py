"""The least that a Textual app with the usual widgets does at its start: the floor for `start.py`."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Footer, Input, Static, TabbedContent, TabPane, Tree


class Minimal(App[None]):
    """A tree beside an address, two tabs and a text."""

    BINDINGS = [("ctrl+q", "quit", "Leave it")]  # noqa: RUF012 - as Textual's own examples have it

    def compose(self) -> ComposeResult:
        with Horizontal():
            tree: Tree[None] = Tree("Things")
            tree.root.expand()
            for number in range(5):
                tree.root.add_leaf(f"Thing {number}")
            yield tree
            with Vertical():
                yield Input(id="address")
                with TabbedContent():
                    yield TabPane("First", Static("The first page"))
                    yield TabPane("Second", Static("The second page"))
                yield Static("Nothing here yet")
        yield Footer()

    def on_mount(self) -> None:
        self.query_one("#address").focus()


if __name__ == "__main__":
    Minimal().run()
