"""Rows of any Struct whose fields are text, one column each: the parts of a multipart body."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input

from tui_client.kinds.declared import declared_fields, empty_value

_HIDDEN: Final = ("enabled", "description")


class _PartRow(Horizontal):
    """One part; posts what it became."""

    class Edited(Message):
        """The part has another value."""

    def __init__(self, part: msgspec.Struct, columns: tuple[str, ...]) -> None:
        super().__init__()
        self.part = part
        self._columns = columns

    def compose(self) -> ComposeResult:
        """A field for each column."""
        for column in self._columns:
            yield Input(str(getattr(self.part, column)), placeholder=column, compact=True, classes=column)

    def show(self, part: msgspec.Struct) -> None:
        """Show another part without telling anyone."""
        self.part = part
        with self.prevent(Input.Changed):
            for column in self._columns:
                field = self.query_one(f".{column}", Input)
                if field.value != getattr(part, column):
                    field.value = getattr(part, column)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        column = next(column for column in self._columns if event.input.has_class(column))
        if getattr(self.part, column) != event.value:
            self.part = msgspec.structs.replace(self.part, **{column: event.value})
            self.post_message(self.Edited())


class PartsEditor(Vertical):
    """Edits parts; an empty one at the end takes the next."""

    DEFAULT_CSS = """
    PartsEditor {
        height: auto;
        _PartRow { height: 1; }
        _PartRow Input { width: 1fr; margin-right: 1; }
    }
    """

    class Changed(Message):
        """The parts are these now; empty ones left out."""

        def __init__(self, editor: PartsEditor, parts: tuple[msgspec.Struct, ...]) -> None:
            super().__init__()
            self.editor = editor
            self.parts = parts

    def __init__(self, kind: type[msgspec.Struct], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._empty: Any = empty_value(kind)
        self._columns = tuple(field.name for field in declared_fields(kind) if field.name not in _HIDDEN)
        self._shown: list[_PartRow] = []

    def on_mount(self) -> None:
        """There is always an empty part."""
        if not self._shown:
            self.show(())

    @property
    def parts(self) -> tuple[msgspec.Struct, ...]:
        """The parts as they are now, empty ones left out."""
        return tuple(row.part for row in self._shown if row.part != self._empty)

    def show(self, parts: tuple[msgspec.Struct, ...]) -> None:
        """Show these parts; those that are shown already stay untouched."""
        if self._shown and parts == self.parts:
            return
        wanted = [*parts, self._empty]
        for row, part in zip(self._shown, wanted, strict=False):
            row.show(part)
        for row in self._shown[len(wanted) :]:
            row.remove()
        new = [_PartRow(part, self._columns) for part in wanted[len(self._shown) :]]
        self._shown = [*self._shown[: len(wanted)], *new]
        if new:
            self.mount(*new)

    @on(_PartRow.Edited)
    def _edited(self, event: _PartRow.Edited) -> None:
        event.stop()
        if self._shown[-1].part != self._empty:
            row = _PartRow(self._empty, self._columns)
            self._shown.append(row)
            self.mount(row)
        self.post_message(self.Changed(self, self.parts))
