"""A body of any size that can be searched."""

from __future__ import annotations

from typing import ClassVar, Final

from rich.style import Style
from textual import on, work
from textual.message import Message

from tui_client.tui.widgets.body_rows import BodyDocument, ShownRow
from tui_client.tui.widgets.find_bytes import Finder, searching
from tui_client.tui.widgets.find_query import Scanner
from tui_client.tui.widgets.row_paint import Range
from tui_client.tui.widgets.rows_view import RowsView

_MOST_MATCHES: Final = 200  # drawn in one row


class BodyView(RowsView):
    """Rows, and the matches of a search in them; the current one is told apart without colour too."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"body-view--match", "body-view--current-match"}
    DEFAULT_CSS = """
    BodyView {
        & .body-view--match { background: $warning 40%; text-style: underline; }
        & .body-view--current-match { text-style: bold reverse; }
    }
    """

    class _Found(Message):
        """More matches of this search are known."""

        def __init__(self, finder: Finder) -> None:
            super().__init__()
            self.finder = finder

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._finder: Finder | None = None

    def show(self, document: BodyDocument) -> None:
        """Show another document from its beginning; searches and selections end."""
        self.stop_search()
        super().show(document)

    def _marks(self, number: int, shown: ShownRow) -> list[tuple[Range, Style]]:
        finder = self._finder
        if finder is None:
            return []
        return [
            (
                self._rows.rows.range_of(number, finder.starts[match], finder.ends[match]),
                self._style("current-match" if match == finder.current else "match", over=True),
            )
            for match in finder.between(shown.row.start, shown.row.end)[:_MOST_MATCHES]
        ]

    def search(self, scanner: Scanner | None) -> None:
        """Look for this, from where the search before began or else from the cursor on; None ends the search."""
        origin = self._origin()
        self.stop_search()
        if scanner is not None:
            self._finder = Finder(self.document.content, scanner, origin)
            self._find(self._finder)
        self.post_message(self.Changed(self))

    def _origin(self) -> int:
        # While a word is typed, the cursor moves with what its beginning finds.
        if self._finder is not None and self._finder.current is not None and not self._finder.walked:
            return self._finder.origin
        return self._rows.index.row(self.cursor_row).start if self.row_count else 0

    def stop_search(self) -> None:
        """Forget the matches."""
        if self._finder is not None:
            self._finder.cancelled = True
            self._finder = None
            self.workers.cancel_group(self, "find")
        self.refresh()

    def grow(self) -> None:
        """Look for bytes that were added to the body since, and search them."""
        super().grow()
        finder = self._finder
        if finder is not None and not finder.complete and not finder.searching:
            self._find(finder)

    @property
    def search_problem(self) -> str:
        """Why a search ended early, "" if it did not."""
        return "" if self._finder is None else self._finder.problem

    @property
    def matches(self) -> tuple[int, int, bool] | None:
        """The current match (from 1, 0 for none), how many there are so far, and whether those are all."""
        finder = self._finder
        if finder is None:
            return None
        return (
            (0 if finder.current is None else finder.current + 1),
            len(finder.starts),
            finder.complete and not finder.full,
        )

    @work(exclusive=True, group="find", description="search")
    async def _find(self, finder: Finder) -> None:
        async for _ in searching(finder):
            self.post_message(self._Found(finder))

    @on(_Found)
    def _more_matches(self, event: _Found) -> None:
        event.stop()
        finder = event.finder
        if finder is not self._finder:
            return
        if finder.current is None and (finder.complete or (finder.starts and finder.starts[-1] >= finder.origin)):
            self._select_match(finder, finder.next_from(finder.origin))
        self.refresh()
        self.post_message(self.Changed(self))

    def next_match(self, step: int = 1) -> None:
        """Go to the next match, or with -1 the one before; from the last to the first and back."""
        finder = self._finder
        if finder is not None and finder.starts:
            finder.walked = True
            at = -min(step, 0) if finder.current is None else finder.current + step
            self._select_match(finder, at % len(finder.starts))

    def _select_match(self, finder: Finder, number: int | None) -> None:
        finder.current = number
        if number is not None and finder.starts[number] >= self._rows.index.indexed_bytes:
            # It is gone to when its row is counted.
            self._wanted = finder.starts[number], finder.starts[number]
        elif number is not None:
            self.uncover(finder.starts[number])
            self.cursor = self._rows.index.row_at(finder.starts[number])
            self._reveal(self._rows.rows.range_of(self.cursor, finder.starts[number], finder.ends[number]))
        self.refresh()
        self.post_message(self.Changed(self))

    def uncover(self, offset: int) -> None:
        """Show this byte, whatever hides it; here nothing does."""

    def _reveal(self, part: Range) -> None:
        left, width = self.scroll_offset.x, self._rows.text_width
        if not self._rows.wrap and not left <= part[0] <= part[1] <= left + width:
            self.scroll_to(max(0, part[0] - width // 3), None, animate=False)
