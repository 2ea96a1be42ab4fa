"""One line of text that changes many times a second."""

from __future__ import annotations

from rich.cells import cell_len
from textual.widgets import Static


def say_line(static: Static, text: str) -> None:
    """Have a `Static` of one line say this; the whole screen is laid out anew only where it gets wider or narrower.

    A layout takes some 30 ms.
    """
    before = str(static.content)
    if text != before:
        static.update(text, layout=cell_len(text) != cell_len(before))
