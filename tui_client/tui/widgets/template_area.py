"""Text of many lines with {{variables}} in it, told as it is typed."""

from __future__ import annotations

import re
from typing import ClassVar, Final

from rich.text import Text
from textual.widgets import TextArea
from textual.widgets.text_area import Edit, EditResult

from tui_client.text import safe_signs
from tui_client.tui.widgets.template_input import Tell

_HOLE: Final = re.compile(r"\{\{.*?\}\}")


class TemplateArea(TextArea):
    """Tells each edit at once, as TemplateInput does. Tab leaves it; ctrl+r and the like reach the screen."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"template-area--variable"}
    DEFAULT_CSS = """
    TemplateArea {
        border: none; padding: 0; background: $foreground 4%;
        &:focus { border: none; background: $foreground 8%; background-tint: $foreground 0%; }
        .template-area--variable { color: $text-accent; }
    }
    """

    def __init__(self, tell: Tell, *, placeholder: str = "", numbers: bool = True, id: str | None = None) -> None:
        super().__init__(
            placeholder=placeholder,
            show_line_numbers=numbers,
            tab_behavior="focus",
            highlight_cursor_line=False,
            id=id,
        )
        self._tell = tell
        self._known = ""
        self.disable_messages(TextArea.Changed)

    def show(self, text: str) -> None:
        """Show another text; one that is shown already keeps its cursor and its history."""
        if text != self._known:
            self._known = text
            self.load_text(text)
            # A TextArea knows one kind of line break; an edit would silently change all others.
            self.read_only = self.text != text

    def edit(self, edit: Edit) -> EditResult:
        """Edit, and tell."""
        result = super().edit(edit)
        self._told()
        return result

    def undo(self) -> None:
        """Undo, and tell."""
        super().undo()
        self._told()

    def redo(self) -> None:
        """Redo, and tell."""
        super().redo()
        self._told()

    def get_line(self, line_index: int) -> Text:
        """A line with its variables coloured and its control characters visible."""
        line = Text(safe_signs(self.document.get_line(line_index)), end="", no_wrap=True)
        style = self.get_component_rich_style("template-area--variable", partial=True)
        for hole in _HOLE.finditer(line.plain):
            line.stylize(style, hole.start(), hole.end())
        return line

    def _told(self) -> None:
        text = self.text
        if text != self._known:
            self._known = text
            self._tell(text)
