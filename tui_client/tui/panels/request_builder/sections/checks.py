"""What the reply must hold, and what is taken from it, one line each."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widgets import Label

from tui_client.errors import UsageError
from tui_client.kinds.lines import parse_assertion, parse_capture, print_assertion, print_capture
from tui_client.tui.panels.request_builder._section import SectionView
from tui_client.tui.panels.request_builder.line_words import LineSuggester
from tui_client.tui.widgets.lines_editor import LinesEditor


def assertion_problem(line: str) -> str:
    """Why a line is no assert, "" if it is one."""
    try:
        parse_assertion(line)
    except UsageError as error:
        return error.reason
    return ""


def capture_problem(line: str) -> str:
    """Why a line is no capture, "" if it is one."""
    try:
        parse_capture(line)
    except UsageError as error:
        return error.reason
    return ""


class ChecksSection(SectionView):
    """Asserts over captures. What was typed stays as it was typed, as long as it says the same."""

    def build(self) -> None:
        """Two lists of lines."""
        words = LineSuggester()
        self._asserts = LinesEditor(
            self._asserted, assertion_problem, 'status == 200, or json "$.id" isInteger', suggester=words, id="asserts"
        )
        self._captures = LinesEditor(
            self._captured, capture_problem, 'token: json "$.token"', suggester=words, id="captures"
        )

    def compose(self) -> ComposeResult:
        """Each list below what it is."""
        yield Label(
            "Checks: query, filters, operator, value. # before a line switches it off.", classes="hint", markup=False
        )
        yield self._asserts
        yield Label("Captures: a variable's name, a colon, query, filters.", classes="hint", markup=False)
        yield self._captures

    def draw(self, *, switched: bool) -> None:
        """In step with the draft."""
        if switched or tuple(map(parse_assertion, self._asserts.good_lines)) != self.draft.asserts:
            self._asserts.show(tuple(map(print_assertion, self.draft.asserts)))
        if switched or tuple(map(parse_capture, self._captures.good_lines)) != self.draft.captures:
            self._captures.show(tuple(map(print_capture, self.draft.captures)))

    def _asserted(self, lines: tuple[str, ...]) -> None:
        self.edit(asserts=tuple(map(parse_assertion, lines)))

    def _captured(self, lines: tuple[str, ...]) -> None:
        self.edit(captures=tuple(map(parse_capture, lines)))
