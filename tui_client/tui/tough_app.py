"""An app that ends in order, whatever ends it: its terminal is given back, and nothing that it held is printed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import copy_context
from threading import Thread
from typing import Final

from textual._context import active_message_pump
from textual.app import App, ScreenStackError
from textual.css.query import NoMatches
from textual.widget import MountError
from textual.worker import WorkerFailed, get_current_worker

from tui_client.model.crash import internal, report
from tui_client.model.wording import describe
from tui_client.tui.ending import CRASHED, Hurry, bugs_told, ended_by_signals
from tui_client.tui.terminal import ToughDriver

_KEEPING_S: Final = 2.0
_NOT_THERE: Final = (NoMatches, ScreenStackError, MountError)


class ToughApp(App[int], inherit_bindings=False):
    """The base of the app. crash: the bug that ended it, for whoever ran it to say."""

    def __init__(self) -> None:
        super().__init__(driver_class=ToughDriver)
        self.crash: BaseException | None = None
        self._until_over = ExitStack()
        self._hurry: Hurry | None = None
        self._end: Callable[[int], object] | None = None

    @contextmanager
    def ending_in_order(self) -> Iterator[None]:
        """Around `run`: signals end it, the terminal is given back and `keep_drafts` called, even where it hangs."""
        self._hurry = Hurry(self._end_by_force)
        with ended_by_signals(self._ended), ExitStack() as after:
            after.callback(self._hurry.cancel)
            after.callback(self.keep_drafts)
            after.callback(self._give_terminal_back)
            after.callback(self._until_over.close)
            yield

    def keep_drafts(self) -> None:
        """Write what was not saved; a second time does nothing."""

    def on_load(self) -> None:
        """Before the terminal is taken."""
        loop, context = asyncio.get_running_loop(), copy_context()
        self._end = lambda code: loop.call_soon_threadsafe(lambda: self.exit(return_code=code), context=context)
        if self._hurry is not None:  # there is somebody who closes it
            self._until_over.enter_context(bugs_told(self._tell))

    def terminal_lost(self) -> None:
        """The terminal is gone, whether HUP came or not."""
        self._ended(129)

    def broke(self, error: BaseException) -> None:
        """End because of a bug. The first one counts."""
        if self.crash is None:
            self.crash = _cause(error)
        self._return_code = 1
        if self._hurry is not None:
            self._hurry.begin(CRASHED)
        self._close_messages_no_wait()

    def _handle_exception(self, error: Exception) -> None:
        # Textual would print locals, source lines and messages, and with them tokens.
        if isinstance(_cause(error), _NOT_THERE) and self._leaves(error):
            return
        if self._exception is None:
            self._exception = error
            self._exception_event.set()  # tests that drive an app wait for it
        self.broke(error)

    def _leaves(self, error: Exception) -> bool:
        """Whether what raised it is being removed: a dialog closed before it stood finds nothing of itself."""
        pump = get_current_worker().node if isinstance(error, WorkerFailed) else active_message_pump.get(self)
        return self._exit or pump._closing or getattr(pump, "_pruning", False)

    def _print_error_renderables(self) -> None:
        self._exit_renderables.clear()

    def _tell(self, error: BaseException) -> None:
        """One bug beside the screen costs what it did, not the open edits."""
        self.notify(describe(internal(error)), severity="error", markup=False, timeout=8)

    def _ended(self, code: int) -> bool:
        if self._end is None or self._hurry is None:
            return False
        self._hurry.begin(code)
        self._end(code)
        return True

    def _end_by_force(self) -> None:
        self._give_terminal_back(report(self.crash) if self.crash else "")
        # What hangs may hold a lock that this needs.
        keeper = Thread(target=self.keep_drafts, daemon=True)
        keeper.start()
        keeper.join(_KEEPING_S)

    def _give_terminal_back(self, last_words: str = "") -> None:
        if isinstance(self._driver, ToughDriver):
            self._driver.give_back(last_words)


def _cause(error: BaseException) -> BaseException:
    return error.error if isinstance(error, WorkerFailed) else error
