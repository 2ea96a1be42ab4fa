"""The terminal: it survives bad bytes from the keyboard, and gets its state back whatever ends the app."""

from __future__ import annotations

import os
import select
import signal
import termios
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from types import FrameType
from typing import Any, Final, Protocol, TextIO, cast

from textual import events
from textual._parser import ParseError
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from tui_client.text import safe
from tui_client.tui.frames import tame

# What its parser of keys raises for bytes that are no text, for numbers that no key has and sizes that no terminal has.
_UNREADABLE: Final = (ValueError, ArithmeticError, LookupError, ParseError)
# What Textual may have switched on, off again; a mode that a terminal does not know it ignores.
_RESTORED: Final = (
    b"\x1b[?2026l\x1b[?2004l\x1b[?2048l\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l\x1b[?1004l"
    b"\x1b[?7h\x1b[<u\x1b[0m\x1b[?1049l\x1b[?25h"
)
_POINTER: Final = "\x1b]22;"  # begins a shape of the mouse pointer
_LARGEST: Final = (2000, 1000)  # columns, rows; the largest screens have 1,300 by 400 at their smallest font
_PATIENCE_S: Final = 1.0  # for a terminal that takes nothing any more


class TerminalUser(Protocol):
    """The app, as the driver sees it; called in the app's loop."""

    def terminal_lost(self) -> None:
        """The terminal is gone."""

    def broke(self, error: BaseException) -> None:
        """A bug in the thread that reads keys."""


class ToughDriver(LinuxDriver):
    """Textual's driver, for rough days.

    Bytes that are no text cost the keys that were read with them, not the app. A CONT that no stop came before,
    as the system sends after HUP, does not start a second thread that reads keys and outlives the app. A terminal
    that is gone, and a bug while keys are read, end the app.
    """

    def __init__(self, app: App[Any], *, size: tuple[int, int] | None = None, **options: Any) -> None:
        super().__init__(app, size=size, **options)
        self._size = size or self._get_terminal_size()
        self._user = cast(TerminalUser, app)
        self._stopped = False
        self._started = False
        self._watched = False
        self._pointed = False
        # No error may end the thread that writes: the loop would wait for it for ever.
        self._file: TextIO = _Lasting(self._file)  # type: ignore[assignment]  # what its thread uses of it
        self._stop, self._resume = signal.getsignal(signal.SIGTSTP), signal.getsignal(signal.SIGCONT)
        signal.signal(signal.SIGTSTP, self._on_stop)
        signal.signal(signal.SIGCONT, self._on_continue)

    def start_application_mode(self) -> None:
        """Take the terminal."""
        self._started = True
        super().start_application_mode()  # type: ignore[no-untyped-call]  # Textual gives it no type
        self._ask_for_sizes_in_the_loop()
        if not self._watched:
            self._watched = True
            Thread(target=self._watch, name="hang-up", daemon=True).start()

    def write(self, data: str) -> None:
        """Write to the terminal, later; what a widget did not make safe does nothing there."""
        self._pointed = self._pointed or data.startswith(_POINTER)
        super().write(tame(data))

    def stop_application_mode(self) -> None:
        """Give it back, for a while or at the end."""
        if self._pointed:
            self._pointed = False
            super().write(f"{_POINTER}default\x07")  # Textual leaves the hand over a button
        if self._mouse_pixels:
            self.write("\x1b[?1016l")  # Textual forgets it; the next program's mouse would be counted in pixels
        super().stop_application_mode()
        self._started = False

    def give_back(self, last_words: str = "") -> None:
        """Give the terminal back by force, if it was not; from any thread, waiting a moment at most."""
        if not self._started:
            return
        self._started = False
        with suppress(OSError, termios.error):
            if self.attrs_before is not None:
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
            screen = self._file.fileno()
            if select.select([], [screen], [], _PATIENCE_S)[1]:
                os.write(screen, _RESTORED + safe(last_words).encode() + b"\n")

    def process_message(self, message: Message) -> None:
        """Pass on what came from the terminal, but for a size that none has: drawing for it would take all memory."""
        if isinstance(message, events.Resize) and not _is_possible(*message.size):
            return
        try:
            super().process_message(message)
        except Exception as error:  # noqa: BLE001 - not the bytes' fault; without keys nobody could leave
            self._call(self._user.broke, error)

    def run_input_thread(self) -> None:
        """Read keys until the app ends."""
        while not self.exit_event.is_set():
            try:
                super().run_input_thread()
            except _UNREADABLE:
                continue

    def _run_input_thread(self) -> None:
        # Textual would print source lines and messages, and exit with 0.
        try:
            self.run_input_thread()
        except OSError:
            self._call(self._user.terminal_lost)
        except BaseException as error:  # noqa: BLE001 - whatever it is, without keys nobody could leave
            self._call(self._user.broke, error)

    def _get_terminal_size(self) -> tuple[int, int]:
        return terminal_size(self.fileno)

    def _watch(self) -> None:
        """Wait until the terminal is gone; reading from it would spin then, and HUP comes to its own session only."""
        watched = select.poll()
        watched.register(self.fileno, 0)
        if any(what & (select.POLLHUP | select.POLLERR) for _, what in watched.poll()):
            self._call(self._user.terminal_lost)

    def _call(self, what: Callable[..., object], *arguments: object) -> None:
        with suppress(RuntimeError):  # the loop is closed, and the app over
            self._loop.call_soon_threadsafe(what, *arguments)

    def _ask_for_sizes_in_the_loop(self) -> None:
        # A signal may come while that of the size before it is handled: the older size would be told last, and stay.
        if callable(tell := signal.getsignal(signal.SIGWINCH)):
            signal.signal(signal.SIGWINCH, lambda number, _frame: self._call(tell, number, None))

    def _on_stop(self, number: int, frame: FrameType | None) -> None:
        self._stopped = True
        if callable(self._stop):
            self._stop(number, frame)

    def _on_continue(self, number: int, frame: FrameType | None) -> None:
        if self._stopped and callable(self._resume):
            self._stopped = False
            self._resume(number, frame)


class _Lasting:
    """What is written to a terminal; nothing, once that is gone."""

    def __init__(self, file: TextIO) -> None:
        self._wrapped = file
        self._gone = False

    def write(self, text: str) -> None:
        """Write it, with `?` for what is no Unicode."""
        if not self._gone:
            try:
                self._wrapped.write(text)
            except UnicodeError:
                self._wrapped.write(text.encode("ascii", "replace").decode())
            except (OSError, ValueError):
                self._gone = True

    def flush(self) -> None:
        """As of any file."""
        if not self._gone:
            try:
                self._wrapped.flush()
            except (OSError, ValueError):
                self._gone = True

    def fileno(self) -> int:
        """As of any file."""
        return self._wrapped.fileno()


def terminal_size(descriptor: int) -> tuple[int, int]:
    """Columns and rows of a terminal; what $COLUMNS and $LINES say counts only where it does not know."""
    asked: list[tuple[int, int]] = []
    with suppress(OSError):
        asked.append(tuple(os.get_terminal_size(descriptor)))  # type: ignore[arg-type]  # two numbers
    with suppress(KeyError, ValueError):
        asked.append((int(os.environ["COLUMNS"]), int(os.environ["LINES"])))
    columns, rows = next((one for one in asked if min(one) > 0), (80, 24))
    return min(columns, _LARGEST[0]), min(rows, _LARGEST[1])


def _is_possible(columns: int, rows: int) -> bool:
    return 0 < columns <= _LARGEST[0] and 0 < rows <= _LARGEST[1]
