"""A tab of text: headers, cookies, timing, redirects, checks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from textual import getters
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui_client.tui.panels.response_viewer.view import Shown

Build: TypeAlias = Callable[[Shown, int], Content]


class Section(VerticalScroll, can_focus=True):
    """Text made from the exchange, for the width there is."""

    DEFAULT_CSS = """
    Section { padding: 0 1; }
    """

    text = getters.query_one(Static)

    def __init__(self, build: Build, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._build = build
        self._shown = Shown()

    def compose(self) -> ComposeResult:
        yield Static(markup=False)

    def show(self, shown: Shown) -> None:
        """Show another exchange."""
        self._shown = shown
        self.text.update(self._build(shown, self.content_size.width))

    def on_resize(self) -> None:
        """Bars are as wide as there is room."""
        self.show(self._shown)

    def plain(self) -> str:
        """All the text, safe to print."""
        return self._build(self._shown, self.content_size.width).plain
