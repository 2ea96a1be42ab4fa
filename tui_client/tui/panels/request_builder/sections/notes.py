"""What people should know of a request: its name, tags and a description."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Label

from tui_client.tui.panels.request_builder._section import SectionView
from tui_client.tui.widgets.template_area import TemplateArea
from tui_client.tui.widgets.template_input import TemplateInput


class NotesSection(SectionView):
    """Name and tags over the description, which is Markdown."""

    DEFAULT_CSS = """
    NotesSection {
        Horizontal { height: 1; }
        Label { width: 14; color: $text-muted; }
        .wide { width: 1fr; }
        TemplateInput { width: 1fr; }
        TemplateArea { height: 1fr; min-height: 3; }
    }
    """

    def build(self) -> None:
        """Three fields."""
        self._title = TemplateInput(lambda text: self.edit(name=text), placeholder="as people say it", id="name")
        self._tags = TemplateInput(
            lambda text: self.edit(tags=read_tags(text)),
            placeholder="smoke, slow; replay them with tag:smoke",
            id="tags",
        )
        self._description = TemplateArea(
            lambda text: self.edit(description=text),
            placeholder="What it does, what it needs, what to expect",
            numbers=False,
            id="description",
        )

    def compose(self) -> ComposeResult:
        """Each with its label."""
        with Horizontal():
            yield Label("Name", markup=False)
            yield self._title
        with Horizontal():
            yield Label("Tags", markup=False)
            yield self._tags
        yield Label("Description in Markdown", classes="wide", markup=False)
        yield self._description

    def draw(self, *, switched: bool) -> None:
        """In step with the draft."""
        self._title.show(self.draft.name)
        if switched or read_tags(self._tags.text) != self.draft.tags:
            self._tags.show(", ".join(self.draft.tags))
        self._description.show(self.draft.description)


def read_tags(text: str) -> tuple[str, ...]:
    """The tags of a comma-separated text."""
    return tuple(tag.strip() for tag in text.split(",") if tag.strip())
