"""The app: one workspace for its whole life, the screens over it, the keymap."""

from __future__ import annotations

import gc
from collections.abc import Iterable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import ClassVar, Final

from textual import on
from textual.app import App, SystemCommand
from textual.binding import BindingType
from textual.screen import Screen

from tui_client import config
from tui_client.tui.actions import ACTIONS, bindings_for, bound_keys
from tui_client.tui.asking import AskUser, grant_question
from tui_client.tui.modals.help import Help
from tui_client.tui.screens.replay import ReplayScreen
from tui_client.tui.screens.workbench import WorkbenchScreen
from tui_client.workspace import Workspace

# By then the first screens stand and nobody waits for the pause that this takes.
_SETTLED_S: Final = 1.0


def settle_memory() -> None:
    """Leave what was made so far, most of which lives to the end, out of all later collections.

    Without this a full collection stops the app for 100 ms in the middle of a replay.
    """
    gc.collect()
    gc.freeze()


class WorkbenchApp(App[int]):
    """Opens the workspace, shows the workbench, closes the workspace at the end."""

    TITLE = "tui-client"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("app")]
    CSS = """
    Tooltip { max-width: 60; }
    Footer { background: $panel; }
    """

    def __init__(self, path: Path | None, settings: config.Config | None = None, first: str = "") -> None:
        """first: the key of the request to open at the start."""
        super().__init__()
        self._path = path
        self._first = first
        self._settings = settings or config.Config()
        self._opened_things = AsyncExitStack()
        self.workspace: Workspace | None = None

    async def on_mount(self) -> None:
        """Open the workspace and show it."""
        self.set_keymap(dict(self._settings.keymap))
        if self._settings.theme in self.available_themes:
            self.theme = self._settings.theme
        ask = AskUser(self)
        self.workspace = await self._opened_things.enter_async_context(
            Workspace.open(self._path, asker=ask, ask_grant=grant_question(self))
        )
        self.install_screen(ReplayScreen(self.workspace), "replay")
        self.push_screen(WorkbenchScreen(self.workspace, self._first))
        self.set_timer(_SETTLED_S, settle_memory)

    async def on_unmount(self) -> None:
        """Close every connection."""
        await self._opened_things.aclose()

    @property
    def workbench(self) -> WorkbenchScreen | None:
        """The workbench, once it is there."""
        return next((screen for screen in self.screen_stack if isinstance(screen, WorkbenchScreen)), None)

    @on(WorkbenchScreen.Left)
    def _left(self, message: WorkbenchScreen.Left) -> None:
        if message.to == "quit":
            self.exit(0)
            return
        replay = self.get_screen("replay")
        if isinstance(replay, ReplayScreen) and self.workbench:
            replay.offer(message.target, self.workbench.environment)
            self.push_screen("replay")

    @on(ReplayScreen.RowOpened)
    def _row_opened(self, message: ReplayScreen.RowOpened) -> None:
        self.pop_screen()
        if self.workbench:
            self.workbench.show_result(message.result)

    @on(ReplayScreen.Moved)
    def _replay_moved(self, message: ReplayScreen.Moved) -> None:
        if self.workbench:
            self.workbench.status.replaying = message.text

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every action that the screen can do, with its key."""
        keys = self.keys()
        for action in ACTIONS:
            owner = self if action.where == "app" else screen
            if action.id == "command_palette" or not hasattr(owner, f"action_{action.id}"):
                continue
            title = f"{action.title}  {keys[action.id]}" if keys[action.id] else action.title
            yield SystemCommand(title, action.help, getattr(owner, f"action_{action.id}"))
        yield SystemCommand("Theme", "Change the colours", self.action_change_theme)

    def keys(self) -> dict[str, str]:
        """The keys of each action as they are bound now, by its id."""
        return {action.id: bound_keys(action, self._settings.keymap) for action in ACTIONS}

    def action_help(self) -> None:
        """Show every action and its key."""
        self.push_screen(Help(self.keys()))

    async def action_quit(self) -> None:
        """Leave by way of the workbench, which asks for edits that are not saved."""
        if self.workbench is None:
            self.exit(0)
            return
        while self.screen is not self.workbench:
            await self.pop_screen()
        self.workbench.action_quit()


def run_workbench(path: Path | None, first: str = "") -> int:
    """Run the app until the user leaves; gives the exit code. Raises BrokenFile for a config that can't be read.

    first: the key of the request to open at the start; "" begins a new one.
    """
    app = WorkbenchApp(path, config.load(), first)
    app.run()
    return app.return_code or 0
