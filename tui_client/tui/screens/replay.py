"""The replay screen: what to replay, its dashboard, past runs, and from a row back into the workbench."""

from __future__ import annotations

import asyncio
import shlex
from contextlib import aclosing
from pathlib import Path
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
from tui_client.replay.execute import Run
from tui_client.replay.journal.header import Ended, RunHeader
from tui_client.text import safe_line
from tui_client.tui.actions import bindings_for
from tui_client.tui.modals.pick import Pick
from tui_client.tui.panels.replay_dashboard import ReplayDashboard
from tui_client.tui.panels.replay_dashboard.picks import NOT_PASSED
from tui_client.tui.panels.replay_dashboard.rows import Kept
from tui_client.tui.panels.replay_setup import ReplaySetup
from tui_client.tui.screens import _replay_view as views
from tui_client.tui.screens._replay_desk import Interrupted, RunsDesk
from tui_client.tui.screens._replay_journal import Past
from tui_client.tui.screens._replay_plan import choices, environment_names, run_of
from tui_client.tui.screens._replay_rows import RowsDesk, RowsRead
from tui_client.tui.widgets.key_bar import KeyBar, keys_of
from tui_client.workspace import Workspace

_FRAME_S: Final = 0.2
_STEERS: Final = ("stop", "pause", "faster", "slower")


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
        self._live: views.Live | None = None
        self._past: Past | None = None
        self._interrupted = ""  # the run that a key resumes while none is shown
        self._worker: Worker[None] | None = None
        self._held = ""
        self._desk = RunsDesk(self, workspace)
        self._rows = RowsDesk(self, workspace)

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
        self._desk.look_for_interrupted()

    def offer(self, target: str, environment: str) -> None:
        """What the workbench had in hand: filled in if it is another one than last time, unless a run is going."""
        before, self._offered = self._offered, (shlex.quote(target) if target else ".", environment)
        if self.is_mounted and self._going is None and before != self._offered:
            self._fill_setup()

    @property
    def progress(self) -> str:
        """How far the run that is going is, "3,214 of 10,000 done"; "" where none is."""
        return "" if self._going is None else views.progress_text(self._going.summary(live=True))

    def _fill_setup(self) -> None:
        target, environment = self._offered
        self.setup.fill(target, environment_names(self._workspace.library), environment)
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

    @on(Interrupted)
    def _was_interrupted(self, message: Interrupted) -> None:
        if self.header is None:
            self._interrupted = message.info.run
            self.say(views.interrupted_text(message.info, self._keys["resume"]), "-warning")

    # The run

    @on(ReplaySetup.StartRequested)
    def _start_requested(self) -> None:
        self.action_start()

    @work(group="start", exclusive=True)
    async def action_start(self) -> None:
        """Start the replay, unless one is going."""
        if self.may_begin():
            try:
                self.begin(await run_of(self._workspace, self.setup.setup))
            except TuiClientError as error:
                self.say(describe_error(error))

    def may_begin(self) -> bool:
        """Whether no run is going; says so if one is."""
        if self._going is not None:
            self.say("A replay is going. s stops it, p pauses it.")
        return self._going is None

    def begin(self, run: Run) -> None:
        """Run it and show it."""
        if not self.may_begin():
            return
        self.say("")
        self._past, self._interrupted, self._going = None, "", run
        self._live = views.Live(run, Kept())
        self._show_header(run.header, live=True)
        self.setup.busy = True
        self.dashboard.outline.focus()
        self._frames.resume()
        self._draw()
        self._worker = self._follow(run, self._live.kept)

    @work(group="run")
    async def _follow(self, run: Run, kept: Kept) -> None:
        problem = ""
        try:
            async with aclosing(run.results()) as results:
                async for result in results:
                    kept.add(result)
        except TuiClientError as error:
            problem = describe_error(error)
        finally:
            self.post_message(self._Ended(problem))

    @on(_Ended)
    def _ended(self, message: _Ended) -> None:
        held, self._held, self._going = self._held, "", None
        self._frames.pause()
        if self._is_gone:
            return
        self.setup.busy = False
        if message.problem or held:
            self.say(message.problem)
        self._draw()
        self._narrowed()
        if self._live is not None:
            text = "" if self.is_current else views.ended_text(self._live.run.summary())
            self.post_message(self.Moved(text))

    def on_screen_resume(self) -> None:
        """Show how far the run is by now."""
        self._draw()
        if self._going is None:
            self.post_message(self.Moved(""))

    def _draw(self) -> None:
        if self._is_gone:
            return
        going = self._going
        if going is not None and not self.is_current:
            self.post_message(self.Moved(views.share_text(going.summary(live=True))))
            return
        if self._past is not None:
            self.dashboard.run = views.past_view(self._past)
        elif self._live is not None:
            view = views.live_view(self._live.run, going=going is not None)
            self._say_held(view.summary.held if going else "")
            self.dashboard.run = view
            self.dashboard.results = self._live.kept.results()

    def _say_held(self, held: str) -> None:
        if held != self._held:
            self._held = held
            self.say(f"Held: {held}" if held else "", "-warning")

    @property
    def _is_gone(self) -> bool:
        """Whether the app is ending: the panels go before the screen, and the run may still tell of itself."""
        return not self.query_children(ReplayDashboard)

    def say(self, text: str, kind: str = "-error") -> None:
        """Show a sentence under the fields, "" none. kind: "-error", "-warning" or "-note"."""
        self.problem.update(safe_line(text))
        self.problem.set_classes([kind] if text else [])

    # Which run is shown, and its rows

    @property
    def header(self) -> RunHeader | None:
        """Of the run that is shown."""
        if self._past is not None:
            return self._past.header
        return None if self._live is None else self._live.run.header

    def show_past(self, past: Past | None) -> None:
        """Show a run of earlier; None, or the one of this screen: that one."""
        if past is not None and self._live is not None and past.header.run == self._live.run.header.run:
            past = None
        self._past = past
        if (header := self.header) is not None:
            self._show_header(header, live=past is None)
        else:
            self.dashboard.clear()
        self._draw()
        self._narrowed()
        self.dashboard.outline.focus()

    def is_live(self, run: str) -> bool:
        """Whether this is the run of this screen, going or ended."""
        return self._live is not None and self._live.run.header.run == run

    def forget(self, run: str) -> None:
        """A run was deleted: it is shown no more."""
        if self.is_live(run):
            self._live = None
        self._interrupted = "" if self._interrupted == run else self._interrupted
        if self._live is None or (self._past is not None and self._past.header.run == run):
            self.show_past(None)

    def _show_header(self, header: RunHeader, *, live: bool) -> None:
        self.dashboard.grouped, self.dashboard.picked, self.dashboard.live = False, None, live
        self.dashboard.key_cells = max((len(key) for key in (*header.plan.setup, *header.plan.steps)), default=0)

    def goes(self, run: str) -> bool:
        """Whether this run is going on this screen."""
        return self._going is not None and self._going.header.run == run

    def is_of_here(self, workspace: Path) -> bool:
        """Whether a run was made on this workspace; says where it was made if not."""
        here = workspace.absolute() == self._workspace.library.root.absolute()
        if not here:
            self.say(f"This run is of {workspace}. Open that workspace to see its exchanges or send from it.")
        return here

    @on(ReplayDashboard.Narrowed)
    def _narrowed(self) -> None:
        self._rows.follow()

    @on(RowsRead)
    def _rows_read(self, message: RowsRead) -> None:
        self.dashboard.listing = message.listing

    @on(ReplayDashboard.GroupChosen)
    def _group_chosen(self, message: ReplayDashboard.GroupChosen) -> None:
        if picked := self._rows.picked_of(message.id_):
            self.dashboard.pick(picked)

    @on(ReplayDashboard.RowChosen)
    def _row_chosen(self, message: ReplayDashboard.RowChosen) -> None:
        self._rows.open(message.step, message.result)

    # Steering

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Esc closes an open list before it leaves the screen; what steers a run needs one."""
        if action in ("back", "clear_filter"):
            return not self.setup.environment.expanded
        if action in _STEERS:
            return True if self._going is not None and self._past is None else None
        if action == "resume":
            return True if self._going is None and self._to_resume else None
        return True if action != "report" or self.header is not None else None

    def action_stop(self) -> None:
        """Stop sending; what is in flight gets its time to end. A second time ends it at once."""
        if self._going is None:
            return
        if self._going.controls.stopping:
            self._end_at_once()
        self._going.controls.stop()
        self._draw()

    @work(group="stop", exclusive=True)
    async def _end_at_once(self) -> None:
        if self._going is not None and self._worker is not None:
            await self._going.give_up_writing()
            self._worker.cancel()

    def action_pause(self) -> None:
        """Pause, or go on."""
        if self._going is not None:
            controls = self._going.controls
            (controls.resume if controls.paused else controls.pause)()
            self._draw()

    def action_faster(self) -> None:
        """A higher rate, or more at once."""
        self._pace(1)

    def action_slower(self) -> None:
        """A lower rate, or fewer at once."""
        self._pace(-1)

    def _pace(self, by: int) -> None:
        if self._going is not None:
            views.change_pace(self._going, by)
            self._draw()

    # What is looked at

    def action_show_failed(self) -> None:
        """The rows that did not pass only, or all."""
        self.dashboard.pick(NOT_PASSED)

    def action_show_requests(self) -> None:
        """The figures of each request, or the rows."""
        self.dashboard.grouped = not self.dashboard.grouped

    def action_outcomes(self) -> None:
        """Go to the outcomes."""
        self.dashboard.outcome.focus()

    def action_histogram(self) -> None:
        """Go to the histogram."""
        self.dashboard.latency.focus()

    @on(ReplaySetup.RunsWanted)
    def _runs_wanted(self) -> None:
        self.action_runs()

    def action_runs(self) -> None:
        """The list of runs."""
        self._desk.choose(self._interrupted if self.header is None else self.header.run)

    @property
    def _to_resume(self) -> str:
        """The run that can be resumed: the one that is shown, or the last one while none is; "" for none."""
        if (header := self.header) is None:
            return self._interrupted
        return "" if self.dashboard.run.ended is Ended.FINISHED else header.run

    def action_resume(self) -> None:
        """Go on with a run that was cut off."""
        if self._to_resume:
            self._desk.resume(self._to_resume)

    def action_report(self) -> None:
        """Write a report of the run that is shown."""
        if self.header is not None:
            self._desk.report(self.header.run)

    def action_clear_filter(self) -> None:
        """All rows again; where they are, back to the workbench."""
        if not self.dashboard.show_all():
            self.action_back()

    def action_back(self) -> None:
        """To the workbench; the run goes on."""
        self.app.pop_screen()
