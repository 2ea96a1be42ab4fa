"""A form for any kind, drawn from the fields that it declares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

import msgspec
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.suggester import Suggester
from textual.widget import Widget
from textual.widgets import Label

from tui_client.kinds.declared import DeclaredField, declared_fields
from tui_client.model.request import NameValue
from tui_client.tui.widgets.choice import Choice
from tui_client.tui.widgets.parts_editor import PartsEditor
from tui_client.tui.widgets.rows_editor import EditorRow, RowsEditor
from tui_client.tui.widgets.secret_field import SecretField
from tui_client.tui.widgets.tab_strip import Tab
from tui_client.tui.widgets.template_area import TemplateArea
from tui_client.tui.widgets.template_input import TemplateInput

_SWITCH = (Tab("true", "yes"), Tab("false", "no"))


class _Control:
    """A widget, and how a value gets into it."""

    def __init__(self, widget: Widget, show: Callable[[Any], None], *, wide: bool = False) -> None:
        self.widget = widget
        self.show = show
        self.wide = wide


class FieldsForm(Vertical):
    """Shows the fields of one Struct, and tells the new Struct at once when one of them is edited."""

    DEFAULT_CSS = """
    FieldsForm {
        height: auto;
        &.-tall { height: 1fr; }
        .field { height: 1; }
        .field > Label { width: 1fr; max-width: 24; color: $text-muted; }
        .field > .control { width: 3fr; }
        .wide { height: 1; color: $text-muted; }
        TemplateArea { height: 1fr; min-height: 4; }
    }
    """

    def __init__(
        self, value: msgspec.Struct, tell: Callable[[msgspec.Struct], None], suggester: Suggester | None = None
    ) -> None:
        super().__init__()
        self.value = value
        self._tell = tell
        self._suggester = suggester
        self._fields = declared_fields(type(value))
        self._controls = {field.name: self._control(field) for field in self._fields}
        tall = sum(field.multiline for field in self._fields)
        self.set_class(tall > 0, "-tall")
        # The least it can be shown in, so that what is around it scrolls instead of cutting its end off.
        self.least_rows = len(self._fields) + tall * (4 if tall > 1 else 3)
        self.styles.min_height = self.least_rows
        self._show_all()

    def compose(self) -> ComposeResult:
        """A control for each field: those of one line, then those that take room, then switches."""
        wide = [name for name, control in self._controls.items() if control.wide]
        for field in sorted(self._fields, key=lambda field: (isinstance(field.default, bool), field.name in wide)):
            control = self._controls[field.name]
            if field.name in wide:
                if len(wide) > 1:
                    yield Label(field.title, classes="wide", markup=False)
                yield control.widget
            else:
                with Horizontal(classes="field"):
                    yield Label(field.title, markup=False)
                    yield control.widget

    def show(self, value: msgspec.Struct) -> None:
        """Show another value of the same kind; what is shown already keeps its cursor."""
        if value != self.value:
            self.value = value
            self._show_all()

    @property
    def locked(self) -> bool:
        """Whether some text can't be edited here without changing its line breaks."""
        widgets = (control.widget for control in self._controls.values())
        return any(isinstance(widget, TemplateArea) and widget.read_only for widget in widgets)

    def _show_all(self) -> None:
        for name, control in self._controls.items():
            control.show(getattr(self.value, name))

    def _set(self, name: str, value: Any) -> None:
        self.value = msgspec.structs.replace(self.value, **{name: value})
        self._tell(self.value)

    def _control(self, field: DeclaredField) -> _Control:
        control = self._widget(field)
        control.widget.id = f"field-{field.name}"
        control.widget.add_class("control")
        return control

    def _widget(self, field: DeclaredField) -> _Control:
        name = field.name
        if isinstance(field.default, tuple):
            return self._rows(field)
        if isinstance(field.default, bool):
            switch = Choice(lambda chosen: self._set(name, chosen == "true"), _SWITCH)
            return _Control(switch, lambda value: switch.show("true" if value else "false"))
        if field.choices:
            choice = Choice(lambda chosen: self._set(name, chosen), tuple(Tab(word, word) for word in field.choices))
            return _Control(choice, choice.show)
        if field.multiline:
            area = TemplateArea(lambda text: self._set(name, text), placeholder=field.placeholder)
            return _Control(area, area.show, wide=True)
        if field.secret:
            secret = SecretField(lambda text: self._set(name, text), field.placeholder, self._suggester)
            return _Control(secret, secret.show)
        line = TemplateInput(
            lambda text: self._set(name, text), placeholder=field.placeholder, suggester=self._suggester
        )
        return _Control(line, line.show)

    def _rows(self, field: DeclaredField) -> _Control:
        name, items = field.name, get_args(field.type)
        if NameValue in items:
            rows = RowsEditor(
                lambda rows: self._set(name, tuple(row.row for row in rows)),
                names=self._suggester,
                values=self._suggester,
            )
            return _Control(rows, lambda value: rows.show(tuple(map(EditorRow, value))), wide=True)
        parts = PartsEditor(items[0], lambda parts: self._set(name, parts), values=self._suggester)
        return _Control(parts, parts.show, wide=True)
