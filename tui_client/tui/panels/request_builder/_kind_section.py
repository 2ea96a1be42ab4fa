"""A section that chooses one of several kinds and shows the form of the chosen one."""

from __future__ import annotations

from typing import ClassVar, Final

import msgspec
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from tui_client.kinds.declared import empty_value
from tui_client.text import safe
from tui_client.tui.panels.request_builder._section import SectionView
from tui_client.tui.widgets.choice import Choice
from tui_client.tui.widgets.fields_form import FieldsForm
from tui_client.tui.widgets.tab_strip import Tab

_LOCKED: Final = "Its lines end in different ways, which an edit here would change. Edit it in its file."


class KindSection(SectionView):
    """Kinds in a row, the form below. What was typed for a kind is still there when it is chosen again."""

    DEFAULT_CSS = """
    KindSection {
        #forms { height: auto; }
        #forms.-tall { height: 1fr; }
    }
    """

    absent: ClassVar[str] = "none"

    def build(self) -> None:
        """The row of kinds; forms are made when they are first needed, and kept."""
        tags = (self.absent, *(tag for tag in self.kinds() if tag != self.absent))
        self._choice = Choice(self._choose, tuple(Tab(tag, tag) for tag in tags), id="kind")
        self._hint = Static("", classes="hint", markup=False)
        self._forms_box = Vertical(id="forms")
        self._forms: dict[str, FieldsForm] = {}
        self._forms_mounted = False
        self._typed: dict[tuple[str, str], msgspec.Struct] = {}

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
        yield self._choice
        yield self._hint
        yield self._forms_box

    def on_mount(self) -> None:
        """Put the forms in that were needed before."""
        self._forms_mounted = True
        self._forms_box.mount(*self._forms.values())

    def draw(self, *, switched: bool) -> None:
        """In step with the draft."""
        value = self.value()
        tag = _tag(value)
        self._choice.show(tag or self.absent)
        form = self._form(value) if value is not None and msgspec.structs.fields(type(value)) else None
        hint = _LOCKED if form is not None and form.locked else self.hint()
        self._hint.update(safe(hint))
        self._hint.display = bool(hint)
        for other in self._forms.values():
            other.display = other is form
        self._forms_box.styles.min_height = form.least_rows if form is not None else 0
        self._forms_box.set_class(form is not None and form.has_class("-tall"), "-tall")

    def _form(self, value: msgspec.Struct) -> FieldsForm:
        tag = _tag(value)
        form = self._forms.get(tag)
        if form is not None:
            form.show(value)
            return form
        form = self._forms[tag] = FieldsForm(value, self._edited, self.suggester)
        if self._forms_mounted:
            self._forms_box.mount(form)
        return form

    def _choose(self, tag: str) -> None:
        if (value := self.value()) is not None:
            self._typed[self.around.request_id, _tag(value)] = value
        kind = self.kinds().get(tag)
        self.with_value(self._typed.get((self.around.request_id, tag)) or empty_value(kind) if kind else None)
        self.draw(switched=False)

    def _edited(self, value: msgspec.Struct) -> None:
        self.with_value(value)
        self.draw(switched=False)


def _tag(value: msgspec.Struct | None) -> str:
    return str(type(value).__struct_config__.tag) if value is not None else ""
