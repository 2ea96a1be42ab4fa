"""The rows that the replay screen lists from a journal, and the one that is opened."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import TYPE_CHECKING, Final

from textual.message import Message

from tui_client.errors import NotFound, TuiClientError
from tui_client.model.step import StepId, StepResult
from tui_client.model.wording import describe_error
from tui_client.replay.report import MAX_REQUESTS
from tui_client.replay.tally import OTHERS
from tui_client.text import format_count
from tui_client.tui.panels.replay_dashboard.dashboard import Listing
from tui_client.tui.panels.replay_dashboard.groups import REQUEST, TAG
from tui_client.tui.panels.replay_dashboard.picks import Picked, request_picked, tag_picked
from tui_client.tui.screens._replay_journal import read_result, read_rows
from tui_client.workspace import Workspace

if TYPE_CHECKING:
    from tui_client.tui.screens.replay import ReplayScreen

# They are read again so often while their run goes, and so many times more seldom than reading them takes.
_EVERY_S: Final = 0.5
_SHARE: Final = 5


class RowsRead(Message):
    """Rows were read from a journal."""

    def __init__(self, listing: Listing) -> None:
        super().__init__()
        self.listing = listing


class RowsDesk:
    """Reads in threads what the dashboard wants to list, and posts it to the screen."""

    def __init__(self, screen: ReplayScreen, workspace: Workspace) -> None:
        self._screen = screen
        self._store = workspace.store

    def follow(self) -> None:
        """Read the rows that are wanted now, again and again while their run goes; what was wanted before is left."""
        self._screen.workers.cancel_group(self._screen, "rows")
        dashboard = self._screen.dashboard
        if self._screen.header is not None and (dashboard.picked is not None or not dashboard.live):
            self._screen.run_worker(self._follow(), group="rows", exclusive=True)

    async def _follow(self) -> None:
        while (header := self._screen.header) is not None:
            began_s = monotonic()
            picked, cells = self._screen.dashboard.picked, self._screen.dashboard.key_cells
            try:
                listing = await asyncio.to_thread(read_rows, self._store, header.run, picked, cells)
                self._screen.post_message(RowsRead(listing))
            except NotFound:
                pass  # a run that begins has no journal yet
            except TuiClientError as error:
                self._screen.say(describe_error(error))
                return
            if not self._screen.goes(header.run):
                return
            await asyncio.sleep(max(_EVERY_S, (monotonic() - began_s) * _SHARE))

    def open(self, step: StepId, result: StepResult | None) -> None:
        """Show a step in the workbench. result: what is at hand of it, if its journal has none yet."""
        self._screen.run_worker(self._open(step, result), group="row", exclusive=True)

    async def _open(self, step: StepId, result: StepResult | None) -> None:
        screen = self._screen
        if (header := screen.header) is None or not screen.is_of_here(header.workspace):
            return
        try:
            result = await asyncio.to_thread(read_result, self._store, header.run, step) or result
        except TuiClientError as error:
            if result is None:
                screen.say(describe_error(error))
                return
        if result is None:
            screen.say("Nothing is known of what came of this step.", "-note")
        elif screen.is_current:
            screen.post_message(screen.RowOpened(result))

    def picked_of(self, id_: str) -> Picked | None:
        """The rows of a request or a tag, by its id in the table; None where it stands for many."""
        name = id_.removeprefix(REQUEST)
        if name in (OTHERS, TAG + OTHERS):
            self._screen.say(f"{OTHERS} is what came after the first {format_count(MAX_REQUESTS)} names.", "-note")
            return None
        if name.startswith(TAG):
            header = self._screen.header
            return tag_picked(name.removeprefix(TAG), {} if header is None else header.tags)
        return request_picked(name)
