"""Rows of any Struct whose fields are text, one column each: the parts of a multipart body."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import msgspec
from textual.app import ComposeResult
from textual.suggester import Suggester

from tui_client.kinds.declared import DeclaredField, declared_fields, empty_value
from tui_client.tui.widgets.row_list import EditedRow, RowList
from tui_client.tui.widgets.rows_editor import RemoveSign, RowSwitch
from tui_client.tui.widgets.template_input import TemplateInput

_HIDDEN: Final = ("enabled", "description")


class PartRow(EditedRow[msgspec.Struct]):
    """A switch if the Struct has `enabled`, and a field for each column."""

    DEFAULT_CSS = """
    PartRow {
        height: 1; layout: horizontal;
        TemplateInput { width: 1fr; margin-right: 1; }
        &.-off TemplateInput { color: $text-muted; }
        &.-empty RemoveSign { visibility: hidden; }
    }
    """

    def __init__(self, empty: msgspec.Struct, columns: tuple[DeclaredField, ...], suggester: Suggester | None) -> None:
        super().__init__(empty)
        self._blank = empty
        self.switch = RowSwitch(self._toggle, lambda: self.removed())
        self.fields = {column.name: self._field(column, suggester) for column in columns}
        self._mark()

    def _field(self, column: DeclaredField, suggester: Suggester | None) -> TemplateInput:
        return TemplateInput(
            lambda text: self._set(column.name, text), placeholder=column.title.lower(), suggester=suggester
        )

    def compose(self) -> ComposeResult:
        """In one line."""
        yield self.switch
        yield from self.fields.values()
        yield RemoveSign(lambda: self.removed())

    def show(self, value: msgspec.Struct) -> None:
        """Show another part."""
        super().show(value)
        for name, field in self.fields.items():
            field.show(getattr(value, name))
        self._mark()

    def _mark(self) -> None:
        for widget in (self, self.switch):
            widget.set_class(not getattr(self.value, "enabled", True), "-off")
            widget.set_class(self.value == self._blank, "-empty")
        self.switch.refresh()

    def _toggle(self) -> None:
        if self.value != self._blank and hasattr(self.value, "enabled"):
            self._set("enabled", not self.value.enabled)

    def _set(self, name: str, value: Any) -> None:
        self.value = msgspec.structs.replace(self.value, **{name: value})
        self._mark()
        self.changed()


class PartsEditor(RowList[msgspec.Struct]):
    """Edits parts; an empty one at the end takes the next."""

    def __init__(
        self,
        kind: type[msgspec.Struct],
        tell: Callable[[tuple[msgspec.Struct, ...]], None],
        *,
        values: Suggester | None = None,
        id: str | None = None,
    ) -> None:
        self._columns = tuple(field for field in declared_fields(kind) if field.name not in _HIDDEN)
        self._blank = empty_value(kind)
        self._suggester = values
        super().__init__(tell, self._blank, id=id)

    def make_row(self) -> PartRow:
        """One part."""
        return PartRow(self._blank, self._columns, self._suggester)
