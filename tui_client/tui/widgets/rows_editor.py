"""Rows of name and value that switch on and off: parameters, headers, form fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import msgspec
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.suggester import Suggester
from textual.widget import Widget
from textual.widgets import Static

from tui_client.model.request import NameValue
from tui_client.text import safe_line
from tui_client.tui.widgets.row_list import EditedRow, RowList
from tui_client.tui.widgets.template_input import TemplateInput
from tui_client.tui.widgets.word_suggester import WordSuggester


class EditorRow(msgspec.Struct, frozen=True):
    """One row; `tag` is the owner's and comes back ("" for rows the user added), `note` stands behind the value.

    values: what it can be, to be completed, and to be gone through with Alt+Up and Alt+Down.
    """

    row: NameValue
    tag: str = ""
    note: str = ""
    values: tuple[str, ...] = ()


_EMPTY = EditorRow(NameValue(""))


class RowSwitch(Widget, can_focus=True):
    """The sign before a row: sent or not."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,enter", "switch", "On or off", show=False),
        Binding("delete", "remove", "Remove the row", show=False),
    ]
    DEFAULT_CSS = """
    RowSwitch {
        width: 3; height: 1; color: $text-success;
        &.-off { color: $text-muted; }
        &:focus { background: $primary; color: $text; }
    }
    """

    def __init__(self, toggled: Callable[[], None], removed: Callable[[], None]) -> None:
        super().__init__()
        self._toggled = toggled
        self._removed = removed

    def render(self) -> Content:
        """A hook for rows that are sent, an empty box for the others, nothing for an empty row."""
        return Content("" if self.has_class("-empty") else " ▢" if self.has_class("-off") else " ✓")

    def on_click(self) -> None:
        """Switch."""
        self.action_switch()

    def action_switch(self) -> None:
        """Switch."""
        self._toggled()

    def action_remove(self) -> None:
        """Take the row away."""
        self._removed()


class RemoveSign(Static):
    """Removes its row by the mouse; Delete on the sign before the row does the same by keys."""

    DEFAULT_CSS = """
    RemoveSign {
        width: 3; height: 1; padding: 0 1; color: $text-muted;
        &:hover { color: $text-error; }
    }
    """

    def __init__(self, removed: Callable[[], None]) -> None:
        super().__init__("✕", markup=False)
        self._removed = removed

    def on_click(self) -> None:
        """Take the row away."""
        self._removed()


class NameValueRow(EditedRow[EditorRow]):
    """Switch, name, value, note, remove."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("alt+up", "value(-1)", "Value before", show=False),
        Binding("alt+down", "value(1)", "Next value", show=False),
    ]
    DEFAULT_CSS = """
    NameValueRow {
        height: 1; layout: horizontal;
        .name { width: 30%; max-width: 32; }
        .value { width: 1fr; margin-left: 1; }
        .note { width: auto; max-width: 24; height: 1; margin-left: 1; color: $text-muted; text-wrap: nowrap;
            text-overflow: ellipsis; }
        &.-off TemplateInput { color: $text-muted; }
        &.-empty RemoveSign { visibility: hidden; }
    }
    """

    def __init__(self, names: Suggester | None, values: Suggester | None, *, locked: bool, name: str, value: str):
        super().__init__(_EMPTY)
        self._words = WordSuggester(values)
        self.switch = RowSwitch(self._toggle, lambda: self.removed())
        self.name_field = TemplateInput(
            lambda text: self._set(name=text),
            placeholder=name,
            suggester=names,
            takes_lines=True,
            disabled=locked,
            classes="name",
        )
        self.value_field = TemplateInput(
            lambda text: self._set(value=text),
            placeholder=value,
            suggester=self._words,
            takes_lines=not locked,
            classes="value",
        )
        self._note = Static("", classes="note", markup=False)
        self._locked = locked
        self.show(_EMPTY)

    def compose(self) -> ComposeResult:
        """In one line."""
        yield self.switch
        yield self.name_field
        yield self.value_field
        yield self._note
        if not self._locked:
            yield RemoveSign(lambda: self.removed())

    def show(self, value: EditorRow) -> None:
        """Show another row."""
        super().show(value)
        self.name_field.show(value.row.name)
        self.value_field.show(value.row.value)
        self._note.update(Content(safe_line(value.note)))
        self._note.display = bool(value.note)
        self._words.words = value.values
        self._mark()

    def _mark(self) -> None:
        row = self.value.row
        for widget in (self, self.switch):
            widget.set_class(not row.enabled, "-off")
            widget.set_class(not row.name and not row.value, "-empty")
        self.switch.refresh()

    def action_value(self, by: int) -> None:
        """Take the next of the values it can be, after the last the first."""
        values, now = self.value.values, self.value.row.value
        if not values:
            return
        at = values.index(now) + by if now in values else 0 if by > 0 else -1
        self._set(value=values[at % len(values)])
        self.value_field.show(self.value.row.value)

    def _toggle(self) -> None:
        if self.value.row.name or self.value.row.value:
            self._set(enabled=not self.value.row.enabled)

    def _set(self, **changes: str | bool) -> None:
        self.value = msgspec.structs.replace(self.value, row=msgspec.structs.replace(self.value.row, **changes))
        self._mark()
        self.changed()


class RowsEditor(RowList[EditorRow]):
    """Edits rows; an empty one at the end takes the next, unless the names are locked."""

    def __init__(
        self,
        tell: Callable[[tuple[EditorRow, ...]], None],
        *,
        names: Suggester | None = None,
        values: Suggester | None = None,
        locked: bool = False,
        name: str = "name",
        value: str = "value",
        id: str | None = None,
    ) -> None:
        self._suggesters = names, values
        self._locked = locked
        self._placeholders = name, value
        super().__init__(tell, None if locked else _EMPTY, id=id)

    def make_row(self) -> NameValueRow:
        """One row."""
        names, values = self._suggesters
        name, value = self._placeholders
        return NameValueRow(names, values, locked=self._locked, name=name, value=value)

    def is_blank(self, value: EditorRow) -> bool:
        """Nothing was typed into it."""
        return not value.row.name and not value.row.value

    @on(TemplateInput.LinesPasted)
    def _pasted(self, event: TemplateInput.LinesPasted) -> None:
        """Several pasted lines "name: value" or "name=value" become rows."""
        event.stop()
        self.replace_all((*self.values, *(EditorRow(parse_row(line)) for line in event.lines)))


def parse_row(line: str) -> NameValue:
    """A pasted line as a row: "name: value", or "name=value"."""
    colon, equals = line.find(":"), line.find("=")
    mark = ":" if colon >= 0 and (equals < 0 or colon < equals) else "="
    name, _, value = line.partition(mark)
    return NameValue(name.strip(), value.strip())
