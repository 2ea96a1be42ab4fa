"""From an exchange of the past to an open request: that of its file, or a new one as it was."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tui_client.errors import BrokenFile, NotFound
from tui_client.history.entry import Entry, Kept
from tui_client.history.masked import masked_places, same_but_masked
from tui_client.model.request import Request
from tui_client.model.wording import describe
from tui_client.storage.library import Library
from tui_client.tui.panels.response_viewer import Broke, Done
from tui_client.tui.widgets.entry_rows import clock_text

if TYPE_CHECKING:
    from tui_client.tui.screens.workbench import WorkbenchScreen


class PastRequests:
    """Opens what was sent once in the workbench."""

    def __init__(self, screen: WorkbenchScreen) -> None:
        self._screen = screen

    def is_here(self, entry: Entry) -> bool:
        """Whether an entry is of this workspace, or of no collection at all."""
        return not entry.root or Path(entry.root).is_relative_to(self._screen.workspace.library.root.resolve())

    def show(self, kept: Kept) -> None:
        """Open the request it was, if it is still there, with the reply as it was."""
        key = self._key(kept.entry)
        if key and self._screen.open_key(key):
            self._tell_of_changes(kept)
        else:
            self.as_new(kept)
            if kept.entry.key:
                self._screen.tell(f"{kept.entry.key} is not in this workspace. The request is open as a new one.")
        self._screen.show_past(past_view(kept))

    def as_new(self, kept: Kept) -> None:
        """Open the request as it was in a tab of its own, not saved; its folder still gives it what it inherits."""
        screen, entry = self._screen, kept.entry
        screen.change(screen.requests.open(None, self._collection(entry.root), kept.request, self._folder(entry)))
        screen.room.to_request()
        if places := masked_places(kept.request):
            screen.say(f"The history keeps no secrets. Put in again before you send: {', '.join(places)}.")

    def to_send(self, kept: Kept) -> None:
        """Open what is sent if it is sent again: the request of its file where that is the same, else as it was."""
        key = self._key(kept.entry)
        if not key or not same_but_masked(kept.request, self._now(key)) or not self._screen.open_key(key):
            self.as_new(kept)

    def _now(self, key: str) -> Request:
        """What would be sent of a file: with the edit, where it is open."""
        item = self._screen.requests.by_key(key)
        return item.draft if item else self._screen.workspace.library.load(key).request

    def _tell_of_changes(self, kept: Kept) -> None:
        item = self._screen.current
        if item and not same_but_masked(kept.request, item.draft):
            self._screen.tell("The request has changed since then. “As new” in the history opens it as it was.")

    def _key(self, entry: Entry) -> str:
        """The key of the file it was sent from; "" where that is not in this workspace, or not to be read."""
        library = self._screen.workspace.library
        try:
            is_same = entry.key and library.collection_root(entry.key).resolve() == Path(entry.root)
            return library.load(entry.key).key if is_same else ""
        except (NotFound, BrokenFile):
            return ""

    def _folder(self, entry: Entry) -> str:
        library = self._screen.workspace.library
        try:
            is_same = entry.key and library.collection_root(entry.key).resolve() == Path(entry.root)
            return library.split(entry.key)[1].rpartition("/")[0] if is_same else ""
        except (NotFound, BrokenFile):
            return ""

    def _collection(self, root: str) -> str:
        library: Library = self._screen.workspace.library
        mine = (found.id for found in library.collections() if str(found.root.resolve()) == root)
        return next(mine, "") or self._screen.collection


def past_view(kept: Kept) -> Done | Broke:
    """The reply as it was, and a word that it is not a new one."""
    entry, exchange = kept.entry, kept.exchange
    origin = f"from the history, {clock_text(entry.when, datetime.now().astimezone().date())}"
    if exchange.failure is not None or exchange.response is None:
        sentence = describe(exchange.failure) if exchange.failure else "No reply was kept."
        return Broke(sentence, exchange, origin)
    return Done(exchange, origin=origin)
