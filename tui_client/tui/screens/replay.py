"""The replay screen: what to replay, its dashboard, and from a row back into the workbench."""

from __future__ import annotations

import asyncio
import shlex
from contextlib import aclosing
from typing import ClassVar, Final

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static
from textual.worker import Worker

from tui_client.errors import TuiClientError
from tui_client.model.step import StepResult
from tui_client.model.wording import describe_error
from tui_client.replay.controls import Controls
from tui_client.replay.execute import Run
from tui_client.replay.plan import MAX_CONCURRENCY
from tui_client.replay.report import Summary
from tui_client.text import format_count
from tui_client.tui.actions import bindings_for
from tui_client.tui.modals.pick import Pick
from tui_client.tui.panels._result_rows import Kept
from tui_client.tui.panels._run_figures import RunView
from tui_client.tui.panels.replay_dashboard import ReplayDashboard
from tui_client.tui.panels.replay_setup import ReplaySetup
from tui_client.replay.calm import calm_collector
from tui_client.tui.screens._context import environments_of
from tui_client.tui.screens._replay_plan import choices, plan_of
from tui_client.tui.widgets.key_bar import KeyBar, keys_of
from tui_client.workspace import Workspace

_FRAME_S: Final = 0.2


class ReplayScreen(Screen[None]):
    """Owns one run. Leaving the screen leaves the run going; it is still here on return."""

    CSS_PATH = "replay.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("replay")]

    setup = getters.query_one("#setup", ReplaySetup)
    problem = getters.query_one("#problem", Static)
    dashboard = getters.query_one("#dashboard", ReplayDashboard)

    class RowOpened(Message):
        """A row should be shown in the workbench."""

        def __init__(self, result: StepResult) -> None:
            super().__init__()
            self.result = result

    class Moved(Message):
        """The run got further; the text is short, "" when there is nothing more to say of it."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class _Ended(Message):
        def __init__(self, problem: str) -> None:
            super().__init__()
            self.problem = problem

    def __init__(self, workspace: Workspace, keys: dict[str, str]) -> None:
        """keys: those of each action by its id."""
        super().__init__()
        self._keys = keys
        self._workspace = workspace
        self._offered = (".", "")
        self._going: Run | None = None
        self._last: Run | None = None
        self._worker: Worker[None] | None = None
        self._kept = Kept()
        self._concurrency = 1
        self._broke = False

    def compose(self) -> ComposeResult:
        """What to replay over how it goes."""
        yield ReplaySetup(id="setup")
        yield Static(id="problem", markup=False)
        yield ReplayDashboard(id="dashboard")
        yield KeyBar(keys_of("replay", self._keys))

    def on_mount(self) -> None:
        """A frame five times a second while a run goes."""
        self._frames = self.set_interval(_FRAME_S, self._draw, pause=True)
        self._fill_setup()

    def offer(self, target: str, environment: str) -> None:
        """What the workbench had in hand: filled in if it is another one than last time, unless a run is going."""
        before, self._offered = self._offered, (shlex.quote(target) if target else ".", environment)
        if self.is_mounted and self._going is None and before != self._offered:
            self._fill_setup()

    @property
    def progress(self) -> str:
        """How far the run that is going is, "3,214 of 10,000 done"; "" where none is."""
        if self._going is None:
            return ""
        summary = self._going.summary()
        planned = f" of {format_count(summary.planned)}" if summary.planned else ""
        return f"{format_count(summary.done + summary.skipped)}{planned} done"

    def _fill_setup(self) -> None:
        target, environment = self._offered
        library = self._workspace.library
        names = dict.fromkeys(name for one in library.collections() for name in environments_of(library, one.id))
        self.setup.fill(target, tuple(names), environment)
        self.setup.target.focus()
        self.setup.target.action_select_all()

    @work(group="choose", exclusive=True)
    async def _choose(self) -> None:
        items = await asyncio.to_thread(choices, self._workspace.library)
        chosen = await self.app.push_screen_wait(Pick("What to replay", items, current=self.setup.target.value))
        if chosen is not None:
            self.setup.target.value = chosen
            self.setup.target.focus()

    @on(ReplaySetup.ChoiceWanted)
    def _choice_wanted(self) -> None:
        self._choose()

    # The run

    @on(ReplaySetup.StartRequested)
    def _start_requested(self) -> None:
        self.action_start()

    @work(group="start", exclusive=True)
    async def action_start(self) -> None:
        """Start the replay, unless one is going."""
        if self._going is not None:
            self._say("A replay is going. s stops it, p pauses it.")
            return
        try:
            plan = await plan_of(self._workspace, self.setup.setup)
            run = self._workspace.replay(plan, Controls())
        except TuiClientError as error:
            self._say(describe_error(error))
            return
        self._say("")
        self._going = self._last = run
        self._concurrency = run.plan.concurrency
        self._kept = Kept()
        self.dashboard.key_cells = max(len(key) for key in (*plan.setup, *plan.steps))
        self.setup.busy = True
        self.dashboard.outline.focus()
        self._frames.resume()
        self._draw()
        self._worker = self._follow(run, self._kept)

    @work(group="run")
    async def _follow(self, run: Run, kept: Kept) -> None:
        problem = ""
        try:
            with calm_collector():
                async with aclosing(run.results()) as results:
                    async for result in results:
                        kept.add(result)
        except TuiClientError as error:
            problem = describe_error(error)
        finally:
            self.post_message(self._Ended(problem))

    @on(_Ended)
    def _ended(self, message: _Ended) -> None:
        self._going = None
        self._broke = bool(message.problem)
        self._frames.pause()
        if self._is_gone:
            return
        self.setup.busy = False
        if message.problem:
            self._say(message.problem)
        self._draw()
        if self._last is not None:
            self.post_message(self.Moved("" if self.is_current else _ended_text(self._last.summary())))

    def on_screen_resume(self) -> None:
        """Show how far the run is by now."""
        self._draw()
        if self._going is None:
            self.post_message(self.Moved(""))

    def _draw(self) -> None:
        if (run := self._last) is None or self._is_gone:
            return
        summary = run.summary()
        if self._going is not None and not self.is_current:
            self.post_message(self.Moved(_short(summary)))
        if self.is_current or self._going is None:
            self.dashboard.run = RunView(summary, self._state(run), run.controls.in_flight, self._concurrency)
            self.dashboard.results = self._kept.results()

    @property
    def _is_gone(self) -> bool:
        """Whether the app is ending: the panels go before the screen, and the run may still tell of itself."""
        return not self.query(ReplayDashboard)

    def _state(self, run: Run) -> str:
        if self._going is None:
            return "stopped" if run.controls.interrupted or self._broke else "done"
        return "stopping" if run.controls.stopping else "paused" if run.controls.paused else "running"

    def _say(self, text: str, kind: str = "-error") -> None:
        self.problem.update(text)
        self.problem.set_classes([kind] if text else [])

    # Steering

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Esc closes an open list before it leaves the screen; what steers a run needs one."""
        if action == "back":
            return not self.setup.environment.expanded
        if action in ("stop", "pause"):
            return True if self._going is not None else None
        return True

    def action_stop(self) -> None:
        """Stop sending; what is in flight gets its time to end. A second time ends it at once."""
        if self._going is None:
            return
        if self._going.controls.stopping and self._worker is not None:
            self._worker.cancel()
        self._going.controls.stop()
        self._draw()

    def action_pause(self) -> None:
        """Pause, or go on."""
        if self._going is not None:
            controls = self._going.controls
            (controls.resume if controls.paused else controls.pause)()
            self._draw()

    def action_faster(self) -> None:
        """One more session at once."""
        self._pace(1)

    def action_slower(self) -> None:
        """One session fewer at once."""
        self._pace(-1)

    def _pace(self, by: int) -> None:
        if self._going is not None:
            self._concurrency = max(1, min(self._concurrency + by, MAX_CONCURRENCY))
            self._going.controls.set_concurrency(self._concurrency)
            self._draw()

    def action_show_failed(self) -> None:
        """The failed rows only, or all."""
        self.dashboard.only_failed = not self.dashboard.only_failed

    def action_back(self) -> None:
        """To the workbench; the run goes on."""
        self.app.pop_screen()

    @on(ReplayDashboard.RowChosen)
    def _row_chosen(self, message: ReplayDashboard.RowChosen) -> None:
        self.post_message(self.RowOpened(message.result))


def _short(summary: Summary) -> str:
    seen = summary.done + summary.skipped
    share = f"{seen * 100 // summary.planned} %" if summary.planned else format_count(seen)
    return f"replay {share}"


def _ended_text(summary: Summary) -> str:
    bad = summary.failed + summary.errors + summary.skipped
    return f"replay ended, {format_count(bad)} did not pass" if bad else "replay ended"
