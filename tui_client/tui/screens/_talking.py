"""A screen that tells the user what was done and what went wrong, bugs of ours included."""

from __future__ import annotations

from collections.abc import Coroutine

from textual import on
from textual.screen import Screen
from textual.worker import Worker, WorkerState

from tui_client.errors import TuiClientError
from tui_client.model.crash import internal
from tui_client.model.wording import describe, describe_error
from tui_client.text import safe


class TalkingScreen(Screen[None]):
    """Its workers are started with `exit_on_error=False`: one that breaks is told of, and the app goes on."""

    def say(self, error: TuiClientError | str) -> None:
        """Tell the user what went wrong."""
        text = safe(error) if isinstance(error, str) else describe_error(error)
        self.notify(text, severity="error", markup=False, timeout=8)

    def tell(self, text: str) -> None:
        """Tell the user what was done."""
        self.notify(safe(text), markup=False, timeout=4)

    def dialog(self, steps: Coroutine[None, None, object]) -> None:
        """Run what asks the user something; a newer question replaces it."""
        self.run_worker(steps, group="dialog", exclusive=True, exit_on_error=False)

    @on(Worker.StateChanged)
    def _worker_moved(self, event: Worker.StateChanged) -> None:
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            self.worker_failed(event.worker.name, event.worker.error)

    def worker_failed(self, name: str, error: BaseException) -> None:
        """A worker ended in an exception that nobody expected."""
        self.say(describe(internal(error)))
