"""What the command palette offers: every action of the table that can be done on the screen that is shown."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from textual.app import SystemCommand
from textual.await_complete import AwaitComplete
from textual.command import CommandPalette
from textual.dom import DOMNode
from textual.screen import Screen

from tui_client.tui.actions import ACTIONS, Action
from tui_client.tui.screens.replay import ReplayScreen
from tui_client.tui.screens.workbench import WorkbenchScreen

if TYPE_CHECKING:
    from tui_client.tui.app import WorkbenchApp


class Palette(CommandPalette):
    """Textual's, without an id: opened again while it closes, it would be a second one of the same."""

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Close it; a second click on its way out closes nothing that lies below."""
        return super().dismiss(result) if self.is_active else AwaitComplete()

    def _action_command_list(self, action: str) -> None:
        # In a terminal without room for its list that has no lines, and does not expect it.
        with suppress(KeyError, IndexError):
            super()._action_command_list(action)


def commands(app: WorkbenchApp, screen: Screen[object]) -> Iterable[SystemCommand]:
    """Every action that can be done here, with its key."""
    keys = app.keys()
    for action in ACTIONS:
        if action.id == "command_palette" or (owner := _owner(app, action, screen)) is None:
            continue
        title = f"{action.title}  {keys[action.id]}" if keys[action.id] else action.title
        # What can't be done now is not offered: search where no body is shown.
        if owner.check_action(action.id, ()) is not False:
            yield SystemCommand(title, action.help, partial(app.run_action, action.id, owner))
    yield SystemCommand("Theme", "Change the colours", app.action_change_theme)


def _owner(app: WorkbenchApp, action: Action, screen: Screen[object]) -> DOMNode | None:
    places: dict[str, DOMNode] = {"app": app}
    if isinstance(screen, WorkbenchScreen):
        places |= {"workbench": screen, "collections": screen.collections, "reply": screen.reply}
        places |= {"history": screen.past.panel}
    elif isinstance(screen, ReplayScreen):
        places["replay"] = screen
    elif place := getattr(screen, "PLACE", ""):
        # Screens that are imported when they are needed say themselves which actions are theirs.
        places[place] = screen
    return places.get(action.also) or places.get(action.where)
