"""Rows of name and value that switch on and off: parameters, headers, form fields."""

from __future__ import annotations

from typing import ClassVar

import msgspec
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.suggester import SuggestFromList
from textual.widget import Widget
from textual.widgets import Input, Static

from tui_client.model.request import NameValue


class EditorRow(msgspec.Struct, frozen=True):
    """One row, and a tag that the owner gave it and gets back ("" for rows the user added)."""

    row: NameValue
    tag: str = ""

    @property
    def empty(self) -> bool:
        """Nothing was typed into it."""
        return not self.row.name and not self.row.value


class _Toggle(Widget, can_focus=True):
    """The sign before a row: sent or not."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("space,enter", "toggle", "On or off", show=False)]
    DEFAULT_CSS = """
    _Toggle {
        width: 2; height: 1; color: $text-success;
        &.-off { color: $text-muted; }
        &:focus { text-style: reverse; }
    }
    """

    class Toggled(Message):
        """The user switched the row."""

    def render(self) -> Content:
        """A filled box for rows that are sent."""
        return Content("▢" if self.has_class("-off") else "✓")

    def on_click(self) -> None:
        """Switch."""
        self.action_toggle()

    def action_toggle(self) -> None:
        """Switch."""
        self.post_message(self.Toggled())


class _Remove(Static):
    """Removes its row, by the mouse; by keys a row is removed by emptying it."""

    class Pressed(Message):
        """The row should go."""

    def on_click(self) -> None:
        """Ask."""
        self.post_message(self.Pressed())


class _Row(Horizontal):
    """The widgets of one row; it posts what the row became."""

    class Edited(Message):
        """The row has another value; None removes it."""

        def __init__(self, widget: _Row, row: EditorRow | None) -> None:
            super().__init__()
            self.widget = widget
            self.row = row

    def __init__(self, row: EditorRow, names: SuggestFromList | None, locked_names: bool) -> None:
        super().__init__()
        self.row = row
        self._names = names
        self._locked_names = locked_names

    def compose(self) -> ComposeResult:
        """Sign, name, value, remove."""
        value = self.row.row
        yield _Toggle(classes="" if value.enabled else "-off")
        yield Input(
            value.name,
            placeholder="name",
            compact=True,
            classes="name",
            suggester=self._names,
            disabled=self._locked_names,
        )
        yield Input(value.value, placeholder="value", compact=True, classes="value")
        yield _Remove("" if self._locked_names else "✕", classes="remove")

    def show(self, row: EditorRow) -> None:
        """Show another value without telling anyone."""
        self.row = row
        with self.prevent(Input.Changed):
            for selector, text in ((".name", row.row.name), (".value", row.row.value)):
                field = self.query_one(selector, Input)
                if field.value != text:
                    field.value = text
        self.query_one(_Toggle).set_class(not row.row.enabled, "-off")
        self.query_one(_Toggle).refresh()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        name = "name" if event.input.has_class("name") else "value"
        if getattr(self.row.row, name) != event.value:
            self._change(**{name: event.value})

    @on(_Toggle.Toggled)
    def _toggled(self, event: _Toggle.Toggled) -> None:
        event.stop()
        self.query_one(_Toggle).set_class(self.row.row.enabled, "-off")
        self.query_one(_Toggle).refresh()
        self._change(enabled=not self.row.row.enabled)

    @on(_Remove.Pressed)
    def _removed(self, event: _Remove.Pressed) -> None:
        event.stop()
        self.post_message(self.Edited(self, None))

    def _change(self, **changes: str | bool) -> None:
        row = msgspec.structs.replace(self.row.row, **changes)
        self.row = msgspec.structs.replace(self.row, row=row)
        self.post_message(self.Edited(self, self.row))


class RowsEditor(Vertical):
    """Edits rows; an empty one at the end takes the next. `show` sets them, `Changed` tells the new ones."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "row(-1)", "Row above", show=False),
        Binding("down", "row(1)", "Row below", show=False),
    ]
    DEFAULT_CSS = """
    RowsEditor {
        height: auto;
        _Row {
            height: 1;
            .name { width: 1fr; max-width: 40; }
            .value { width: 2fr; margin-left: 1; }
            .remove { width: 3; padding-left: 1; color: $text-muted; }
            .remove:hover { color: $text-error; }
        }
    }
    """

    class Changed(Message):
        """The rows are these now; empty ones left out."""

        def __init__(self, editor: RowsEditor, rows: tuple[EditorRow, ...]) -> None:
            super().__init__()
            self.editor = editor
            self.rows = rows

        @property
        def control(self) -> RowsEditor:
            """The editor it comes from."""
            return self.editor

    def __init__(self, *, names: tuple[str, ...] = (), locked_names: bool = False, id: str | None = None) -> None:
        super().__init__(id=id)
        self._names = SuggestFromList(names, case_sensitive=False) if names else None
        self._locked = locked_names
        self._shown: list[_Row] = []

    def on_mount(self) -> None:
        """There is always an empty row."""
        if not self._shown:
            self.show(())

    @property
    def rows(self) -> tuple[EditorRow, ...]:
        """The rows as they are now, empty ones left out."""
        return tuple(widget.row for widget in self._shown if not widget.row.empty)

    def show(self, rows: tuple[EditorRow, ...]) -> None:
        """Show these rows; those that are shown already stay untouched, with their cursor."""
        if self._shown and rows == self.rows:
            return
        wanted = [*rows] if self._locked else [*rows, EditorRow(NameValue(""))]
        for widget, row in zip(self._shown, wanted, strict=False):
            widget.show(row)
        for widget in self._shown[len(wanted) :]:
            widget.remove()
        new = [_Row(row, self._names, self._locked) for row in wanted[len(self._shown) :]]
        self._shown = [*self._shown[: len(wanted)], *new]
        if new:
            self.mount(*new)

    @on(_Row.Edited)
    def _edited(self, event: _Row.Edited) -> None:
        event.stop()
        if event.row is None and len(self._shown) > 1:
            self._shown.remove(event.widget)
            event.widget.remove()
        if not self._locked and not self._shown[-1].row.empty:
            self._append()
        self.post_message(self.Changed(self, self.rows))

    def _append(self) -> None:
        row = _Row(EditorRow(NameValue("")), self._names, self._locked)
        self._shown.append(row)
        self.mount(row)

    def on_paste(self, event: events.Paste) -> None:
        """Several pasted lines "name: value" or "name=value" become rows."""
        pasted = [line for line in event.text.splitlines() if line.strip()]
        if len(pasted) > 1 and not self._locked:
            event.stop()
            event.prevent_default()
            self.show((*self.rows, *(EditorRow(_parse(line)) for line in pasted)))
            self.post_message(self.Changed(self, self.rows))

    def action_row(self, by: int) -> None:
        """Go to the same field of the row above or below."""
        focused = self.screen.focused
        row = next((widget for widget in self._shown if focused in widget.children), None)
        if row is None or focused is None:
            return
        index = self._shown.index(row) + by
        if 0 <= index < len(self._shown):
            self._shown[index].children[list(row.children).index(focused)].focus()


def _parse(line: str) -> NameValue:
    mark = ":" if ":" in line and ("=" not in line or line.index(":") < line.index("=")) else "="
    name, _, value = line.partition(mark)
    return NameValue(name.strip(), value.strip())
