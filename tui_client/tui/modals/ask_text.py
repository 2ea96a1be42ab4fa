"""A question whose answer is a line of text."""

from __future__ import annotations

from collections.abc import Callable

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from tui_client.text import safe, safe_line
from tui_client.tui.modals._dialog import Dialog
from tui_client.tui.widgets.line_input import LineInput


def _anything(text: str) -> str:
    return ""


class AskText(Dialog[str]):
    """Gives back the text. `problem` says why a text can't be taken ("" if it can)."""

    def __init__(
        self,
        title: str,
        hint: str = "",
        value: str = "",
        *,
        problem: Callable[[str], str] = _anything,
        secret: bool = False,
    ) -> None:
        super().__init__()
        self._title = title
        self._hint = hint
        self._value = value
        self._problem = problem
        self._secret = secret

    def compose(self) -> ComposeResult:
        """The line, and below it what is wrong with it."""
        with Vertical(classes="dialog") as box:
            box.border_title = Content(safe_line(self._title))
            box.border_subtitle = "Enter accepts, Esc closes"
            if self._hint:
                yield Static(safe(self._hint), classes="hint", markup=False)
            yield LineInput(self._value, password=self._secret)
            yield Static("", classes="problem", markup=False)

    @on(Input.Changed)
    def _look(self, event: Input.Changed) -> None:
        self.query_one(".problem", Static).update(safe(self._problem(event.value)) if event.value else "")

    @on(Input.Submitted)
    def _accept(self, event: Input.Submitted) -> None:
        text = event.value if self._secret else event.value.strip()
        if text and not self._problem(text):
            self.dismiss(text)
