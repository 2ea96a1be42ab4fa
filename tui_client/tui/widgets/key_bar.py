"""The bottom line: the keys of a screen and what they do; a click does it too."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

import msgspec
from textual import events
from textual.content import Content
from textual.widget import Widget

from tui_client.tui.actions import ACTIONS


class Key(msgspec.Struct, frozen=True):
    """One entry. action: as Textual runs it, "screen.send" or "app.help"."""

    action: str
    key: str
    title: str


def keys_of(place: str, bound: dict[str, str]) -> tuple[Key, ...]:
    """The entries of a screen from the table of actions, with the first key that is bound to each.

    bound: the keys of each action by its id, comma-separated; one without a key has no entry.
    """
    rows: Iterable[tuple[str, str, str]] = (
        (f"{'app' if action.where == 'app' else 'screen'}.{action.id}", bound.get(action.id, ""), action.title)
        for action in ACTIONS
        if action.footer and action.where in (place, "app")
    )
    return tuple(Key(action, keys.split(", ")[0], title) for action, keys, title in rows if keys)


class KeyBar(Widget):
    """One row that never changes with the focus, unlike Textual's footer: that lays out the whole screen each time."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"key-bar--key"}
    DEFAULT_CSS = """
    KeyBar {
        dock: bottom; height: 1; padding: 0 1; background: $panel; color: $footer-description-foreground;
        .key-bar--key { color: $footer-key-foreground; text-style: bold; }
    }
    """

    def __init__(self, keys: tuple[Key, ...]) -> None:
        super().__init__()
        self._keys = keys

    def render(self) -> Content:
        """As many as fit; "…" says that there are more."""
        style = self.get_visual_style("key-bar--key")
        entries = [Content(key.key).stylize(style) + Content(f" {key.title}") for key in self._keys]
        return Content(self._gap).join(entries).truncate(max(1, self.content_size.width), ellipsis=True)

    @property
    def _gap(self) -> str:
        width = sum(len(key.key) + 1 + len(key.title) for key in self._keys) + 2 * (len(self._keys) - 1)
        return "  " if width <= self.content_size.width else " "

    async def on_click(self, event: events.Click) -> None:
        """Do what is under the mouse."""
        at, start = event.get_content_offset_capture(self).x, 0
        for key in self._keys:
            end = start + len(key.key) + 1 + len(key.title)
            if start <= at < end:
                await self.app.run_action(key.action, self)
                return
            start = end + len(self._gap)
