"""The figures of a replay while it runs: progress, rate, latency, outcome, and the rows."""

from __future__ import annotations

from typing import Final, assert_never

import msgspec
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from tui_client.model.step import Errored, Replied, Skipped, StepResult
from tui_client.model.wording import describe
from tui_client.replay.report import Summary
from tui_client.text import format_count, format_duration_ms, safe_line
from tui_client.tui.widgets.outline import Outline, OutlineRow, RowState

_BLOCKS: Final = "▁▂▃▄▅▆▇█"


class RunView(msgspec.Struct, frozen=True):
    """What the dashboard shows of a run: its figures, and what its controls say.

    state: "ready", "running", "paused", "stopping", "done" or a sentence why it could not run.
    """

    summary: Summary = Summary(run="")
    state: str = "ready"
    in_flight: int = 0
    concurrency: int = 1


def spark(counts: tuple[int, ...], width: int) -> str:
    """The last `width` counts as a line of blocks; a zero is a gap."""
    shown = counts[-width:] if width > 0 else ()
    top = max(shown, default=0)
    return "".join(" " if not n else _BLOCKS[min(7, n * 8 // (top + 1))] for n in shown)


def progress(view: RunView, width: int) -> Content:
    """State, count, bar, share and the time that is left."""
    summary = view.summary
    seen = summary.done + summary.skipped
    if summary.planned is None:
        return Content(f"{view.state}  {format_count(seen)} done, the rows are being counted")
    share = min(1.0, seen / summary.planned) if summary.planned else 0.0
    eta = f"ETA {format_duration_ms(summary.eta_s * 1000)}" if view.state == "running" and summary.eta_s else ""
    head = f"{view.state}  {format_count(seen)} / {format_count(summary.planned)}  "
    tail = f"  {share * 100:.0f} %   {eta or format_duration_ms(summary.seconds * 1000)}"
    room = max(5, width - len(head) - len(tail) - 2)
    filled = round(share * room)
    bar = Content("━" * filled).stylize("$text-primary") + Content("─" * (room - filled)).stylize("$text-muted")
    return Content(head) + bar + Content(tail)


def rate_box(view: RunView, width: int) -> Content:
    """Steps a second, now and over the last minute."""
    line = Content(spark(view.summary.rates, width)).stylize("$text-primary")
    return line + Content(f"\nin flight {view.in_flight} of {view.concurrency} · retried {view.summary.retried}")


def latency_box(summary: Summary, width: int) -> Content:
    """The histogram over the percentiles."""
    bars = tuple(count for _, count in summary.bars)
    line = Content(spark(bars, width)).stylize("$text-accent")
    latency = summary.latency
    figures = ((name, getattr(latency, name)) for name in ("p50", "p90", "p95", "p99", "max"))
    return line + Content("\n" + "  ".join(f"{name} {value:.1f}" for name, value in figures if value is not None))


def outcome_box(summary: Summary) -> Content:
    """Counts with a sign each, then statuses and errors by kind."""
    counts = Content("  ").join(
        (
            Content(f"✓ passed {format_count(summary.passed)}").stylize("$text-success"),
            Content(f"✗ failed {format_count(summary.failed)}").stylize(
                "$text-error" if summary.failed else "$text-muted"
            ),
            Content(f"⚠ errors {format_count(summary.errors)}").stylize(
                "$text-warning" if summary.errors else "$text-muted"
            ),
            Content(f"skipped {format_count(summary.skipped)}").stylize("$text-muted"),
        )
    )
    statuses = " ".join(f"{status}×{format_count(count)}" for status, count in summary.by_status.items())
    errors = " ".join(f"{kind}×{format_count(count)}" for kind, count in summary.by_error.items())
    return counts + Content("\n" + safe_line("  ".join(filter(None, (statuses, errors)))))


def result_row(number: int, result: StepResult) -> OutlineRow:
    """One row of the list: which step, what came, and why it failed."""
    step = result.step
    where = f"row {step.row}  " if step.row else f"#{step.iteration}  " if step.iteration else ""
    sign = "✓" if result.passed else "✗"
    head, why = _outcome_text(result)
    state = RowState.LEAF if result.passed else RowState.BROKEN
    return OutlineRow(str(number), f"{sign} {where}{step.key}  {head}  {why}", 0, state)


def _outcome_text(result: StepResult) -> tuple[str, str]:
    match result.outcome:
        case Replied(exchange=exchange, checks=checks, http_error=http_error):
            response = exchange.response
            head = f"{exchange.request.method} {response.status if response else '—'}"
            bad = next((check for check in checks if not check.passed), None)
            negation = "not " if bad and bad.negated else ""
            why = bad.error or f"{bad.query} {bad.expr} {negation}{bad.op} {bad.value}, was {bad.actual}" if bad else ""
            if http_error and not why:
                why = "the status is an error and no check asks for it"
            return f"{head}  {format_duration_ms(exchange.timings.total)}", why
        case Errored(failure=failure):
            return failure.kind.value, describe(failure)
        case Skipped(because=because):
            return "skipped", f"{because} failed before it"
        case _:
            assert_never(result.outcome)


class ReplayDashboard(Widget):
    """Shows a run; Enter on a row posts `RowChosen`."""

    DEFAULT_CSS = """
    ReplayDashboard {
        layout: vertical;
        #progress { height: 1; padding: 0 1; }
        #boxes { height: 4; }
        #boxes Static { width: 1fr; height: 4; border: round $foreground 25%; border-title-color: $text-muted; padding: 0 1; }
        #boxes #outcome { width: 1.5fr; }
        #rows { height: 1fr; border: round $foreground 25%; border-title-color: $text-muted; }
        #rows:focus { border: round $primary; }
    }
    """

    run: reactive[RunView] = reactive(RunView())
    rows: reactive[tuple[tuple[int, StepResult], ...]] = reactive(())
    only_failed: reactive[bool] = reactive(False)

    class RowChosen(Message):
        """A row should be opened."""

        def __init__(self, result: StepResult) -> None:
            super().__init__()
            self.result = result

    def compose(self) -> ComposeResult:
        """Progress, three boxes, the rows."""
        yield Static(id="progress", markup=False)
        with Horizontal(id="boxes"):
            yield Static(id="rate", markup=False)
            yield Static(id="latency", markup=False)
            yield Static(id="outcome", markup=False)
        yield Outline(id="rows")

    def on_mount(self) -> None:
        """Titles that stay."""
        self.query_one("#latency").border_title = "Latency, ms"
        self.query_one("#outcome").border_title = "Outcome"

    def watch_run(self) -> None:
        """Show the figures."""
        if not self.is_mounted:
            return
        view, rate = self.run, self.query_one("#rate", Static)
        latency = self.query_one("#latency", Static)
        rate.border_title = f"Rate {view.summary.requests_per_second:,.1f}/s"
        self.query_one("#progress", Static).update(progress(view, self.size.width))
        rate.update(rate_box(view, rate.content_size.width))
        latency.update(latency_box(view.summary, latency.content_size.width))
        self.query_one("#outcome", Static).update(outcome_box(view.summary))

    def watch_rows(self) -> None:
        """Show the rows that are wanted."""
        self._draw_rows()

    def watch_only_failed(self) -> None:
        """Show the rows that are wanted."""
        self._draw_rows()

    def _draw_rows(self) -> None:
        if not self.is_mounted:
            return
        shown = [(number, result) for number, result in self.rows if not (self.only_failed and result.passed)]
        outline = self.query_one("#rows", Outline)
        outline.rows = tuple(result_row(number, result) for number, result in shown)
        outline.border_title = "Failed rows · f shows all" if self.only_failed else "Rows · f shows the failed ones"
        outline.border_subtitle = "Enter opens a row in the workbench" if shown else ""

    @on(Outline.Chosen)
    def _choose(self, message: Outline.Chosen) -> None:
        message.stop()
        wanted = int(message.row.id)
        for number, result in self.rows:
            if number == wanted:
                self.post_message(self.RowChosen(result))
                return
