"""What can be asked of a body that is shown: a search, a line, a filter."""

from __future__ import annotations

from typing import Literal

import msgspec
from textual import getters, on
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from tui_client.model.exchange import Response
from tui_client.tui.panels.response_viewer.body_status import match_text
from tui_client.tui.panels.response_viewer.filter_bar import FilterBar, FilterTarget, source_of
from tui_client.tui.panels.response_viewer.pages import Page
from tui_client.tui.panels.response_viewer.reading import SNIFFED_BYTES, Reading
from tui_client.tui.panels.response_viewer.search_bar import SearchBar
from tui_client.tui.widgets.body_rows import BodyDocument
from tui_client.tui.widgets.filters.live import Filtered
from tui_client.tui.widgets.find_query import Unusable, scanner_for
from tui_client.tui.widgets.json_view import JsonView
from tui_client.tui.widgets.line_input import LineInput


class AskedBody(Vertical):
    """A view of a body, and under it the lines where something is asked; who derives from it shows the body."""

    DEFAULT_CSS = """
    AskedBody {
        #body-question { height: 1; border: none; padding: 0 1; }
    }
    """

    view = getters.query_one(JsonView)
    question = getters.query_one("#body-question", Input)
    search = getters.query_one(SearchBar)
    filter = getters.query_one(FilterBar)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._response: Response | None = None
        self._reading: Reading | None = None
        self._growing = False
        self._filtered: Filtered | None = None
        self.of = ""  # the request whose reply it is; its last filter is remembered
        self.secrets: frozenset[str] = frozenset()  # hidden in texts

    def bars(self) -> ComposeResult:
        """The lines where something is asked."""
        question = LineInput(id="body-question", compact=True, placeholder="line")
        question.display = False
        yield question
        yield SearchBar()
        yield FilterBar()

    @property
    def page(self) -> Page | None:
        """The page of the mode; None where the body is shown as text, or what a filter found in it."""
        raise NotImplementedError

    @property
    def ready(self) -> bool:
        """Whether what is shown can be asked: the page of a mode is built when it is used for the first time."""
        return self.is_mounted and (self.page is None or self.page.is_mounted)

    def focus_body(self) -> None:
        """Put the keyboard into what is shown."""
        raise NotImplementedError

    def _apply(self) -> None:
        """Show the body, or what a filter found in it."""
        raise NotImplementedError

    def _say(self, sentence: str) -> None:
        raise NotImplementedError

    # Searching

    def _put(self, document: BodyDocument) -> None:
        self.view.show(msgspec.structs.replace(document, secrets=self.secrets))
        # What is looked for is looked for in what has come in the place of the other.
        if self.search.display:
            self._search()

    def action_ask(self, what: Literal["search", "line"]) -> None:
        """Ask for a text to find, or a line to go to."""
        if not self.ready:
            return
        if self.page is not None:
            self.page.ask(what)
        elif what == "search":
            self.question.display = False
            self.search.open()
        else:
            with self.question.prevent(Input.Changed):
                self.question.value = ""
            self.question.display = True
            self.screen.set_focus(self.question)

    @on(SearchBar.Wanted)
    def _search_wanted(self, event: SearchBar.Wanted) -> None:
        event.stop()
        self._search()

    def _search(self) -> None:
        document = self.view.document
        scanner = scanner_for(self.search.wanted, document.charset, hex=document.hex)
        if isinstance(scanner, Unusable):
            self.view.search(None)
            self.search.say(scanner.reason, problem=True)
        else:
            self.view.search(scanner)
            self._say_matches()

    def _say_matches(self) -> None:
        view = self.view
        if view.search_problem:
            self.search.say(view.search_problem, problem=True)
        elif view.matches is not None or not self.search.wanted.text:
            self.search.say(match_text(view.matches) if view.matches else "")

    @on(SearchBar.Step)
    def _step(self, event: SearchBar.Step) -> None:
        event.stop()
        self.view.next_match(event.by)

    @on(Input.Submitted, "#body-question")
    def _answer(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip().isdecimal():
            self.view.go_to_line(int(event.value))
        self.question.display = False
        self.view.focus()

    def action_match(self, step: int) -> None:
        """Go to the next match, or the one before."""
        if not self.ready:
            return
        if self.page is not None:
            self.page.step(step)
        else:
            self.view.next_match(step)

    def action_close_question(self) -> None:
        """End the question, the search, the filter, one at a time; where there is none, the key is the screen's."""
        if not self.ready:
            raise SkipAction
        if self.page is not None and self.page.close():
            return
        asked = self.question.display or self.search.display or self.view.matches is not None
        if asked and not self.filter.text.has_focus:
            self.question.display = self.search.display = False
            self.view.search(None)
        elif self.filter.display:
            self.filter.end()
        else:
            raise SkipAction
        self.focus_body()

    # Filtering

    def action_filter(self) -> None:
        """Ask for what to show of the body."""
        if not self.ready:
            return
        if self.page is not None and self.page.ask("filter"):
            return
        if target := self._filter_target():
            self.filter.open(target)
        elif self._growing:
            self._say("The body can be filtered when all of it is here.")
        elif self._reading is not None:
            self._say("JSON, XML and HTML can be filtered; this is none of them.")

    def _filter_target(self) -> FilterTarget | None:
        response, reading = self._response, self._reading
        if response is None or reading is None or self._growing:
            return None
        source = source_of(reading, response.body.read(0, SNIFFED_BYTES))
        return FilterTarget(response.body, source, reading.charset, self.of) if source else None

    def _offer_filter(self) -> None:
        if self._growing:
            self.filter.wait()
        else:
            self.filter.body_changed(self._filter_target())

    @on(FilterBar.Answered)
    def _show_filtered(self, event: FilterBar.Answered) -> None:
        event.stop()
        if self._response is not None and event.target.content is self._response.body:
            had, self._filtered = self._filtered, event.filtered
            if had is not event.filtered:
                self._apply()

    @on(SearchBar.Entered)
    @on(FilterBar.Entered)
    def _typed(self, event: Message) -> None:
        event.stop()
        self.focus_body()
