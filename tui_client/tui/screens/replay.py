"""The replay screen: what to replay, its dashboard, and from a row back into the workbench."""

from __future__ import annotations

from collections import deque
from contextlib import aclosing
from pathlib import Path
from typing import ClassVar, Final

import msgspec
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
from tui_client.replay.execute import Run
from tui_client.replay.plan import Plan
from tui_client.replay.report import Summary
from tui_client.text import format_count
from tui_client.tui.actions import bindings_for
from tui_client.tui.panels.replay_dashboard import ReplayDashboard, RunView
from tui_client.tui.screens._context import environments_of
from tui_client.workspace import Workspace

# Passed rows that are listed; those that failed are kept by the report.
_LISTED: Final = 500
_FRAME_S: Final = 0.2
_BATCH: Final = "batch:"


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
        self._going: Run | None = None
        self._last: Run | None = None
        self._recent: deque[tuple[int, StepResult]] = deque(maxlen=_LISTED)
        self._failed: list[tuple[int, StepResult]] = []
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
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """A frame five times a second while a run goes."""
        self._frames = self.set_interval(_FRAME_S, self._draw, pause=True)
        self._fill_setup()

    def offer(self, target: str, environment: str) -> None:
        """What the workbench had in hand: filled in, unless a run is going."""
        self._offered = (target or ".", environment)
        if self.is_mounted and self._going is None:
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

    @work(group="start", exclusive=True)
    async def action_start(self) -> None:
        """Start the replay, unless one is going."""
        if self._going is not None:
            return
        try:
            run = self._workspace.replay(await self._plan(), Controls())
        except TuiClientError as error:
            self._complain(describe_error(error))
            return
        self._complain("")
        self._going = self._last = run
        self._concurrency = run.plan.concurrency
        self._recent.clear()
        self._failed.clear()
        self._frames.resume()
        self.dashboard.query_one("#rows").focus()
        self._follow(run)

    async def _plan(self) -> Plan:
        """What the fields say. Raises NotFound or UsageError."""
        target = self.query_one("#target", Input).value.split() or ["."]
        chosen = self.query_one("#environment", Select).value
        environment = chosen if isinstance(chosen, str) else ""
        if target[0].startswith(_BATCH):
            plan, _ = await self._workspace.plan_batch(target[0].removeprefix(_BATCH), environment)
            return plan
        data = self.query_one("#data", Input).value.strip()
        return msgspec.structs.replace(
            self._workspace.plan(target, environment),
            data=Path(data) if data else None,
            concurrency=int(self.query_one("#concurrency", Input).value or 1),
        )

    @work(group="run", exit_on_error=True)
    async def _follow(self, run: Run) -> None:
        problem, number = "", 0
        try:
            async with aclosing(run.results()) as results:
                async for result in results:
                    number += 1
                    self._recent.append((number, result))
                    if not result.passed and len(self._failed) < _LISTED:
                        self._failed.append((number, result))
        except TuiClientError as error:
            problem = describe_error(error)
        self.post_message(self._Ended(problem))

    @on(_Ended)
    def _ended(self, message: _Ended) -> None:
        self._going = None
        self._frames.pause()
        self._complain(message.problem)
        self._draw()
        self.post_message(self.Moved(""))

    def _draw(self) -> None:
        if (run := self._last) is None:
            return
        summary = run.summary()
        self.dashboard.run = RunView(summary, self._state(run), run.controls.in_flight, self._concurrency)
        self.dashboard.rows = self._rows()
        if self._going is not None:
            self.post_message(self.Moved(_short(summary)))

    def _state(self, run: Run) -> str:
        if self._going is None:
            return "stopped" if run.controls.interrupted else "done"
        return "stopping" if run.controls.stopping else "paused" if run.controls.paused else "running"

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
        if self._going is not None:
            self._going.controls.stop()

    def action_pause(self) -> None:
        """Pause, or go on."""
        if self._going is not None:
            controls = self._going.controls
            (controls.resume if controls.paused else controls.pause)()

    def action_faster(self) -> None:
        """One more session at once."""
        self._pace(1)

    def action_slower(self) -> None:
        """One session fewer at once."""
        self._pace(-1)

    def _pace(self, by: int) -> None:
        self._concurrency = max(1, self._concurrency + by)
        if self._going is not None:
            self._going.controls.set_concurrency(self._concurrency)
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
