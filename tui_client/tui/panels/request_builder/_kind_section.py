"""A section that chooses one of several kinds and shows the form of the chosen one."""

from __future__ import annotations

from typing import ClassVar

import msgspec
from textual import on
from textual.app import ComposeResult
from textual.widgets import Static

from tui_client.kinds.declared import empty_value
from tui_client.tui.panels.request_builder._section import SectionView
from tui_client.tui.widgets.fields_form import FieldsForm
from tui_client.tui.widgets.tab_strip import Tab, TabStrip


class KindSection(SectionView):
    """Kinds in a row, the form below. What was typed for a kind is still there when it is chosen again."""

    absent: ClassVar[str] = "none"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._typed: dict[str, msgspec.Struct] = {}
        self._form: FieldsForm | None = None

    def kinds(self) -> dict[str, type[msgspec.Struct]]:
        """The kinds by their tag."""
        return {}

    def value(self) -> msgspec.Struct | None:
        """What the draft has."""
        return None

    def with_value(self, value: msgspec.Struct | None) -> None:
        """Give the draft another value."""

    def hint(self) -> str:
        """A sentence below the kinds, "" for none."""
        return ""

    def compose(self) -> ComposeResult:
        """The kinds over what belongs to the chosen one."""
        yield TabStrip(separator="dot")
        yield Static("", classes="hint", markup=False)

    def draw(self) -> None:
        """In step with the draft."""
        value, strip = self.value(), self.query_one(TabStrip)
        tag = _tag(value)
        strip.tabs = (Tab(self.absent, self.absent), *(Tab(name, name) for name in self.kinds() if name != self.absent))
        strip.active = tag or self.absent
        hint = self.query_one(".hint", Static)
        hint.update(self.hint())
        hint.display = bool(self.hint())
        if value is None or self._form is None or type(self._form.value) is not type(value):
            self._new_form(value)
        else:
            self._form.show(value)

    def _new_form(self, value: msgspec.Struct | None) -> None:
        if self._form is not None:
            self._form.remove()
        self._form = FieldsForm(value) if value is not None and msgspec.structs.fields(type(value)) else None
        if self._form is not None:
            self.mount(self._form)

    @on(TabStrip.Selected)
    def _choose(self, event: TabStrip.Selected) -> None:
        event.stop()
        if (value := self.value()) is not None:
            self._typed[_tag(value)] = value
        kind = self.kinds().get(event.tab_id)
        self.with_value(self._typed.get(event.tab_id) or empty_value(kind) if kind else None)
        self.draw()

    @on(FieldsForm.Changed)
    def _changed(self, event: FieldsForm.Changed) -> None:
        event.stop()
        self.with_value(event.value)


def _tag(value: msgspec.Struct | None) -> str:
    return str(type(value).__struct_config__.tag) if value is not None else ""
