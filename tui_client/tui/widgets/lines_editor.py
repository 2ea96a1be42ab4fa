"""A list of one-line texts, each checked as it is typed: asserts and captures."""

from __future__ import annotations

from collections.abc import Callable

from textual import on
from textual.app import ComposeResult
from textual.suggester import Suggester
from textual.widgets import Static

from tui_client.text import safe_line
from tui_client.tui.widgets.row_list import EditedRow, RowList
from tui_client.tui.widgets.template_input import TemplateInput


class LineRow(EditedRow[str]):
    """A line, and under it what is wrong with it. `good` is what it said when it could be read last."""

    DEFAULT_CSS = """
    LineRow {
        height: auto; layout: vertical;
        Static { color: $text-error; height: auto; padding-left: 2; }
    }
    """

    def __init__(self, problem: Callable[[str], str], placeholder: str, suggester: Suggester | None) -> None:
        super().__init__("")
        self.good = ""
        self.problem = ""
        self._check = problem
        self.field = TemplateInput(self._typed, placeholder=placeholder, suggester=suggester, takes_lines=True)
        self._said = Static("", markup=False)
        self._said.display = False

    def compose(self) -> ComposeResult:
        """The text over its problem."""
        yield self.field
        yield self._said

    def show(self, value: str) -> None:
        """Show another text."""
        super().show(value)
        self.field.show(value)
        self._judge(value)

    def _typed(self, text: str) -> None:
        self.value = text
        self._judge(text)
        self.changed()

    def _judge(self, text: str) -> None:
        self.problem = self._check(text) if text.strip() else ""
        if not self.problem:
            self.good = text
        self._said.update(safe_line(self.problem))
        self._said.display = bool(self.problem)


class LinesEditor(RowList[str]):
    """Edits lines; `problem` gives a sentence for a text that can't be read, "" for one that can.

    It tells the lines that can be read; one that can't counts as what it said before.
    """

    def __init__(
        self,
        tell: Callable[[tuple[str, ...]], None],
        problem: Callable[[str], str],
        placeholder: str,
        *,
        suggester: Suggester | None = None,
        id: str | None = None,
    ) -> None:
        self._problem = problem
        self._placeholder = placeholder
        self._suggester = suggester
        super().__init__(lambda _: tell(self.good_lines), "", id=id)

    def make_row(self) -> LineRow:
        """One line."""
        return LineRow(self._problem, self._placeholder, self._suggester)

    def is_blank(self, value: str) -> bool:
        """Nothing but blanks."""
        return not value.strip()

    @property
    def good_lines(self) -> tuple[str, ...]:
        """What can be read; for a line that can't, what it said before. Empty ones left out."""
        lines = (row.good for row in self.rows if isinstance(row, LineRow))
        return tuple(line for line in lines if line.strip())

    @on(TemplateInput.LinesPasted)
    def _pasted(self, event: TemplateInput.LinesPasted) -> None:
        event.stop()
        self.replace_all((*self.values, *event.lines))
