"""What all sections of the builder share: a draft comes down, an edited draft goes up.

Inside the builder an edit goes up by a call, in the same turn as the key. Messages would take a turn for each level,
and a draft that is shown in between would overwrite what was typed, or take another request's edit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import msgspec
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from tui_client.model.request import Request
from tui_client.tui.state import BuilderContext
from tui_client.tui.widgets.row_list import RowList
from tui_client.tui.widgets.template_input import TemplateSuggester


class SectionView(VerticalScroll, can_focus=False):
    """One tab of the builder. `show` tells nothing; an edit tells the whole draft. Widgets are made at once, so that
    `draw` works at any time.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "step(-1)", "Field above", show=False),
        Binding("down", "step(1)", "Field below", show=False),
    ]
    DEFAULT_CSS = """
    SectionView {
        height: 1fr; padding: 0 1; scrollbar-size-vertical: 1;
        .hint { color: $text-muted; height: auto; }
        .problem { color: $text-error; height: auto; }
    }
    """

    def __init__(self, tell: Callable[[Request], None], suggester: TemplateSuggester, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.draft = Request()
        self.around = BuilderContext()
        self.suggester = suggester
        self._tell = tell
        self.build()

    def build(self) -> None:
        """Make the widgets."""

    def show(self, draft: Request, around: BuilderContext) -> None:
        """Show a draft and what surrounds it."""
        switched = around.request_id != self.around.request_id
        self.draft, self.around = draft, around
        self.draw(switched=switched)

    def draw(self, *, switched: bool) -> None:
        """Bring the widgets in step with `draft` and `around`. switched: it is another request than before."""

    def edit(self, **changes: Any) -> None:
        """Tell the draft with these fields changed, if that makes it another."""
        draft = msgspec.structs.replace(self.draft, **changes)
        if draft != self.draft:
            self.draft = draft
            self._tell(draft)

    def action_step(self, by: int) -> None:
        """Go to the field above or below; rows are left as a whole, and the section only upwards."""
        focused = self.screen.focused
        if focused is None:
            return
        here = next((node for node in focused.ancestors if isinstance(node, RowList)), focused)
        chain = self.screen.focus_chain
        for widget in chain[chain.index(focused) + by :: by]:
            if here not in widget.ancestors_with_self:
                if by < 0 or self in widget.ancestors:
                    self.screen.set_focus(widget)
                return
