"""Large JSON from loopback: from Enter to its first rows on the screen, and the memory that takes; ours and Posting.

    python benchmarks/large_replies.py [--runs 3] [--posting PATH] [--all]

shown: from Enter in the field of the URL until the body's first words stand on the screen. pretty: until they stand
there indented. Both less what curl needs for the same download. peak: the most that the app and its workers hold, as
proportional set size.
Bar: 0.15 s at 1 MB, 0.3 s at 10 MB and 1 s at 50 MB; 150 MB of memory at 10 MB, 300 MB at 50 MB.
Posting is asked for 1 and 10 MB once; --all asks for 50 MB too, which takes it minutes.
Posting: python3 -m venv /tmp/posting && /tmp/posting/bin/pip install posting 'tree-sitter<0.26'
"""

from __future__ import annotations

import statistics
import subprocess
import tempfile
from pathlib import Path
from typing import Final, NamedTuple

from _peers import OURS, Peer, collection_of, compile_all, load, parser, posting, posting_collection_of
from _pty import Memory, Terminal
from _server import serving

_BARS_S: Final = {1: 0.15, 10: 0.3, 50: 1.0}
_BARS_MB: Final = {10: 150, 50: 300}
_PRETTY: Final = '"begin": "BeginsHere"'


class Shown(NamedTuple):
    """Seconds from Enter, and megabytes."""

    first_s: float
    pretty_s: float
    idle_mb: float
    peak_mb: float


def show(peer: Peer, folder: Path, home: Path, url: str, limit_s: float) -> Shown:
    """Send one request and look at its reply."""
    with Terminal(peer.start(folder), home) as terminal:
        terminal.until(*peer.whole)
        terminal.settle(1.5, 3.0)
        terminal.press(url)
        terminal.until(url[-20:])
        terminal.settle(0.3, 0.6)
        with Memory(terminal.pid) as memory:
            terminal.settle(0.2, 0.4)
            idle_mb = memory.last_mb
            terminal.forget()
            sent = terminal.press("\r")
            first_s = terminal.until("BeginsHere", limit_s=limit_s) - sent
            pretty_s = terminal.until(_PRETTY, limit_s=limit_s) - sent
            terminal.settle(2.0, 5.0)
        return Shown(first_s, pretty_s, idle_mb, memory.peak_mb)


def curl_s(url: str) -> float:
    """What curl says the download took."""
    words = ["curl", "-s", "-o", "/dev/null", "-w", "%{time_total}", url]
    return float(subprocess.run(words, check=True, capture_output=True, text=True).stdout)


def report(peer: str, mb: int, form: str, shown: list[Shown], download_s: float) -> tuple[float, float]:
    """One line; gives the medians of seconds beyond curl and of megabytes."""
    first, pretty = (statistics.median(getattr(one, name) for one in shown) for name in ("first_s", "pretty_s"))
    peak, idle = (statistics.median(getattr(one, name) for one in shown) for name in ("peak_mb", "idle_mb"))
    bar = f" (bars {_BARS_S[mb]} s, {_BARS_MB.get(mb, '-')} MB)" if peer == OURS.name else ""
    print(
        f"{mb:>3} MB {form:<9} {peer:<11} shown {first - download_s:8.3f} s   pretty {pretty - download_s:8.3f} s"
        f"   peak {peak:6.0f} MB, idle {idle:4.0f}{bar}",
        flush=True,
    )
    return first - download_s, peak


def main() -> None:
    """Each size and form, ours and the peer in turn."""
    options = parser(__doc__)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--all", action="store_true", help="50 MB in Posting too")
    options.add_argument("--sizes", default="1,10,50", help="megabytes, with commas between")
    chosen = options.parse_args()
    compile_all(chosen.posting)
    with tempfile.TemporaryDirectory() as scratch, serving() as (base, _):
        home = Path(scratch)
        ours, theirs = collection_of(home / "ours", 5), posting_collection_of(home / "theirs", 5)
        for mb in map(int, chosen.sizes.split(",")):
            for form in ("minified", "lines"):
                url = f"{base}/json?mb={mb}&form={form}"
                curl_s(url)  # the server builds the body once
                download_s = statistics.median(curl_s(url) for _ in range(3))
                found = [show(OURS, ours, home, url, 60) for _ in range(chosen.runs)]
                took_s, peak_mb = report(OURS.name, mb, form, found, download_s)
                if chosen.posting and (mb <= 10 or chosen.all):
                    peer = show(posting(chosen.posting), theirs, home, url, 900)
                    their_s, their_mb = report("Posting", mb, form, [peer], download_s)
                    print(f"    ours needs {took_s / their_s:.4f} of its time, {peak_mb / their_mb:.3f} of its memory")
    print(load())


if __name__ == "__main__":
    main()
