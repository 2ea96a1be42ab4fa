"""What can be done, and which keys do it now."""

from __future__ import annotations

from typing import Final

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui_client.text import safe_line
from tui_client.tui.actions import ACTIONS
from tui_client.tui.modals._dialog import Dialog

_SECTIONS: Final = {
    "workbench": "Workbench",
    "collections": "In the collections",
    "history": "In the history below them",
    "reply": "In the reply",
    "compare": "In a comparison",
    "replay": "In the replay",
    "app": "Everywhere",
}
_ALSO: Final = (
    ("Tab, shift+Tab", "To the next field, or the one before"),
    ("Left, Right", "On a row of tabs: the next tab"),
    ("Space", "On a row of params or headers: on or off"),
)


class Help(Dialog[None]):
    """The table of actions with the keys that are bound now."""

    DEFAULT_CSS = """
    Help .text { max-height: 80vh; }
    """

    def __init__(self, keys: dict[str, str]) -> None:
        super().__init__()
        self._keys = keys

    def compose(self) -> ComposeResult:
        """One section for each place."""
        with Vertical(classes="dialog -wide") as box:
            box.border_title = "Help"
            box.border_subtitle = "Esc closes"
            with VerticalScroll(classes="text"):
                yield Static(self._text(), markup=False)

    def _text(self) -> Content:
        parts = []
        for where, title in _SECTIONS.items():
            parts.append(Content(f"\n{title}").stylize("bold $text-primary"))
            parts += [self._line(self._keys.get(a.id, ""), f"{a.title}. {a.help}") for a in ACTIONS if a.where == where]
        parts.append(Content("\nIn fields and lists").stylize("bold $text-primary"))
        parts += [self._line(keys, text) for keys, text in _ALSO]
        return Content("\n").join(parts)

    def _line(self, keys: str, text: str) -> Content:
        return Content(f"  {safe_line(keys) or '—':<16}").stylize("$text-accent") + Content(text)
