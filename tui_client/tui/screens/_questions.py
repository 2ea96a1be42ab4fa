"""What the workbench asks in dialogs: which request, which environment, what becomes of an edit."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

from tui_client.storage.library import Library
from tui_client.tui.modals.choose import Choice, Choose
from tui_client.tui.modals.pick import Pick, PickItem
from tui_client.tui.screens._context import environments_of
from tui_client.tui.state import OpenRequest

if TYPE_CHECKING:
    from tui_client.tui.screens.workbench import WorkbenchScreen

_LOSE = (Choice("save", "Save"), Choice("discard", "Discard the edit", danger=True))


async def jump(screen: WorkbenchScreen, statuses: Mapping[str, str]) -> None:
    """Open a request by a part of its path, its name or its URL, or by a tag."""
    items = await asyncio.to_thread(_requests, screen.workspace.library, statuses)
    words = screen.collections.read_catalog()
    hint, empty = "name, URL or tag:smoke", "No requests yet. ^n makes one."
    key = await screen.app.push_screen_wait(Pick("Open a request", items, empty=empty, words=words, hint=hint))
    if key:
        screen.open_key(key)


def _requests(library: Library, statuses: Mapping[str, str]) -> tuple[PickItem, ...]:
    return tuple(PickItem(key, key, statuses.get(key, "")) for key in library.keys())  # noqa: SIM118 - a method


async def pick_environment(screen: WorkbenchScreen) -> None:
    """Choose the environment of the collection that is shown."""
    names = environments_of(screen.workspace.library, screen.collection)
    items = (*(PickItem(name, name) for name in names), PickItem("", "none", "base_url as the collection says"))
    chosen = await screen.app.push_screen_wait(Pick("Environment", items, current=screen.environment))
    if chosen is not None:
        screen.use_environment(chosen)


async def close_tab(screen: WorkbenchScreen, item: OpenRequest) -> None:
    """Close an open request unless the user wants to keep its edit."""
    if not item.dirty or await _may_lose(screen, item):
        screen.close(item.id)


async def leave(screen: WorkbenchScreen) -> None:
    """Leave the app once every edit was saved or given up; each is shown while it is asked for."""
    asked: set[str] = set()
    # Settling a conflict may open one more request with an edit.
    while item := next((item for item in screen.requests.dirty if item.id not in asked), None):
        screen.change(screen.requests.show(item.id))
        asked.add(item.id)
        if not await _may_lose(screen, item):
            return
    screen.post_message(screen.Left("quit"))


async def _may_lose(screen: WorkbenchScreen, item: OpenRequest) -> bool:
    question = f"{item.key or item.title} has an edit that is not saved."
    answer = await screen.app.push_screen_wait(Choose("Not saved", question, _LOSE))
    return await screen.saving.save(item) if answer == "save" else answer == "discard"
