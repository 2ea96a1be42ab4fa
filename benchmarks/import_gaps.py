"""How long the app ever keeps a key waiting while a document of 10 MB is read, looked at, placed elsewhere and written.

    python benchmarks/import_gaps.py [--mb 10]

Late: as in gaps.py. Bar: below 50 ms at p99.9. The app runs in a terminal, as its command does.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from _peers import OURS, Peer, collection_of, compile_all, load
from _pty import Terminal
from _ticking import report, ticks_of
from gaps import keys, linger
from openapi_import import document

_ESC: Final = "\x1b"
_TAB, _DOWN, _PAGE_DOWN, _END, _HOME = "\t", "\x1b[B", "\x1b[6~", "\x1b[F", "\x1b[H"
_OPENS_S: Final = 0.2


def ask(terminal: Terminal, path: Path) -> None:
    """Open the dialog from the palette and name the document."""
    terminal.press("\x10")
    linger(terminal, 1)
    terminal.press("import")
    linger(terminal, 1.5)
    terminal.press("\r")
    terminal.until("A file, a folder or a URL")
    linger(terminal, 0.5)
    terminal.press(str(path))
    linger(terminal, 1)


def main() -> None:
    """One app, part after part."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mb", type=float, default=10)
    chosen = parser.parse_args()
    compile_all(None)
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        path, file = home / "large.json", home / "ticks"
        path.write_text(json.dumps(document(int(chosen.mb * 1e6))))
        app = Peer("ticking", (sys.executable, str(Path(__file__).with_name("_ticking.py")), str(file)), OURS.whole)
        with Terminal(app.start(collection_of(home / "ours", 5)), home) as terminal:
            terminal.until(*app.whole)
            linger(terminal, 2)
            ask(terminal, path)
            ticks_of(terminal.pid, file)
            found = []
            terminal.forget()
            began = time.monotonic()
            terminal.press("\r")
            came = terminal.until("will be made")
            linger(terminal, 1)
            ticks = ticks_of(terminal.pid, file)
            # What opens is a screen like any other, and takes as long whatever it shows.
            found += [[tick for tick in ticks if (tick.at < came - _OPENS_S) is early] for early in (True, False)]
            report(f"{chosen.mb:g} MB read ({came - began:.1f} s)", found[0])
            report("preview opened", found[1])
            keys(terminal, [*([_PAGE_DOWN] * 20), _END, _HOME, _TAB, "f", _END, _HOME, "f", *([_PAGE_DOWN] * 20), _TAB])
            keys(terminal, [" ", " ", *([_DOWN] * 5), " ", " "])
            found.append(ticks_of(terminal.pid, file))
            report("looked at", found[-1])
            terminal.forget()
            began = time.monotonic()
            terminal.press("\r")
            wrote_s = terminal.until("Imported") - began
            linger(terminal, 3)
            found.append(ticks_of(terminal.pid, file))
            report(f"written ({wrote_s:.1f} s), shown", found[-1])
            report("all (bar 50 ms at p99.9)", [tick for part in found for tick in part])
    print(load())


if __name__ == "__main__":
    main()
