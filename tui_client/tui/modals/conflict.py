"""A file changed on disk and in the editor: which one stays."""

from __future__ import annotations

import difflib

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Static

from tui_client.text import safe, safe_line
from tui_client.tui.modals._dialog import Dialog

MINE = "mine"
THEIRS = "theirs"


def diff(theirs: str, mine: str) -> Content:
    """The lines that differ, signs before them: "-" on disk, "+" in the editor."""
    lines = difflib.unified_diff(theirs.splitlines(), mine.splitlines(), "on disk", "in the editor", lineterm="", n=2)
    styles = {"+": "$text-success", "-": "$text-error", "@": "$foreground 60%"}
    return Content("\n").join(Content(safe(line)).stylize(styles.get(line[:1], "$text")) for line in lines)


class ConflictDialog(Dialog[str]):
    """Gives back MINE or THEIRS; None leaves the edit in the editor and the file as it is.

    The difference has the focus, so that Enter alone throws nothing away.
    """

    AUTO_FOCUS = "VerticalScroll, Button"

    def __init__(self, file: str, theirs: str | None, mine: str) -> None:
        super().__init__()
        self._file = file
        self._theirs = theirs
        self._mine = mine

    def compose(self) -> ComposeResult:
        """The difference over the choices."""
        with Vertical(classes="dialog -wide") as box:
            box.border_title = Content(f"{safe_line(self._file)} changed on disk")
            box.border_subtitle = "Esc keeps editing; nothing is written"
            if self._theirs is None:
                yield Static("The file was deleted on disk. Keeping yours writes it again.")
            else:
                with VerticalScroll(classes="text"):
                    yield Static(diff(self._theirs, self._mine), markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Keep mine", id=MINE, compact=True)
                yield Button("Take theirs", id=THEIRS, compact=True)

    @on(Button.Pressed)
    def _answer(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id)
