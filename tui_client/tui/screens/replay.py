"""The replay screen: what to replay, its dashboard, and from a row back into the workbench."""

from __future__ import annotations

from collections import deque
from contextlib import aclosing
from pathlib import Path
from time import monotonic
from typing import ClassVar, Final

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Button, Footer, Input, Label, Select, Static

from tui_client.errors import TuiClientError
from tui_client.model.step import StepResult
from tui_client.model.wording import describe_error
from tui_client.replay.controls import Controls
from tui_client.replay.plan import Plan
from tui_client.replay.report import Report, Summary
from tui_client.text import format_count
from tui_client.tui.actions import bindings_for
from tui_client.tui.panels.replay_dashboard import ReplayDashboard, RunView
from tui_client.tui.screens._context import environments_of
from tui_client.workspace import Workspace

# Passed rows that are listed; those that failed are kept by the report.
_LISTED: Final = 500
_FRAME_S: Final = 0.2


class ReplayScreen(Screen[None]):
    """Owns one run. Leaving the screen leaves the run going; it is still here on return."""

    CSS_PATH = "replay.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("replay")]

    dashboard = getters.query_one("#dashboard", ReplayDashboard)

    class RowOpened(Message):
        """A row should be shown in the workbench."""

        def __init__(self, result: StepResult) -> None:
            super().__init__()
            self.result = result

    class Moved(Message):
        """The run got further; the text is short, "" when it is over."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class _Ended(Message):
        def __init__(self, problem: str) -> None:
            super().__init__()
            self.problem = problem

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self._offered = (".", "")
        self._report = Report()
        self._recent: deque[tuple[int, StepResult]] = deque(maxlen=_LISTED)
        self._failed: list[tuple[int, StepResult]] = []
        self._controls: Controls | None = None
        self._began_s = 0.0
        self._seconds = 0.0
        self._concurrency = 1

    def compose(self) -> ComposeResult:
        """What to replay over how it goes."""
        with Vertical(id="setup") as box:
            box.border_title = "Replay"
            with Horizontal(classes="line"):
                yield Label("Requests", markup=False)
                yield Input(
                    id="target", compact=True, placeholder=". for all, users/, users/*, tag:smoke, batch:nightly"
                )
                yield Button("Start ^r", id="start", variant="primary", compact=True)
            with Horizontal(classes="line"):
                yield Label("Environment", markup=False)
                yield Select[str]((), id="environment", compact=True, prompt="none")
            with Horizontal(classes="line"):
                yield Label("Data file", markup=False)
                yield Input(
                    id="data", compact=True, placeholder="optional: a .csv, .json or .jsonl file, one session a row"
                )
            with Horizontal(classes="line"):
                yield Label("At once", markup=False)
                yield Input("8", id="concurrency", compact=True, type="integer", classes="short")
        yield Static(id="problem", markup=False)
        yield ReplayDashboard(id="dashboard")
        yield Footer()

    def on_mount(self) -> None:
        """A frame five times a second while a run goes."""
        self._frames = self.set_interval(_FRAME_S, self._draw, pause=True)
        self._fill_setup()

    def offer(self, target: str, environment: str) -> None:
        """What the workbench had in hand: filled in, unless a run is going."""
        self._offered = (target or ".", environment)
        if self.is_mounted and self._controls is None:
            self._fill_setup()

    def _fill_setup(self) -> None:
        target, environment = self._offered
        first = self._workspace.library.default_collection
        names = environments_of(self._workspace.library, first.id if first else "")
        self.query_one("#target", Input).value = target
        picker: Select[str] = self.query_one("#environment", Select)
        picker.set_options((name, name) for name in names)
        if environment in names:
            picker.value = environment
        self.query_one("#start", Button).focus()

    # The run

    @on(Button.Pressed, "#start")
    @on(Input.Submitted)
    def _start_pressed(self) -> None:
        self.action_start()

    def action_start(self) -> None:
        """Start the replay, unless one is going."""
        if self._controls is not None:
            return
        try:
            plan = self._plan()
        except TuiClientError as error:
            self._complain(describe_error(error))
            return
        self._complain("")
        self._controls, self._concurrency = Controls(), plan.concurrency
        self._report, self._began_s = Report(), monotonic()
        self._recent.clear()
        self._failed.clear()
        self._frames.resume()
        self.dashboard.query_one("#rows").focus()
        self._run(plan, self._controls)

    def _plan(self) -> Plan:
        target = self.query_one("#target", Input).value.split() or ["."]
        environment = self.query_one("#environment", Select).value
        data = self.query_one("#data", Input).value.strip()
        return self._workspace.plan(
            target,
            environment=environment if isinstance(environment, str) else "",
            data=Path(data).expanduser() if data else None,
            concurrency=int(self.query_one("#concurrency", Input).value or 1),
        )

    @work(group="run", exit_on_error=True)
    async def _run(self, plan: Plan, controls: Controls) -> None:
        problem, report, number = "", self._report, 0
        try:
            report.planned = await self._workspace.planned_steps(plan)
            async with aclosing(self._workspace.replay(plan, controls)) as results:
                async for result in results:
                    number += 1
                    report.add(result)
                    self._recent.append((number, result))
                    if not result.passed and len(self._failed) < _LISTED:
                        self._failed.append((number, result))
        except TuiClientError as error:
            problem = describe_error(error)
        self.post_message(self._Ended(problem))

    @on(_Ended)
    def _ended(self, message: _Ended) -> None:
        self._seconds = monotonic() - self._began_s
        interrupted = self._controls is not None and self._controls.interrupted
        self._controls = None
        self._frames.pause()
        self._complain(message.problem)
        self._draw("stopped" if interrupted else "done")
        self.post_message(self.Moved(""))

    def _draw(self, state: str = "") -> None:
        controls = self._controls
        if controls is not None:
            self._seconds = monotonic() - self._began_s
            state = "stopping" if controls.stopping else "paused" if controls.paused else "running"
        summary = self._report.summary(self._seconds)
        self.dashboard.run = RunView(summary, state, controls.in_flight if controls else 0, self._concurrency)
        self.dashboard.rows = self._rows()
        if controls is not None:
            self.post_message(self.Moved(_short(summary)))

    def _rows(self) -> tuple[tuple[int, StepResult], ...]:
        recent = list(self._recent)
        first = recent[0][0] if recent else 0
        return (*(row for row in self._failed if row[0] < first), *recent)

    def _complain(self, text: str) -> None:
        problem = self.query_one("#problem", Static)
        problem.update(text)
        problem.set_class(bool(text), "-said")

    # Steering

    def action_stop(self) -> None:
        """Stop sending; what is in flight gets its time to end."""
        if self._controls is not None:
            self._controls.stop()

    def action_pause(self) -> None:
        """Pause, or go on."""
        if self._controls is not None:
            if self._controls.paused:
                self._controls.resume()
            else:
                self._controls.pause()

    def action_faster(self) -> None:
        """One more session at once."""
        self._pace(1)

    def action_slower(self) -> None:
        """One session fewer at once."""
        self._pace(-1)

    def _pace(self, by: int) -> None:
        self._concurrency = max(1, self._concurrency + by)
        if self._controls is not None:
            self._controls.set_concurrency(self._concurrency)
        else:
            self.query_one("#concurrency", Input).value = str(self._concurrency)

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
