"""A secret in one line: dots, until it is revealed."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.suggester import Suggester
from textual.widget import Widget

from tui_client.tui.widgets.template_input import TemplateInput


class RevealSwitch(Widget, can_focus=True):
    """ "show" and "hide" behind a secret."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("space,enter", "switch", "Show or hide", show=False)]
    DEFAULT_CSS = """
    RevealSwitch {
        width: 6; height: 1; padding: 0 1; color: $text-muted;
        &:hover { color: $text; }
        &:focus { background: $primary; color: $text; }
    }
    """

    def __init__(self, reveal: Callable[[bool], None]) -> None:
        super().__init__()
        self._reveal = reveal
        self.revealed = False

    def render(self) -> Content:
        """What pressing it does."""
        return Content("hide" if self.revealed else "show")

    def on_click(self) -> None:
        """Switch."""
        self.action_switch()

    def action_switch(self) -> None:
        """Switch."""
        self.put(not self.revealed)

    def put(self, revealed: bool) -> None:
        """Reveal, or hide."""
        self.revealed = revealed
        self._reveal(revealed)
        self.refresh()


class SecretField(Horizontal):
    """A TemplateInput that shows dots. Another value hides it again."""

    DEFAULT_CSS = """
    SecretField {
        height: 1;
        TemplateInput { width: 1fr; }
    }
    """

    def __init__(self, tell: Callable[[str], None], placeholder: str, suggester: Suggester | None) -> None:
        super().__init__()
        self.field = TemplateInput(tell, placeholder=placeholder, suggester=suggester, secret=True)
        self.switch = RevealSwitch(self.field.reveal)

    def compose(self) -> ComposeResult:
        """The field, and the switch behind it."""
        yield self.field
        yield self.switch

    def show(self, text: str) -> None:
        """Show another secret, hidden."""
        if text != self.field.text:
            self.switch.put(False)
            self.field.show(text)
