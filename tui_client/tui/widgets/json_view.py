"""A body whose containers can be folded, and that knows the JSONPath of its cursor."""

from __future__ import annotations

import re
from functools import partial
from typing import ClassVar, Final

from textual import on, work
from textual.events import Click
from textual.message import Message
from textual.timer import Timer

from tui_client.tui.widgets.body_rows import BodyDocument, ShownRow
from tui_client.tui.widgets.body_view import BodyView
from tui_client.tui.widgets.folded_rows import FoldedRows
from tui_client.tui.widgets.json_nesting import Fold, FoldSearch, Line, PathSearch, line_at
from tui_client.tui.widgets.json_siblings import MOST_FOLDS, SiblingSearch
from tui_client.tui.widgets.lexers import Language
from tui_client.tui.widgets.row_layout import RowLayout
from tui_client.tui.widgets.slices import in_slices

# A cursor that still moves needs no path; in a large body it takes a while to find.
_RESTS_S: Final = 0.06
_MEMBER: Final = re.compile(r"\$\[(\d+)\]")


class JsonView(BodyView):
    """Folds what is indented; `path` and `value_text` are of the line that the cursor is on.

    Folds stay while the same document is shown. A fold in another is remembered while that one hides it.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = set()

    class FoldsLimited(Message):
        """There was more to fold than is folded."""

        def __init__(self, folded: int) -> None:
            super().__init__()
            self.folded = folded

    class _FoldsFound(Message):
        """These are to be folded, in this document."""

        def __init__(self, document: BodyDocument, folds: tuple[Fold, ...]) -> None:
            super().__init__()
            self.document = document
            self.folds = folds

    class _PathFound(Message):
        """The path of a line of this document."""

        def __init__(self, document: BodyDocument, start: int, path: str) -> None:
            super().__init__()
            self.document = document
            self.start = start
            self.path = path

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._folds: frozenset[Fold] = frozenset()
        self._path_of: tuple[int, str] = (-1, "")
        self._rests: Timer | None = None

    # What is shown

    @property
    def foldable(self) -> bool:
        """Whether the text is indented JSON."""
        return self.document.indented and self.document.language is Language.JSON

    @property
    def path(self) -> str:
        """The JSONPath of the cursor's line, as far as it is known: "" else."""
        line = self._line() if self.foldable and self.row_count else None
        return self._path_of[1] if line is not None and line.start == self._path_of[0] else ""

    @property
    def value_text(self) -> str:
        """The JSON value that begins on the cursor's line: a bracket for a container, "" for a long text."""
        line = self._line() if self.foldable and self.row_count else None
        if line is None:
            return ""
        value = {b"}": b"{", b"]": b"["}.get(line.text[:1], line.value) if line.closes else line.value
        return value.decode("utf-8", "replace")

    def show(self, document: BodyDocument) -> None:
        """Show another document from its beginning, with nothing folded."""
        self._folds = frozenset()
        self._path_of = (-1, "")
        super().show(document)
        self._find_path_soon()

    def _layout(self, document: BodyDocument) -> RowLayout:
        layout = super()._layout(document)
        if self._folds:
            layout.fold(self._folds)
        return layout

    def _line(self, number: int | None = None) -> Line:
        """The line of a row, of the cursor's by default."""
        row = self._rows.index.row(self.cursor_row if number is None else number)
        start = row.start
        if row.continued:
            start = self._rows.index.row(self._rows.index.row_of_line(row.line)).start
        return line_at(self.document.content, start)

    def _mark(self, number: int, shown: ShownRow) -> str:
        if not self.foldable:
            return ""
        if shown.text.endswith(("{", "[")):
            return "▾"
        index = self._rows.index
        return "▸" if isinstance(index, FoldedRows) and index.fold_of(number) else ""

    # The path

    def watch_cursor(self) -> None:
        super().watch_cursor()
        self._find_path_soon()

    def _find_path_soon(self) -> None:
        if self._rests is not None:
            self._rests.stop()
        if self.foldable and self.is_mounted:
            self._rests = self.set_timer(_RESTS_S, self._find_path)

    def _find_path(self) -> None:
        if self.foldable and self.row_count:
            self._search_path(self.document, self._line().start)

    @work(exclusive=True, group="path", description="path of the cursor")
    async def _search_path(self, document: BodyDocument, start: int) -> None:
        search = PathSearch(document.content, start)
        async for _ in in_slices(search):
            pass
        self.post_message(self._PathFound(document, start, search.path))

    @on(_PathFound)
    def _path_found(self, event: _PathFound) -> None:
        event.stop()
        if event.document is self.document:
            self._path_of = (event.start, _as_sent(event.path, event.document.roots))
            self.post_message(self.Changed(self))

    # Folding

    def toggle_fold(self) -> None:
        """Fold what the cursor's line opens, or what it stands in; unfold what is folded there."""
        if not self.foldable or not self.row_count:
            return
        line = self._line()
        end = line.start + line.indent + len(line.text) + 1
        here = [fold for fold in self._folds if fold.start == end]
        if here:
            self._fold(self._folds - set(here))
        else:
            self._find_fold(self.document, line)

    def toggle_all(self) -> None:
        """Fold all containers on the level of the cursor's line (below the top: its parts); unfold all if any is."""
        if not self.foldable or not self.row_count:
            return
        if self._folds:
            self._fold(frozenset())
        else:
            self._find_siblings(self.document, max(2, self._line().indent))

    @work(exclusive=True, group="fold", description="fold")
    async def _find_fold(self, document: BodyDocument, line: Line) -> None:
        if not line.opens:
            around = PathSearch(document.content, line.start, around=True)
            async for _ in in_slices(around):
                pass
            line = around.line
        search = FoldSearch(document.content, line)
        async for _ in in_slices(search):
            pass
        if search.fold is not None:
            self.post_message(self._FoldsFound(document, (search.fold,)))

    @work(exclusive=True, group="fold", description="fold all")
    async def _find_siblings(self, document: BodyDocument, indent: int) -> None:
        search = SiblingSearch(document.content, indent)
        async for _ in in_slices(search):
            pass
        # Of the rows as they are cut now; cut anew meanwhile, they are looked for when they are folded.
        placing = self._rows.rows.placing(search.folds) if document is self.document else None
        if placing is not None:
            async for _ in in_slices(placing):
                pass
        self.post_message(self._FoldsFound(document, tuple(search.folds)))
        if search.limited:
            self.post_message(self.FoldsLimited(MOST_FOLDS))

    @on(_FoldsFound)
    def _folds_found(self, event: _FoldsFound) -> None:
        event.stop()
        if event.document is self.document:
            self._fold(self._folds | set(event.folds))

    def _fold(self, folds: frozenset[Fold]) -> None:
        """Fold these and nothing else; what the cursor and the top of the screen are on stays there."""
        index = self._rows.index
        top, cursor = (
            index.row(min(number, self.row_count - 1)).start for number in (self.scroll_offset.y, self.cursor)
        )
        self._folds = folds
        self._rows.fold(folds)
        self._rows_changed()
        self.set_reactive(JsonView.cursor, self._rows.index.row_at(cursor))
        # The scrollbar takes its new size first.
        self.call_after_refresh(partial(self._settle_at, top))
        self.watch_cursor()

    def _settle_at(self, top: int) -> None:
        self.scroll_to(None, self._rows.index.row_at(top), animate=False)
        self._show_cursor()

    def uncover(self, offset: int) -> None:
        """Unfold whatever hides this byte."""
        hiding = {fold for fold in self._folds if fold.start <= offset < fold.end}
        if hiding:
            self._fold(self._folds - hiding)

    def on_click(self, event: Click) -> None:
        """A click beside a row's number folds it."""
        super().on_click(event)
        if self.foldable and event.x == self._rows.gutter - 2:
            self.toggle_fold()


def _as_sent(path: str, roots: tuple[str, ...] | None) -> str:
    """A path in a part of what was sent, as a path in all of it; "" where nobody knows."""
    if roots is None or not path:
        return path
    if len(roots) == 1:
        return f"{roots[0]}{path[1:]}"
    member = _MEMBER.match(path)
    known = member is not None and int(member[1]) < len(roots)
    return f"{roots[int(member[1])]}{path[member.end() :]}" if member is not None and known else ""
