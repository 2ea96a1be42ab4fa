"""One line of text that changes many times a second."""

from __future__ import annotations

from rich.cells import cell_len
from textual.widgets import Static

from tui_client.text import safe_line


def say_line(static: Static, text: str) -> None:
    """Have a `Static` of one line say this; the whole screen is laid out anew only where it gets wider or narrower.

    A layout takes some 30 ms.
    """
    shown, before = safe_line(text), str(static.content)
    if shown != before:
        static.update(shown, layout=cell_len(shown) != cell_len(before))
