"""A program in a pseudo terminal: its keys, its screen, what it leaves behind. Every wait has a limit."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pyte

LIMIT_S: Final = 30
_MODE = re.compile(rb"\x1b\[\?([0-9;]+)([hl])")
# Questions and private codes that pyte would print, for it knows no `<` and no `=`; shapes of the pointer are no title.
_UNKNOWN = re.compile(rb"\x1b\[[<=>][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*\$p|\x1b\]22;[a-z-]*\x07")
_UNFINISHED = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*|\][^\x07\x1b]*)?\Z")
_ON_AT_FIRST: Final = frozenset({7, 25})  # lines wrap, the cursor is shown


def own_env(folder: Path, **others: str) -> dict[str, str]:
    """An environment whose programs read and write nothing of whoever runs the tests; of a common terminal."""
    places = {f"XDG_{name}_HOME": str(folder / name.lower()) for name in ("DATA", "CONFIG", "STATE", "CACHE")}
    env = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLUMNS", "LINES")}
    terminal = {"TERM": "xterm-256color", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    return {**env, **places, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring", **terminal, **others}


def tui_client(*arguments: str | Path) -> list[str]:
    """The command line of the program itself."""
    return [sys.executable, "-m", "tui_client", *map(str, arguments)]


class PtyHost:
    """One program whose controlling terminal is a pseudo terminal of ours, and all that it wrote there.

    size: columns, rows. controlling: whether the terminal sends the program signals. output: all bytes so far.
    before: the terminal's attributes when it started.
    """

    def __init__(
        self,
        args: Sequence[str],
        env: Mapping[str, str],
        size: tuple[int, int] = (80, 24),
        cwd: Path | None = None,
        *,
        controlling: bool = True,
    ) -> None:
        self.controller, self.terminal = pty.openpty()
        self._hung_up = False
        self._screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self._screen)
        self._drawn = 0
        self.output = b""
        self.set_size(*size)
        self.before: list[Any] = termios.tcgetattr(self.terminal)
        self.process = subprocess.Popen(
            list(args),
            stdin=self.terminal,
            stdout=self.terminal,
            stderr=self.terminal,
            env=dict(env),
            cwd=cwd,
            start_new_session=True,
            # Only its controlling terminal sends a program signals: of keys, of a new size, at the end.
            preexec_fn=(lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0)) if controlling else None,
        )

    def __enter__(self) -> PtyHost:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    # What goes in

    def write(self, data: bytes) -> None:
        """Bytes from the keyboard."""
        os.write(self.controller, data)

    def send(self, number: signal.Signals) -> None:
        """A signal from outside, to the program alone."""
        self.process.send_signal(number)

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size; the kernel tells the program."""
        self.read()
        self.screen.resize(rows, columns)
        self.set_size(columns, rows)

    def set_size(self, columns: int, rows: int) -> None:
        """Tell the program another size, and leave the screen that is looked at as it is."""
        fcntl.ioctl(self.controller, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def hang_up(self) -> None:
        """Close the terminal's window: the kernel sends HUP, and neither reads nor writes work any more."""
        self._hung_up = True
        os.close(self.controller)

    # What comes out

    def read(self, wait_s: float = 0.0) -> bool:
        """Take what was written, after waiting for it. Returns whether there was something."""
        got = False
        while not self._hung_up and select.select([self.controller], [], [], 0 if got else wait_s)[0]:
            self.output += os.read(self.controller, 65536)
            got = True
        return got

    def read_until(self, text: bytes, since: int = 0) -> None:
        """Read until a text stands in the raw output, from a place on."""
        self._until(lambda: text in self.output[since:], repr(text))

    def until(self, condition: Callable[[str], object]) -> None:
        """Read until something is true of the text on the screen."""
        self._until(lambda: condition(self.text), "the screen")

    def ended(self) -> int:
        """Wait for the end. Returns the exit code, negative for the signal that killed it; all output is read."""
        self._until(lambda: self.process.poll() is not None, "the end")
        self.read()
        return int(self.process.returncode)

    # What can be seen

    @property
    def screen(self) -> pyte.Screen:
        """What the terminal shows after all that was read so far."""
        whole = len(self.output)
        if cut := _UNFINISHED.search(self.output, max(self._drawn, whole - 256)):
            whole = cut.start()
        self._stream.feed(_UNKNOWN.sub(b"", self.output[self._drawn : whole]))
        self._drawn = whole
        return self._screen

    @property
    def text(self) -> str:
        """The screen's lines."""
        return "\n".join(self.screen.display)

    @property
    def modes(self) -> set[str]:
        """The modes that are not as in a new terminal: "?1049" if the alternate screen is on, "kitty" for its keys."""
        on = set(_ON_AT_FIRST)
        for numbers, letter in _MODE.findall(self.output):
            (on.update if letter == b"h" else on.difference_update)(int(number) for number in numbers.split(b";"))
        pushed = len(re.findall(rb"\x1b\[>[0-9]+u", self.output)) - len(re.findall(rb"\x1b\[<[0-9]*u", self.output))
        return {f"?{number}" for number in on ^ _ON_AT_FIRST} | ({"kitty"} if pushed > 0 else set())

    @property
    def attributes(self) -> list[Any]:
        """Of the terminal now, to be compared with `before`."""
        return termios.tcgetattr(self.terminal)

    @property
    def cpu_s(self) -> float:
        """Seconds of processor time that the program took so far; Linux only."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def assert_restored(self) -> None:
        """The program is over, and the terminal as it was: its attributes, its screen, mouse, keys and cursor."""
        assert self.process.poll() is not None
        assert self.attributes == self.before
        assert self.modes == set()
        shape = self.output.rpartition(b"\x1b]22;")[2].partition(b"\x07")[0]
        assert b"\x1b]22;" not in self.output or shape == b"default"

    def close(self) -> None:
        """End what is left."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        if not self._hung_up:
            os.close(self.controller)
        os.close(self.terminal)

    def _until(self, condition: Callable[[], object], what: str) -> None:
        end = time.monotonic() + LIMIT_S
        while not condition():
            assert time.monotonic() < end, f"{what} never came: {self.text}\n{self.output[-500:]!r}"
            if not self.read(0.05) and self.process.poll() is not None and not condition():
                raise AssertionError(f"it ended with {self.process.returncode}: {self.output[-2000:]!r}")
