"""The terminal: it survives bad bytes from the keyboard, and gets its state back whatever ends the app."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from textual.drivers.linux_driver import LinuxDriver

_ENDING: Final = (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)


class ToughDriver(LinuxDriver):
    """Textual's driver; a byte that is no UTF-8 costs the keys that were read with it, not the app."""

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
