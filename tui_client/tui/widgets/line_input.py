"""A line to type into that never holds a control character."""

from __future__ import annotations

from typing import Final

from rich.highlighter import Highlighter
from rich.text import Text
from textual import events
from textual.widgets import Input

from tui_client.text import safe_line, safe_signs

_MOST: Final = 100_000  # characters; each key measures all of them, which nobody may wait for


class _Signs(Highlighter):
    """Shows what would reach the terminal as a control code."""

    def __init__(self, field: Input) -> None:
        self._field = field

    def __call__(self, text: str | Text) -> Text:
        """The text to show, in its full length: a Text has lost some control characters already."""
        return Text(safe_signs(self._field.value), no_wrap=True, overflow="ignore", end="")

    def highlight(self, text: Text) -> None:
        """Nothing has a colour."""


class LineInput(Input):
    """For names, paths and filters: whatever is pasted or given is made visible before it can reach the terminal."""

    def on_mount(self) -> None:
        """What was typed as a password may be looked at."""
        self.highlighter = _Signs(self)

    def on_paste(self, event: events.Paste) -> None:
        """Refuse what no name, path or filter can be; a part of it would be something else."""
        if len(self.value) + len(event.text) > _MOST:
            event.stop()
            event.prevent_default()
            self.notify(f"This is too long for one line: more than {_MOST:,} characters.", severity="warning")

    def validate_value(self, value: str) -> str:
        """Controls as signs. A password is never shown, and stays as it is."""
        return value if self.password else safe_line(value)

    def validate_placeholder(self, placeholder: str) -> str:
        """The same for what stands there while nothing is typed."""
        return safe_line(placeholder)
