"""From spawn to a usable first screen: ours, Posting, and the least that a Textual app can be, in turn.

    python benchmarks/start.py [--runs 7] [--posting PATH]

whole: until the whole first screen was painted, a collection of five requests in it. typed: until it also shows, in the
field of the URL, letters that were typed at the spawn, and again each 50 ms from then on if the app lost them. Both in
a terminal of 160x48, each app with byte code and warm files.
Bar: at most 0.5 of Posting's, at most 1.3 of the minimal app's. Ratios are of the medians.
Posting: python3 -m venv /tmp/posting && /tmp/posting/bin/pip install posting 'tree-sitter<0.26'
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path
from typing import Final

from _peers import OURS, Peer, collection_of, compile_all, load, parser, posting, posting_collection_of, spread
from _pty import Terminal

_TYPED: Final = "zq9"
_LEAST: Final = Peer(
    "minimal",
    (sys.executable, str(Path(__file__).with_name("_minimal.py"))),
    ("Thing 4", "Second", "Nothing here yet", "Leave it"),
)


def start_s(peer: Peer, folder: Path, home: Path) -> tuple[float, float]:
    """Seconds until the first whole screen, and until it also shows what was typed."""
    with Terminal(peer.start(folder), home) as terminal:
        terminal.press(_TYPED)
        whole = terminal.until(*peer.whole)
        if _TYPED.encode() not in terminal.painted:
            # Most apps drop what is typed before they listen: a person would type again.
            terminal.press(_TYPED)
        typed = terminal.until(_TYPED, again=lambda: terminal.press(_TYPED))
        return whole - terminal.began, max(whole, typed) - terminal.began


def main() -> None:
    """Measure in turn, and print the medians and the ratios."""
    options = parser(__doc__)
    options.add_argument("--runs", type=int, default=7)
    chosen = options.parse_args()
    compile_all(chosen.posting)
    peers = [OURS, *([posting(chosen.posting)] if chosen.posting else []), _LEAST]
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        folders = {OURS.name: collection_of(home / "ours", 5), "Posting": posting_collection_of(home / "theirs", 5)}
        found: dict[tuple[str, str], list[float]] = {}
        for run in range(chosen.runs + 1):
            for peer in peers:
                seconds = start_s(peer, folders.get(peer.name, home), home)
                for what, took_s in zip(("whole", "typed"), seconds, strict=True):
                    # The first round warms caches up.
                    found.setdefault((peer.name, what), []).extend([took_s] if run else [])
    for what in ("whole", "typed"):
        ours = statistics.median(found[OURS.name, what])
        for peer in peers:
            ratio = ours / statistics.median(found[peer.name, what])
            bar = {"Posting": " (bar 0.5)", "minimal": " (bar 1.3)"}.get(peer.name, "")
            against = f"   ours is {ratio:.2f} of it{bar}" if bar else ""
            print(f"{what}  {peer.name:<11} {spread(found[peer.name, what])}{against}")
    print(load())


if __name__ == "__main__":
    main()
