"""Import in the workbench: ask for the source, read it in a process of its own, show it, write it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tui_client.errors import TuiClientError
from tui_client.interop.offered import Preview, Read, Unknown, Written
from tui_client.interop.reader import Reader
from tui_client.model.exchange import BytesReceived, Event
from tui_client.text import format_bytes
from tui_client.tui.modals.import_preview import ImportPreview
from tui_client.tui.modals.import_source import ImportSource
from tui_client.tui.widgets.path_words import is_text, path_of

if TYPE_CHECKING:
    from tui_client.tui.screens.workbench import WorkbenchScreen
    from tui_client.workspace import Workspace


async def import_requests(screen: WorkbenchScreen) -> None:
    """Ask what, show what would come of it, and write that."""
    desk = ImportDesk(screen.workspace)
    try:
        preview = await screen.app.push_screen_wait(ImportSource(desk.look))
        written = await screen.app.push_screen_wait(ImportPreview(preview, desk)) if preview else None
    finally:
        await desk.close()
    if written is not None:
        if written.receipt is not None:
            screen.imports += (written,)
        _show(screen, written)


async def undo_import(screen: WorkbenchScreen) -> None:
    """Take back the import that was written last, while nothing of it was changed."""
    last = screen.imports[-1] if screen.imports else None
    if last is None or last.receipt is None:
        screen.tell("Nothing was imported since the workbench was opened.")
        return
    reader = Reader(screen.workspace.library.root)
    try:
        await reader.undo(last.receipt)
    except TuiClientError as error:
        screen.say(error)
        return
    finally:
        await reader.close()
    screen.imports = screen.imports[:-1]
    root = Path(last.receipt.root)
    gone = {root / path for path, _ in last.receipt.files}
    for item in screen.requests.items:
        if item.loaded and not item.dirty and item.loaded.path in gone:
            screen.close(item.id)
    screen.look_at_disk(screen.requests.items)
    screen.tell(f"The import to {last.where} is taken back.")


def _show(screen: WorkbenchScreen, written: Written) -> None:
    library = screen.workspace.library
    screen.look_at_disk(screen.requests.items)
    if any(one.id == written.collection for one in library.collections()):
        key = library.key_of(written.collection, written.key) if written.key else ""
        screen.collections.reveal(key, written.collection)
    back = " Undo import, in the palette, takes it back." if written.receipt else ""
    screen.tell(f"{written.done}.{back}")


class ImportDesk:
    """One import: what dialogs ask of it is done elsewhere."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._reader = Reader(workspace.library.root)

    async def look(self, source: str, format_name: str, told: Callable[[str], None]) -> Preview | Unknown:
        """What is in a path, a URL or a text. Raises UsageError."""
        return await self._reader.read(await self._ask(source, format_name, told), told)

    async def place(self, target: str) -> Preview:
        """The same, written elsewhere. Raises UsageError."""
        return await self._reader.place(target)

    async def write(self) -> Written:
        """All of it or nothing. Raises UsageError."""
        return await self._reader.write()

    def stop(self) -> None:
        """Take back what is being written."""
        self._reader.stop()

    async def close(self) -> None:
        """End what reads."""
        await self._reader.close()

    async def _ask(self, source: str, format_name: str, told: Callable[[str], None]) -> Read:
        if is_text(source):
            return Read(text=source, format=format_name)
        from tui_client.interop.fetching import fetch_source, is_url

        path = path_of(source)
        if not is_url(source) or await asyncio.to_thread(os.path.lexists, path):
            return Read(word=path, format=format_name)
        await self._workspace.ready()
        from tui_client.http.engine import Engine

        def tell(event: Event) -> None:
            if isinstance(event, BytesReceived):
                told(f"{format_bytes(event.received_bytes)} from the URL")

        options, network = self._workspace.library.defaults, self._workspace.wired().services.network
        async with Engine() as engine:
            fetched = await fetch_source(source, engine, options=options, network=network, on_event=tell)
        return Read(data=fetched.data, name=fetched.name, url=fetched.url, format=format_name)
