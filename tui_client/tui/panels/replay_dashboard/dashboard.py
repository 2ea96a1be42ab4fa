"""The figures of a replay while it runs: progress, rate, latency, outcome, and the rows."""

from __future__ import annotations

from typing import Final

import msgspec
from textual import events, getters, on
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from tui_client.model.step import StepId, StepResult
from tui_client.text import format_count
from tui_client.tui.panels.replay_dashboard.boxes import Box, LatencyBox, OutcomeBox
from tui_client.tui.panels.replay_dashboard.figures import (
    RunView,
    columns,
    flight_text,
    rate_counts,
    rate_title,
    spark,
    threshold_line,
)
from tui_client.tui.panels.replay_dashboard.groups import WORKER, GroupRows
from tui_client.tui.panels.replay_dashboard.picks import Picked
from tui_client.tui.panels.replay_dashboard.progress import progress
from tui_client.tui.panels.replay_dashboard.rows import JournalRows, ResultRows, Results
from tui_client.tui.widgets.outline import Outline

# Below this the boxes have no room side by side, and from this height on they are taller.
_NARROW_CELLS: Final = 110
_TALL_ROWS: Final = 30
_BY_REQUEST: Final = "By request and tag · b shows the rows"
_BY_WORKER: Final = "By worker, request and tag · b shows the rows"


class Listing(msgspec.Struct, frozen=True):
    """Rows that were read from a journal. picked: what they were narrowed to. more: not all of them are here."""

    run: str
    picked: Picked | None
    rows: JournalRows
    more: bool = False


