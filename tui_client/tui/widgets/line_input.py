"""A line to type into that never holds a control character."""

from __future__ import annotations

from textual.widgets import Input

from tui_client.text import safe_line


class LineInput(Input):
    """For names, paths and filters: whatever is pasted or given is made visible before it can reach the terminal."""

    def validate_value(self, value: str) -> str:
        """Controls as signs. A password is never shown, and stays as it is."""
        return value if self.password else safe_line(value)

    def validate_placeholder(self, placeholder: str) -> str:
        """The same for what stands there while nothing is typed."""
        return safe_line(placeholder)
