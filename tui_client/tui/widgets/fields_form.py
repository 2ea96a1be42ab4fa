"""A form for any kind, drawn from the fields that it declares."""

from __future__ import annotations

from typing import Any, get_args

import msgspec
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Label, Select, TextArea

from tui_client.kinds.declared import DeclaredField, declared_fields
from tui_client.model.request import NameValue
from tui_client.tui.widgets.parts_editor import PartsEditor
from tui_client.tui.widgets.rows_editor import EditorRow, RowsEditor


class FieldsForm(Vertical):
    """Shows the fields of one Struct and posts `Changed` with the new Struct; made anew for another kind."""

    DEFAULT_CSS = """
    FieldsForm {
        height: auto;
        &.-tall { height: 1fr; }
        .field { height: 1; }
        .field Label { width: 18; color: $text-muted; }
        .field Input, .field Select { width: 1fr; }
        .wide { height: 1; color: $text-muted; }
        TextArea { height: 1fr; min-height: 4; border: none; padding: 0; }
    }
    """

    class Changed(Message):
        """The value is this now."""

        def __init__(self, value: msgspec.Struct) -> None:
            super().__init__()
            self.value = value

    def __init__(self, value: msgspec.Struct) -> None:
        super().__init__()
        self.value = value
        self._fields = declared_fields(type(value))
        self.set_class(any(field.multiline for field in self._fields), "-tall")

    def compose(self) -> ComposeResult:
        """A control for each field, one-line fields first so that tall ones get the rest."""
        for field in sorted(self._fields, key=lambda field: field.multiline):
            control = self._control(field, getattr(self.value, field.name))
            if isinstance(control, TextArea | RowsEditor | PartsEditor):
                if sum(other.multiline for other in self._fields) > 1:
                    yield Label(field.title, classes="wide", markup=False)
                yield control
            else:
                with Horizontal(classes="field"):
                    yield Label(field.title, markup=False)
                    yield control

    def show(self, value: msgspec.Struct) -> None:
        """Show another value of the same kind; what is shown already keeps its cursor."""
        if value == self.value:
            return
        self.value = value
        for field in self._fields:
            self._put(self.query_one(f"#field-{field.name}"), getattr(value, field.name))

    def _control(self, field: DeclaredField, value: Any) -> Widget:
        id_ = f"field-{field.name}"
        if isinstance(value, tuple):
            is_rows = NameValue in get_args(field.type)
            editor: RowsEditor | PartsEditor = (
                RowsEditor(id=id_) if is_rows else PartsEditor(get_args(field.type)[0], id=id_)
            )
            self.call_after_refresh(self._put, editor, value)
            return editor
        if isinstance(value, bool):
            return Select((("yes", True), ("no", False)), value=value, allow_blank=False, compact=True, id=id_)
        if field.choices:
            options = [(choice, choice) for choice in dict.fromkeys((*field.choices, str(value)))]
            return Select(options, value=str(value), allow_blank=False, compact=True, id=id_)
        if field.multiline:
            return TextArea(str(value), show_line_numbers=True, tab_behavior="focus", id=id_)
        return Input(str(value), placeholder=field.placeholder, password=field.secret, compact=True, id=id_)

    def _put(self, control: Widget, value: Any) -> None:
        with self.prevent(Input.Changed, TextArea.Changed, Select.Changed):
            match control:
                case RowsEditor():
                    control.show(tuple(EditorRow(row) for row in value))
                case PartsEditor():
                    control.show(value)
                case TextArea():
                    if control.text != value:
                        control.load_text(value)
                case Input() | Select():
                    if control.value != value:
                        control.value = value
                case _:
                    pass

    def _set(self, control_id: str | None, value: Any) -> None:
        name = (control_id or "").removeprefix("field-")
        if not name or getattr(self.value, name, value) == value:
            return
        self.value = msgspec.structs.replace(self.value, **{name: value})
        self.post_message(self.Changed(self.value))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._set(event.input.id, event.value)

    @on(TextArea.Changed)
    def _written(self, event: TextArea.Changed) -> None:
        event.stop()
        self._set(event.text_area.id, event.text_area.text)

    @on(Select.Changed)
    def _picked(self, event: Select.Changed) -> None:
        event.stop()
        self._set(event.select.id, event.value)

    @on(RowsEditor.Changed)
    def _rows(self, event: RowsEditor.Changed) -> None:
        event.stop()
        self._set(event.editor.id, tuple(row.row for row in event.rows))

    @on(PartsEditor.Changed)
    def _parts(self, event: PartsEditor.Changed) -> None:
        event.stop()
        self._set(event.editor.id, event.parts)
