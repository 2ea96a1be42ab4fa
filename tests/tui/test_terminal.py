"""The terminal gets its state back, whatever ends the app, and bad bytes end nothing."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

_LIMIT_S = 30


class Terminal:
    """The command in a pseudo terminal, and what it wrote there."""

    def __init__(self, workspace: Path) -> None:
        self.controller, terminal = pty.openpty()
        self.terminal = terminal
        self.before = termios.tcgetattr(terminal)
        env = {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "LINES": "24"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tui_client", str(workspace)],
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            env=env,
            start_new_session=True,
        )
        self.output = b""

    def read_until(self, text: bytes) -> None:
        """Read what is drawn until a text is there."""
        end = time.monotonic() + _LIMIT_S
        while text not in self.output:
            assert time.monotonic() < end, self.output[-2000:]
            if select.select([self.controller], [], [], 0.1)[0]:
                self.output += os.read(self.controller, 65536)

    def write(self, data: bytes) -> None:
        """Bytes from the keyboard."""
        os.write(self.controller, data)

    def ended(self) -> int:
        """The exit code; what is drawn last is read."""
        end = time.monotonic() + _LIMIT_S
        while self.process.poll() is None or select.select([self.controller], [], [], 0)[0]:
            assert time.monotonic() < end
            if select.select([self.controller], [], [], 0.1)[0]:
                self.output += os.read(self.controller, 65536)
        return self.process.returncode

    def close(self) -> None:
        """End what is left."""
        self.process.kill()
        self.process.wait()
        os.close(self.controller)
        os.close(self.terminal)


@pytest.fixture
def terminal(own_folders: None, tmp_path: Path) -> Iterator[Terminal]:
    """The workbench on an empty workspace, drawn."""
    (tmp_path / "work").mkdir()
    started = Terminal(tmp_path / "work")
    started.read_until(b"No reply yet")
    yield started
    started.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_a_signal_leaves_the_terminal_as_it_was(terminal: Terminal, number: signal.Signals) -> None:
    """Echo and line mode are back, the alternate screen and the mouse are off; the exit code names the signal."""
    terminal.process.send_signal(number)
    assert terminal.ended() == 128 + number
    assert termios.tcgetattr(terminal.terminal)[:4] == terminal.before[:4]
    last = terminal.output.rpartition(b"\x1b[?1049h")[2]
    assert all(code in last for code in (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?1000l"))


def test_a_terminal_that_is_closed_ends_the_app(terminal: Terminal) -> None:
    """The system sends HUP and CONT then; no thread that reads keys stays behind and spins."""
    for number in (signal.SIGCONT, signal.SIGHUP, signal.SIGCONT):
        terminal.process.send_signal(number)
    assert terminal.ended() == 128 + signal.SIGHUP
    assert terminal.output.count(b"\x1b[?1049h") == 1  # the terminal's mode was not started again


def test_bytes_that_are_no_text_end_nothing(terminal: Terminal) -> None:
    """The keys after them arrive, and ^q leaves with 0."""
    terminal.write(b"\xff\xfe")
    terminal.read_until(b"")
    terminal.write(b"\xc3")
    deadline = time.monotonic() + _LIMIT_S
    while b"qqq" not in terminal.output.replace(b"\x1b[7m", b"") and time.monotonic() < deadline:
        terminal.write(b"q")
        if select.select([terminal.controller], [], [], 0.2)[0]:
            terminal.output += os.read(terminal.controller, 65536)
    terminal.write(b"\x11")
    terminal.read_until(b"has an edit")
    terminal.write(b"\t\r")
    assert terminal.ended() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_what_was_typed_is_there_after_a_signal(terminal: Terminal, tmp_path: Path, number: signal.Signals) -> None:
    """Nobody is asked, and the draft is open at the next start, with its sign."""
    for key in b"/typed":
        terminal.write(bytes([key]))
    terminal.read_until(b"new*")
    terminal.process.send_signal(number)
    assert terminal.ended() == 128 + number
    again = Terminal(tmp_path / "work")
    try:
        again.read_until(b"new*")
    finally:
        again.close()