class ReplayDashboard(Widget):
    """Shows a run; Enter on a row posts `RowChosen`. Where there is little room, its boxes become lines.

    live: while nothing is picked the rows are `results`, else those of `listing`.
    """

    DEFAULT_CSS = """
    ReplayDashboard {
        layout: vertical;
        #progress { height: 1; padding: 0 1; }
        #thresholds { height: 1; padding: 0 2; display: none; }
        &.-judged #thresholds { display: block; }
        #boxes { layout: horizontal; height: 4; }
        #boxes > * {
            width: 1fr; height: 100%; padding: 0 1; border: round $foreground 25%;
            border-title-color: $text-muted; border-subtitle-color: $text-muted;
            &:focus { border: round $primary; border-title-color: $text; }
        }
        #boxes #latency { width: 1.7fr; }
        #boxes #outcome { width: 1.7fr; }
        &.-tall #boxes { height: 6; }
        .list { height: 1fr; border: round $foreground 25%; border-title-color: $text-muted; }
        .list:focus { border: round $primary; border-title-color: $text; }
        #groups { display: none; }
        &.-grouped #groups { display: block; }
        &.-grouped #rows { display: none; }
        &.-narrow {
            #thresholds { padding: 0 1; }
            #boxes { layout: vertical; height: 5; padding: 0 1; }
            #boxes > * { width: 100%; height: 2; border: none; padding: 0; }
            #boxes > *:focus { border: none; }
            #boxes #rate { height: 1; }
            #boxes #latency, #boxes #outcome { width: 100%; }
            .list { border: none; border-top: solid $foreground 25%; margin-left: 1; }
            .list:focus { border: none; border-top: solid $primary; }
        }
    }
    """

    progress = getters.query_one("#progress", Static)
    thresholds = getters.query_one("#thresholds", Static)
    rate = getters.query_one("#rate", Static)
    latency = getters.query_one("#latency", LatencyBox)
    outcome = getters.query_one("#outcome", OutcomeBox)
    outline = getters.query_one("#rows", Outline)
    groups = getters.query_one("#groups", Outline)

    run: reactive[RunView] = reactive(RunView())
    results: reactive[Results] = reactive(Results())
    listing: reactive[Listing | None] = reactive(None)
    picked: reactive[Picked | None] = reactive(None)
    live: reactive[bool] = reactive(True)
    grouped: reactive[bool] = reactive(False)
    key_cells: reactive[int] = reactive(0)

    class RowChosen(Message):
        """A row should be opened. result: what is at hand of it, cut; None for a row of the journal."""

        def __init__(self, step: StepId, result: StepResult | None) -> None:
            super().__init__()
            self.step = step
            self.result = result

    class GroupChosen(Message):
        """The rows of a request or a tag should be listed; id_: as `GroupRows` names it."""

        def __init__(self, id_: str) -> None:
            super().__init__()
            self.id_ = id_

    class Narrowed(Message):
        """Other rows are wanted, as `picked` says."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._drawn: dict[str, Content] = {}
        self._source = "live"

    def compose(self) -> ComposeResult:
        """Progress, three boxes, the rows."""
        yield Static(id="progress", markup=False)
        with Container(id="boxes"):
            yield Static(id="rate", markup=False)
            yield LatencyBox(id="latency")
            yield OutcomeBox(id="outcome")
        yield Static(id="thresholds", markup=False)
        rows, groups = Outline(id="rows", follows=True), Outline(id="groups")
        for outline in (rows, groups):
            outline.add_class("list")
            yield outline

    def on_mount(self) -> None:
        """Titles that stay; then what is known."""
        self.outcome.border_title = "Outcome"
        self.groups.border_subtitle = "Enter lists its rows"
        self.call_after_refresh(self._draw_rows)

    def on_resize(self, event: events.Resize) -> None:
        """Boxes side by side, or lines."""
        self.set_class(event.size.width < _NARROW_CELLS, "-narrow")
        self.set_class(event.size.height >= _TALL_ROWS, "-tall")
        self.call_after_refresh(self._draw_figures)

    def watch_run(self, old: RunView, new: RunView) -> None:
        """Show the figures."""
        if self.is_mounted:
            if old.summary.run != new.summary.run:
                # Rows of another run would be looked for in this one's journal.
                self.outline.rows = JournalRows()
                self._draw_rows()
            if bool(new.summary.thresholds) != self.has_class("-judged"):
                self.toggle_class("-judged")
                # The line has its width once it was laid out; of a run of earlier nothing else draws it again.
                self.call_after_refresh(self._draw_figures)
            self._draw_figures()
            self._draw_groups()

    def _draw_figures(self) -> None:
        view = self.run
        self._show(self.progress, progress(view, self.progress.content_size.width))
        self._show(self.thresholds, threshold_line(view.summary).truncate(self._width(self.thresholds), ellipsis=True))
        self._draw_rate()
        self.latency.show(view.summary, self.picked)
        self.outcome.show(view.summary, self.picked)

    def _draw_rate(self) -> None:
        view, width, title = self.run, self._width(self.rate), rate_title(self.run)
        if self.has_class("-narrow"):
            head = Content(f"{title}  {flight_text(view)}  ")
            line = Content(spark(rate_counts(view), max(0, width - head.cell_length))).stylize("$text-primary")
            self._show(self.rate, (head + line).truncate(width, ellipsis=True))
            return
        self.rate.border_title = Content(title)
        bars = columns(rate_counts(view)[-width:], max(1, self.rate.content_size.height - 1))
        lines = (*(Content(bar).stylize("$text-primary") for bar in bars), Content(flight_text(view)))
        self._show(self.rate, Content("\n").join(line.truncate(width, ellipsis=True) for line in lines))

    def _width(self, box: Widget) -> int:
        return max(1, box.content_size.width)

    def _show(self, box: Static, content: Content) -> None:
        before = self._drawn.get(box.id or "")
        if before is not None and (before.plain, before.spans) == (content.plain, content.spans):
            return
        self._drawn[box.id or ""] = content
        # The boxes keep their size: laying out the whole screen five times a second would hold up the keys.
        box.update(content, layout=False)

    def _draw_groups(self) -> None:
        if self.grouped:
            self.groups.rows = GroupRows(self.run.summary)
            title = _BY_REQUEST if self.run.summary.workers is None else _BY_WORKER
            self.groups.border_title = Content(title)

    def watch_grouped(self) -> None:
        """The table of requests and tags in place of the rows, or the rows again."""
        if self.is_mounted:
            self.set_class(self.grouped, "-grouped")
            self._draw_groups()
            (self.groups if self.grouped else self.outline).focus()

    def watch_results(self) -> None:
        """Show the rows that are wanted."""
        if self.live and self.picked is None:
            self._draw_rows()

    def watch_listing(self) -> None:
        """Show the rows that are wanted."""
        self._draw_rows()

    def watch_live(self) -> None:
        """Show the rows that are wanted."""
        self._draw_rows()

    def watch_picked(self) -> None:
        """Ask for other rows; those that are there stay until they come."""
        if self.is_mounted:
            self._draw_rows()
            self._draw_figures()
            self.post_message(self.Narrowed())

    def show_all(self) -> bool:
        """All rows again; False where they are shown already."""
        narrowed = self.grouped or self.picked is not None
        self.grouped, self.picked = False, None
        return narrowed

    def clear(self) -> None:
        """Show no run."""
        self.run, self.results, self.listing, self.picked = RunView(), Results(), None, None
        self.live = True

    def pick(self, picked: Picked | None) -> None:
        """Narrow the rows down; the same again shows all."""
        self.picked = None if picked == self.picked else picked
        self.grouped = False

    def _draw_rows(self) -> None:
        if not self.is_mounted:
            return
        listing = self.listing
        if self.live and self.picked is None:
            self._list(ResultRows(self.results.listed(), self.key_cells), "live")
        elif listing is not None and self._fits(listing):
            self._list(listing.rows, f"{listing.run} {listing.picked}")
        title = f"Rows · {self.picked.label}" if self.picked else "Rows"
        self.outline.border_title = Content(title + self._title_end())
        self.outline.border_subtitle = "Enter opens a row in the workbench" if len(self.outline.rows) else ""

    def _fits(self, listing: Listing) -> bool:
        return listing.picked == self.picked and listing.run == self.run.summary.run

    def _list(self, rows: ResultRows | JournalRows, source: str) -> None:
        """source: what rows they are; of others the cursor begins anew, at the end that is newest."""
        self.outline.rows = rows
        if source != self._source:
            self._source = source
            (self.outline.action_last if source == "live" else self.outline.action_first)()

    def _title_end(self) -> str:
        listing = self.listing
        if self.run.state == "ready":
            return ""
        if self.live and self.picked is None:
            summary, listed = self.run.summary, len(self.outline.rows)
            whole = summary.done + summary.skipped + summary.dropped
            cut = f" · the last {format_count(len(self.results.recent))} and those that failed"
            return f"{cut if listed < whole else ''} · f shows the failed ones"
        all_again = " · Esc shows all" if self.picked else " · f shows the failed ones"
        if listing is None or not self._fits(listing):
            return f" · being read{all_again}"
        count = format_count(len(listing.rows))
        more = f"the newest {count} …more in a report, w writes one" if listing.more else count
        return f" · {more}{all_again}"

    @on(Box.Wanted)
    def _wanted(self, message: Box.Wanted) -> None:
        message.stop()
        self.pick(message.picked)

    @on(Outline.Chosen)
    def _choose(self, message: Outline.Chosen) -> None:
        message.stop()
        rows = self.outline.rows
        if self.grouped:
            if not message.row.id.startswith(WORKER):  # which worker did a row is not kept
                self.post_message(self.GroupChosen(message.row.id))
        elif isinstance(rows, ResultRows | JournalRows) and (place := rows.place(message.row.id)) is not None:
            self.post_message(self.RowChosen(*rows.step(place)))

    @on(Outline.Seen)
    def _seen(self, message: Outline.Seen) -> None:
        message.stop()  # rows of a run have all their details
