"""What all sections of the builder share: a draft comes down, an edited draft goes up."""

from __future__ import annotations

from textual.containers import VerticalScroll
from textual.message import Message

from tui_client.model.request import Request
from tui_client.tui.state import BuilderContext


class SectionView(VerticalScroll, can_focus=False):
    """One tab of the builder. `show` must not post anything; edits post `Edited` with the whole draft."""

    DEFAULT_CSS = """
    SectionView {
        height: 1fr; padding: 0 1; scrollbar-size-vertical: 1;
        .hint { color: $text-muted; height: auto; }
        .problem { color: $text-error; height: auto; }
    }
    """

    class Edited(Message):
        """The draft is this now."""

        def __init__(self, draft: Request) -> None:
            super().__init__()
            self.draft = draft

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.draft = Request()
        self.context = BuilderContext()

    def show(self, draft: Request, context: BuilderContext) -> None:
        """Show a draft and what surrounds it."""
        self.draft = draft
        self.context = context
        if self.is_mounted:
            self.draw()

    def on_mount(self) -> None:
        """Show what came before the widgets were there."""
        self.call_after_refresh(self.draw)

    def draw(self) -> None:
        """Bring the widgets in step with `draft` and `context`."""

    def edit(self, draft: Request) -> None:
        """Tell the new draft, if it is another."""
        if draft != self.draft:
            self.draft = draft
            self.post_message(self.Edited(draft))
