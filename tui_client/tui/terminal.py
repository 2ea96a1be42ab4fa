"""The terminal: it survives bad bytes from the keyboard, and gets its state back whatever ends the app."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, Final

from textual.app import App
from textual.drivers.linux_driver import LinuxDriver

_ENDING: Final = (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)


class ToughDriver(LinuxDriver):
    """Textual's driver, for rough days.

    A byte that is no UTF-8 costs the keys that were read with it, not the app. A CONT that no stop came before,
    as the system sends after HUP, does not start a second thread that reads keys and outlives the app.
    """

    def __init__(self, app: App[Any], **options: Any) -> None:
        super().__init__(app, **options)
        self._stopped = False
        self._stop, self._resume = signal.getsignal(signal.SIGTSTP), signal.getsignal(signal.SIGCONT)
        signal.signal(signal.SIGTSTP, self._on_stop)
        signal.signal(signal.SIGCONT, self._on_continue)

    def _on_stop(self, number: int, frame: FrameType | None) -> None:
        self._stopped = True
        if callable(self._stop):
            self._stop(number, frame)

    def _on_continue(self, number: int, frame: FrameType | None) -> None:
        if self._stopped and callable(self._resume):
            self._stopped = False
            self._resume(number, frame)

    def run_input_thread(self) -> None:
        """Read keys until the app ends."""
        while not self.exit_event.is_set():
            try:
                super().run_input_thread()
            except UnicodeDecodeError:
                continue


@contextmanager
def ended_by_signals(leave: Callable[[int], object]) -> Iterator[None]:
    """Let TERM, HUP and QUIT end the app in order: `leave` gets the exit code, 128 and the signal's number."""
    loop = asyncio.get_running_loop()
    for number in _ENDING:
        loop.add_signal_handler(number, leave, 128 + number)
    try:
        yield
    finally:
        for number in _ENDING:
            loop.remove_signal_handler(number)
