"""The app: one workspace for its whole life, the screens over it, the keymap."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import ClassVar, Final

from rich.text import Text
from textual import on
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.screen import Screen
from textual.worker import WorkerFailed

from tui_client import config
from tui_client.errors import BrokenFile, TuiClientError
from tui_client.replay.calm import settle_memory
from tui_client.tui.actions import ACTIONS, Action, bindings_for, bound_keys, unknown_actions
from tui_client.tui.asking import AskUser, grant_question
from tui_client.tui.crash import report
from tui_client.tui.modals.choose import Choice, Choose
from tui_client.tui.modals.help import Help
from tui_client.tui.screens.replay import ReplayScreen
from tui_client.tui.screens.workbench import WorkbenchScreen
from tui_client.tui.terminal import ToughDriver, ended_by_signals
from tui_client.tui.widgets.status_bar import StatusBar
from tui_client.workspace import Workspace

# By then the first screen stands, and nobody waits for the pause that settling takes.
_SETTLED_S: Final = 0.5
_STAY_OR_LEAVE: Final = (Choice("stay", "Stay"), Choice("leave", "Leave", danger=True))


def _warm_up() -> None:
    """Import what the first send would else import while the user waits for its reply."""
    for name in ("tui_client.kinds.jsonpath", "tui_client.kinds.bounded", "regex"):
        importlib.import_module(name)


class WorkbenchApp(App[int], inherit_bindings=False):
    """Opens the workspace, shows the workbench, closes the workspace at the end.

    problem: why the workspace could not be opened; the app has ended by itself then.
    """

    TITLE = "tui-client"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_for("app"),
        Binding("ctrl+c", "help_quit", show=False, system=True),
    ]
    CSS = """
    Tooltip { max-width: 60; }
    """

    def __init__(
        self, path: Path | None, settings: config.Config | None = None, first: str = "", hello: str = ""
    ) -> None:
        """first: the key of the request to open at the start. hello: a sentence to greet with."""
        super().__init__(driver_class=ToughDriver)
        self._path = path
        self._first = first
        self._hello = hello
        self._settings = settings or config.Config()
        self._opened_things = AsyncExitStack()
        self._leaving: Choose | None = None
        self.workspace: Workspace | None = None
        self.problem: TuiClientError | None = None

    async def on_mount(self) -> None:
        """Open the workspace and show it."""
        self.set_keymap(self._settings.keymap)
        if self._settings.theme in self.available_themes:
            self.theme = self._settings.theme
        if not self.is_headless:
            self._opened_things.enter_context(ended_by_signals(self._signalled))
        try:
            self.workspace = await self._opened_things.enter_async_context(
                Workspace.open(self._path, asker=AskUser(self), ask_grant=grant_question(self), shares_loop=True)
            )
        except TuiClientError as error:
            self.problem = error
            self.exit(return_code=1)
            return
        self.install_screen(ReplayScreen(self.workspace, self.keys()), "replay")
        self.push_screen(WorkbenchScreen(self.workspace, self.keys(), self._first))
        self.set_timer(_SETTLED_S, self._settle)

    def _settle(self) -> None:
        if self._hello:
            self.notify(self._hello, markup=False, timeout=8)
        settle_memory()
        self.run_worker(_warm_up, thread=True, exit_on_error=False)

    async def on_unmount(self) -> None:
        """Close every connection."""
        await self._opened_things.aclose()

    def _signalled(self, code: int) -> None:
        self.exit(return_code=code)

    def _fatal_error(self) -> None:
        # Textual would print every frame's locals, and with them tokens; panic is its public way to end with a text.
        error = sys.exc_info()[1] or self._exception
        cause = error.error if isinstance(error, WorkerFailed) else error
        self.panic(Text(report(cause) if cause else "Something in tui-client went wrong."))

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
        # While the app ends, a run still tells of itself, and the line may be gone already.
        for bar in self.workbench.query(StatusBar) if self.workbench else ():
            bar.replaying = message.text

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every action that can be done here, with its key."""
        keys = self.keys()
        for action in ACTIONS:
            if action.id == "command_palette" or (owner := self._owner(action, screen)) is None:
                continue
            title = f"{action.title}  {keys[action.id]}" if keys[action.id] else action.title
            # What can't be done now is not offered: search where no body is shown.
            if owner.check_action(action.id, ()) is not False:
                yield SystemCommand(title, action.help, partial(self.run_action, action.id, owner))
        yield SystemCommand("Theme", "Change the colours", self.action_change_theme)

    def _owner(self, action: Action, screen: Screen[object]) -> DOMNode | None:
        places: dict[str, DOMNode] = {"app": self}
        if isinstance(screen, WorkbenchScreen):
            places |= {"workbench": screen, "collections": screen.collections, "reply": screen.reply}
            places |= {"history": screen.past.panel}
        elif isinstance(screen, ReplayScreen):
            places["replay"] = screen
        elif place := getattr(screen, "PLACE", ""):
            # Screens that are imported when they are needed say themselves which actions are theirs.
            places[place] = screen
        return places.get(action.also) or places.get(action.where)

    def keys(self) -> dict[str, str]:
        """The keys of each action as they are bound now, by its id."""
        return {action.id: bound_keys(action, self._settings.keymap) for action in ACTIONS}

    def action_help(self) -> None:
        """Show every action and its key."""
        self.push_screen(Help(self.keys()))

    async def action_quit(self) -> None:
        """Leave; a replay that is running is asked for, and then edits that are not saved."""
        if self.screen is self._leaving:
            return
        replay = self.get_screen("replay") if self.workbench else None
        if isinstance(replay, ReplayScreen) and replay.progress:
            question = f"A replay is running: {replay.progress}. Leave?"
            self._leaving = Choose("Leave", question, _STAY_OR_LEAVE)
            self.push_screen(self._leaving, self._may_leave)
        else:
            await self._leave()

    async def _may_leave(self, answer: str | None) -> None:
        if answer == "leave":
            await self._leave()

    async def _leave(self) -> None:
        # By way of the workbench, which asks for the edits.
        if self.workbench is None:
            self.exit(0)
            return
        while self.screen is not self.workbench:
            await self.pop_screen()
        self.workbench.action_quit()


def run_workbench(path: Path | None, first: str = "", hello: str = "") -> int:
    """Run the app until the user leaves; gives the exit code. Raises BrokenFile for settings that can't be read.

    first: the key of the request to open at the start; "" begins a new one. hello: a sentence to greet with.
    Raises UsageError for a bad path.
    """
    settings = config.load()
    if unknown := unknown_actions(settings.keymap):
        reason = f"there is no action {unknown[0]}; F1 in the workbench lists them"
        raise BrokenFile(config.config_file(), reason, toml_path="$.keymap")
    app = WorkbenchApp(path, settings, first, hello)
    app.run()
    if app.problem is not None:
        raise app.problem
    return app.return_code or 0
