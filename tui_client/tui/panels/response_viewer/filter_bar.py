"""The line where a filter is typed, live: JSONPath, jq or XPath; and how many nodes it finds."""

from __future__ import annotations

from typing import Final

import msgspec
from textual import getters, on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, Static

from tui_client.model.exchange import BodyContent
from tui_client.text import format_count, safe_line
from tui_client.tui.panels.response_viewer.reading import Reading
from tui_client.tui.widgets.filters.live import Filtered, LiveFilter, NotFiltered, Outcome
from tui_client.tui.widgets.filters.messages import Source
from tui_client.tui.widgets.lexers import Language
from tui_client.tui.widgets.line_input import LineInput
from tui_client.tui.widgets.say_line import say_line

_TYPED_S: Final = 0.15  # a pause between keys
_REMEMBERED: Final = 200
_LINES: Final = ("ndjson", "jsonl", "jsonlines", "json-lines", "x-json-stream", "json-seq")


class FilterTarget(msgspec.Struct, frozen=True):
    """A body to filter. of: the request it answers, whose filter is remembered."""

    content: BodyContent
    source: Source
    charset: str
    of: str


class _Remembered(msgspec.Struct, frozen=True):
    """The last filter of a request. on: whether the next reply is filtered without being asked."""

    expr: str = ""
    on: bool = False


