"""The comparison of two replies: what differs in status and headers, and the bodies row by row."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import ClassVar, Final

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tui_client.replay.comparison.blocks import Kind, Layout
from tui_client.replay.comparison.headers import differing
from tui_client.replay.comparison.places import to_ignore
from tui_client.replay.comparison.running import Comparison, compare_sides
from tui_client.replay.comparison.side import Side
from tui_client.replay.comparison.summary import summary
from tui_client.text import format_count, safe_line
from tui_client.tui.actions import bindings_for
from tui_client.tui.screens._compare_paths import edit_paths
from tui_client.tui.screens._compare_text import figures_content, headers_content, side_content
from tui_client.tui.screens._talking import TalkingScreen
from tui_client.tui.widgets.diff_view import DiffView
from tui_client.tui.widgets.key_bar import KeyBar, keys_of
from tui_client.tui.widgets.tab_strip import Tab, TabStrip

_WIDE: Final = 100  # columns from which on both sides fit beside each other
_KINDS: Final = {
    Kind.CHANGED: "changed",
    Kind.REMOVED: "only on the left",
    Kind.ADDED: "only on the right",
    Kind.WRITTEN: "the same value, written differently",
}


class CompareScreen(TalkingScreen):
    """Owns the two sides and what is left out; compares them beside the event loop."""

    PLACE: ClassVar[str] = "compare"
    CSS_PATH = "compare.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("compare")]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (_WIDE, "-wide")]  # noqa: RUF012 - as Textual declares it
    AUTO_FOCUS = "#body"

    summary_line = getters.query_one("#summary", Static)
    remarks = getters.query_one("#remarks", Static)
    problem = getters.query_one("#problem", Static)
    place = getters.query_one("#place", Static)
    strip = getters.query_one(TabStrip)
    body = getters.query_one("#body", DiffView)

    class _Compared(Message):
        """The outcome is known."""

        def __init__(self, comparison: Comparison) -> None:
            super().__init__()
            self.comparison = comparison

    class _Failed(Message):
        """It will not be known."""

        def __init__(self, reason: str) -> None:
            super().__init__()
            self.reason = reason

    def __init__(
        self, left: Side, right: Side, keys: dict[str, str], ignored: MutableMapping[str, tuple[str, ...]]
    ) -> None:
        """keys: those of each action by its id. ignored: by request, the JSONPaths that are left out; kept up here."""
        super().__init__()
        self._left, self._right = left, right
        self._request = right.key or left.key  # also once they are swapped
        self._keys = keys
        self._ignored = ignored
        self._chosen: Layout | None = None  # by key; else the width decides
        self.comparison: Comparison | None = None

    def compose(self) -> ComposeResult:
        """Who is compared and the outcome in a line, over its pages."""
        with Container(id="titles"):
            yield Static(id="left-side", classes="side", markup=False)
            yield Static(id="right-side", classes="side", markup=False)
        yield Static(id="summary", markup=False)
        yield Static(id="remarks", markup=False)
        yield Static(id="problem", markup=False)
        yield TabStrip(separator="dot", id="parts")
        yield DiffView(id="body", classes="page")
        with VerticalScroll(id="figures", classes="page"):
            yield Static(markup=False)
        with VerticalScroll(id="headers", classes="page"):
            yield Static(markup=False)
        yield Static(id="place", markup=False)
        yield KeyBar(keys_of("compare", self._keys))

    def on_mount(self) -> None:
        """Compare at once."""
        self.strip.active = "body"
        self._begin()

    # Comparing

    @property
    def paths(self) -> tuple[str, ...]:
        """The JSONPaths that are left out of replies to this request."""
        return self._ignored.get(self._request, ())

    def leave_out(self, paths: tuple[str, ...]) -> None:
        """Leave these out from now on, and compare again."""
        self._ignored[self._request] = paths
        self._begin()

    def _begin(self) -> None:
        self.query_one("#left-side", Static).update(side_content("Left", self._left))
        self.query_one("#right-side", Static).update(side_content("Right", self._right))
        self.summary_line.update("Comparing…")
        self._compare()

    @work(group="compare", exclusive=True, exit_on_error=False)
    async def _compare(self) -> None:
        try:
            self.post_message(self._Compared(await compare_sides(self._left, self._right, self.paths)))
        except OSError as error:
            self.post_message(self._Failed(safe_line(error.strerror or str(error))))

    @on(_Failed)
    def _fail(self, message: _Failed) -> None:
        self.summary_line.update("")
        self.problem.update(f"The replies can't be compared: {safe_line(message.reason)}.")
        self.problem.display = True

    @on(_Compared)
    def _show(self, message: _Compared) -> None:
        comparison = message.comparison
        if comparison.left is not self._left:
            return  # the sides were swapped meanwhile
        before = self.body.stop if self.comparison else None
        self.comparison = comparison
        self.problem.display = False
        self.summary_line.update(Content.styled(summary(comparison), "bold"))
        head = comparison.rows.head if comparison.rows else None
        remarks = [*(head.remarks if head else ()), *self._ignored_remark()]
        self.remarks.update(safe_line("  ".join(remarks)))
        self.remarks.display = bool(remarks)
        self.query_one("#headers > Static", Static).update(headers_content(comparison))
        self.query_one("#figures > Static", Static).update(figures_content(comparison.figures, comparison.reason))
        stops = comparison.rows.stop_count if comparison.rows else 0
        self.strip.tabs = (
            Tab("body", "Body", format_count(stops) if stops else ""),
            Tab("headers", "Headers", str(differing(comparison.headers) or "")),
        )
        if comparison.rows:
            self.body.show(comparison.rows)
            if before is not None and stops:
                self.body.go_to(min(before, stops - 1))
        self._show_page()

    def _ignored_remark(self) -> tuple[str, ...]:
        return (f"Ignored: {', '.join(self.paths)}.",) if self.paths else ()

    # Pages

    def _show_page(self) -> None:
        rows = self.comparison.rows if self.comparison else None
        shown = "headers" if self.strip.active == "headers" else "body" if rows or not self.comparison else "figures"
        for name in ("body", "figures", "headers"):
            self.query_one(f"#{name}").display = name == shown
        self.place.display = shown == "body"
        self.query_one(f"#{shown}").focus()

    @on(TabStrip.Selected, "#parts")
    def _part_chosen(self, event: TabStrip.Selected) -> None:
        self.strip.active = event.tab_id
        self._show_page()

    def action_compare_part(self) -> None:
        """The body, or the headers."""
        self.strip.active = "body" if self.strip.active == "headers" else "headers"
        self._show_page()

    @on(DiffView.Moved)
    def _moved(self) -> None:
        rows = self.comparison.rows if self.comparison else None
        stop = self.body.stop
        if rows is None:
            return
        if stop is None:
            count = rows.stop_count
            text = "No difference" if not count else "1 difference" if count == 1 else f"{count:,} differences"
            self.place.update(text, layout=False)
        else:
            count_text = f"{stop + 1:,} of {rows.stop_count:,}"
            self.place.update(f"{count_text} · {safe_line(rows.place(stop))} · {_KINDS[rows.kind(stop)]}", layout=False)

    # Looking

    def on_resize(self) -> None:
        """Side by side where there is room."""
        self._arrange()

    def _arrange(self) -> None:
        self.body.arrangement = self._chosen or (Layout.SIDES if self.size.width >= _WIDE else Layout.INLINE)

    def action_diff_layout(self) -> None:
        """Side by side, or one under the other."""
        self._chosen = Layout.INLINE if self.body.arrangement is Layout.SIDES else Layout.SIDES
        self._arrange()

    def action_all_rows(self) -> None:
        """All rows, or only those around differences."""
        self.body.folded = not self.body.folded

    def action_next_difference(self) -> None:
        """To the next difference; after the last comes the first."""
        self.body.step(1)

    def action_previous_difference(self) -> None:
        """To the difference before."""
        self.body.step(-1)

    def action_swap_sides(self) -> None:
        """Left is right and right is left."""
        self._left, self._right = self._right, self._left
        self._begin()

    def action_copy_place(self) -> None:
        """Copy the path of the difference that the cursor is on."""
        rows, stop = self.comparison.rows if self.comparison else None, self.body.stop
        if rows is not None and stop is not None:
            self._copy(safe_line(rows.place(stop)))

    def action_copy_row(self) -> None:
        """Copy the line that the cursor is on."""
        self._copy(self.body.line_text())

    def _copy(self, text: str) -> None:
        if text:
            self.app.copy_to_clipboard(safe_line(text))
            self.tell(f"Copied {format_count(len(text))} characters.")

    # Leaving out

    def action_ignore_here(self) -> None:
        """Leave out what the cursor is on, in every element of the arrays it is in."""
        rows = self.comparison.rows if self.comparison else None
        stop = self.body.stop
        if rows is None or rows.head.how != "json":
            self.tell("Only paths of JSON can be ignored.")
        elif stop is None:
            self.tell("The cursor is on no difference.")
        else:
            path = to_ignore(rows.place(stop))
            if path not in self.paths:
                self.leave_out((*self.paths, path))
            self.tell(f"Ignored from now on: {path}")

    def action_ignored_paths(self) -> None:
        """Show the paths that are left out, to add one or to take one away."""
        self.dialog(edit_paths(self))

    def action_leave_compare(self) -> None:
        """Back to where it was called from."""
        self.dismiss()
