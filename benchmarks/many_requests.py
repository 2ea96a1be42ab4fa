"""A usable first screen over many request files: 2,000 of them in ours and in Posting, and 10,000 against 10 in ours.

    python benchmarks/many_requests.py [--runs 5] [--posting PATH]

From spawn until the whole first screen is painted, its tree included, and letters typed from the spawn on stand in the
field of the URL; see start.py. 100 files in each folder. Then, over 10,000: from a part of a URL, typed into the tree's
filter right after the start, to the request's row, and what the app holds once all are read.
Bar: at most 0.3 of Posting's; 10,000 within 200 ms of 10.
Posting: python3 -m venv /tmp/posting && /tmp/posting/bin/pip install posting 'tree-sitter<0.26'
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

from _peers import OURS, collection_of, compile_all, load, parser, posting, posting_collection_of, spread
from _pty import Memory, Terminal
from start import start_s

_FEW, _SOME, _MANY = 10, 2_000, 10_000
_F3 = "\x1bOR"


def search(folder: Path, home: Path) -> str:
    """Find a request by its URL, whose path says nothing of it."""
    with Terminal(OURS.start(folder), home) as terminal, Memory(terminal.pid) as memory:
        terminal.until(*OURS.whole)
        terminal.settle(0.5, 1)
        idle_mb = memory.last_mb
        terminal.press(_F3)
        terminal.settle(0.3, 0.5)
        terminal.press("/")
        terminal.settle(0.3, 0.5)
        terminal.forget()
        typed = terminal.press("things/9876")
        first_s = terminal.until("request-9876") - typed
        terminal.settle(8, 8)
    return f"found by its URL after {first_s:.2f} s   memory {idle_mb:.0f} MB, all read {memory.last_mb:.0f} MB"


def main() -> None:
    """Each pair in turn."""
    options = parser(__doc__)
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--each", type=int, default=100, help="files in a folder")
    chosen = options.parse_args()
    compile_all(chosen.posting)
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        folders = {count: collection_of(home / f"ours-{count}", count, chosen.each) for count in (_FEW, _SOME, _MANY)}
        cases = {str(count): (OURS, folder) for count, folder in folders.items()}
        if chosen.posting:
            theirs = posting_collection_of(home / "theirs", _SOME, chosen.each)
            cases["Posting"] = (posting(chosen.posting), theirs)
        found: dict[str, list[float]] = {name: [] for name in cases}
        for run in range(chosen.runs + 1):
            for name, (peer, folder) in cases.items():
                seconds = start_s(peer, folder, home)[1]
                # The first round warms caches up.
                found[name] += [seconds] if run else []
        medians = {name: statistics.median(times) for name, times in found.items()}
        for name, times in found.items():
            print(f"{name:>8} {spread(times)}")
        more_ms = (medians[str(_MANY)] - medians[str(_FEW)]) * 1000
        print(f"{_MANY:,} files take {more_ms:.0f} ms more than {_FEW} (bar 200)")
        if chosen.posting:
            print(f"{_SOME:,} files: ours is {medians[str(_SOME)] / medians['Posting']:.2f} of Posting (bar 0.3)")
        print(search(folders[_MANY], home))
    print(load())


if __name__ == "__main__":
    main()
