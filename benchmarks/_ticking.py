"""The app with a timer of 10 ms in its event loop: how late each tick is, and why.

    python benchmarks/_ticking.py TICKS [arguments of tui-client]

On SIGUSR1 it writes to TICKS a line for each tick since the last time: when it came (time.monotonic), how late it was,
and how long the app's own thread had worked since the tick before, in milliseconds.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from pathlib import Path
from typing import Final, NamedTuple

TICK_S: Final = 0.01


class Tick(NamedTuple):
    """One tick. at: seconds; late, own: milliseconds."""

    at: float
    late: float
    own: float


class Ticks:
    """Ticks of one loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, file: Path) -> None:
        self._loop, self._file = loop, file
        self._found: list[Tick] = []
        self._last, self._worked = time.monotonic(), time.thread_time()
        loop.add_signal_handler(signal.SIGUSR1, self._write)
        loop.call_later(TICK_S, self._tick)

    def _tick(self) -> None:
        now, worked = time.monotonic(), time.thread_time()
        self._found.append(Tick(now, (now - self._last - TICK_S) * 1000, (worked - self._worked) * 1000))
        self._last, self._worked = now, worked
        self._loop.call_later(TICK_S, self._tick)

    def _write(self) -> None:
        found, self._found = self._found, []
        text = "".join(f"{tick.at} {tick.late} {tick.own}\n" for tick in found)
        half = self._file.with_suffix(".half")
        half.write_text(text)
        half.rename(self._file)


def ticks_of(pid: int, file: Path, wait: float = 10) -> list[Tick]:
    """The ticks of a running app since they were last asked for."""
    file.unlink(missing_ok=True)
    os.kill(pid, signal.SIGUSR1)
    end = time.monotonic() + wait
    while not file.exists():
        if time.monotonic() > end:
            raise TimeoutError("the app did not tell its ticks")
        time.sleep(0.02)
    return [Tick(*map(float, line.split())) for line in file.read_text().splitlines()]


def report(what: str, ticks: list[Tick]) -> None:
    """One line: p50, p99.9 and the longest, and the same of the app's own part."""
    figures = []
    for values in (sorted(tick.late for tick in ticks), sorted(tick.own for tick in ticks)):
        p50, p999 = (values[min(len(values) - 1, int(len(values) * part))] for part in (0.5, 0.999))
        figures.append(f"p50 {p50:5.1f}  p99.9 {p999:5.1f}  max {values[-1]:5.1f} ms")
    print(f"{what:<28} {figures[0]}   own: {figures[1]}  ({len(ticks)} ticks)", flush=True)


class _Policy(asyncio.DefaultEventLoopPolicy):
    """Every loop of the main thread ticks."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file

    def new_event_loop(self) -> asyncio.AbstractEventLoop:
        loop = super().new_event_loop()
        Ticks(loop, self._file)
        return loop


def main() -> int:
    """Run the app as its command does."""
    from tui_client.__main__ import main as run

    asyncio.set_event_loop_policy(_Policy(Path(sys.argv[1])))
    sys.argv[1:] = sys.argv[2:]
    return run()


if __name__ == "__main__":
    sys.exit(main())
