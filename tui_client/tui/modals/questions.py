"""The values a send asks for, all in one form."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Button, Input, Label

from tui_client.replay.services import Question
from tui_client.text import safe_line
from tui_client.tui.modals._dialog import Dialog
from tui_client.tui.widgets.line_input import LineInput


class Questions(Dialog[dict[str, str]]):
    """Gives back an answer for each variable; None cancels the send."""

    AUTO_FOCUS = "Input"
    DEFAULT_CSS = """
    Questions Label { margin-top: 1; width: 100%; }
    """

    def __init__(self, questions: tuple[Question, ...]) -> None:
        super().__init__()
        self._questions = questions

    def compose(self) -> ComposeResult:
        """A line for each question."""
        with VerticalScroll(classes="dialog") as box:
            box.border_title = "This request asks"
            box.border_subtitle = "Enter goes on, Esc cancels the send"
            for index, question in enumerate(self._questions):
                yield Label(safe_line(question.text), markup=False)
                yield LineInput(id=f"answer-{index}", compact=True)
            with Horizontal(classes="buttons"):
                yield Button("Send", id="send", variant="primary", compact=True)

    @on(Input.Submitted)
    def _next(self, event: Input.Submitted) -> None:
        if event.input.id == f"answer-{len(self._questions) - 1}":
            self._accept()
        else:
            self.focus_next()

    @on(Button.Pressed)
    def _accept(self) -> None:
        answers = {
            question.variable: self.query_one(f"#answer-{index}", Input).value
            for index, question in enumerate(self._questions)
        }
        self.dismiss(answers)
