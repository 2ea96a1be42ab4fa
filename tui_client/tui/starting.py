"""What the first frame does without, imported beside it once it stands."""

from __future__ import annotations

import asyncio
import importlib
from typing import Final

from tui_client.tui.state import Section
from tui_client.workspace import Workspace

_SECTIONS: Final = "tui_client.tui.panels.request_builder.sections"
# In the order in which a user can come to need them.
_LATER: Final = (
    "tui_client.tui.panels.response_viewer.body_tab",
    "tui_client.tui.panels.response_viewer.sent_tab",
    *(f"{_SECTIONS}.{section.value}" for section in Section),
    "tui_client.tui.screens._questions",
    "tui_client.tui.commands",
    "tui_client.tui.leaving",
    "tui_client.tui.modals.help",
    "tui_client.tui.screens.replay",
    "tui_client.kinds.jsonpath",
    "tui_client.kinds.bounded",
    "regex",
)


async def warm_up(workspace: Workspace) -> None:
    """Make ready what sends, then what is opened later. In a thread: keys go on. Last, what killed apps left goes."""
    await workspace.ready()
    await asyncio.to_thread(_import_later)
    await asyncio.to_thread(_sweep)


def _import_later() -> None:
    for name in _LATER:
        importlib.import_module(name)


def _sweep() -> None:
    from tui_client import scratch

    scratch.sweep()
