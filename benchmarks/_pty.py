"""Driving an app in a terminal of its own: keys in, what it paints out, the memory of its processes.

What is painted is searched as text with its escape codes taken out: a real terminal's emulation would cost more
processor time than some of the apps that are measured. `look` renders it once, where one wants to see it.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import tempfile
import termios
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final

ROWS, COLUMNS = 48, 160
_CODES: Final = re.compile(rb"\x1b(?:\[[0-9;?<>=]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()].|[=>78])")


def environment(home: Path) -> dict[str, str]:
    """A clean terminal's variables, all files below `home`; byte code is kept, else one measures the compiler."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "TMPDIR") if name in os.environ}
    folders = {f"XDG_{kind}_HOME": str(home / kind.lower()) for kind in ("CONFIG", "DATA", "CACHE", "STATE")}
    return kept | folders | {"HOME": str(home), "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}


class Terminal:
    """One app in a pty of 160x48. Use as a context; it is killed at the end. Times: `time.monotonic`.

    Each gets a home of its own below `home`: what an app remembers of one run must not be in the next.
    """

    def __init__(self, command: Sequence[str], home: Path) -> None:
        self.painted = b""
        self.met: set[bytes] = set()  # which of `watched` came, codes included
        self.watched: tuple[bytes, ...] = ()
        self._codes = b""
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        _without_echo(slave)
        own = Path(tempfile.mkdtemp(dir=home))
        variables = environment(own)
        self.began = time.monotonic()
        self._process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, env=variables, cwd=own, start_new_session=True
        )
        os.close(slave)
        self.pid = self._process.pid

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # The whole session: workers of the app too.
        os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()
        os.close(self._master)

    def press(self, keys: str | bytes) -> float:
        """Type; gives the time at which the last key was in the terminal."""
        os.write(self._master, keys.encode() if isinstance(keys, str) else keys)
        return time.monotonic()

    def forget(self) -> None:
        """Take what has been painted so far as seen."""
        self.read(0)
        self.painted = b""

    def read(self, wait_s: float) -> bool:
        """Take in what the app paints; False if nothing came in that time. Raises EOFError once the app has ended."""
        if not select.select([self._master], [], [], wait_s)[0]:
            return False
        try:
            data = self._codes + os.read(self._master, 1 << 16)
        except OSError as error:
            raise EOFError(self.painted[-2000:].decode(errors="replace")) from error
        self.met |= {text for text in self.watched if text in data}
        # A code that is cut at the end of this piece waits for the next one.
        cut = data.rfind(b"\x1b", -64)
        end = cut if cut >= 0 and not _CODES.match(data, cut) else len(data)
        self._codes = data[end:]
        self.painted += _CODES.sub(b"", data[:end])
        return True

    def until(
        self, *texts: str, limit_s: float = 60.0, again: Callable[[], object] = int, every_s: float = 0.05
    ) -> float:
        """The time when all these were painted, in any order. `again` is called meanwhile, now and then.

        Raises TimeoutError with the end of what was painted.
        """
        wanted = [text.encode() for text in texts]
        end = time.monotonic() + limit_s
        next_try = time.monotonic() + every_s
        while not all(text in self.painted for text in wanted):
            now = time.monotonic()
            if now > end:
                raise TimeoutError(f"{texts} never came; last: {self.painted[-1500:].decode(errors='replace')}")
            if now >= next_try:
                again()
                next_try = now + every_s
            self.read(0.05)
        return time.monotonic()

    def settle(self, quiet_s: float = 0.5, limit_s: float = 5.0) -> None:
        """Wait until it has painted nothing for a while; at most `limit_s`, since a cursor may blink."""
        end = time.monotonic() + limit_s
        while self.read(quiet_s) and time.monotonic() < end:
            pass


def _without_echo(slave: int) -> None:
    # Before the app takes the terminal over, its driver would echo the keys, and they would count as painted.
    mode = termios.tcgetattr(slave)
    mode[3] &= ~(termios.ECHO | termios.ICANON)
    termios.tcsetattr(slave, termios.TCSANOW, mode)


class Memory(threading.Thread):
    """Samples what the processes of a tree hold together; `peak_mb` is the most so far.

    Proportional set size where the system tells it: pages that processes share count once, and pages of a mapped file
    count as long as they are mapped.
    """

    def __init__(self, pid: int, every_s: float = 0.05) -> None:
        super().__init__(daemon=True)
        self._pid, self._every_s = pid, every_s
        self._over = threading.Event()
        self.peak_mb = self.last_mb = 0.0

    def run(self) -> None:
        while not self._over.wait(self._every_s):
            self.last_mb = sum(map(_held_kb, _tree(self._pid))) / 1024
            self.peak_mb = max(self.peak_mb, self.last_mb)

    def __enter__(self) -> Memory:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self.join()


def _tree(pid: int) -> list[int]:
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        for children in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                waiting += map(int, children.read_text().split())
            except OSError:
                continue
    return found


def _held_kb(pid: int) -> int:
    for name, field in (("smaps_rollup", "Pss:"), ("status", "VmRSS:")):
        try:
            lines = Path(f"/proc/{pid}/{name}").read_text().splitlines()
        except OSError:
            continue
        return next((int(line.split()[1]) for line in lines if line.startswith(field)), 0)
    return 0
