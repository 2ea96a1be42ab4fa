"""See what the collection that is shown may reach, and take it back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tui_client.errors import TuiClientError
from tui_client.trust.gates import AskingGate
from tui_client.tui.screens._context import draft_key

if TYPE_CHECKING:
    from tui_client.replay.wiring import Wired
    from tui_client.trust.grants import Grant
    from tui_client.tui.modals.trust import Decision
    from tui_client.tui.screens._errands import ErrandsScreen


async def look_at_grants(screen: ErrandsScreen) -> None:
    """See what the collection that is shown may reach, and take it back."""
    from tui_client.tui.modals.trust import TrustDialog

    try:
        await screen.workspace.ready()
        wired = screen.workspace.wired()
        root = _root(screen, wired)
    except TuiClientError as error:
        screen.say(error)
        return
    await screen.app.push_screen_wait(TrustDialog(root.name or str(root), OfCollection(wired, root)))


def _root(screen: ErrandsScreen, wired: Wired) -> Path:
    if screen.current is None and screen.collection:
        return screen.workspace.library.shelf(screen.collection).root
    key = draft_key(screen.workspace.library, screen.current) if screen.current else ""
    return wired.singles.place(key, "")[0]


class OfCollection:
    """What the user has decided about one collection: stored, or for as long as the app runs."""

    def __init__(self, wired: Wired, root: Path) -> None:
        self._store = wired.grants
        self._gate = wired.services.gate
        self._root = str(root)

    def all(self) -> tuple[Decision, ...]:
        """All there are now. Raises UsageError for a damaged file of grants."""
        from tui_client.tui.modals.trust import Decision

        stored = [Decision(grant) for grant in self._store.list(self._root)]
        answers = self._gate.answers(self._root) if isinstance(self._gate, AskingGate) else {}
        held = [Decision(grant, answer, stored=False) for grant, answer in answers.items()]
        return (*stored, *held)

    def forget(self, decision: Decision) -> None:
        """Take one back; what needs it asks again. Raises SaveFailed, UsageError."""
        if decision.stored:
            self._store.revoke(self._root, decision.grant)
        else:
            self._settle(decision.grant, None)

    def restore(self, decision: Decision) -> None:
        """Undo that. Raises SaveFailed, UsageError."""
        if decision.stored:
            self._store.add(self._root, decision.grant)
        else:
            self._settle(decision.grant, decision.allowed)

    def _settle(self, grant: Grant, answer: bool | None) -> None:
        if isinstance(self._gate, AskingGate):
            self._gate.settle(self._root, grant, answer)
