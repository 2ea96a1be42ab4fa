"""The boxes of the dashboard whose parts can be chosen: the outcomes, and the histogram of the latency."""

from __future__ import annotations

from typing import ClassVar, Final

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from tui_client.replay.summary import Summary
from tui_client.text import format_count
from tui_client.tui.panels.replay_dashboard.figures import (
    columns,
    latency_range,
    latency_text,
    load_text,
    stretched,
)
from tui_client.tui.panels.replay_dashboard.layout import Laid, drawn, laid
from tui_client.tui.panels.replay_dashboard.picks import Picked, bar_picked, kind_entries, outcome_entries

# A line of bars narrower than this says nothing.
_LEAST_BARS: Final = 12
_CHOOSE: Final = "← → choose · Enter lists its rows"


class Box(Widget, can_focus=True):
    """Draws a summary and posts `Wanted` for the part that was chosen. It draws again only what changed."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", "Previous", show=False),
        Binding("right", "step(1)", "Next", show=False),
        Binding("up", "line(-1)", "Up", show=False),
        Binding("down", "line(1)", "Down", show=False),
        Binding("home", "step(-9999)", "First", show=False),
        Binding("end", "step(9999)", "Last", show=False),
        Binding("enter,space", "want", "List its rows", show=False),
    ]

    class Wanted(Message):
        """The rows of this part should be listed; again if they are: all rows."""

        def __init__(self, picked: Picked) -> None:
            super().__init__()
            self.picked = picked

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._summary = Summary(run="")
        self._active: Picked | None = None
        self._lines = Content("")

    def show(self, summary: Summary, active: Picked | None) -> None:
        """Draw these figures; active: what the rows are narrowed to now."""
        self._summary, self._active = summary, active
        self._draw()

    def _draw(self) -> None:
        lines = self.lines(max(1, self.content_size.width), max(1, self.content_size.height))
        if (lines.plain, lines.spans) != (self._lines.plain, self._lines.spans):
            self._lines = lines
            self.refresh()

    def lines(self, width: int, height: int) -> Content:
        """What is drawn in so much room."""
        raise NotImplementedError

    def render(self) -> Content:
        """The lines as they were drawn last."""
        return self._lines

    def on_resize(self) -> None:
        """Draw for the new size."""
        self._draw()

    def watch_has_focus(self, value: bool) -> None:
        """Show the cursor, or hide it."""
        super().watch_has_focus(value)
        self._draw()

    def want(self, picked: Picked | None) -> None:
        """Tell that a part was chosen."""
        if picked is not None:
            self.post_message(self.Wanted(picked))

    @property
    def is_narrow(self) -> bool:
        """Whether it stands without a border, and says its title itself."""
        return not self.styles.border_top[0]


class OutcomeBox(Box):
    """Outcomes, statuses and error kinds with their counts; each can be chosen."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._laid = Laid()
        self._cursor: Picked | None = None

    def lines(self, width: int, height: int) -> Content:
        """Outcomes, then statuses and errors."""
        outcomes = outcome_entries(self._summary)
        if laid((outcomes,), width, height).more or len(laid((outcomes,), width, 1).places) < len(outcomes):
            outcomes = outcome_entries(self._summary, short=True)
        self._laid = laid((outcomes, kind_entries(self._summary)), width, height)
        cursor = self._current if self.has_focus else None
        self.border_subtitle = _CHOOSE if self.has_focus else ""
        return drawn(self._laid, width, height, cursor, self._active)

    @property
    def _current(self) -> Picked | None:
        known = [place.entry.picked for place in self._laid.choosable]
        return self._cursor if self._cursor in known else next(iter(known), None)

    def action_step(self, by: int) -> None:
        """Move the cursor to a neighbour."""
        known = [place.entry.picked for place in self._laid.choosable]
        if known:
            at = known.index(self._current) + by
            self._cursor = known[max(0, min(at, len(known) - 1))]
            self._draw()

    def action_line(self, by: int) -> None:
        """Move the cursor to the nearest entry of another line."""
        here = next((place for place in self._laid.choosable if place.entry.picked == self._current), None)
        if here is None:
            return
        there = [place for place in self._laid.choosable if place.line == here.line + by]
        if there:
            self._cursor = min(there, key=lambda place: abs(place.start - here.start)).entry.picked
            self._draw()

    def action_want(self) -> None:
        """List the rows of what the cursor is on."""
        self.want(self._current)

    def on_click(self, event: events.Click) -> None:
        """List the rows of what is under the mouse."""
        at = event.get_content_offset_capture(self)
        if picked := self._laid.at(at.y, at.x):
            self._cursor = picked
            self.want(picked)


