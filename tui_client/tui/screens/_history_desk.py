"""What the workbench does with exchanges of the past: the list, opening, sending again, comparing, removing."""

from __future__ import annotations

import asyncio
import importlib
from typing import TYPE_CHECKING, Final

from tui_client.errors import TuiClientError
from tui_client.history.entry import Entry, Kept
from tui_client.history.masked import masked_places
from tui_client.model.exchange import Exchange
from tui_client.text import safe_line
from tui_client.tui.modals.choose import Choice, Choose
from tui_client.tui.panels.history import HistoryPanel
from tui_client.tui.screens._context import environments_of
from tui_client.tui.screens._past_requests import PastRequests
from tui_client.tui.screens._progress import SendEnded
from tui_client.tui.state import OpenRequest

if TYPE_CHECKING:
    from tui_client.history.store import History
    from tui_client.tui.screens.workbench import WorkbenchScreen

_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_OFF: Final = "The history is switched off. history.enabled = true in your settings keeps what is sent."
_STAY_OR_SEND: Final = (Choice("stay", "Go back"), Choice("send", "Send it as it is", danger=True))
_AGAIN: Final = Choice("again", "Send it again")
_NEWEST: Final = Choice("newest", "The newest reply")


class HistoryDesk:
    """Asks and reads; the workbench shows what comes of it."""

    def __init__(self, screen: WorkbenchScreen) -> None:
        self._screen = screen
        self._past = PastRequests(screen)
        self._compared: dict[str, Kept] = {}  # by the open request whose next reply it is compared with
        self._told = ""
        self._sent_masked: set[str] = set()  # open requests that the user sends with a mask in them

    @property
    def history(self) -> History | None:
        """The history; None where it is switched off, or the settings that say so can't be read."""
        try:
            return self._screen.workspace.history
        except TuiClientError as error:
            self._screen.say(error)
            return None

    @property
    def panel(self) -> HistoryPanel:
        """The newest exchanges."""
        return self._screen.query_one(HistoryPanel)

    def begin(self) -> None:
        """Fill the panel once the first frame is drawn; without a history there is none."""
        self._screen.call_after_refresh(self._screen.run_worker, self._begin, exit_on_error=False)

    async def _begin(self) -> None:
        # SQLite comes with it; keys go on meanwhile.
        await asyncio.to_thread(importlib.import_module, "tui_client.history.opening")
        if history := self.history:
            self.panel.show(history, self._past.is_here)
        else:
            self.panel.show_nothing(_OFF)
            self._screen.add_class("-no-history")

    def ended(self, message: SendEnded) -> None:
        """A send is over: it is in the history now, and may be what another is compared with."""
        self.panel.look_again()
        self._tell_problem()
        kept, exchange = self._compared.pop(message.request_id, None), message.result.exchange
        if kept is not None and exchange is not None and exchange.response is not None:
            self._compare(kept, exchange)

    def _tell_problem(self) -> None:
        """Say once why what is sent can't be kept."""
        problem = self.history.problem if self.history else ""
        if problem != self._told:
            self._told = problem
            if problem:
                self._screen.say(problem)

    # The list

    def search(self) -> None:
        """Show the list with its search, and do what the user wants with one of them."""
        self._screen.dialog(self._search())

    async def _search(self) -> None:
        # Here, since nothing of it is needed for the first frame.
        from tui_client.tui.modals import history as modal

        history = self.history
        if history is None:
            await self._screen.app.push_screen_wait(Choose("History", _OFF, (Choice("close", "Close"),)))
            return
        wanted = await self._screen.app.push_screen_wait(modal.HistoryDialog(history, self._note(history)))
        self.panel.look_again()
        if wanted is None or (kept := await self._load(history, wanted.entry)) is None:
            return
        match wanted.action:
            case modal.OPEN:
                self._past.show(kept)
            case modal.NEW:
                self._past.as_new(kept)
            case modal.RESEND:
                await self._resend(kept)
            case modal.COMPARE:
                await self._compare_with_now(history, kept)

    def _note(self, history: History) -> str:
        """What whoever looks for something should know."""
        library, collection = self._screen.workspace.library, self._screen.collection
        if history.problem:
            return history.problem
        try:
            is_kept = not collection or library.shelf(collection).collection().history
        except TuiClientError:
            return ""
        return "" if is_kept else f"{collection} keeps no history: history = false in its collection.toml"

    async def _load(self, history: History, entry: Entry) -> Kept | None:
        try:
            return await asyncio.to_thread(history.load, entry.id)
        except TuiClientError as error:
            self._screen.say(error)
            return None

    # One of them

    def do(self, action: str, entry: Entry | None) -> None:
        """Carry out what the panel asked for: "open" or "delete" an exchange, or "search"."""
        history = self.history
        if history is None or entry is None:
            self.search()
        else:
            self._screen.dialog((self._open if action == "open" else self._delete)(history, entry))

    async def _open(self, history: History, entry: Entry) -> None:
        if kept := await self._load(history, entry):
            self._past.show(kept)

    async def _delete(self, history: History, entry: Entry) -> None:
        from tui_client.tui.modals.history import delete_question  # as above

        if await self._screen.app.push_screen_wait(delete_question(entry)) != "delete":
            return
        try:
            await asyncio.to_thread(history.delete, entry.id)
        except TuiClientError as error:
            self._screen.say(error)
        self.panel.look_again()

    # Sending again

    async def _resend(self, kept: Kept) -> bool:
        """Whether it is being sent. What another workspace sent is only opened: it would mean something else here."""
        if not self._past.is_here(kept.entry):
            self._past.as_new(kept)
            self._screen.tell("It was sent from another workspace. Look where it goes before you send it from here.")
            return False
        self._past.to_send(kept)
        if not await self._chose_environment(kept.entry.environment):
            return False
        self._screen.action_send()
        return True

    async def _chose_environment(self, then: str) -> bool:
        """Ask which environment is meant, if another one is chosen now; False where the user closed the question."""
        screen, now = self._screen, self._screen.environment
        if then == now or then not in ("", *environments_of(screen.workspace.library, screen.collection)):
            return True
        question = f"It was sent in env {then or 'none'}. Now env {now or 'none'} is chosen."
        choices = (Choice("now", f"Send in {now or 'none'}"), Choice("then", f"Switch to {then or 'none'}"))
        answer = await screen.app.push_screen_wait(Choose("Which environment?", question, choices))
        if answer == "then":
            screen.use_environment(then)
        return answer is not None

    def stops(self, item: OpenRequest) -> bool:
        """Whether a send must wait for an answer: a mask stands where a secret was."""
        if item.id in self._sent_masked or not (places := masked_places(item.draft)):
            return False
        self._screen.dialog(self._ask_masked(item.id, places))
        return True

    async def _ask_masked(self, request_id: str, places: tuple[str, ...]) -> None:
        question = (
            f"••• stands where a secret was: {', '.join(map(safe_line, places))}. "
            "Put the secret there, or a {{variable}}, and send then."
        )
        if await self._screen.app.push_screen_wait(Choose("A secret is missing", question, _STAY_OR_SEND)) == "send":
            self._sent_masked.add(request_id)
            self._screen.action_send()

    # Comparing

    async def _compare_with_now(self, history: History, kept: Kept) -> None:
        newest = await asyncio.to_thread(newest_like, history, kept.entry)
        answer = await self._how_to_compare(kept.entry, newest)
        if answer == _NEWEST.id and newest is not None:
            if (now := await self._load(history, newest)) is not None:
                self._compare(kept, now.exchange)
        elif answer == _AGAIN.id and await self._resend(kept):
            self._compared[self._screen.requests.active] = kept

    async def _how_to_compare(self, entry: Entry, newest: Entry | None) -> str | None:
        """What would be done twice is not sent without being asked for."""
        is_safe = entry.method.upper() in _SAFE_METHODS
        if newest is None and is_safe:
            return _AGAIN.id
        question = "Compare with a new reply?" if newest is None else "Compare with which reply?"
        if not is_safe:
            question += f" {entry.method} may change things each time it is sent."
        again = Choice(_AGAIN.id, _AGAIN.label, danger=not is_safe)
        choices = (Choice("no", "No"), again) if newest is None else (_NEWEST, again)
        return await self._screen.app.push_screen_wait(Choose("Compare", question, choices))

    def _compare(self, kept: Kept, now: Exchange) -> None:
        from tui_client.tui.screens._compare_desk import compare_sides, side_of, side_of_kept  # as above

        compare_sides(self._screen, side_of_kept(kept), side_of(now, kept.entry.key, kept.entry.key))


def newest_like(history: History, entry: Entry) -> Entry | None:
    """The newest reply to the same request since this one; None if there is none. Blocking."""
    for other in history.recent(root=entry.root):
        if other.id <= entry.id:
            return None
        is_same = other.key == entry.key if entry.key else (other.method, other.url) == (entry.method, entry.url)
        if is_same and other.status is not None:
            return other
    return None
