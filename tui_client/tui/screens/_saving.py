"""Saving open requests: in place, under a new name, and when someone else was there first."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from tui_client.errors import BrokenFile, Conflict, NotFound, TuiClientError
from tui_client.model.request import Request
from tui_client.storage.document import Document
from tui_client.storage.library import Library, LoadedRequest
from tui_client.storage.request_file import read_request
from tui_client.storage.saving import edited_request_text, with_line_ends
from tui_client.storage.three_way import Take
from tui_client.text import safe_line
from tui_client.tui.modals.ask_text import AskText
from tui_client.tui.modals.conflict import MINE, THEIRS, Answer, ConflictDialog, DeletedDialog, Merged
from tui_client.tui.state import Disk, OpenRequest

if TYPE_CHECKING:
    from tui_client.storage.plain_secrets import PlainSecret
    from tui_client.tui.screens.workbench import WorkbenchScreen

_MOST_LOOKED_AT: Final = 64 * 1024  # characters; check looks at more
_IN_PLAIN: Final = (
    "{place}: {what} stands in plain in {name}. Make it a secret variable: NAME = {{ secret = true }} among the "
    "variables, {{{{NAME}}}} here."
)
_HINT = "A name, or folder/name. It becomes a TOML file in the collection."
_FIRST_COLLECTION = "requests"
_ASIDE: Final = (
    "The other version can't be read as a request. It is kept beside the file, with “.theirs” after its name."
)


class Saving:
    """Puts drafts on disk. Whatever is answered, neither version is lost."""

    def __init__(self, screen: WorkbenchScreen, library: Library) -> None:
        self._screen = screen
        self._library = library
        self._looked_at: dict[Path, str] = {}
        self._warned: set[tuple[Path, str, str]] = set()

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

    def _took(self, item: OpenRequest, loaded: LoadedRequest, said: str = "") -> None:
        """The open request is this file now."""
        screen = self._screen
        collection = self._library.split(loaded.key)[0].id
        screen.change(screen.requests.replace(OpenRequest(item.id, loaded.request, collection, loaded)))
        screen.collections.show(self._library)
        if loaded.key != item.key:
            screen.collections.reveal(loaded.key, collection)
        screen.tell(said or f"Saved {loaded.path.name}.")
        self._warn_of_secrets(loaded)

    def _warn_of_secrets(self, loaded: LoadedRequest) -> None:
        """Say, once for each, what of a saved request should be a secret variable."""
        if loaded.text != self._looked_at.get(loaded.path) and len(loaded.text) <= _MOST_LOOKED_AT:
            self._looked_at[loaded.path] = loaded.text
            self._screen.run_worker(self._look_for_secrets(loaded), group="secrets", exit_on_error=False)

    async def _look_for_secrets(self, loaded: LoadedRequest) -> None:
        for found in await asyncio.to_thread(_secrets_in, loaded):
            mark = (loaded.path, found.toml_path, found.what)
            if mark not in self._warned:
                self._warned.add(mark)
                place = found.toml_path or f"Line {found.line}"
                text = _IN_PLAIN.format(place=place, what=found.what, name=loaded.path.name)
                self._screen.notify(safe_line(text), severity="warning", markup=False, timeout=8)

    # Someone else was there first

    async def _settle(self, item: OpenRequest, loaded: LoadedRequest, text: str | None) -> bool:
        """Ask what stays. text: what is on disk, None if the file is gone."""
        theirs, broken = self._theirs(loaded)
        if theirs is not None:
            text = theirs.text
            if theirs.request == item.draft:
                self._took(item, theirs)
                return True
        mine = edited_request_text(loaded.path, loaded.text, item.draft)
        surprise = partial(_surprise, loaded, theirs.request if theirs else None, item.draft)
        answer = await self._ask(loaded, text, mine, broken, surprise)
        try:
            if isinstance(answer, Merged) and text is not None:
                return self._merge(item, loaded, theirs, text, answer)
            if answer == MINE:
                return self._keep_mine(item, loaded, theirs, text, mine)
        except Conflict as conflict:
            # A third version came meanwhile.
            return await self._settle(item, loaded, conflict.theirs)
        return answer == THEIRS and self._take_theirs(item, text is None)

    async def _ask(
        self, loaded: LoadedRequest, text: str | None, mine: str, broken: str, surprise: Callable[[str], str]
    ) -> Answer | None:
        if text is None:
            return await self._screen.app.push_screen_wait(DeletedDialog(loaded.key))
        problem = partial(_problem, loaded.path)
        dialog = ConflictDialog(loaded.key, (loaded.text, text, mine), problem, broken, surprise)
        return await self._screen.app.push_screen_wait(dialog)

    def _theirs(self, loaded: LoadedRequest) -> tuple[LoadedRequest | None, str]:
        """What is on disk; None where it is gone or can't be read as a request, and why it can't."""
        try:
            return self._library.load(loaded.key), ""
        except NotFound:
            return None, ""
        except BrokenFile as error:
            return None, _where(error)

    def _merge(
        self, item: OpenRequest, loaded: LoadedRequest, theirs: LoadedRequest | None, text: str, answer: Merged
    ) -> bool:
        merged = with_line_ends(text, answer.text)
        saved = self._library.save_text(loaded, merged, text, aside=theirs is None)
        self._took(item, saved)
        others = [item.draft] if Take.MINE in answer.without else []
        if theirs is None:
            self._screen.tell(_ASIDE)
        elif Take.THEIRS in answer.without:
            others.append(theirs.request)
        self._open_beside(item, *(other for other in others if other != saved.request))
        return True

    def _keep_mine(
        self, item: OpenRequest, loaded: LoadedRequest, theirs: LoadedRequest | None, text: str | None, mine: str
    ) -> bool:
        if theirs is not None:
            # Their comments stay.
            self._took(item, self._library.save(theirs, item.draft))
            self._open_beside(item, theirs.request)
            return True
        self._took(item, self._library.save_text(loaded, mine, text, aside=text is not None))
        if text is not None:
            self._screen.tell(_ASIDE)
        return True

    def _take_theirs(self, item: OpenRequest, deleted: bool) -> bool:
        """Whether nothing is left to be saved of this request."""
        screen = self._screen
        if deleted:
            screen.change(screen.requests.replace(OpenRequest(item.id, item.draft, item.collection)))
            screen.tell("It has no file now. ^s saves it as a new one.")
            return False
        self._took(item, self._library.load(item.key), "The file stays as it is on disk.")
        self._open_beside(item, item.draft)
        return True

    def _open_beside(self, item: OpenRequest, *others: Request) -> None:
        """What is not, or not all, in the file stays open as a new request."""
        screen = self._screen
        requests = screen.requests
        for other in others:
            requests = requests.open(None, item.collection, other)
        if others:
            screen.change(requests.show(item.id))
            screen.tell("The other version is open in a tab of its own.")


def _problem(path: Path, text: str) -> str:
    """Why a text can't be saved as a request, "" if it can."""
    try:
        read_request(Document(path, text))
    except BrokenFile as error:
        return _where(error)
    return ""


def _surprise(base: LoadedRequest, theirs: Request | None, mine: Request, text: str) -> str:
    """What only one side changed, and a text made of both has otherwise: where a line stands may say what it means."""
    if theirs is None:
        return ""
    found = msgspec.structs.asdict(read_request(Document(base.path, text)))
    before = msgspec.structs.asdict(base.request)
    sides = {"they": msgspec.structs.asdict(theirs), "you": msgspec.structs.asdict(mine)}
    for who, other in (("they", "you"), ("you", "they")):
        for name, value in sides[who].items():
            if value != before[name] and sides[other][name] == before[name] and found[name] != value:
                return f"Look at the result: only {who} changed {name}, and it has something else there."
    return ""


def _where(error: BrokenFile) -> str:
    return f"line {error.line}: {error.reason}" if error.line else f"it {error.reason}"


def _secrets_in(loaded: LoadedRequest) -> tuple[PlainSecret, ...]:
    # Its patterns take a while to be made.
    from tui_client.storage.plain_secrets import secrets_in

    return secrets_in(loaded.path.name, loaded.text)
