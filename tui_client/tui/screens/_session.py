"""What the workbench looked like last time: put back after the first frame, kept while it changes and at the end."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

import msgspec

from tui_client import disk
from tui_client.errors import BrokenFile, SaveFailed, TuiClientError
from tui_client.model.wording import describe_error
from tui_client.storage.library import Library, LoadedRequest
from tui_client.tui.screens._context import environments_of
from tui_client.tui.screens._following import looked_at
from tui_client.tui.screens._open_requests import OpenRequests
from tui_client.tui.state import OpenRequest

if TYPE_CHECKING:
    from tui_client.tui.screens.workbench import WorkbenchScreen
    from tui_client.tui.session.file import Opened, SessionFile
    from tui_client.tui.session.state import SavedTab, SessionState

_WAIT_S: Final = 2.0  # more than this is not lost, whatever ends the app


class SessionDesk:
    """Reads the session of the workspace, and writes it. Nothing is sent for it, and no reply is kept."""

    def __init__(self, screen: WorkbenchScreen) -> None:
        self._screen = screen
        self._file: SessionFile | None = None
        self._written: SessionState | None = None
        self._waiting = False
        self._told = ""
        self._opening = Lock()
        self._opened: Opened | None = None  # read, and put back once `_begun`
        self._begun = False
        self.settled = False  # every edit was saved or given up

    def begin(self) -> None:
        """Put the last session back, beside what was done meanwhile."""
        self._screen.run_worker(self._begin(), group="session", exit_on_error=False)

    async def _begin(self) -> None:
        library = self._screen.workspace.library
        opened = await asyncio.to_thread(self._open)
        items = await asyncio.to_thread(reopened, library, opened.state.tabs)
        # If the app ended meanwhile, `close` has done this, or will.
        if self._begun or not self._screen.is_running:
            return
        self._begun = True
        if opened.say:
            self._screen.tell(opened.say)
        self._file = opened.file
        self._put_back(opened.state, items)

    def _open(self) -> Opened:
        """The last session, read once; blocking, for any thread."""
        # Here, since nothing of it is needed for the first frame.
        from tui_client.tui.session.file import Opened, open_session

        with self._opening:
            if self._opened is None:
                self._opened = Opened() if self._begun else open_session(self._screen.workspace.library.root)
            return self._opened

    def _put_back(self, state: SessionState, items: tuple[OpenRequest | None, ...]) -> None:
        screen, library = self._screen, self._screen.workspace.library
        for collection, name in state.environments.items():
            if name in ("", *environments_of(library, collection)):
                screen.environments[collection] = name
        screen.room.take_habits(state.room)
        before = screen.requests
        requests = joined(before, items, state.active)
        if requests is not before:
            requests, sentences = looked_at(library, requests, requests.items)
            for sentence in sentences:
                screen.say(sentence)
            screen.change(requests)
            if (item := requests.current) and item.key:
                screen.collections.reveal(item.key, item.collection)

    def changed(self) -> None:
        """Something may be another than what is kept; it is written a little later."""
        if self._file is not None and not self._waiting:
            self._waiting = True
            self._screen.set_timer(_WAIT_S, self._write_later)

    def _write_later(self) -> None:
        self._screen.run_worker(self._write(), group="session", exit_on_error=False)

    async def _write(self) -> None:
        self._waiting = False
        state = self.state()
        if self._file is None or state == self._written:
            return
        try:
            await asyncio.to_thread(self._file.write, state)
            self._written = state
        except SaveFailed as error:
            if self._told != (said := describe_error(error)):
                self._told = said
                self._screen.say(f"What is open can't be kept for the next start. {said}")

    def close(self) -> None:
        """Write what is not written yet, and let the session go; blocking. A second time does nothing."""
        if not self._begun:
            self._catch_up()
        if (file := self._file) is None:
            return
        self._file = None
        try:
            if (state := self.state()) != self._written:
                file.write(state)
        except SaveFailed:
            pass  # the screen is gone, and there is nobody to tell
        finally:
            file.close()

    def _catch_up(self) -> None:
        """The app ends in its first moments, and something may have been typed already."""
        typed = self._screen.requests.dirty and not self.settled
        opened = self._open() if typed else None
        with self._opening:
            self._begun = True
            opened = opened or self._opened
        if opened is None or opened.file is None:
            return
        try:
            if typed:
                items = reopened(self._screen.workspace.library, opened.state.tabs)
                self._screen.requests = joined(self._screen.requests, items, opened.state.active)
                self._file = opened.file
        finally:
            # What was not put back must not be written over.
            if self._file is None:
                opened.file.close()

    def state(self) -> SessionState:
        """What there is to keep now; asks no widget."""
        from tui_client.tui.session.state import SessionState

        screen = self._screen
        kept = [(item, tab) for item in screen.requests.items if (tab := saved_tab(item, drafts=not self.settled))]
        ids = [item.id for item, _ in kept]
        active = ids.index(screen.requests.active) if screen.requests.active in ids else 0
        return SessionState(tuple(tab for _, tab in kept), active, dict(screen.environments), screen.room.habits)


def saved_tab(item: OpenRequest, *, drafts: bool = True) -> SavedTab | None:
    """What is kept of an open request; None for nothing. drafts: those that are not saved too."""
    from tui_client.tui.session.state import Base, SavedTab

    loaded = item.loaded
    if not (item.dirty and drafts):
        return SavedTab(item.key, item.collection) if loaded else None
    base = Base(str(_real(loaded.path)), loaded.text, loaded.fingerprint) if loaded else None
    return SavedTab(item.key, item.collection, item.draft, base, item.folder)


def reopened(library: Library, tabs: Iterable[SavedTab]) -> tuple[OpenRequest | None, ...]:
    """Open requests of the last session; None for one whose file is gone, or broken, and had no edit. Blocking."""
    return tuple(_reopened(library, tab) for tab in tabs)


def _reopened(library: Library, tab: SavedTab) -> OpenRequest | None:
    if tab.base is None and tab.draft is not None:
        collection = tab.collection if _is_there(library, tab.collection) else ""
        return OpenRequest("", tab.draft, collection, folder=tab.folder)
    if tab.draft is None or tab.base is None:
        try:
            loaded = library.load(tab.key)
            return OpenRequest("", loaded.request, library.split(loaded.key)[0].id, loaded)
        except TuiClientError:
            return None
    try:
        shelf, inside = library.split(tab.key)
        path = shelf.path(inside)
        # The workspace may be spelled in another way now, relative to another folder or by way of a link.
        if _real(path) != _real(Path(tab.base.path)):
            raise BrokenFile(path, "is of another collection")
        loaded = _as_it_was(tab.key, path, tab.base.text, tab.base.fingerprint)
        return OpenRequest("", tab.draft, shelf.id, loaded)
    except TuiClientError:
        # The collection is gone, or the file was no request by the rules of today: the draft is a new one.
        return OpenRequest("", tab.draft, tab.collection if _is_there(library, tab.collection) else "")


def _real(path: Path) -> Path:
    """The path without links; one that can't be followed stays as it is."""
    try:
        return disk.real_path(path)
    except OSError:
        return path


def _as_it_was(key: str, path: Path, text: str, fingerprint: object) -> LoadedRequest:
    from tui_client.storage.document import Document, Fingerprint
    from tui_client.storage.request_file import read_request

    assert isinstance(fingerprint, Fingerprint)
    request = read_request(Document(path, text))
    return LoadedRequest(key=key, path=path, request=request, text=text, fingerprint=fingerprint)


def _is_there(library: Library, collection: str) -> bool:
    return any(ref.id == collection for ref in library.collections())


def joined(now: OpenRequests, items: Iterable[OpenRequest | None], active: int) -> OpenRequests:
    """What was open last time, then what was opened since, which stays in front; pure."""
    since = [item for item in now.items if item.dirty or item.loaded]
    keys = {item.key for item in since if item.key}
    back: list[OpenRequest] = []
    front, opened = "", now.opened
    for index, item in enumerate(items):
        if item is None or (item.key in keys and not item.dirty):
            continue
        opened += 1
        back.append(msgspec.structs.replace(item, id=f"request-{opened}"))
        front = back[-1].id if index == active or not front else front
    if not back:
        return now
    return OpenRequests((*back, *since), now.active if since else front, opened)
