"""Choosing the charset a reply is read in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_client.tui.modals.pick import Pick, PickItem
from tui_client.tui.widgets.charsets import CHARSETS

if TYPE_CHECKING:
    from tui_client.tui.screens.workbench import WorkbenchScreen

_ANNOUNCED = "announced"
_ITEMS = (
    PickItem(_ANNOUNCED, "as announced", "by the reply itself"),
    *(PickItem(name, label, where) for name, label, where in CHARSETS),
)


async def pick_charset(screen: WorkbenchScreen, current: str) -> None:
    """Ask, the one in use marked, and have the body read in the answer."""
    picked = await screen.app.push_screen_wait(Pick("Read the body as", _ITEMS, current=current))
    if picked:
        screen.reply.use_charset("" if picked == _ANNOUNCED else picked)
