"""The runs that were kept, from the replay screen: the list, resuming, doing a part again, deleting, reports."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Final

from textual.message import Message

from tui_client.errors import TuiClientError, UsageError
from tui_client.model.wording import describe_error
from tui_client.replay.controls import Controls
from tui_client.replay.engines.dask.terms import terms_of
from tui_client.replay.journal.header import Ended, Only, RunInfo
from tui_client.text import format_count
from tui_client.tui.modals.ask_text import AskText
from tui_client.tui.modals.choose import Choice, Choose
from tui_client.tui.modals.runs import DELETE, RESUME, SHOW, RunsDialog, RunWanted
from tui_client.tui.screens._replay_journal import newest_of, read_past, write
from tui_client.workspace import Workspace

if TYPE_CHECKING:
    from tui_client.tui.screens.replay import ReplayScreen

_KEEP_OR_DELETE: Final = (Choice("keep", "Keep"), Choice("delete", "Delete", danger=True))
_KEEP_OR_REPLACE: Final = (Choice("keep", "Keep"), Choice("replace", "Replace", danger=True))
_REPORT_HINT: Final = "The suffix says the format: .html, .xml (JUnit), .json, .jsonl, .csv or .har"


class Interrupted(Message):
    """The newest run of this workspace was cut off."""

    def __init__(self, info: RunInfo) -> None:
        super().__init__()
        self.info = info


class RunsDesk:
    """Asks, reads and writes; the screen shows what comes of it."""

    def __init__(self, screen: ReplayScreen, workspace: Workspace) -> None:
        self._screen = screen
        self._workspace = workspace
        self._store = workspace.store

    def look_for_interrupted(self) -> None:
        """Post `Interrupted` if the newest run of this workspace was cut off."""
        self._screen.run_worker(self._look_for_interrupted(), group="interrupted", exclusive=True)

    async def _look_for_interrupted(self) -> None:
        newest = await asyncio.to_thread(newest_of, self._store, self._workspace.library.root)
        if newest is not None and newest.state == "interrupted" and newest.ended is Ended.NOT:
            self._screen.post_message(Interrupted(newest))

    def choose(self, current: str) -> None:
        """Show the list, and do what the user wants with one of them."""
        self._screen.run_worker(self._choose(current), group="runs", exclusive=True)

    def resume(self, run: str) -> None:
        """Go on with a run."""
        self._screen.run_worker(self._do(RunWanted(RESUME, run)), group="runs", exclusive=True)

    def report(self, run: str) -> None:
        """Ask for a path and write a report of a run."""
        self._screen.run_worker(self._report(run), group="report", exclusive=True)

    async def _choose(self, current: str) -> None:
        while True:
            infos = await asyncio.to_thread(self._store.list)
            dialog = RunsDialog(infos, self._workspace.library.root, current)
            wanted = await self._screen.app.push_screen_wait(dialog)
            if wanted is None:
                return
            current = wanted.run
            await self._do(wanted)
            if wanted.action != DELETE:
                return

    async def _do(self, wanted: RunWanted) -> None:
        try:
            match wanted.action:
                case action if action == SHOW:
                    await self._show(wanted.run)
                case action if action == DELETE:
                    await self._delete(wanted.run)
                case action:
                    await self._begin(action, wanted.run)
        except TuiClientError as error:
            self._screen.say(describe_error(error))

    async def _show(self, run: str) -> None:
        if self._screen.is_live(run):
            self._screen.show_past(None)
            return
        self._screen.say("The journal of this run is being read.", "-note")
        past = await asyncio.to_thread(read_past, self._store, run, self._tell)
        self._screen.say("")
        self._screen.show_past(past)

    def _tell(self, steps: int) -> None:
        # As a message: it is told in a thread.
        text = f"The journal of this run is being read: {format_count(steps)} steps so far."
        self._screen.call_later(self._screen.say, text, "-note")

    async def _begin(self, action: str, run: str) -> None:
        if not self._screen.may_begin():
            return
        runs, controls = self._workspace.runs, Controls()
        header = await asyncio.to_thread(self._store.header, run)
        if not self._screen.is_of_here(header.workspace):
            return
        cluster = terms_of(self._screen.setup.setup.workers)
        if action == RESUME:
            self._screen.begin(await asyncio.to_thread(runs.resume, run, controls, cluster=cluster))
        else:
            self._screen.begin(await asyncio.to_thread(runs.again, run, Only(action), controls, cluster=cluster))

    async def _delete(self, run: str) -> None:
        if self._screen.is_live(run) and not self._screen.may_begin():
            return
        question = f"Delete run {run}? Its journal is removed for good: it can't be shown or resumed then."
        if await self._screen.app.push_screen_wait(Choose("Delete", question, _KEEP_OR_DELETE)) == "delete":
            await asyncio.to_thread(self._store.delete, run)
            self._screen.forget(run)

    async def _report(self, run: str) -> None:
        dialog = AskText("Write report", _REPORT_HINT, f"{run}.html", problem=_report_problem)
        text = await self._screen.app.push_screen_wait(dialog)
        if text is None or not await self._may_write(text):
            return
        self._screen.say(f"The report is being written to {text}.", "-note")
        try:
            path = await asyncio.to_thread(write, self._store, run, text)
        except TuiClientError as error:
            self._screen.say(describe_error(error))
        else:
            self._screen.say(f"The report is in {path}.", "-note")

    async def _may_write(self, text: str) -> bool:
        """Whether the file is a new one, or may be replaced."""
        from tui_client.replay.reports.catalog import parse_wanted  # as in `_replay_journal`

        path = parse_wanted(text)[1].expanduser()
        if not await asyncio.to_thread(os.path.isfile, path):
            return True
        asked = Choose("Replace it?", f"{path} is there already. Replace it?", _KEEP_OR_REPLACE)
        return await self._screen.app.push_screen_wait(asked) == "replace"


def _report_problem(text: str) -> str:
    from tui_client.replay.reports.catalog import parse_wanted  # as in `_replay_journal`

    try:
        parse_wanted(text)
    except UsageError as error:
        return describe_error(error)
    return ""
