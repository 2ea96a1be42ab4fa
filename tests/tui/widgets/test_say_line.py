"""A line that changes lays out the screen only where its width changes."""

from __future__ import annotations

from textual.widgets import Static

from tui_client.tui.widgets.say_line import say_line


class _Line(Static):
    """Notes what it is asked to lay out."""

    def __init__(self) -> None:
        super().__init__(markup=False)
        self.updates: list[tuple[str, bool]] = []

    def update(self, content: object = "", *, layout: bool = True) -> None:
        self.updates.append((str(content), layout))
        super().update(str(content), layout=layout)


def test_the_screen_is_laid_out_for_another_width_only() -> None:
    """The same text again does nothing at all, one of the same width is painted."""
    line = _Line()
    for text in ("1 of 17", "1 of 17", "2 of 17", "10 of 17"):
        say_line(line, text)
    assert line.updates == [("1 of 17", True), ("2 of 17", False), ("10 of 17", True)]
