"""Tabs in one row: "create* │ list │ +"; arrows and the mouse choose."""

from __future__ import annotations

from typing import ClassVar, Final

import msgspec
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tui_client.text import safe_line

SEPARATORS: Final = {"line": " │ ", "dot": " · ", "gap": "  "}


class Tab(msgspec.Struct, frozen=True):
    """One tab: what it is called here, what people read, and a count or a mark behind it."""

    id: str
    label: str
    note: str = ""


class TabStrip(Widget, can_focus=True):
    """One row of tabs. It shows what it is given and posts `Selected`; it never changes by itself."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", "Previous tab", show=False),
        Binding("right", "step(1)", "Next tab", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"tab-strip--active", "tab-strip--note", "tab-strip--separator"}
    DEFAULT_CSS = """
    TabStrip {
        height: 1; width: 1fr; padding: 0 1; color: $text-muted;
        &:focus .tab-strip--active { text-style: bold reverse; }
        .tab-strip--active { color: $text; text-style: bold underline; }
        .tab-strip--note { color: $text-accent; }
        .tab-strip--separator { color: $foreground 30%; }
    }
    """

    tabs: reactive[tuple[Tab, ...]] = reactive((), layout=False)
    active: reactive[str] = reactive("")

    class Selected(Message):
        """The user chose a tab."""

        def __init__(self, strip: TabStrip, tab_id: str) -> None:
            super().__init__()
            self.strip = strip
            self.tab_id = tab_id

        @property
        def control(self) -> TabStrip:
            """The strip it comes from, so that handlers can select by id."""
            return self.strip

    def __init__(self, *, separator: str = "line", id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._separator = SEPARATORS[separator]
        self._spans: list[tuple[int, int, str]] = []

    def render(self) -> Content:
        """The visible part of the row; it slides so that the active tab is always seen."""
        shown = self._slide()
        parts: list[Content] = [Content("‹ ") if shown and shown[0] is not self.tabs[0] else Content("")]
        at = len(parts[0])
        width = self.content_size.width
        self._spans = []
        for number, tab in enumerate(shown):
            if number:
                parts.append(self._styled(self._separator, "separator"))
                at += len(self._separator)
            label = self._label(tab)
            self._spans.append((at, at + label.cell_length, tab.id))
            at += label.cell_length
            parts.append(label)
        line = Content("").join(parts)
        return line if line.cell_length <= width else line.truncate(width - 2) + Content(" ›")

    def _styled(self, text: str, part: str) -> Content:
        return Content(text).stylize(self.get_visual_style(f"tab-strip--{part}"))

    def _label(self, tab: Tab) -> Content:
        label = Content(safe_line(tab.label))
        if tab.id == self.active:
            label = label.stylize(self.get_visual_style("tab-strip--active"))
        return label + self._styled(f" {safe_line(tab.note)}", "note") if tab.note else label

    def _slide(self) -> tuple[Tab, ...]:
        """The tabs from the first one that leaves room for the active one."""
        width = max(1, self.content_size.width - 2)
        index = next((i for i, tab in enumerate(self.tabs) if tab.id == self.active), 0)
        first = 0
        while first < index and self._width(self.tabs[first : index + 1]) > width:
            first += 1
        return self.tabs[first:]

    def _width(self, tabs: tuple[Tab, ...]) -> int:
        return sum(self._label(tab).cell_length + len(self._separator) for tab in tabs) - len(self._separator)

    def on_click(self, event: events.Click) -> None:
        """Choose the tab under the mouse."""
        at = event.get_content_offset_capture(self).x
        for start, end, tab_id in self._spans:
            if start - 1 <= at <= end:
                self.choose(tab_id)
                return

    def action_step(self, by: int) -> None:
        """Choose a neighbour."""
        ids = [tab.id for tab in self.tabs]
        if ids:
            at = ids.index(self.active) if self.active in ids else 0
            self.choose(ids[(at + by) % len(ids)])

    def choose(self, tab_id: str) -> None:
        """Tell that the user chose a tab."""
        self.post_message(self.Selected(self, tab_id))