class FilterBar(Vertical):
    """Filters the body it was given; the owner shows what comes of it.

    The last expression of each request is offered again, and applied to its next reply unless it was ended.
    """

    DEFAULT_CSS = """
    FilterBar {
        height: auto; background: $surface;
        & > Horizontal { height: 1; padding: 0 1; }
        & #filter-sign { width: 8; color: $text-accent; }
        & #filter-text { width: 1fr; height: 1; border: none; padding: 0; background: transparent; }
        & #filter-count { width: auto; padding: 0 1; }
        & > #filter-problem { height: auto; max-height: 2; padding: 0 1; color: $text-error; }
    }
    """

    text = getters.query_one("#filter-text", Input)
    count = getters.query_one("#filter-count", Static)
    problem = getters.query_one("#filter-problem", Static)

    class Answered(Message):
        """Show this in place of the body; None for the body itself."""

        def __init__(self, target: FilterTarget, filtered: Filtered | None) -> None:
            super().__init__()
            self.target = target
            self.filtered = filtered

    class Entered(Message):
        """The user is done with typing."""

    class _Came(Message):
        def __init__(self, live: LiveFilter, expr: str, outcome: Outcome) -> None:
            super().__init__()
            self.live = live
            self.expr = expr
            self.outcome = outcome

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._target: FilterTarget | None = None
        self._live: LiveFilter | None = None
        self._typed: Timer | None = None
        self._filters: dict[str, _Remembered] = {}
        self.display = False

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Static("filter", id="filter-sign", markup=False)
            yield LineInput(id="filter-text", compact=True)
            yield Static(id="filter-count", markup=False)
        problem = Static(id="filter-problem", markup=False)
        problem.display = False
        yield problem

    # Opening and closing

    def open(self, target: FilterTarget) -> None:
        """Ask; the last filter of this request is there, and is applied."""
        if not _same(target, self._target):
            self._begin(target, self._filters.get(target.of, _Remembered()).expr)
        self.screen.set_focus(self.text)
        self.text.select_all()

    def body_changed(self, target: FilterTarget | None) -> None:
        """Another body is shown: what was on for its request is applied to it, without taking the keyboard."""
        if _same(target, self._target):
            return
        remembered = self._filters.get(target.of, _Remembered()) if target else _Remembered()
        if target is not None and remembered.on:
            self._begin(target, remembered.expr)
        elif self.display:
            self._stop()

    def wait(self) -> None:
        """The body is still on its way; `body_changed` tells when it is here."""
        self._give_up()
        self._say()

    def end(self) -> None:
        """Close it and show the whole body; the expression is offered the next time."""
        target = self._target
        self._stop()
        if target is not None:
            self._remember(target, on=False)
            self.post_message(self.Answered(target, None))

    def _begin(self, target: FilterTarget, expr: str) -> None:
        self._stop()
        self._target, self.display = target, True
        markup = target.source in (Source.XML, Source.HTML)
        self.text.placeholder = "XPath, as //item/@id" if markup else "JSONPath as $.items[*].id, or jq as .items[].id"
        with self.text.prevent(Input.Changed):
            self.text.value = expr
        # Its process reads the body while the expression is typed.
        self._live = LiveFilter(target.content, target.source, target.charset)
        self._filter(self._live)
        if expr:
            self._want()

    def _stop(self) -> None:
        self._give_up()
        self.display = False
        self._say()

    def _give_up(self) -> None:
        if self._typed is not None:
            self._typed.stop()
        if self._live is not None:
            self.workers.cancel_group(self, "filter")
        self._target = self._live = None

    def _remember(self, target: FilterTarget, *, on: bool) -> None:
        self._filters.pop(target.of, None)
        self._filters[target.of] = _Remembered(self.text.value, on)
        while len(self._filters) > _REMEMBERED:
            del self._filters[next(iter(self._filters))]

    # Filtering

    @work(exclusive=True, group="filter", description="filter the body")
    async def _filter(self, live: LiveFilter) -> None:
        answers = live.answers()
        try:
            async for expr, outcome in answers:
                self.post_message(self._Came(live, expr, outcome))
        finally:
            await answers.aclose()

    @on(Input.Changed, "#filter-text")
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        if self._typed is not None:
            self._typed.stop()
        self._typed = self.set_timer(_TYPED_S, self._want)

    def _want(self) -> None:
        target, live = self._target, self._live
        if target is None or live is None:
            return
        expr = self.text.value.strip()
        self._remember(target, on=bool(expr))
        if expr:
            live.want(expr)
        else:
            self._say()
            self.post_message(self.Answered(target, None))

    @on(_Came)
    def _came(self, event: _Came) -> None:
        event.stop()
        target = self._target
        # What the user has typed since is on its way.
        if event.live is not self._live or target is None or event.expr != self.text.value.strip():
            return
        match event.outcome:
            case Filtered() as filtered:
                self._say(f"{format_count(filtered.nodes)} node{'' if filtered.nodes == 1 else 's'}")
                self.post_message(self.Answered(target, filtered))
            case NotFiltered(reason=reason):
                self._say(problem=f"{reason[:1].upper()}{reason[1:]}.")

    def _say(self, count: str = "", problem: str = "") -> None:
        say_line(self.count, count)
        if str(self.problem.content) != problem:
            self.problem.update(safe_line(problem))
        self.problem.display = bool(problem)

    @on(Input.Submitted, "#filter-text")
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self._typed is not None:
            self._typed.stop()
        self._want()
        self.post_message(self.Entered())


def _same(one: FilterTarget | None, other: FilterTarget | None) -> bool:
    if one is None or other is None:
        return one is other
    # Equal bodies of two replies are two bodies: the view shows the other one now.
    return one.content is other.content and (one.source, one.charset, one.of) == (other.source, other.charset, other.of)


def source_of(reading: Reading, head: bytes) -> Source | None:
    """How a body can be filtered, by what it says that it is and by how it begins; None if it can't."""
    media, start = reading.media_type, head.lstrip()[:15].lower()
    if reading.binary:
        return None
    if any(name in media for name in _LINES):
        return Source.LINES
    if reading.language is Language.JSON or start[:1] in (b"{", b"["):
        return Source.JSON
    if reading.language is Language.HTML or start.startswith((b"<!doctype html", b"<html")):
        return Source.HTML
    return Source.XML if reading.language is Language.MARKUP or start.startswith(b"<?xml") else None
