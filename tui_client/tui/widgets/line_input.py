"""A line to type into that never holds a control character."""

from __future__ import annotations

from rich.highlighter import Highlighter
from rich.text import Text
from textual.widgets import Input

from tui_client.text import safe_line, safe_signs


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

    def validate_value(self, value: str) -> str:
        """Controls as signs. A password is never shown, and stays as it is."""
        return value if self.password else safe_line(value)

    def validate_placeholder(self, placeholder: str) -> str:
        """The same for what stands there while nothing is typed."""
        return safe_line(placeholder)
