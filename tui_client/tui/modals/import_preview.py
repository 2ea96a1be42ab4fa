"""All that an import would write, looked at before it does: the tree, the report, and where it goes."""

from __future__ import annotations

from collections import Counter
from typing import ClassVar, Final, Protocol

from textual import events, getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tui_client.errors import TuiClientError
from tui_client.interop.offered import Preview, Written
from tui_client.model.wording import describe_error
from tui_client.text import format_count, safe_line
from tui_client.tui.modals._dialog import Dialog
from tui_client.tui.modals._import_rows import COLOURS, LOST, WORDS, NodeRows, SaidRows, about_line, about_node
from tui_client.tui.modals.pick import Pick, PickItem
from tui_client.tui.widgets.key_bar import Key, KeyBar
from tui_client.tui.widgets.outline import Outline

_WIDE: Final = 110  # columns from which on both lists stand beside each other
_KEYS: Final = (
    Key("screen.accept", "Enter", "import"),
    Key("screen.where", "w", "elsewhere"),
    Key("screen.lost", "f", "lost only"),
    Key("screen.other", "Tab", "tree, report"),
    Key("screen.close", "Esc", "cancel"),
)
_UPDATE_KEY: Final = Key("screen.update", "u", "update")
_NOTHING_LOST: Final = "Everything is carried over one to one."


class Importing(Protocol):
    """What carries an import out. The first two raise TuiClientError."""

    async def place(self, target: str) -> Preview:
        """The same, written elsewhere."""

    async def write(self) -> Written:
        """All of it or nothing."""

    def stop(self) -> None:
        """Take back what is being written, which ends that with an error."""


