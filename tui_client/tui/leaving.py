"""Leaving the app: a replay that is running is asked for, then edits that are not saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui_client.tui.modals.choose import Choice, Choose

if TYPE_CHECKING:
    from tui_client.tui.app import WorkbenchApp

_STAY_OR_LEAVE: Final = (Choice("stay", "Stay"), Choice("leave", "Leave", danger=True))


class _Leaving(Choose):
    """Asked once, however often the user asks to leave."""


async def leave(app: WorkbenchApp) -> None:
    """Leave, or ask."""
    if isinstance(app.screen, _Leaving):
        return
    if app.replay is None or not app.replay.progress:
        await _leave(app)
        return

    async def answered(answer: str | None) -> None:
        if answer == "leave":
            await _leave(app)

    question = f"A replay is running: {app.replay.progress}. Leave?"
    app.push_screen(_Leaving("Leave", question, _STAY_OR_LEAVE), answered)


async def _leave(app: WorkbenchApp) -> None:
    # By way of the workbench, which asks for the edits.
    if app.workbench is None:
        app.exit(0)
        return
    while app.screen is not app.workbench:
        await app.pop_screen()
    app.workbench.action_quit()
