"""Saving open requests: in place, under a new name, and when someone else was there first."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING

from tui_client.errors import BrokenFile, Conflict, NotFound, TuiClientError
from tui_client.model.request import Request
from tui_client.storage.atomic import write_atomically
from tui_client.storage.library import Library, LoadedRequest
from tui_client.storage.saving import edited_request_text
from tui_client.tui.modals.ask_text import AskText
from tui_client.tui.modals.conflict import MINE, THEIRS, ConflictDialog
from tui_client.tui.state import Disk, OpenRequest

if TYPE_CHECKING:
    from tui_client.tui.screens.workbench import WorkbenchScreen

_HINT = "A name, or folder/name. It becomes a TOML file in the collection."
_FIRST_COLLECTION = "requests"


class Saving:
    """Puts drafts on disk. Whatever is answered, neither version is lost."""

    def __init__(self, screen: WorkbenchScreen, library: Library) -> None:
        self._screen = screen
        self._library = library

    async def save(self, item: OpenRequest) -> bool:
        """Save one request, asking what must be asked; whether its draft is on disk now."""
        if item.loaded is None:
            return await self.save_as(item)
        if not item.dirty and item.disk is not Disk.DELETED:
            self._screen.tell("Nothing to save.")
            return True
        try:
            return await self._save(item, item.loaded)
        except TuiClientError as error:
            self._screen.say(error)
            return False

    async def _save(self, item: OpenRequest, loaded: LoadedRequest) -> bool:
        try:
            # A file that was deleted has the draft of an untouched request to be written again.
            saved = self._library.save(loaded, item.draft, overwrite=not item.dirty and not loaded.path.exists())
        except Conflict as conflict:
            return await self._settle(item, loaded, conflict.theirs)
        self._took(item, saved)
        return True

    async def save_as(self, item: OpenRequest) -> bool:
        """Ask for a name, "folder/name", and write a new file; whether it is on disk now."""
        proposed = item.key.rpartition(":")[2] or f"{item.folder}/{item.draft.name}".lstrip("/")
        name = await self._screen.app.push_screen_wait(AskText("Save as", _HINT, proposed))
        if not name:
            return False
        folder, _, title = name.rpartition("/")
        try:
            loaded = self._library.create(self._collection(item), folder.strip("/"), title, item.draft)
        except TuiClientError as error:
            self._screen.say(error)
            return False
        self._took(item, loaded)
        return True

    def _collection(self, item: OpenRequest) -> str:
        """Where a new file goes; an empty workspace gets its first collection."""
        first = self._library.default_collection
        return item.collection or (first or self._library.create_collection(_FIRST_COLLECTION)).id

    def _took(self, item: OpenRequest, loaded: LoadedRequest) -> None:
        """The open request is this file now."""
        screen = self._screen
        collection = self._library.split(loaded.key)[0].id
        screen.change(screen.requests.replace(OpenRequest(item.id, loaded.request, collection, loaded)))
        screen.collections.show(self._library)
        if loaded.key != item.key:
            screen.collections.reveal(loaded.key, collection)
        screen.tell(f"Saved {loaded.path.name}.")

    # Someone else was there first

    async def _settle(self, item: OpenRequest, loaded: LoadedRequest, text: str | None) -> bool:
        """Ask which version stays. text: what is on disk, None if the file is gone."""
        theirs = self._theirs(loaded)
        if theirs is not None and theirs.request == item.draft:
            self._took(item, theirs)
            return True
        mine = edited_request_text(loaded.path, theirs.text if theirs else loaded.text, item.draft)
        answer = await self._screen.app.push_screen_wait(ConflictDialog(loaded.key, text, mine))
        if answer == MINE:
            return await self._keep_mine(item, loaded, theirs)
        return answer == THEIRS and self._take_theirs(item, text is None)

    def _theirs(self, loaded: LoadedRequest) -> LoadedRequest | None:
        """What is on disk; None where it is gone or can't be read as a request."""
        try:
            return self._library.load(loaded.key)
        except (BrokenFile, NotFound):
            return None

    async def _keep_mine(self, item: OpenRequest, loaded: LoadedRequest, theirs: LoadedRequest | None) -> bool:
        if theirs is not None:
            # Their comments stay, and a third version that came meanwhile is asked for too.
            try:
                self._took(item, self._library.save(theirs, item.draft))
            except Conflict as conflict:
                return await self._settle(item, loaded, conflict.theirs)
            self._open_beside(item, theirs.request)
            return True
        aside = _put_aside(loaded.path)
        self._took(item, self._library.save(loaded, item.draft, overwrite=True))
        if aside is not None:
            self._screen.tell(f"The other version can't be read as a request. It is kept as {aside.name}.")
        return True

    def _take_theirs(self, item: OpenRequest, deleted: bool) -> bool:
        """Whether nothing is left to be saved of this request."""
        screen = self._screen
        if deleted:
            screen.change(screen.requests.replace(OpenRequest(item.id, item.draft, item.collection)))
            screen.tell("It has no file now. ^s saves it as a new one.")
            return False
        self._took(item, self._library.load(item.key))
        self._open_beside(item, item.draft)
        return True

    def _open_beside(self, item: OpenRequest, other: Request) -> None:
        """The version that was not chosen stays open as a new request."""
        screen = self._screen
        screen.change(screen.requests.open(None, item.collection, other).show(item.id))
        screen.tell("The other version is open in a tab of its own.")


def _put_aside(path: Path) -> Path | None:
    """Keep what is on disk under another name that no tree shows; None if there is nothing."""
    if not path.exists():
        return None
    names = (path.with_name(f"{path.name}.theirs{number or ''}") for number in itertools.count())
    aside = next(name for name in names if not name.exists())
    write_atomically(aside, path.read_bytes(), fresh=True)
    return aside