class ImportPreview(Dialog[Written]):
    """Gives back what was written, None where the user left it. It stays open where writing fails."""

    AUTO_FOCUS = "#tree"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "accept", "Import", show=False, priority=True),
        Binding("tab,shift+tab", "other", "Tree or report", show=False, priority=True),
        Binding("w", "where", "Where it goes", show=False),
        Binding("u", "update", "Put it over the older version", show=False),
        Binding("f", "lost", "All or what is lost", show=False),
    ]
    DEFAULT_CSS = """
    ImportPreview {
        background: $background;
        .dialog { width: 100%; max-width: 100%; height: 100%; max-height: 100%; }
        #counts, #where, #said { height: auto; max-height: 2; }
        #lists { height: 1fr; }
        .list { border-top: solid $foreground 25%; border-title-color: $text-muted; width: 1fr; }
        .list:focus-within { border-title-color: $text-primary; border-title-style: bold; }
        #report-list { width: 3fr; margin-left: 1; }
        #tree-list { width: 2fr; }
        .-narrow #report-list { display: none; margin-left: 0; }
        .-narrow.-report #report-list { display: block; }
        .-narrow.-report #tree-list { display: none; }
        #none { display: none; color: $text-muted; }
        .-none #none { display: block; }
        .-none #report { display: none; }
        #look { height: 4; border-top: solid $foreground 25%; scrollbar-size-vertical: 1; }
        #about { height: auto; }
    }
    """

    made = getters.query_one("#tree", Outline)
    lists = getters.query_one("#lists", Horizontal)
    report = getters.query_one("#report", Outline)

    class _Placed(Message):
        def __init__(self, preview: Preview) -> None:
            super().__init__()
            self.preview = preview

    class _Done(Message):
        def __init__(self, written: Written) -> None:
            super().__init__()
            self.written = written

    class _Failed(Message):
        def __init__(self, error: TuiClientError) -> None:
            super().__init__()
            self.error = error

    def __init__(self, preview: Preview, importing: Importing) -> None:
        super().__init__()
        self.preview = preview
        self._importing = importing
        self._tree_rows = NodeRows(preview.tree)
        self._report_rows = SaidRows(preview.report)
        self._busy = self._writing = self._narrow = self._on_report = False

    def compose(self) -> ComposeResult:
        """The figures over the lists, all of the row under the cursor below them."""
        with Vertical(classes="dialog") as box:
            box.border_title = "Import"
            yield Static("", id="counts", markup=False)
            yield Static("", id="where", markup=False)
            with Horizontal(id="lists"):
                with Vertical(id="tree-list", classes="list"):
                    yield Outline(id="tree")
                with Vertical(id="report-list", classes="list"):
                    yield Outline(id="report")
                    yield Static(_NOTHING_LOST, id="none", markup=False)
            with VerticalScroll(id="look", can_focus=False):
                yield Static("", id="about", markup=False)
            yield Static("", classes="problem", markup=False)
            yield KeyBar((*_KEYS[:2], _UPDATE_KEY, *_KEYS[2:]) if self.preview.update else _KEYS)

    def on_mount(self) -> None:
        """Show it."""
        self.watch(self.made, "cursor", self._look, init=False)
        self.watch(self.report, "cursor", self._look, init=False)
        # In two steps: to style, lay out and paint all of it at once keeps a key waiting.
        self.call_after_refresh(self._show)

    def on_resize(self, event: events.Resize) -> None:
        """One list at a time where there is no room for both."""
        self._narrow = event.size.width < _WIDE
        self.lists.set_class(self._narrow, "-narrow")
        self._titles()

    def _show(self) -> None:
        preview = self.preview
        box = self.query_one(".dialog")
        box.border_title = Content(safe_line(f"Import · {preview.format} · {preview.title}"))
        self.query_one("#counts", Static).update(counts_of(preview))
        self.query_one("#where", Static).update(where_of(preview))
        self.made.rows = self._tree_rows
        self.report.rows = self._report_rows
        self.query_one("#report-list").set_class(not preview.report, "-none")
        self._titles()
        self._look()

    def _titles(self) -> None:
        lost = sum(line.outcome in LOST for line in self.preview.report)
        which = f"lost {format_count(lost)} of" if self._report_rows.lost_only else "report"
        report = f"{which} {format_count(len(self.preview.report))}"
        tree = f"will be made {format_count(len(self.preview.tree))}"
        if self.preview.is_update:
            tree = f"changes {format_count(sum(number for _, number in self.preview.changes))}"
        self.query_one("#tree-list").border_title = Content(f"{tree} · Tab: {report}" if self._narrow else tree)
        self.query_one("#report-list").border_title = Content(f"{report} · Tab: {tree}" if self._narrow else report)

    def _look(self) -> None:
        """All of the row under the cursor."""
        if self._on_report:
            line = self._report_rows.at(self.report.cursor)
            self.query_one("#about", Static).update(about_line(line) if line else "")
        else:
            node = self._tree_rows.at(self.made.cursor)
            self.query_one("#about", Static).update(about_node(node) if node else "")

    @on(Outline.FoldRequested)
    def _fold(self, message: Outline.FoldRequested) -> None:
        self._tree_rows = self._tree_rows.with_fold(message.row.id, fold=message.fold)
        self.made.rows = self._tree_rows

    @on(events.DescendantFocus)
    def _focus_moved(self) -> None:
        self._turn(self.report.has_focus)

    def action_other(self) -> None:
        """The tree, or the report."""
        to_report = not self._on_report
        self._turn(to_report)
        (self.report if to_report else self.made).focus()

    def _turn(self, to_report: bool) -> None:
        if to_report != self._on_report:
            self._on_report = to_report
            self.lists.set_class(to_report, "-report")
            self._look()

    def action_lost(self) -> None:
        """All of the report, or only what is lost."""
        self._report_rows = SaidRows(self._report_rows.lines, lost_only=not self._report_rows.lost_only)
        self.report.rows = self._report_rows
        self._titles()
        self._look()

    # Elsewhere, and writing

    def action_where(self) -> None:
        """Choose where it goes."""
        if not self._busy:
            self._choose()

    @work(group="where", exclusive=True, exit_on_error=False)
    async def _choose(self) -> None:
        items = tuple(PickItem(str(number), offer.label) for number, offer in enumerate(self.preview.offers))
        ids = [offer.id for offer in self.preview.offers]
        current = str(ids.index(self.preview.target)) if self.preview.target in ids else ""
        chosen = await self.app.push_screen_wait(Pick("Where it goes", items, current=current))
        if chosen and not self._busy:
            self._begin("Names and files…")
            self._place(ids[int(chosen)])

    def action_update(self) -> None:
        """Put it over the older version that is there."""
        if not self._busy and self.preview.update:
            self._begin("Comparing with what is there…")
            self._place(self.preview.update)

    def action_accept(self) -> None:
        """Write it."""
        if not self._busy:
            self._begin("Writing. Esc takes it back.")
            self._writing = True
            self._write()

    def _begin(self, words: str) -> None:
        self._busy = True
        self.query_one(".problem", Static).update(safe_line(words))

    @work(group="import", exit_on_error=False)
    async def _place(self, target: str) -> None:
        try:
            self.post_message(self._Placed(await self._importing.place(target)))
        except TuiClientError as error:
            self.post_message(self._Failed(error))

    @work(group="import", exit_on_error=False)
    async def _write(self) -> None:
        try:
            self.post_message(self._Done(await self._importing.write()))
        except TuiClientError as error:
            self.post_message(self._Failed(error))

    @on(_Placed)
    def _placed(self, message: _Placed) -> None:
        message.stop()
        self._end()
        self.preview = message.preview
        self._tree_rows = NodeRows(self.preview.tree)
        self._report_rows = SaidRows(self.preview.report, lost_only=self._report_rows.lost_only)
        self._show()

    @on(_Failed)
    def _failed(self, message: _Failed) -> None:
        message.stop()
        self._end()
        self.query_one(".problem", Static).update(describe_error(message.error))

    @on(_Done)
    def _done(self, message: _Done) -> None:
        message.stop()
        self._end()
        self.dismiss(message.written)

    def _end(self) -> None:
        self._busy = self._writing = False
        self.query_one(".problem", Static).update("")

    def action_close(self) -> None:
        """Leave; what is being written is taken back first."""
        if self._writing:
            self._importing.stop()
        else:
            self.dismiss(None)


def counts_of(preview: Preview) -> Content:
    """How much there is, and how much of it is said in the report."""
    if preview.is_update:
        kinds = [f"{format_count(number)} {safe_line(kind)}" for kind, number in preview.changes]
        return Content(f"{', '.join((*kinds, f'{format_count(preview.unchanged)} unchanged'))} · ") + _said(preview)
    figures = ((preview.requests, "request"), (preview.folders, "folder"), (preview.environments, "environment"))
    made = ", ".join(f"{format_count(number)} {word}{'s' * (number != 1)}" for number, word in figures)
    if preview.private:
        made += f" (secrets in {format_count(preview.private)} private {'file' if preview.private == 1 else 'files'})"
    return Content(f"{made} · ") + _said(preview)


def _said(preview: Preview) -> Content:
    counts = Counter(line.outcome for line in preview.report)
    said = [
        Content(f"{format_count(counts[outcome])} {word}").stylize(COLOURS[outcome])
        for outcome, word in WORDS.items()
        if counts[outcome]
    ]
    return Content(", ").join(said) if said else Content("nothing lost")


def where_of(preview: Preview) -> Content:
    """Where it goes, and that there is an older version."""
    where = Content("Goes ") + Content(safe_line(preview.where)).stylize("bold $text-accent")
    older = next((offer.label for offer in preview.offers if preview.update and offer.id == preview.update), "")
    return where + Content(f" · an older version is here: u to {safe_line(older)}") if older else where
