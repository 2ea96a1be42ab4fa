"""What the tree asks for: rename, duplicate, move, delete, bring back, a new folder; open requests follow."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from tui_client.errors import TuiClientError
from tui_client.storage.library import Library, LoadedRequest, Trashed
from tui_client.storage.saving import edited_request_text
from tui_client.tui.modals.ask_text import AskText
from tui_client.tui.modals.choose import Choice, Choose
from tui_client.tui.modals.pick import Pick, PickItem
from tui_client.tui.panels._collection_rows import Node, NodeKind
from tui_client.tui.state import Disk, OpenRequest

if TYPE_CHECKING:
    from tui_client.tui.screens.workbench import WorkbenchScreen

_NOT_HERE = {
    "rename": "A collection is renamed by its directory's name.",
    "duplicate": "Only requests can be duplicated.",
    "move": "Only requests can be moved.",
    "delete": "A collection is not deleted from here. Delete its directory.",
}


class Files:
    """The file actions of one workbench. Each runs as a worker of the screen, one dialog at a time."""

    def __init__(self, screen: WorkbenchScreen, library: Library) -> None:
        self._screen = screen
        self._library = library
        self._deleted: list[Trashed] = []

    def do(self, action: str, node: Node | None) -> None:
        """Carry out what the tree asked for."""
        if action == "undo_delete":
            self._undo_delete()
        elif action == "new_folder":
            self._screen.dialog(self._new_folder(node))
        elif node is None:
            self._screen.tell("There is nothing under the cursor of the tree.")
        elif node.kind is NodeKind.COLLECTION or (node.kind is NodeKind.FOLDER and action in ("duplicate", "move")):
            self._screen.tell(_NOT_HERE[action])
        else:
            actions = {
                "rename": self._rename,
                "duplicate": self._duplicate,
                "move": self._move,
                "delete": self._delete,
            }
            self._screen.dialog(actions[action](node))

    async def _rename(self, node: Node) -> None:
        old = node.label
        name = await self._screen.app.push_screen_wait(AskText(f"Rename {old}", value=old))
        if not name or name == old:
            return
        if node.kind is NodeKind.FOLDER:
            self._try(lambda: self._folder_moved(node.key, self._library.rename_folder(node.key, name)))
        else:
            self._try(lambda: self._moved(node.key, self._library.rename(node.key, name)))

    async def _duplicate(self, node: Node) -> None:
        self._try(lambda: self._screen.open_key(self._library.duplicate(node.key).key))

    async def _move(self, node: Node) -> None:
        keys = await asyncio.to_thread(self._library.folders)
        prefix = self._library.key_of(node.collection, "")
        folders = [key.removeprefix(prefix).rstrip("/") for key in keys if key.startswith(prefix)]
        items = (PickItem("", "the collection itself"), *(PickItem(folder, folder) for folder in folders))
        folder = await self._screen.app.push_screen_wait(Pick(f"Move {node.label} to", items, current=node.folder))
        if folder is not None and folder != node.folder:
            self._try(lambda: self._moved(node.key, self._library.move(node.key, folder)))

    async def _delete(self, node: Node) -> None:
        if node.kind is NodeKind.FOLDER:
            choices = (Choice("keep", "Keep"), Choice("delete", "Delete", danger=True))
            question = f"Delete the folder {node.label} and all requests in it? u in the tree brings it back."
            if await self._screen.app.push_screen_wait(Choose("Delete", question, choices)) != "delete":
                return
        self._try(lambda: self._gone(node))

    def _gone(self, node: Node) -> None:
        screen = self._screen
        if node.kind is NodeKind.FOLDER:
            self._deleted.append(self._library.delete_folder(node.key))
            gone = screen.requests.below(node.key)
        else:
            self._deleted.append(self._library.delete(node.key))
            gone = tuple(item for item in screen.requests.items if item.key == node.key)
        for item in gone:
            if not item.dirty:
                screen.close(item.id)
        screen.look_at_disk(gone)
        screen.tell(f"Deleted {node.label}. u in the tree brings it back.")

    def _undo_delete(self) -> None:
        if not self._deleted:
            self._screen.tell("Nothing was deleted.")
            return
        self._try(lambda: self._restored(self._deleted.pop()))

    def _restored(self, trashed: Trashed) -> None:
        try:
            self._library.restore(trashed)
        except TuiClientError:
            # It can be tried again, but must not stand before what was deleted earlier.
            self._deleted.insert(0, trashed)
            raise
        screen = self._screen
        screen.look_at_disk(screen.requests.items)
        if not trashed.folders:
            screen.collections.reveal(trashed.key, self._library.split(trashed.key)[0].id)
        screen.tell(f"{trashed.key.rpartition('/')[2]} is back.")

    async def _new_folder(self, node: Node | None) -> None:
        collection = node.collection if node else self._screen.collection
        if not collection:
            self._screen.tell("There is no collection yet. Save a request, that makes one.")
            return
        folder = node.folder if node else ""
        name = await self._screen.app.push_screen_wait(AskText("New folder", f"In {folder or collection}."))
        if name:
            self._try(lambda: self._library.create_folder(collection, folder, name))

    def _folder_moved(self, old: str, new: str) -> None:
        for item in self._screen.requests.below(old):
            # One that can't be read now keeps no other from following.
            self._try(partial(self._item_moved, item, new + item.key.removeprefix(old)))

    def _item_moved(self, item: OpenRequest, key: str) -> None:
        self._moved(item.key, self._library.load(key))

    def _moved(self, old_key: str, loaded: LoadedRequest) -> None:
        """An open request follows its file; the cursor of the tree does too."""
        screen = self._screen
        screen.rename_status(old_key, loaded.key)
        if item := screen.requests.by_key(old_key):
            screen.change(screen.requests.replace(_following(item, loaded)))
        screen.collections.reveal(loaded.key, self._library.split(loaded.key)[0].id)

    def _try(self, do: Callable[[], object]) -> None:
        try:
            do()
        except TuiClientError as error:
            self._screen.say(error)
        self._screen.collections.show(self._library)


def _following(item: OpenRequest, loaded: LoadedRequest) -> OpenRequest:
    """An edit stays, with what it was made from; its title is the file's, since a rename may have set it."""
    if not item.dirty or item.loaded is None:
        return msgspec.structs.replace(item, loaded=loaded, draft=loaded.request)
    draft = msgspec.structs.replace(item.draft, name=loaded.request.name)
    if _is_renamed(item.loaded, loaded):
        return msgspec.structs.replace(item, loaded=loaded, draft=draft)
    # Others changed the file before it was moved: saving must meet that as if it stood where it was.
    base = msgspec.structs.replace(item.loaded, key=loaded.key, path=loaded.path)
    return msgspec.structs.replace(item, loaded=base, draft=draft, disk=Disk.CHANGED)


def _is_renamed(before: LoadedRequest, now: LoadedRequest) -> bool:
    """Whether a file holds what was read of it, but for its title."""
    titled = msgspec.structs.replace(before.request, name=now.request.name)
    try:
        return now.text == edited_request_text(now.path, before.text, titled)
    except TuiClientError:
        return False
