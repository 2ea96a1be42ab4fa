"""The line under a body: where the cursor is, how the body is read, and the keys that change it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

import msgspec
from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tui_client.text import format_count, safe_line
from tui_client.tui.panels.response_viewer.reading import Mode

_HINTS: Final = {
    "search": "search",
    "filter_body": "filter",
    "next_mode": "view",
    "wrap": "wrap",
    "copy": "copy",
    "save_body": "save",
    "go_to_line": "line",
    "pick_charset": "charset",
}
_UNREAD: Final = frozenset({Mode.EVENTS, Mode.IMAGE})  # neither has lines
# What can be done with them, where that is not all.
_ONLY: Final = {
    Mode.EVENTS: frozenset({"search", "filter_body", "next_mode", "copy", "save_body", "go_to_line"}),
    Mode.IMAGE: frozenset({"next_mode", "save_body"}),
}


class BodyState(msgspec.Struct, frozen=True):
    """What the line says. line and lines count from 1; matches: current, found, and whether that is all.

    path: the JSONPath of the cursor. remark: what a page that is no text says of itself; no lines then.
    """

    line: int = 0
    lines: int = 0
    counting: bool = False
    modes: tuple[Mode, ...] = ()
    mode: Mode = Mode.RAW
    charset: str = ""
    media_type: str = ""
    broken_text: bool = False
    matches: tuple[int, int, bool] | None = None
    path: str = ""
    remark: str = ""


class BodyStatus(Widget):
    """One line; a click on a mode chooses it."""

    DEFAULT_CSS = """
    BodyStatus { height: 1; color: $text-muted; padding: 0 1; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = set()

    state: reactive[BodyState] = reactive(BodyState())

    class ModeChosen(Message):
        """The user clicked on a mode."""

        def __init__(self, mode: Mode) -> None:
            super().__init__()
            self.mode = mode

    def __init__(self, keys: Mapping[str, str]) -> None:
        """keys: those of each action by its id, as they are bound now."""
        super().__init__()
        found = ((action, keys.get(action, "").split(", ")[0]) for action in _HINTS)
        self._hints = {action: f"{key} {_HINTS[action]}" for action, key in found if key}

    def render(self) -> Content:
        """As much as there is room for, the keys last."""
        parts = self._parts()
        line = Content(" · ").join(parts)
        for action, hint in self._hints.items():
            if action not in _ONLY.get(self.state.mode, _HINTS):
                continue
            if line.cell_length + len(hint) + 2 > self.content_size.width:
                break
            line = line + Content(f"  {hint}")
        return line.truncate(max(1, self.content_size.width), ellipsis=True)

    def _parts(self) -> list[Content]:
        state = self.state
        if not state.modes:
            return []
        parts = [Content("·").join([self._mode(mode) for mode in state.modes])]
        if state.matches is not None:
            parts.append(Content.styled(match_text(state.matches), "$text"))
        if state.path:
            parts.append(Content.styled(state.path, "$text-accent"))
        if state.remark:
            return [*parts, Content(state.remark)]
        if state.mode in _UNREAD:
            return parts
        parts.append(Content(_place(state)))
        if state.mode is not Mode.HEX:
            label = safe_line(state.charset.upper()) + (" with invalid bytes" if state.broken_text else "")
            parts.append(Content.styled(label, "$text-warning" if state.broken_text else ""))
        if state.media_type:
            parts.append(Content(state.media_type))
        return parts

    def _mode(self, mode: Mode) -> Content:
        return Content.styled(mode.value, "bold underline $text" if mode is self.state.mode else "")

    def on_click(self, event: events.Click) -> None:
        """Choose the mode under the mouse."""
        at = event.get_content_offset_capture(self).x
        for mode in self.state.modes:
            if 0 <= at < len(mode.value):
                self.post_message(self.ModeChosen(mode))
                return
            at -= len(mode.value) + 1


def _place(state: BodyState) -> str:
    """The line of the cursor, of how many: "12/40 28 %"; no share while there are more to come."""
    place = f"{format_count(state.line)}/{format_count(state.lines)}"
    return f"{place}+" if state.counting else f"{place} {state.line * 100 // max(1, state.lines)} %"


def match_text(matches: tuple[int, int, bool]) -> str:
    """How a search stands: "3 of 17", "3 of 17+" while it goes on, "no match"."""
    current, found, all_known = matches
    if not found:
        return "no match" if all_known else "searching"
    return f"{format_count(current)} of {format_count(found)}{'' if all_known else '+'}"
