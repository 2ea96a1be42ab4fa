"""What the reply must hold, and what is taken from it, one line each."""

from __future__ import annotations

import msgspec
from textual import on
from textual.app import ComposeResult
from textual.widgets import Label

from tui_client.errors import UsageError
from tui_client.kinds.lines import parse_assertion, parse_capture, print_assertion, print_capture
from tui_client.model.request import Assertion
from tui_client.tui.panels.request_builder._section import SectionView
from tui_client.tui.widgets.lines_editor import LinesEditor


def assertion_problem(line: str) -> str:
    """Why a line is no assert, "" if it is one. A line that begins with "#" is switched off."""
    try:
        parse_assertion(line.removeprefix("#"))
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


def assertion_line(assertion: Assertion) -> str:
    """One line; an assert that is switched off begins with "#"."""
    return ("" if assertion.enabled else "# ") + print_assertion(assertion)


def read_assertion(line: str) -> Assertion:
    """The assert of a line. Raises UsageError."""
    assertion = parse_assertion(line.removeprefix("#"))
    return msgspec.structs.replace(assertion, enabled=not line.startswith("#"))


class ChecksSection(SectionView):
    """Asserts over captures."""

    def compose(self) -> ComposeResult:
        """Two lists of lines."""
        yield Label("Checks: query, filters, operator, value (# switches one off)", classes="hint", markup=False)
        yield LinesEditor(assertion_problem, 'status == 200, or json "$.id" isInteger', id="asserts")
        yield Label("Captures: name: query, filters", classes="hint", markup=False)
        yield LinesEditor(capture_problem, 'token: json "$.token"', id="captures")

    def draw(self) -> None:
        """In step with the draft."""
        self.query_one("#asserts", LinesEditor).show(tuple(map(assertion_line, self.draft.asserts)))
        self.query_one("#captures", LinesEditor).show(tuple(map(print_capture, self.draft.captures)))

    @on(LinesEditor.Changed, "#asserts")
    def _asserts(self, event: LinesEditor.Changed) -> None:
        event.stop()
        self.edit(msgspec.structs.replace(self.draft, asserts=tuple(map(read_assertion, event.lines))))

    @on(LinesEditor.Changed, "#captures")
    def _captures(self, event: LinesEditor.Changed) -> None:
        event.stop()
        self.edit(msgspec.structs.replace(self.draft, captures=tuple(map(parse_capture, event.lines))))
