"""A list of one-line texts, each checked as it is typed: asserts and captures."""

from __future__ import annotations

from collections.abc import Callable

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input, Static

from tui_client.text import safe_line


class _Line(Vertical):
    """A line, and what is wrong with it."""

    def __init__(self, text: str, placeholder: str) -> None:
        super().__init__()
        self.text = text
        self._placeholder = placeholder

    def compose(self) -> ComposeResult:
        """The text over its problem."""
        yield Input(self.text, placeholder=self._placeholder, compact=True)
        yield Static("", markup=False)

    def show(self, text: str) -> None:
        """Show another text without telling anyone."""
        self.text = text
        with self.prevent(Input.Changed):
            self.query_one(Input).value = text

    def complain(self, problem: str) -> None:
        """Say what is wrong, "" for nothing."""
        static = self.query_one(Static)
        static.update(safe_line(problem))
        static.display = bool(problem)


class LinesEditor(Vertical):
    """Edits lines; `problem` gives a sentence for a text that can't be read, "" for one that can."""

    DEFAULT_CSS = """
    LinesEditor {
        height: auto;
        _Line { height: auto; }
        _Line Static { color: $text-error; height: auto; display: none; padding-left: 2; }
    }
    """

    class Changed(Message):
        """The lines are these now; all of them can be read, empty ones left out."""

        def __init__(self, editor: LinesEditor, lines: tuple[str, ...]) -> None:
            super().__init__()
            self.editor = editor
            self.lines = lines

        @property
        def control(self) -> LinesEditor:
            """The editor it comes from."""
            return self.editor

    def __init__(self, problem: Callable[[str], str], placeholder: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._problem = problem
        self._placeholder = placeholder
        self._shown: list[_Line] = []

    def on_mount(self) -> None:
        """There is always an empty line."""
        if not self._shown:
            self.show(())

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines as they are typed, empty ones left out."""
        return tuple(line.text for line in self._shown if line.text.strip())

    def show(self, lines: tuple[str, ...]) -> None:
        """Show these lines; those that are shown already stay untouched."""
        if self._shown and lines == self.lines:
            return
        wanted = [*lines, ""]
        for line, text in zip(self._shown, wanted, strict=False):
            line.show(text)
        for line in self._shown[len(wanted) :]:
            line.remove()
        new = [_Line(text, self._placeholder) for text in wanted[len(self._shown) :]]
        self._shown = [*self._shown[: len(wanted)], *new]
        if new:
            self.mount(*new)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        line = event.input.parent
        if not isinstance(line, _Line) or line.text == event.value:
            return
        line.text = event.value
        line.complain(self._problem(event.value) if event.value.strip() else "")
        if self._shown[-1].text.strip():
            self._shown.append(_Line("", self._placeholder))
            self.mount(self._shown[-1])
        if not any(map(self._problem, self.lines)):
            self.post_message(self.Changed(self, self.lines))
