"""How long the app ever keeps a key waiting while 100 MB of JSON arrive, are formatted, searched and scrolled.

    python benchmarks/gaps.py [--mb 100] [--form minified|lines|pretty]

Late: how much later than 10 ms a tick of a timer in the app's event loop comes; a key would wait as long. The app runs
in a terminal, as its command does. Bar: below 50 ms at p99.9 and below 100 ms at most, over all parts.
own: what of that time the app's own thread was at work; on a machine that others use, the rest is theirs.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from _peers import OURS, Peer, collection_of, compile_all, load
from _pty import Terminal
from _server import serving
from _ticking import report, ticks_of

_ESC: Final = "\x1b"
_F6, _PAGE_DOWN, _PAGE_UP, _HOME, _END = "\x1b[17~", "\x1b[6~", "\x1b[5~", "\x1b[H", "\x1b[F"
_FORMATTED: Final = (b'"begin": "BeginsHere"', b"Shown raw")


def linger(terminal: Terminal, seconds: float) -> None:
    """Take in what is painted for so long."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        terminal.read(left)


def keys(terminal: Terminal, pressed: list[str], each_s: float = 0.05) -> None:
    """Press one key after the other, as fast as a person's hand repeats."""
    for key in pressed:
        terminal.press(key)
        # What follows Esc at once is taken for a part of one key, and a field wants to be there first.
        linger(terminal, 0.3 if key in (_ESC, "/") else each_s)


def arrive(terminal: Terminal) -> None:
    """The body comes at full speed, and is indented if it is to be."""
    terminal.forget()
    terminal.press("\r")
    terminal.until("BeginsHere")
    end = time.monotonic() + 60
    while not any(text in terminal.painted for text in _FORMATTED) and time.monotonic() < end:
        terminal.read(0.1)
    linger(terminal, 1)
    terminal.press(_F6)
    linger(terminal, 0.3)


def search(terminal: Terminal) -> None:
    """A text that is found a million times, one that is not, and steps between the matches."""
    keys(terminal, ["/", *"somebody"])
    linger(terminal, 3)
    keys(terminal, ["\r", *"nnnnnnnnnn", *"NNNN"])
    keys(terminal, [_ESC, "/", *"nowhere"])
    linger(terminal, 3)
    keys(terminal, [_ESC])


def scroll(terminal: Terminal) -> None:
    """By pages, to both ends, with other modes and without wrapping."""
    # While lines are still counted, the end is that of those.
    terminal.until("EndsHere", again=lambda: terminal.press(_END), every_s=0.5)
    for _ in range(3):
        keys(terminal, [_PAGE_DOWN] * 20 + [_END] + [_PAGE_UP] * 20 + [_HOME])
        keys(terminal, ["w", _END, _HOME, "p"])
        linger(terminal, 1)


def main() -> None:
    """One app, part after part."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mb", type=int, default=100)
    parser.add_argument("--form", default="minified", choices=["minified", "lines", "pretty"])
    chosen = parser.parse_args()
    compile_all(None)
    with tempfile.TemporaryDirectory() as scratch, serving() as (base, _):
        home = Path(scratch)
        file = home / "ticks"
        app = Peer("ticking", (sys.executable, str(Path(__file__).with_name("_ticking.py")), str(file)), OURS.whole)
        url = f"{base}/json?mb={chosen.mb}&form={chosen.form}"
        with Terminal(app.start(collection_of(home / "ours", 5)), home) as terminal:
            terminal.until(*app.whole)
            linger(terminal, 2)
            terminal.press(url)
            terminal.until(url[-20:])
            linger(terminal, 0.5)
            ticks_of(terminal.pid, file)
            found = []
            for what, part in (("arrives, is formatted", arrive), ("searched", search), ("scrolled", scroll)):
                part(terminal)
                found.append(ticks_of(terminal.pid, file))
                report(f"{chosen.mb} MB {what}", found[-1])
            report("all (bars 50, 100 ms)", [tick for part in found for tick in part])
    print(load())


if __name__ == "__main__":
    main()
