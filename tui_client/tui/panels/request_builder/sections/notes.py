"""What people should know of a request: its name, tags and a description."""

from __future__ import annotations

import msgspec
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Label, TextArea

from tui_client.tui.panels.request_builder._section import SectionView


class NotesSection(SectionView):
    """Name and tags over the description, which is Markdown."""

    DEFAULT_CSS = """
    NotesSection {
        Horizontal { height: 1; }
        Label { width: 10; color: $text-muted; }
        Input { width: 1fr; }
        TextArea { height: 1fr; min-height: 3; border: none; padding: 0; }
    }
    """

    def compose(self) -> ComposeResult:
        """Three fields."""
        with Horizontal():
            yield Label("Name", markup=False)
            yield Input(compact=True, placeholder="as people say it", id="name")
        with Horizontal():
            yield Label("Tags", markup=False)
            yield Input(compact=True, placeholder="smoke, slow", id="tags")
        yield TextArea(id="description", tab_behavior="focus")

    def draw(self) -> None:
        """In step with the draft."""
        with self.prevent(Input.Changed, TextArea.Changed):
            self._put("name", self.draft.name)
            tags = self.query_one("#tags", Input)
            if _tags(tags.value) != self.draft.tags:
                tags.value = ", ".join(self.draft.tags)
            description = self.query_one("#description", TextArea)
            if description.text != self.draft.description:
                description.load_text(self.draft.description)

    def _put(self, id_: str, text: str) -> None:
        field = self.query_one(f"#{id_}", Input)
        if field.value != text:
            field.value = text

    @on(Input.Changed, "#name")
    def _name(self, event: Input.Changed) -> None:
        event.stop()
        self.edit(msgspec.structs.replace(self.draft, name=event.value))

    @on(Input.Changed, "#tags")
    def _tags_typed(self, event: Input.Changed) -> None:
        event.stop()
        self.edit(msgspec.structs.replace(self.draft, tags=_tags(event.value)))

    @on(TextArea.Changed)
    def _description(self, event: TextArea.Changed) -> None:
        event.stop()
        self.edit(msgspec.structs.replace(self.draft, description=event.text_area.text))


def _tags(text: str) -> tuple[str, ...]:
    return tuple(tag.strip() for tag in text.split(",") if tag.strip())
