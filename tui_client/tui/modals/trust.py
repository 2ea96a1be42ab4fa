"""What a collection may reach on this machine: looked at, taken back, with a way back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ClassVar, Final, Protocol

import msgspec
from textual import getters, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tui_client.errors import TuiClientError
from tui_client.model.wording import describe_error
from tui_client.text import safe_line
from tui_client.trust.grants import Grant, GrantKind, written
from tui_client.trust.words import deed
from tui_client.tui.modals._dialog import Dialog
from tui_client.tui.widgets.key_bar import Key, KeyBar
from tui_client.tui.widgets.outline import Outline, OutlineRow, RowList, RowState

_EMPTY: Final = (
    "Nothing was granted to {name}. Once you allow it to read an environment variable or a file outside of it, to send "
    "secrets to a host, or to talk to one without verifying its certificate, that is listed here, to be taken back."
)
_HELD: Final = "It could not be stored: it holds until you leave."
_REFUSED: Final = "You said no. That holds until you leave; Del forgets it, and you are asked again."
_STORED: Final = "It holds until you take it back. Del does, and the next request that needs it asks again."
_KEYS: Final = (Key("screen.take_back", "Del", "take back"), Key("screen.undo", "u", "undo"))
_ORDER: Final = tuple(GrantKind)


class Decision(msgspec.Struct, frozen=True):
    """What the user has decided. stored: beyond this session."""

    grant: Grant
    allowed: bool = True
    stored: bool = True


class Decisions(Protocol):
    """Those about one collection. All of these may block, and raise TuiClientError."""

    def all(self) -> tuple[Decision, ...]:
        """All there are now."""

    def forget(self, decision: Decision) -> None:
        """Take one back."""

    def restore(self, decision: Decision) -> None:
        """Undo that."""


class TrustDialog(Dialog[None]):
    """Takes back at once; each can be undone while the dialog is open."""

    AUTO_FOCUS = "Outline"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("delete,backspace", "take_back", "Take back", show=False),
        Binding("u", "undo", "Undo", show=False),
    ]
    DEFAULT_CSS = """
    TrustDialog {
        .dialog { width: 110; height: 80%; }
        #look { height: auto; max-height: 8; border-top: solid $foreground 25%; scrollbar-size-vertical: 1; }
        #about { height: auto; }
    }
    """

    outline = getters.query_one(Outline)
    about = getters.query_one("#about", Static)

    class _Read(Message):
        def __init__(self, found: tuple[Decision, ...]) -> None:
            super().__init__()
            self.found = found

    def __init__(self, name: str, decisions: Decisions) -> None:
        """name: of the collection."""
        super().__init__()
        self._collection = name
        self._decisions = decisions
        self._found: tuple[Decision, ...] | None = None
        self._taken: list[Decision] = []
        self._turn = asyncio.Lock()
        self._waiting = 0  # changes that are not made yet

    def compose(self) -> ComposeResult:
        """The list, all of the one under the cursor, and the keys."""
        with Vertical(classes="dialog") as box:
            box.border_title = Content(safe_line(f"Trust · {self._collection}"))
            box.border_subtitle = "Esc closes"
            yield Outline(id="decisions")
            with VerticalScroll(id="look", can_focus=False):
                yield Static("", id="about", markup=False)
            yield KeyBar(_KEYS)

    def on_mount(self) -> None:
        """Read them."""
        self.watch(self.outline, "cursor", self._tell, init=False)
        self._work(lambda: None)

    @property
    def decision(self) -> Decision | None:
        """What the cursor is on."""
        found, place = self._found or (), self.outline.cursor
        return found[place] if 0 <= place < len(found) else None

    @work(group="trust", exit_on_error=False)
    async def _work(self, change: Callable[[], None]) -> None:
        """Change something, each change in its turn; what is on disk is shown once none is left to be made."""
        self._waiting += 1
        try:
            async with self._turn:
                await asyncio.to_thread(change)
        except TuiClientError as error:
            self._say(error)
        finally:
            self._waiting -= 1
        if not self._waiting:
            await self._read()

    async def _read(self) -> None:
        try:
            found = await asyncio.to_thread(self._decisions.all)
        except TuiClientError as error:
            self._say(error)
            return
        if not self._waiting:
            self.post_message(self._Read(found))

    def _say(self, error: TuiClientError) -> None:
        self.notify(describe_error(error), severity="error", markup=False)

    def on_trust_dialog__read(self, message: _Read) -> None:
        """Show what there is by now."""
        message.stop()
        # A key may have come in between.
        if not self._waiting:
            self._show(message.found)

    def _show(self, found: tuple[Decision, ...]) -> None:
        self._found = tuple(sorted(found, key=_place))
        self.outline.rows = RowList(tuple(map(_row, self._found)))
        self._tell()

    def _tell(self) -> None:
        if (decision := self.decision) is not None:
            self.about.update(_about(decision))
        elif self._found is not None:
            self.about.update(safe_line(_EMPTY.format(name=self._collection)))

    def action_take_back(self) -> None:
        """Take back what the cursor is on."""
        if (decision := self.decision) is not None:
            self._taken.append(decision)
            # At once, so that a second press means the next row.
            self._show(tuple(one for one in self._found or () if one != decision))
            self._work(lambda: self._decisions.forget(decision))

    def action_undo(self) -> None:
        """Bring back what was taken back last."""
        if self._taken:
            decision = self._taken.pop()
            self._show((*(self._found or ()), decision))
            self.outline.cursor = self._found.index(decision) if self._found else 0
            self._work(lambda: self._decisions.restore(decision))


def _place(decision: Decision) -> tuple[bool, int, str]:
    return not decision.allowed, _ORDER.index(decision.grant.kind), decision.grant.subject


def _row(decision: Decision) -> OutlineRow:
    grant = decision.grant
    words = f"{'may' if decision.allowed else 'may not'} {deed(grant)}"
    state = RowState.PASSED if decision.allowed else RowState.SKIPPED
    mark = "" if decision.stored else " (this session)"
    return OutlineRow(f"{written(grant)}{mark}", words, 0, state, mark=mark)


def _about(decision: Decision) -> Content:
    words = f"{'May' if decision.allowed else 'May not'} {deed(decision.grant)}."
    hint = (_STORED if decision.stored else _HELD) if decision.allowed else _REFUSED
    return Content(safe_line(words)) + Content("\n") + Content(hint).stylize("$foreground 60%")
