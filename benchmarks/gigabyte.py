"""A reply of 1 GB: when its first rows stand on the screen, whether it grows there, and what the app holds.

    python benchmarks/gigabyte.py [--mb 1000] [--form lines|minified|pretty]

Prints each two seconds how much the app says has come, and at the end: seconds from Enter to the first rows, to the
whole reply, curl's own time for it, and the peak of memory as proportional set size. Bar: memory below 250 MB, with
rows on the screen while the body arrives. It takes that much room in the folder for temporary files.
"""

from __future__ import annotations

import argparse
import re
import shutil
import tempfile
import time
from pathlib import Path
from typing import Final

from _peers import OURS, collection_of, compile_all, load
from _pty import Memory, Terminal
from _server import serving
from large_replies import curl_s

_SAYS: Final = re.compile(rb"([\d.,]+ [kMG]?B of [\d.,]+ [kMG]?B[^\xc2\xe2]{0,9}|200 OK[^\n]{0,40} [\d.,]+ [MG]B)")
_COMPLETE: Final = re.compile(rb"200 OK \xc2\xb7 [\d.,]+ m?s")


def follow(terminal: Terminal, memory: Memory, sent: float, limit_s: float) -> float:
    """Print what the app says until the reply is whole; gives the time of that."""
    told = sent
    while not _COMPLETE.search(terminal.painted):
        if time.monotonic() - sent > limit_s:
            raise TimeoutError(terminal.painted[-1500:].decode(errors="replace"))
        terminal.read(0.1)
        if time.monotonic() - told > 2:
            told = time.monotonic()
            says = _SAYS.findall(terminal.painted)
            line = says[-1].decode(errors="replace").strip() if says else "nothing"
            print(f"  after {told - sent:4.1f} s: {line}   memory {memory.last_mb:.0f} MB", flush=True)
            # Only what is new is of interest, and the screen is painted anew all the time.
            terminal.painted = terminal.painted[-2000:]
    return time.monotonic()


def main() -> None:
    """One reply."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mb", type=int, default=1000)
    parser.add_argument("--form", default="lines", choices=["minified", "lines", "pretty"])
    chosen = parser.parse_args()
    if shutil.disk_usage(tempfile.gettempdir()).free < chosen.mb * 2_500_000:
        raise SystemExit(f"{tempfile.gettempdir()} has too little room; set TMPDIR")
    compile_all(None)
    with tempfile.TemporaryDirectory() as scratch, serving() as (base, _):
        home = Path(scratch)
        url = f"{base}/json?mb={chosen.mb}&form={chosen.form}"
        download_s = curl_s(url)
        with Terminal(OURS.start(collection_of(home / "ours", 5)), home) as terminal:
            terminal.until(*OURS.whole)
            terminal.settle(1.5, 3)
            terminal.press(url)
            terminal.until(url[-20:])
            terminal.settle(0.3, 0.6)
            terminal.forget()
            with Memory(terminal.pid) as memory:
                sent = terminal.press("\r")
                first_s = terminal.until("BeginsHere") - sent
                whole_s = follow(terminal, memory, sent, 300) - sent
                terminal.settle(5, 10)
            print(
                f"{chosen.mb} MB {chosen.form}: first rows {first_s:.3f} s, all {whole_s:.1f} s (curl {download_s:.1f})"
                f"   peak {memory.peak_mb:.0f} MB (bar 250)"
            )
    print(load())


if __name__ == "__main__":
    main()
