"""What all dialogs share: a box in the middle, a title, Esc closes."""

from __future__ import annotations

from typing import ClassVar, Generic, TypeVar

from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

Answer = TypeVar("Answer")


class Dialog(ModalScreen[Answer | None], Generic[Answer]):
    """One question; dismissed with its answer, or None where the user closed it."""

    AUTO_FOCUS = "Input, Button, VerticalScroll"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Close", show=False),
        Binding("right,down", "next_button", "Next answer", show=False),
        Binding("left,up", "previous_button", "Previous answer", show=False),
    ]
    DEFAULT_CSS = """
    Dialog {
        align: center middle;
        .dialog {
            width: 70; max-width: 95%; height: auto; max-height: 90%;
            border: round $primary; background: $surface; padding: 0 1;
            border-title-color: $text; border-title-style: bold; border-subtitle-color: $text-muted;
        }
        .dialog.-wide { width: 110; }
        .text { height: auto; max-height: 60vh; scrollbar-size-vertical: 1; }
        .buttons { height: auto; align-horizontal: right; padding-top: 1; }
        .buttons Button { margin-left: 2; max-width: 45%; }
        Input { border: tall $border-blurred; margin-top: 0; }
        Input:focus { border: tall $border; }
        .hint { color: $text-muted; height: auto; }
        .problem { color: $text-error; height: auto; }
    }
    """

    def dismiss(self, result: Answer | None = None) -> AwaitComplete:
        """Close it with an answer; a second click on its way out is none, and closes nothing that lies below."""
        return super().dismiss(result) if self.is_active else AwaitComplete()

    def action_next_button(self) -> None:
        """To the next answer."""
        self.focus_next(".buttons Button")

    def action_previous_button(self) -> None:
        """To the previous answer."""
        self.focus_previous(".buttons Button")

    def action_close(self) -> None:
        """Close without an answer."""
        self.dismiss(None)
