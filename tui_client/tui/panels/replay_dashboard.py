"""The figures of a replay while it runs: progress, rate, latency, outcome, and the rows."""

from __future__ import annotations

from typing import Final

from textual import events, getters, on
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from tui_client.model.step import StepResult
from tui_client.text import format_count
from tui_client.tui.panels._result_rows import ResultRows, Results
from tui_client.tui.panels._run_figures import (
    RunView,
    latency_lines,
    latency_range,
    outcome_lines,
    progress,
    rate_lines,
)
from tui_client.tui.widgets.outline import Outline

# Below this the boxes have no room side by side.
_NARROW_CELLS: Final = 110


class ReplayDashboard(Widget):
    """Shows a run; Enter on a row posts `RowChosen`. Where there is little room, its boxes become lines."""

    DEFAULT_CSS = """
    ReplayDashboard {
        layout: vertical;
        #progress { height: 1; padding: 0 1; }
        #boxes { layout: horizontal; height: 4; }
        #boxes Static {
            width: 1fr; height: 4; padding: 0 1; border: round $foreground 25%;
            border-title-color: $text-muted; border-subtitle-color: $text-muted;
        }
        #boxes #outcome { width: 1.5fr; }
        #rows { height: 1fr; border: round $foreground 25%; border-title-color: $text-muted; }
        #rows:focus { border: round $primary; border-title-color: $text; }
        &.-narrow {
            #boxes { layout: vertical; height: 4; padding: 0 1; }
            #boxes Static { width: 100%; height: 1; border: none; padding: 0; }
            #boxes #outcome { width: 100%; height: 2; }
        }
    }
    """

    progress = getters.query_one("#progress", Static)
    rate = getters.query_one("#rate", Static)
    latency = getters.query_one("#latency", Static)
    outcome = getters.query_one("#outcome", Static)
    outline = getters.query_one("#rows", Outline)

    run: reactive[RunView] = reactive(RunView())
    results: reactive[Results] = reactive(Results())
    key_cells: reactive[int] = reactive(0)
    only_failed: reactive[bool] = reactive(False)

    class RowChosen(Message):
        """A row should be opened."""

        def __init__(self, result: StepResult) -> None:
            super().__init__()
            self.result = result

    def compose(self) -> ComposeResult:
        """Progress, three boxes, the rows."""
        yield Static(id="progress", markup=False)
        with Container(id="boxes"):
            yield Static(id="rate", markup=False)
            yield Static(id="latency", markup=False)
            yield Static(id="outcome", markup=False)
        yield Outline(id="rows", follows=True)

    def on_mount(self) -> None:
        """Titles that stay; then what is known."""
        self.latency.border_title = "Latency, ms"
        self.outcome.border_title = "Outcome"
        self._draw_rows()

    def on_resize(self, event: events.Resize) -> None:
        """Boxes side by side, or lines."""
        self.set_class(event.size.width < _NARROW_CELLS, "-narrow")
        self.call_after_refresh(self._draw_figures)

    def watch_run(self) -> None:
        """Show the figures."""
        if self.is_mounted:
            self._draw_figures()

    def _draw_figures(self) -> None:
        view, summary = self.run, self.run.summary
        speed = f"Rate {summary.requests_per_second:,.1f}/s"
        _show(self.progress, progress(view, self.progress.content_size.width))
        if self.has_class("-narrow"):
            self._draw_narrow(speed)
            return
        self.rate.border_title = speed
        self.latency.border_subtitle = latency_range(summary)
        for box, lines in (
            (self.rate, rate_lines(view, self.rate.content_size.width)),
            (self.latency, latency_lines(summary, self.latency.content_size.width)),
            (self.outcome, outcome_lines(summary, self.outcome.content_size.width)),
        ):
            width = box.content_size.width
            _show(box, Content("\n").join(line.truncate(width, ellipsis=True) for line in lines))

    def _draw_narrow(self, speed: str) -> None:
        view, summary, width = self.run, self.run.summary, self.progress.content_size.width
        flight = Content(f"{speed}  ") + rate_lines(view, 0)[1] + Content("  ")
        line, _ = rate_lines(view, max(0, width - flight.cell_length))
        _show(self.rate, (flight + line).truncate(width, ellipsis=True))
        figures = Content("Latency, ms  ") + latency_lines(summary, width - 13)[1] + Content("  ")
        bars, _ = latency_lines(summary, max(0, width - figures.cell_length))
        _show(self.latency, (figures + bars).truncate(width, ellipsis=True))
        lines = outcome_lines(summary, width)
        _show(self.outcome, Content("\n").join(line.truncate(width, ellipsis=True) for line in lines))

    def watch_results(self) -> None:
        """Show the rows that are wanted."""
        self._draw_rows()

    def watch_only_failed(self) -> None:
        """Show the rows that are wanted."""
        self._draw_rows()

    def _draw_rows(self) -> None:
        if not self.is_mounted:
            return
        listed = self.results.listed(self.only_failed)
        self.outline.rows = ResultRows(listed, self.key_cells)
        self.outline.border_title = self._title(len(listed))
        self.outline.border_subtitle = "Enter opens a row in the workbench" if listed else ""

    def _title(self, listed: int) -> str:
        summary = self.run.summary
        failed = summary.failed + summary.errors + summary.skipped
        if self.only_failed:
            shown = f"{format_count(listed)} of {format_count(failed)}" if listed < failed else format_count(failed)
            return f"Rows that did not pass: {shown} · f shows all"
        whole = summary.done + summary.skipped
        cut = f" · the last {format_count(len(self.results.recent))} and those that failed" if listed < whole else ""
        return f"Rows{cut} · f shows the failed ones"

    @on(Outline.Chosen)
    def _choose(self, message: Outline.Chosen) -> None:
        message.stop()
        rows = self.outline.rows
        if isinstance(rows, ResultRows) and (result := rows.result(message.row.id)):
            self.post_message(self.RowChosen(result))

    @on(Outline.Seen)
    def _seen(self, message: Outline.Seen) -> None:
        message.stop()  # rows of a run have all their details


def _show(box: Static, content: Content) -> None:
    # The boxes keep their size: laying out the whole screen five times a second would hold up the keys.
    box.update(content, layout=False)
