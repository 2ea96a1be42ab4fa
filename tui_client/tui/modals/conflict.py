"""A file changed on disk and in the editor: both are put together, or one of them stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Final, TypeAlias

import msgspec
from textual import events, getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Button, Static

from tui_client.storage.three_way import Take
from tui_client.text import safe_line
from tui_client.tui.modals._dialog import Dialog
from tui_client.tui.modals._merge_view import MergeView, ResultView
from tui_client.tui.modals._merging import Merging, merging

MINE: Final = "mine"
THEIRS: Final = "theirs"
_THREE_COLUMNS: Final = 110  # cells of the terminal
_WITH_RESULT: Final = 34  # lines of the terminal
_KEYS: Final = (("n N", "next, back"), ("m", "mine"), ("t", "theirs"), ("b", "both"), ("o", "before"), ("p", "result"))
_DELETED: Final = (
    "The file was deleted on disk. Keeping yours writes it again. Taking theirs leaves it deleted; what you wrote"
    " stays open as a new request."
)


class Merged(msgspec.Struct, frozen=True):
    """Both were put together. text: the result. without: whose changes are not all in it."""

    text: str
    without: frozenset[Take] = frozenset()


Answer: TypeAlias = str | Merged


class DeletedDialog(Dialog[Answer]):
    """The file is gone. Gives back MINE or THEIRS; None leaves the edit in the editor."""

    AUTO_FOCUS = "Vertical"

    def __init__(self, file: str) -> None:
        super().__init__()
        self._file = file

    def compose(self) -> ComposeResult:
        """The choices, and what comes of them."""
        with Vertical(classes="dialog") as box:
            box.can_focus = True
            box.border_title = Content(f"{safe_line(self._file)} was deleted on disk")
            box.border_subtitle = "Esc keeps editing; nothing is written"
            yield Static(_DELETED)
            with Horizontal(classes="buttons"):
                yield Button("Keep mine", id=MINE, compact=True)
                yield Button("Take theirs", id=THEIRS, compact=True)

    @on(Button.Pressed)
    def _answer(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id)


class ConflictDialog(Dialog[Answer]):
    """Gives back Merged, MINE or THEIRS; None leaves the edit in the editor and the file as it is.

    Enter alone throws nothing away: it goes to what is undecided, or saves both changes.
    """

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "step(1)", "Next difference", show=False),
        Binding("N,shift+n", "step(-1)", "Difference before", show=False),
        Binding("m", "mine", "Take mine", show=False),
        Binding("t", "theirs", "Take theirs", show=False),
        Binding("b", "both", "Take both, then in the other order", show=False),
        Binding("o", "before", "Show what was there before", show=False),
        Binding("p", "result", "Show the result", show=False),
        Binding("enter", "undecided", "To what is undecided", show=False),
    ]
    DEFAULT_CSS = """
    ConflictDialog {
        .dialog.-merge { width: 95%; max-width: 180; height: 95%; max-height: 95%; }
        #words { height: auto; }
        #now { height: auto; max-height: 2; text-style: bold; }
        #result { display: none; border-top: solid $foreground 30%; }
        &.-result #result { display: block; }
        &.-result.-low #columns { display: none; }
        &.-low #result { border-top: none; }
        #keys { height: 1; color: $text-muted; }
        .buttons { padding-top: 0; }
    }
    """

    columns = getters.query_one("#columns", MergeView)
    result = getters.query_one("#result", ResultView)

    merging: reactive[Merging] = reactive(Merging(()), init=False)

    def __init__(
        self,
        file: str,
        texts: tuple[str, str, str],
        problem: Callable[[str], str] = lambda text: "",
        broken: str = "",
        surprise: Callable[[str], str] = lambda text: "",
    ) -> None:
        """texts: as it was read, on disk, in the editor. problem: why a text is no request, "" if it is one.

        broken: why that on disk is none. surprise: what lines that were merged say and nobody wrote, "" for nothing.
        """
        super().__init__()
        self._file = file
        self._problem = problem
        self._broken = broken
        self._surprise = surprise
        self.set_reactive(ConflictDialog.merging, merging(*texts))

    def compose(self) -> ComposeResult:
        """The texts over their result, and the choices."""
        with Vertical(classes="dialog -merge") as box:
            box.border_title = Content(f"{safe_line(self._file)} changed on disk")
            box.border_subtitle = "Esc keeps editing; nothing is written"
            yield Static(self._words(), id="words", markup=False)
            yield MergeView(self.merging, id="columns")
            yield ResultView(self.merging, id="result")
            yield Static(id="now", markup=False)
            yield Static(id="problem", classes="problem", markup=False)
            yield Static(_key_line(), id="keys")
            with Horizontal(classes="buttons"):
                name = "Save merged" if self.merging.conflicts or self._broken else "Merge both"
                yield Button(name, id="merge", variant="primary", compact=True)
                yield Button("Keep mine", id=MINE, compact=True)
                if not self._broken:
                    yield Button("Take theirs", id=THEIRS, compact=True)

    def _words(self) -> str:
        if self._broken:
            return (
                f"What is on disk can't be read as a request ({safe_line(self._broken)})."
                " n and m take your lines where it is broken. Theirs is kept beside the file."
            )
        if not self.merging.conflicts:
            return "The file changed since you opened it, in other places than you did. “Merge both” keeps all of it."
        count = self.merging.conflicts
        places = "one place" if count == 1 else f"{count} places"
        return f"The file changed since you opened it, in {places} where you changed it too. Choose what to take there."

    def on_mount(self) -> None:
        """The first choice has the focus if it is a safe one."""
        self._show()
        button = self.query_one("#merge", Button)
        (self.columns if button.disabled else button).focus()

    def on_resize(self, event: events.Resize) -> None:
        """A small terminal shows two columns, and the result in their place."""
        self.set_class(event.size.height < _WITH_RESULT, "-low")
        self.set_class(event.size.height >= _WITH_RESULT, "-result")
        self.columns.base = event.size.width >= _THREE_COLUMNS

    def watch_merging(self) -> None:
        """Show what was chosen."""
        self._show()

    def _show(self) -> None:
        now = self.merging
        self.columns.merging = self.result.merging = now
        self.query_one("#now", Static).update(safe_line(now.sentence))
        text = now.text
        problem = "" if text is None else self._problem(text)
        said = f"The result is no request yet: {problem}" if problem else ""
        if text is not None and not problem and now.is_by_line:
            said = self._surprise(text)
        self.query_one("#problem", Static).update(safe_line(said))
        self.query_one("#problem").display = bool(said)
        self.query_one("#merge", Button).disabled = text is None or bool(problem)

    def action_step(self, by: int) -> None:
        """To the next difference, or the one before."""
        self.merging = self.merging.step(by)

    def action_undecided(self) -> None:
        """To the next difference that is undecided."""
        self.merging = self.merging.to_undecided()

    def action_mine(self) -> None:
        """Take mine here."""
        self.merging = self.merging.choose(Take.MINE)

    def action_theirs(self) -> None:
        """Take theirs here."""
        self.merging = self.merging.choose(Take.THEIRS)

    def action_both(self) -> None:
        """Take both here; again, the other way round."""
        self.merging = self.merging.choose(Take.MINE_THEIRS, Take.THEIRS_MINE)

    def action_before(self) -> None:
        """Show or hide what was read."""
        self.columns.base = not self.columns.base

    def action_result(self) -> None:
        """Show or hide the result."""
        self.toggle_class("-result")

    @on(Button.Pressed)
    def _answer(self, event: Button.Pressed) -> None:
        if event.button.id != "merge":
            self.dismiss(event.button.id)
        elif (text := self.merging.text) is not None:
            sides = (Take.MINE, Take.THEIRS)
            self.dismiss(Merged(text, frozenset(side for side in sides if self.merging.leaves_out(side))))


def _key_line() -> Content:
    return Content("  ").join(Content.assemble((keys, "bold $text-accent"), f" {what}") for keys, what in _KEYS)
