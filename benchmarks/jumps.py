"""Moving in 165 MB of indented JSON, some nine million lines: from the key to the painted lines.

    python benchmarks/jumps.py [--mb 165] [--times 15]

A page down, to the end, to the top, and to a line in the middle (from Enter on); wrapped, as replies are at first.
Before the first jump all lines have been counted. Bar: below 50 ms each. Prints median, and the longest.
"""

from __future__ import annotations

import argparse
import re
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from _peers import OURS, collection_of, compile_all, load
from _pty import Terminal
from _server import FORMS, serving
from gaps import _END, _F6, _HOME, _PAGE_DOWN, linger

_ID: Final = re.compile(rb'"id": (\d+)')


def ids(terminal: Terminal) -> list[int]:
    """The items that were painted since the terminal forgot."""
    return [int(found) for found in _ID.findall(terminal.painted)]


def jump_ms(terminal: Terminal, key: str, painted: Callable[[], bool]) -> float:
    """Milliseconds from a key until what it leads to is painted; then the app may rest."""
    terminal.forget()
    pressed = terminal.press(key)
    end = pressed + 20
    while not painted():
        if time.monotonic() > end:
            raise TimeoutError(terminal.painted[-1500:].decode(errors="replace"))
        terminal.read(0.05)
    took_s = time.monotonic() - pressed
    linger(terminal, 0.2)
    return took_s * 1000


def pages(terminal: Terminal, times: int) -> list[float]:
    """Page down, again and again: each shows items beyond those before."""
    found, last = [], -1
    for _ in range(times):
        found.append(jump_ms(terminal, _PAGE_DOWN, lambda last=last: any(one > last for one in ids(terminal))))
        last = max(ids(terminal))
    return found


def middle(terminal: Terminal, line: int, times: int) -> list[float]:
    """To lines around the middle, from Enter on."""
    found = []
    for turn in range(times):
        terminal.press("g")
        linger(terminal, 0.3)
        terminal.press(str(line + turn * 100_000))
        linger(terminal, 0.3)
        found.append(jump_ms(terminal, "\r", lambda: any(one > 1000 for one in ids(terminal))))
        jump_ms(terminal, _HOME, lambda: b"BeginsHere" in terminal.painted)
    return found


def main() -> None:
    """One reply, moved in."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mb", type=int, default=165)
    parser.add_argument("--times", type=int, default=15)
    chosen = parser.parse_args()
    compile_all(None)
    item = FORMS["pretty"][3] % 1_000_000
    line = chosen.mb * 1_000_000 // len(item) * (item.count(b"\n") + 1) // 2
    with tempfile.TemporaryDirectory() as scratch, serving() as (base, _):
        home = Path(scratch)
        url = f"{base}/json?mb={chosen.mb}&form=pretty"
        with Terminal(OURS.start(collection_of(home / "ours", 5)), home) as terminal:
            terminal.until(*OURS.whole)
            linger(terminal, 2)
            terminal.press(url)
            terminal.until(url[-20:])
            linger(terminal, 0.5)
            terminal.press("\r")
            terminal.until("BeginsHere")
            linger(terminal, 3)
            terminal.press(_F6)
            # While lines are still counted, the end is that of those.
            terminal.until("EndsHere", again=lambda: terminal.press(_END), every_s=1)
            linger(terminal, 3)
            jump_ms(terminal, _HOME, lambda: b"BeginsHere" in terminal.painted)
            found = {"page down": pages(terminal, chosen.times), "to the end": [], "to the top": []}
            for _ in range(chosen.times):
                found["to the end"].append(jump_ms(terminal, _END, lambda: b"EndsHere" in terminal.painted))
                found["to the top"].append(jump_ms(terminal, _HOME, lambda: b"BeginsHere" in terminal.painted))
            found["to the middle"] = middle(terminal, line, min(chosen.times, 10))
    for what, times in found.items():
        print(f"{what:<14} {statistics.median(times):6.1f} ms, at most {max(times):6.1f} (bar 50)")
    print(load())


if __name__ == "__main__":
    main()
