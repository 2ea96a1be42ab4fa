"""What the workbench does with files: save, rename, move, delete, bring back, follow the disk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from tui_client.errors import Conflict, TuiClientError
from tui_client.model.exchange import BodyContent, Exchange
from tui_client.model.request import Request
from tui_client.storage.library import Library, LoadedRequest, Trashed
from tui_client.storage.saving import edited_request_text
from tui_client.tui.modals.ask_text import AskText
from tui_client.tui.modals.choose import Choice, Choose
from tui_client.tui.modals.conflict import MINE, THEIRS, ConflictDialog
from tui_client.tui.modals.pick import Pick, PickItem
from tui_client.tui.panels._collection_rows import Node, NodeKind
from tui_client.tui.state import OpenRequest

if TYPE_CHECKING:
    from tui_client.tui.screens.workbench import WorkbenchScreen


class Files:
    """The file actions of one workbench. Each runs as a worker of the screen, one dialog at a time."""

    def __init__(self, screen: WorkbenchScreen, library: Library) -> None:
        self._screen = screen
        self._library = library
        self._deleted: list[Trashed] = []

    def do(self, action: str, node: Node | None) -> None:
        """Carry out what the tree asked for."""
        actions = {
            "rename": self._rename,
            "duplicate": self._duplicate,
            "move": self._move,
            "delete": self._delete,
            "new_folder": self._new_folder,
        }
        if action == "undo_delete":
            self._undo_delete()
        elif node is not None:
            self._screen.run_worker(actions[action](node), group="dialog", exclusive=True)

    def save(self) -> None:
        """Save the open request; a new one asks for its name."""
        if item := self._screen.current:
            self._screen.run_worker(self.saved(item), group="dialog", exclusive=True)

    def save_as(self) -> None:
        """Save the open request under another name."""
        if item := self._screen.current:
            self._screen.run_worker(self._save_new(item), group="dialog", exclusive=True)

    async def saved(self, item: OpenRequest) -> bool:
        """Save one request, asking what must be asked; whether it is on disk now."""
        if item.loaded is None:
            return await self._save_new(item)
        if not item.dirty:
            self._screen.notify("Nothing to save.", markup=False, timeout=2)
            return True
        try:
            self._took(item, self._library.save(item.loaded, item.draft))
        except Conflict as conflict:
            return await self._settle(item, item.loaded, conflict)
        except TuiClientError as error:
            self._screen.say(error)
            return False
        return True

    async def _settle(self, item: OpenRequest, loaded: LoadedRequest, conflict: Conflict) -> bool:
        try:
            mine = edited_request_text(loaded.path, loaded.text, item.draft)
            answer = await self._screen.app.push_screen_wait(ConflictDialog(loaded.key, conflict.theirs, mine))
            if answer == MINE:
                other = None if conflict.theirs is None else self._library.load(loaded.key).request
                self._took(item, self._library.save(loaded, item.draft, overwrite=True))
                self._keep(item, other)
            elif answer == THEIRS:
                self._took(item, self._library.load(loaded.key))
                self._keep(item, item.draft)
        except TuiClientError as error:
            self._screen.say(error)
            return False
        return answer in (MINE, THEIRS)

    def _keep(self, item: OpenRequest, other: Request | None) -> None:
        """The version that was not chosen stays open as a new request, so that nothing is lost."""
        if other is not None:
            screen = self._screen
            screen.change(screen.requests.open(None, item.collection, other).show(item.id))
            screen.notify("The other version is open in a tab of its own.", markup=False)

    def _took(self, item: OpenRequest, loaded: LoadedRequest) -> None:
        """The open request is this file now."""
        screen = self._screen
        screen.change(screen.requests.replace(msgspec.structs.replace(item, loaded=loaded, draft=loaded.request)))
        screen.collections.show(self._library)
        screen.notify(f"Saved {loaded.path.name}", markup=False, timeout=2)

    async def _save_new(self, item: OpenRequest) -> bool:
        """Ask for a name, "folder/name", and write a new file."""
        hint = "A name, or folder/name. It becomes a TOML file in the collection."
        name = await self._screen.app.push_screen_wait(AskText("Save as", hint, item.draft.name))
        if not name:
            return False
        folder, _, title = name.rpartition("/")
        try:
            collection = item.collection or self._library.create_collection("requests").id
            draft = item.draft if item.draft.name else msgspec.structs.replace(item.draft, name=title)
            loaded = self._library.create(collection, folder, title, draft)
        except TuiClientError as error:
            self._screen.say(error)
            return False
        self._took(msgspec.structs.replace(item, collection=collection), loaded)
        return True

    async def _rename(self, node: Node) -> None:
        old = node.label
        name = await self._screen.app.push_screen_wait(AskText(f"Rename {old}", value=old))
        if not name or name == old:
            return
        if node.kind is NodeKind.FOLDER:
            self._try(lambda: self._library.rename_folder(node.key, name))
        elif node.kind is NodeKind.REQUEST:
            self._try(lambda: self._moved(node.key, self._library.rename(node.key, name)))

    async def _duplicate(self, node: Node) -> None:
        if node.kind is NodeKind.REQUEST:
            self._try(lambda: self._opened(self._library.duplicate(node.key)))

    async def _move(self, node: Node) -> None:
        if node.kind is not NodeKind.REQUEST:
            return
        keys = (key.rstrip("/") for key in self._library.folders())
        here = [key for key in keys if self._library.split(key)[0].id == node.collection]
        folders = [key.rpartition(":")[2] for key in here]
        items = (PickItem("", "the collection itself"), *(PickItem(folder, folder) for folder in folders))
        folder = await self._screen.app.push_screen_wait(Pick(f"Move {node.label} to", items, current=node.folder))
        if folder is not None and folder != node.folder:
            self._try(lambda: self._moved(node.key, self._library.move(node.key, folder)))

    async def _delete(self, node: Node) -> None:
        if node.kind is NodeKind.COLLECTION:
            self._screen.say("A collection is not deleted from here. Delete its directory.")
            return
        if node.kind is NodeKind.FOLDER:
            choices = (Choice("keep", "Keep"), Choice("delete", "Delete", danger=True))
            question = f"Delete the folder {node.label} and all requests in it? u in the tree brings it back."
            if await self._screen.app.push_screen_wait(Choose("Delete", question, choices)) != "delete":
                return
        self._try(lambda: self._gone(node))

    def _gone(self, node: Node) -> None:
        folder = node.kind is NodeKind.FOLDER
        self._deleted.append((self._library.delete_folder if folder else self._library.delete)(node.key))
        self._screen.notify(f"Deleted {node.label}. u in the tree brings it back.", markup=False)

    def _undo_delete(self) -> None:
        if not self._deleted:
            self._screen.notify("Nothing was deleted.", markup=False, timeout=2)
            return
        self._try(lambda: self._library.restore(self._deleted.pop()))

    async def _new_folder(self, node: Node) -> None:
        name = await self._screen.app.push_screen_wait(AskText("New folder", f"In {node.folder or node.collection}."))
        if name:
            self._try(lambda: self._library.create_folder(node.collection, node.folder, name))

    def _moved(self, old_key: str, loaded: LoadedRequest) -> None:
        """Open requests follow their file."""
        if (item := self._screen.requests.by_key(old_key)) and item.loaded:
            draft = item.draft if item.dirty else loaded.request
            self._screen.change(
                self._screen.requests.replace(msgspec.structs.replace(item, loaded=loaded, draft=draft))
            )

    def _opened(self, loaded: LoadedRequest) -> None:
        self._screen.open_key(loaded.key)

    def _try(self, do: Callable[[], object]) -> None:
        try:
            do()
        except TuiClientError as error:
            self._screen.say(error)
        self._screen.collections.show(self._library)

    async def follow(self, changed: frozenset[Path]) -> None:
        """Files changed on disk: untouched requests are read again, edited ones stay as they are."""
        screen = self._screen
        for item in screen.requests.items:
            if item.loaded is None or item.loaded.path not in changed or item.dirty:
                continue
            try:
                loaded = self._library.load(item.key)
            except TuiClientError as error:
                screen.say(error)
                continue
            screen.change(screen.requests.replace(msgspec.structs.replace(item, loaded=loaded, draft=loaded.request)))
        screen.collections.show(self._library)

    def save_body(self, exchange: Exchange) -> None:
        """Ask where to, and write the reply's body as it came, decoded."""
        self._screen.run_worker(self._save_body(exchange), group="dialog", exclusive=True)

    async def _save_body(self, exchange: Exchange) -> None:
        if exchange.response is None:
            return
        name = await self._screen.app.push_screen_wait(AskText("Save the body to", "A path; ~ is your home."))
        if not name:
            return
        try:
            path = await asyncio.to_thread(_write_body, name, exchange.response.body)
        except OSError as error:
            self._screen.say(f"Could not save {name}: {error.strerror}.")
            return
        self._screen.notify(f"Saved {path}", markup=False)


def _write_body(name: str, body: BodyContent) -> Path:
    path = Path(name).expanduser()
    # "x" never writes over a file that is there.
    with path.open("xb") as file:
        for start in range(0, body.size, 1 << 20):
            file.write(body.read(start, 1 << 20))
    return path
