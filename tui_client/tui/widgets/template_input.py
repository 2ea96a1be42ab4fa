"""One line of text with {{variables}} in it: coloured, completed, safe to show, told as it is typed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import ClassVar, Final, TypeAlias

from rich.highlighter import Highlighter
from rich.segment import Segment
from rich.text import Text
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.suggester import Suggester
from textual.widgets import Input
from textual.widgets.input import Selection

from tui_client.template import FUNCTIONS
from tui_client.text import safe_line, safe_signs

Tell: TypeAlias = Callable[[str], None]

# The name is looked for from the end: one expression for both would try each place of a long text anew.
_OPEN: Final = re.compile(r"\{\{([^{}]*)$")
_NAME_BACKWARDS: Final = re.compile(r"[\w.\-]*")
_HOLE: Final = re.compile(r"\{\{.*?\}\}")
_ONLY_A_HOLE: Final = re.compile(r"\{\{[^{}]*(\}\})?|\{")


class TemplateSuggester(Suggester):
    """Completes the name after `{{`: variables, best first, then functions."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self.variables: tuple[str, ...] = ()

    async def get_suggestion(self, value: str) -> str | None:
        """The text with its last name complete; None where no name is begun."""
        return self.complete(value)

    def complete(self, value: str) -> str | None:
        """The same, at once."""
        match = _OPEN.search(value)
        if match is None:
            return None
        found_name = _NAME_BACKWARDS.match(match[1][::-1])
        begun = found_name[0][::-1] if found_name else ""
        before = match[1][: len(match[1]) - len(begun)].strip()
        if before and not before.endswith(("(", ",")):
            return None
        in_call = bool(before)
        for name in self.variables:
            if safe_line(name) != name:
                continue  # as it is drawn it would be another name
            if name.startswith(begun) and (name != begun or not in_call):
                return value + name[len(begun) :] + ("" if in_call else "}}")
        names = (f"{name}(" + (")" if function.most == 0 else "") for name, function in FUNCTIONS.items())
        found = next((name for name in names if begun and name.startswith(begun)), None)
        return value + found[len(begun) :] if found else None


class TemplateInput(Input):
    """Tells each edit at once, by a call: a message would come a turn later, when another value may be shown.

    `show` sets the text and tells nothing. A secret is masked, unless it is a variable or revealed.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"template-input--variable"}
    DEFAULT_CSS = """
    TemplateInput {
        background: $foreground 4%;
        &:focus { background: $foreground 10%; background-tint: $foreground 0%; }
        .template-input--variable { color: $text-accent; }
    }
    """

    class LinesPasted(Message):
        """Several lines were pasted into a field that takes them."""

        def __init__(self, lines: tuple[str, ...]) -> None:
            super().__init__()
            self.lines = lines

    def __init__(
        self,
        tell: Tell,
        *,
        placeholder: str = "",
        suggester: Suggester | None = None,
        secret: bool = False,
        takes_lines: bool = False,
        disabled: bool = False,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        self._tell = tell
        self._known = ""
        self._secret = secret
        self._revealed = False
        self._takes_lines = takes_lines
        super().__init__(
            placeholder=placeholder,
            suggester=suggester,
            highlighter=_Colours(self),
            select_on_focus=False,
            disabled=disabled,
            id=id,
            classes=classes,
        )
        # What `compact` comes to. Set as such, it would give each new field its styles once more.
        self.set_reactive(Input.compact, True)
        self.set_class(True, "-textual-compact", update=False)
        self.disable_messages(Input.Changed)

    @property
    def text(self) -> str:
        """What it says, also before it is mounted."""
        return self._known

    def show(self, text: str) -> None:
        """Show another text; one that is shown already keeps its cursor."""
        if text == self._known:
            return
        self._known = text
        self._mask()
        if self.is_mounted:
            self._put(text)

    def on_mount(self) -> None:
        """Show what came before; an Input takes no value without an app."""
        self._put(self._known)

    def _put(self, text: str) -> None:
        # What is only shown needs no completion.
        kept, self.suggester = self.suggester, None
        self.value = text
        self.suggester = kept
        self.cursor_position = len(text) if self.has_focus else 0

    def reveal(self, revealed: bool) -> None:
        """Show a secret, or mask it again."""
        self._revealed = revealed
        self._mask()

    def watch_value(self, value: str) -> None:
        """Tell what was typed."""
        if value != self._known:
            self._known = value
            self._mask()
            self._tell(value)

    def on_focus(self, event: events.Focus) -> None:
        """Go on at the end; nothing is selected, so that no key replaces everything."""
        if not event.from_app_focus:
            self.selection = Selection.cursor(len(self.value))

    def on_blur(self) -> None:
        """Show the beginning again."""
        self.selection = Selection.cursor(0)

    def on_paste(self, event: events.Paste) -> None:
        """Hand several lines to whoever asked for them; an Input would keep the first."""
        lines = tuple(line for line in event.text.splitlines() if line.strip())
        if self._takes_lines and len(lines) > 1:
            event.stop()
            event.prevent_default()
            self.post_message(self.LinesPasted(lines))

    def validate_placeholder(self, placeholder: str) -> str:
        """It may be what a file says, which is in force while nothing is typed."""
        return safe_line(placeholder)

    def render_line(self, y: int) -> Strip:
        """The line; what does not fit has a sign."""
        strip = super().render_line(y)
        width = self.scrollable_content_region.width
        if y or self.has_focus or not self.value or self.content_width - 1 <= width or width < 2:
            return strip
        return Strip.join([strip.crop(0, width - 1), Strip([Segment("…", self.rich_style)])])

    def _mask(self) -> None:
        self.password = self._secret and not self._revealed and _ONLY_A_HOLE.fullmatch(self._known) is None


class _Colours(Highlighter):
    """Colours the variables of an Input, and shows what would reach the terminal as a control code."""

    def __init__(self, field: TemplateInput) -> None:
        self._field = field

    def __call__(self, text: str | Text) -> Text:
        """The text to show, in its full length: a Text has lost some control characters already."""
        line = Text(safe_signs(self._field.value), no_wrap=True, overflow="ignore", end="")
        self.highlight(line)
        return line

    def highlight(self, text: Text) -> None:
        """Give each variable its colour."""
        style = self._field.get_component_rich_style("template-input--variable", partial=True)
        # Beyond the last end no hole is whole, and each beginning there would be followed to the end of the text.
        for hole in _HOLE.finditer(text.plain, 0, text.plain.rfind("}}") + 2):
            text.stylize(style, hole.start(), hole.end())