class LatencyBox(Box):
    """The percentiles and the histogram; each of its bars can be chosen."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._bar = 0
        self._first_cell = 0

    def lines(self, width: int, height: int) -> Content:
        """The histogram over what is to be said of it; without a border, the percentiles before it."""
        figures = latency_text(self._summary, width - 14)
        # The range of the chosen bar stands where that of the whole histogram was.
        self.border_title = Content(f"Latency ms  {figures}" if figures else "Latency ms")
        self.border_subtitle = Content("" if self.has_focus else latency_range(self._summary))
        if not self.is_narrow:
            return self._bars_over_text(width, height)
        said = self._said()
        room = max(_LEAST_BARS, width - said.cell_length - 2)
        self._first_cell = 0
        bars = self._drawn_bars(room, 1)[0] if self._summary.bars else Content("")
        gap = Content("  ") if bars.cell_length else Content("")
        lines = (Content(f"Latency ms  {figures}"), bars + gap + said)
        return Content("\n").join(line.truncate(width, ellipsis=True) for line in lines[:height])

    def _bars_over_text(self, width: int, height: int) -> Content:
        bars = self._drawn_bars(width, max(1, height - 1))
        return Content("\n").join(line.truncate(width, ellipsis=True) for line in (*bars, self._said()))

    def _said(self) -> Content:
        bars = self._summary.bars
        if not self.has_focus or not bars:
            return load_text(self._summary)
        bar = self._current
        count = format_count(bars[bar][1])
        return Content(f"{bar_picked(bars, bar).label}: {count} rows · Enter lists them").stylize("$text-accent")

    def _drawn_bars(self, width: int, height: int) -> tuple[Content, ...]:
        bars = self._summary.bars
        times = self._times(width)
        lines = columns(stretched(tuple(count for _, count in bars), width), height)
        return tuple(self._drawn_line(line.ljust(len(bars) * times), times) for line in lines)

    def _drawn_line(self, line: str, times: int) -> Content:
        drawn = Content(line).stylize("$text-accent")
        if self.has_focus and self._summary.bars:
            drawn = drawn.stylize("reverse", self._current * times, (self._current + 1) * times)
        return drawn

    def _times(self, width: int) -> int:
        return max(1, width // len(self._summary.bars)) if self._summary.bars else 1

    @property
    def _current(self) -> int:
        return max(0, min(self._bar, len(self._summary.bars) - 1))

    def action_step(self, by: int) -> None:
        """Move the cursor to a neighbour."""
        self._bar = max(0, min(self._current + by, len(self._summary.bars) - 1))
        self._draw()

    def action_line(self, by: int) -> None:
        """To the next bar that has rows, on the left or the right."""
        counts = [count for _, count in self._summary.bars]
        places = range(self._current + 1, len(counts)) if by > 0 else range(self._current - 1, -1, -1)
        self._bar = next((bar for bar in places if counts[bar]), self._current)
        self._draw()

    def action_want(self) -> None:
        """List the rows of the bar the cursor is on."""
        if self._summary.bars:
            self.want(bar_picked(self._summary.bars, self._current))

    def on_click(self, event: events.Click) -> None:
        """List the rows of the bar under the mouse."""
        at = event.get_content_offset_capture(self)
        bars = self._summary.bars
        if not bars or (self.is_narrow and at.y != 1):
            return
        room = max(_LEAST_BARS, self.content_size.width - self._said().cell_length - 2)
        bar = at.x // self._times(room if self.is_narrow else self.content_size.width)
        if 0 <= bar < len(bars):
            self._bar = bar
            self.want(bar_picked(bars, bar))
