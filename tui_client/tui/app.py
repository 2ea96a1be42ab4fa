"""The app: one workspace for its whole life, the screens over it, the keymap."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from tui_client import config
from tui_client.errors import BrokenFile, TuiClientError
from tui_client.replay.calm import collect_from_now_on
from tui_client.replay.terms import Terms
from tui_client.text import safe_line
from tui_client.tui.actions import ACTIONS, bindings_for, bound_keys, unknown_actions
from tui_client.tui.asking import AskUser, grant_question
from tui_client.tui.screens.workbench import WorkbenchScreen
from tui_client.tui.starting import warm_up
from tui_client.tui.tough_app import ToughApp
from tui_client.tui.widgets.status_bar import StatusBar
from tui_client.workspace import Workspace, open_library

if TYPE_CHECKING:
    from tui_client.tui.screens.replay import ReplayScreen


class WorkbenchApp(ToughApp, inherit_bindings=False):
    """Opens the workspace, shows the workbench, closes the workspace at the end.

    problem: why the workspace could not be opened; the app has ended by itself then.
    """

    TITLE = "tui-client"
    # Of the first screen; read with it, the styles would be parsed once more.
    CSS_PATH = Path(__file__).with_name("screens") / WorkbenchScreen.CSS_PATH
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
        super().__init__()
        self._path = path
        self._first = first
        self._hello = hello
        self._settings = settings or config.Config()
        self._replay: ReplayScreen | None = None
        self._first_screen: WorkbenchScreen | None = None
        self._stands = False
        self.workspace: Workspace | None = None
        self.problem: TuiClientError | None = None
        if self._settings.theme in self.available_themes:
            self.set_reactive(App.theme, self._settings.theme)
            self.stylesheet.set_variables(self.get_css_variables())

    def get_default_screen(self) -> Screen[None]:
        """The workbench, on the workspace, at once; nothing where that can't be opened."""
        try:
            library = open_library(self._path)
        except TuiClientError as error:
            self.problem = error
            return super().get_default_screen()
        terms = Terms(AskUser(self), ask_grant=grant_question(self), shares_loop=True)
        self.workspace = Workspace(library, terms)
        self._first_screen = WorkbenchScreen(self.workspace, self.keys(), self._first, self.size)
        return self._first_screen

    def on_mount(self) -> None:
        """Take the keys; the rest can wait until the first screen stands."""
        self.set_keymap(self._settings.keymap)
        if self.problem is not None:
            self.exit(return_code=1)
            return
        self.call_after_refresh(self._first_frame)

    def _first_frame(self) -> None:
        self._stands = True
        if self._hello:
            self.notify(safe_line(self._hello), markup=False, timeout=8)
        if self._first_screen is not None:
            self._first_screen.session.begin()
        self.run_worker(self._settle(), exit_on_error=False)

    async def _settle(self) -> None:
        try:
            if self.workspace is not None:
                await warm_up(self.workspace)
        finally:
            if not self.is_headless:
                collect_from_now_on()

    def refresh_css(self, animate: bool = True) -> None:
        """Style everything anew; not before the first frame, as Textual would for the theme it has parsed all for."""
        if self._stands:
            super().refresh_css(animate)

    async def on_unmount(self) -> None:
        """Close every connection."""
        self.keep_drafts()
        if self.workspace is not None:
            await self.workspace.aclose()

    def keep_drafts(self) -> None:
        """Write what was not saved, for the next start; a second time does nothing."""
        if self._first_screen is not None:
            self._first_screen.session.close()

    @property
    def workbench(self) -> WorkbenchScreen | None:
        """The workbench, once it is there."""
        return next((screen for screen in self.screen_stack if isinstance(screen, WorkbenchScreen)), None)

    @property
    def replay(self) -> ReplayScreen | None:
        """The screen of replays, once it was looked at."""
        return self._replay

    @on(WorkbenchScreen.Left)
    async def _left(self, message: WorkbenchScreen.Left) -> None:
        if message.to == "quit":
            if self.workbench:
                self.workbench.session.settled = True
            self.exit(0)
        elif self.workbench and self.workspace:
            await self.workspace.ready()
            self._replay_of(self.workspace).offer(message.target, self.workbench.environment)
            self.push_screen("replay")

    def _replay_of(self, workspace: Workspace) -> ReplayScreen:
        from tui_client.tui.screens.replay import ReplayScreen

        if self._replay is None:
            self._replay = ReplayScreen(workspace, self.keys())
            self.install_screen(self._replay, "replay")
        return self._replay

    def on_replay_screen_row_opened(self, message: ReplayScreen.RowOpened) -> None:
        """Show a row of a replay in the workbench."""
        self.pop_screen()
        if self.workbench:
            self.workbench.show_result(message.result)

    def on_replay_screen_moved(self, message: ReplayScreen.Moved) -> None:
        """Tell of a replay in the line of state."""
        # While the app ends, a run still tells of itself, and the line may be gone already.
        for bar in self.workbench.query(StatusBar) if self.workbench else ():
            bar.replaying = message.text

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every action that can be done here, with its key."""
        from tui_client.tui.commands import commands

        return commands(self, screen)

    def keys(self) -> dict[str, str]:
        """The keys of each action as they are bound now, by its id."""
        return {action.id: bound_keys(action, self._settings.keymap) for action in ACTIONS}

    def action_command_palette(self) -> None:
        """Show the commands; once."""
        from tui_client.tui.commands import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette())

    def action_help(self) -> None:
        """Show every action and its key."""
        from tui_client.tui.modals.help import Help

        self.push_screen(Help(self.keys()))

    async def action_quit(self) -> None:
        """Leave; a replay that is running is asked for, and then edits that are not saved."""
        from tui_client.tui.leaving import leave

        await leave(self)


def run_workbench(path: Path | None, first: str = "", hello: str = "") -> int:
    """Run the app until the user leaves; gives the exit code. Raises BrokenFile for settings that can't be read.

    first: the key of the request to open at the start; "" begins a new one. hello: a sentence to greet with.
    Raises UsageError for a bad path, and the bug that ended it.
    """
    settings = config.load()
    if unknown := unknown_actions(settings.keymap):
        reason = f"there is no action {unknown[0]}; F1 in the workbench lists them"
        raise BrokenFile(config.config_file(), reason, toml_path="$.keymap")
    app = WorkbenchApp(path, settings, first, hello)
    with app.ending_in_order():
        app.run()
    if error := app.problem or app.crash:
        raise error
    return app.return_code or 0
