"""What to replay, as a form."""

from __future__ import annotations

from typing import ClassVar, Final

import msgspec
from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Button, Input, Label, Select

from tui_client.text import safe_line
from tui_client.tui.widgets.line_input import LineInput

# Sessions side by side where nothing else is said.
AT_ONCE: Final = 8

_BATCH: Final = "batch:"
_BATCHES: Final = "batches/"


def batch_name(target: str) -> str | None:
    """ "batch:nightly" and "batches/nightly" are nightly, "shop:batches/nightly" is shop:nightly; None for no batch."""
    if target.startswith(_BATCH):
        return target.removeprefix(_BATCH)
    collection, colon, key = target.rpartition(":")
    return f"{collection}{colon}{key.removeprefix(_BATCHES)}" if key.startswith(_BATCHES) else None


class Setup(msgspec.Struct, frozen=True):
    """What the form says; None, or "" for a duration ("30s", "5m"), where a field is empty. rate: requests a second.

    workers: "4" processes of this machine, or the address of a Dask scheduler; "": this process.
    """

    target: str = ""
    environment: str = ""
    data: str = ""
    concurrency: int | None = None
    iterations: int | None = None
    rate: float | None = None
    duration: str = ""
    workers: str = ""


class _Target(LineInput):
    """The targets; the down key opens the list of what there is."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("down", "choose", "Choose", show=False)]

    def action_choose(self) -> None:
        """Ask for the list."""
        self.post_message(ReplaySetup.ChoiceWanted())


class ReplaySetup(Widget):
    """The fields of a replay. Enter in a field starts; the screen does it."""

    DEFAULT_CSS = """
    ReplaySetup {
        height: auto; padding: 0 1; border: round $foreground 25%; border-title-color: $text-muted;
        &:focus-within { border: round $primary; border-title-color: $text; }
        .line { height: 1; }
        Label { width: 13; color: $text-muted; }
        Label.next { width: auto; padding: 0 1 0 2; }
        Input, Select { width: 1fr; }
        Button { margin-left: 1; min-width: 10; }
        Input.short { width: 8; }
        Input.where { width: 20; }
    }
    """

    target = getters.query_one("#target", _Target)
    environment: getters.query_one[Select[str]] = getters.query_one("#environment", Select)
    data = getters.query_one("#data", Input)
    concurrency = getters.query_one("#concurrency", Input)
    iterations = getters.query_one("#iterations", Input)
    rate = getters.query_one("#rate-wanted", Input)
    duration = getters.query_one("#duration", Input)
    where = getters.query_one("#where", Input)
    start = getters.query_one("#start", Button)

    busy: reactive[bool] = reactive(False)

    class StartRequested(Message):
        """What the fields say should be replayed."""

    class ChoiceWanted(Message):
        """The user wants to see what can be replayed."""

    class RunsWanted(Message):
        """The user wants to see past runs."""

    def compose(self) -> ComposeResult:
        """Three lines of fields."""
        self.border_title = "Replay"
        with Horizontal(classes="line"):
            yield Label("Requests", markup=False)
            yield _Target(id="target", compact=True, placeholder=". for all, users/, users/*, tag:smoke, batch:nightly")
            yield Button("Choose ▾", id="choose", compact=True)
            yield Button("Runs", id="past-runs", compact=True)
            yield Button("Start ^r", id="start", variant="primary", compact=True)
        with Horizontal(classes="line"):
            yield Label("Environment", markup=False)
            yield Select[str]((), id="environment", compact=True, prompt="none")
            yield Label("At once", markup=False, classes="next")
            yield _count("concurrency")
            yield Label("Times", markup=False, classes="next")
            yield _count("iterations")
            yield Label("Rate/s", markup=False, classes="next")
            yield _number("rate-wanted", r"[0-9]{0,6}(\.[0-9]{0,3})?")
        with Horizontal(classes="line"):
            yield Label("Data file", markup=False)
            yield LineInput(id="data", compact=True, placeholder="optional .csv, .json, .jsonl; a session per row")
            yield Label("For", markup=False, classes="next")
            yield _number("duration", r"[0-9a-z.]{0,12}")
            yield Label("Workers", markup=False, classes="next")
            yield LineInput(id="where", compact=True, placeholder="4, tcp://host:8786", classes="where")

    @property
    def setup(self) -> Setup:
        """What the fields say now."""
        environment = self.environment.value
        return Setup(
            self.target.value.strip(),
            environment if isinstance(environment, str) else "",
            self.data.value.strip(),
            int(self.concurrency.value) if self.concurrency.value else None,
            int(self.iterations.value) if self.iterations.value else None,
            float(self.rate.value) if self.rate.value.strip(".") else None,
            self.duration.value.strip(),
            self.where.value.strip(),
        )

    def fill(self, target: str, environments: tuple[str, ...], environment: str) -> None:
        """Show another target, and choose one of these environments."""
        self.target.value = target
        self.environment.set_options((Content(safe_line(name)), name) for name in environments)
        if environment in environments:
            self.environment.value = environment

    def watch_busy(self) -> None:
        """One run at a time."""
        if self.is_mounted:
            self.start.disabled = self.busy

    def on_mount(self) -> None:
        """Say what empty fields mean."""
        self._hint()

    @on(Input.Changed, "#target")
    @on(Input.Changed, "#data")
    def _hint(self) -> None:
        of_batch = "batch's" if any(batch_name(word) for word in self.target.value.split()) else ""
        self.concurrency.placeholder = of_batch or str(AT_ONCE)
        self.iterations.placeholder = of_batch or ("all rows" if self.data.value else "1")
        self.rate.placeholder = of_batch or "free"
        self.duration.placeholder = of_batch or "30s, 5m"

    @on(Input.Submitted)
    @on(Button.Pressed, "#start")
    def _start(self, event: Input.Submitted | Button.Pressed) -> None:
        event.stop()
        self.post_message(self.StartRequested())

    @on(Button.Pressed, "#past-runs")
    def _runs(self, event: Button.Pressed) -> None:
        event.stop()
        self.post_message(self.RunsWanted())

    @on(Button.Pressed, "#choose")
    def _choose(self, event: Button.Pressed) -> None:
        event.stop()
        self.post_message(self.ChoiceWanted())


def _count(id_: str) -> Input:
    return _number(id_, r"[0-9]{0,7}")


def _number(id_: str, restrict: str) -> Input:
    # No signs: they would make no sense, and an empty field leaves it to the batch.
    return Input(id=id_, compact=True, restrict=restrict, classes="short")
