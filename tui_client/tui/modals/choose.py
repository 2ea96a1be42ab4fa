"""A question with a few answers, one button each."""

from __future__ import annotations

import msgspec
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Static

from tui_client.text import safe, safe_line
from tui_client.tui.modals._dialog import Dialog


class Choice(msgspec.Struct, frozen=True):
    """One answer: what the dialog gives back, what the button says, and how grave it is."""

    id: str
    label: str
    danger: bool = False


class Choose(Dialog[str]):
    """Gives back the id of the chosen answer. The first answer has the focus."""

    AUTO_FOCUS = "Button"

    def __init__(self, title: str, question: str, choices: tuple[Choice, ...]) -> None:
        super().__init__()
        self._title = title
        self._question = question
        self._choices = choices

    def compose(self) -> ComposeResult:
        """The question over its buttons."""
        with Vertical(classes="dialog") as box:
            box.border_title = Content(safe_line(self._title))
            box.border_subtitle = "Esc closes"
            with VerticalScroll(classes="text"):
                yield Static(safe(self._question), markup=False)
            with Horizontal(classes="buttons"):
                for choice in self._choices:
                    yield Button(
                        Content(safe_line(choice.label)),
                        id=choice.id,
                        variant="error" if choice.danger else "default",
                        compact=True,
                    )

    @on(Button.Pressed)
    def _answer(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id)
