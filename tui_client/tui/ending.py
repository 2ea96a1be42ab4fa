"""Ends that are not the user's: signals, and bugs in threads and tasks that nobody waits for."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, Final

from tui_client.errors import TuiClientError
from tui_client.model.crash import internal

GRACE_S: Final = 10.0  # for connections to be closed and a journal to be written; supervisors wait longer
CRASHED: Final = 70  # the exit code after a bug
_SIGNALS: Final = (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGINT)


class Hurry:
    """Ends the process GRACE_S after the app was told to end, if it hangs.

    at_last: what must be done even then, in a thread: the terminal, the drafts.
    """

    def __init__(self, at_last: Callable[[], object]) -> None:
        self._at_last = at_last
        self._timer: threading.Timer | None = None

    def begin(self, code: int) -> None:
        """From now on; code: of the exit. A second time does nothing."""
        if self._timer is None:
            self._timer = threading.Timer(GRACE_S, self._end, (code,))
            self._timer.daemon = True
            self._timer.start()

    def cancel(self) -> None:
        """It has ended by itself."""
        if self._timer is not None:
            self._timer.cancel()

    def _end(self, code: int) -> None:
        try:
            self._at_last()
        finally:
            os._exit(code)


@contextmanager
def ended_by_signals(leave: Callable[[int], bool]) -> Iterator[None]:
    """Let TERM, HUP, QUIT and INT end the app in order: `leave` gets the exit code, 128 and the signal's number.

    It gives False where there is no app yet. A signal that was ignored from the start, as by nohup, stays ignored.
    """

    def ended(number: int, _frame: FrameType | None) -> None:
        if not leave(128 + number):
            raise SystemExit(128 + number)

    before = {number: signal.getsignal(number) for number in _SIGNALS}
    taken = [number for number, handler in before.items() if handler is not signal.SIG_IGN]
    for number in taken:
        signal.signal(number, ended)
    try:
        yield
    finally:
        for number in taken:
            signal.signal(number, before[number])


@contextmanager
def bugs_told(tell: Callable[[BaseException], object]) -> Iterator[None]:
    """While the loop runs, hand what breaks in a thread, a task or a callback that nobody waits for to `tell`.

    It is called in the loop, once for each place. Without this such a bug would be silent: the screen hides what is
    printed. What the system or a server did to something that nobody waits for is no bug.
    """
    loop, told = asyncio.get_running_loop(), set[str | None]()

    def broke(error: BaseException | None) -> None:
        if error is None or isinstance(error, (SystemExit, OSError, TuiClientError)):
            return
        what = internal(error).detail
        if what not in told and not loop.is_closed():
            told.add(what)
            loop.call_soon_threadsafe(tell, error)

    def in_loop(_loop: object, context: dict[str, Any]) -> None:
        broke(context.get("exception"))

    before = threading.excepthook, sys.unraisablehook
    threading.excepthook = lambda hooked: broke(hooked.exc_value)
    sys.unraisablehook = lambda hooked: broke(hooked.exc_value)
    loop.set_exception_handler(in_loop)
    try:
        yield
    finally:
        threading.excepthook, sys.unraisablehook = before
        loop.set_exception_handler(None)
