"""What a bomb of 1 GiB costs in memory: the app's own way to read a reply, and httpx's, side by side.

    python benchmarks/bomb.py [--mib 1024]

gzip, gzip in gzip (two to five times), deflate, Brotli, Zstandard and gzip in small chunks, each sent by a server in a
process of its own to a fresh process that has read a small reply before. Counted is the most that it held (VmHWM)
less what it held before. Ours keeps the whole body; httpx drops each piece at once, the least it can do. Neither may
have more than 4 GB. Linux alone.
Bar: less than 64 MB, whatever arrives.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import urllib.request
from typing import Any

import _support  # noqa: F401 - for the modules of the tests
import bomb_child
from _faults import Faults, faults

_BOMBS = ("gzip", "gzip2", "gzip3", "gzip4", "gzip5", "deflate", "br", "zstd", "chunks")
_LIMIT_MB = 4_000
_BAR_MB = 64


def cost(way: str, world: Faults, name: str, mib: int) -> dict[str, Any]:
    """What a fresh process says of one bomb."""
    url = world.url(f"bomb/{name}?mib={mib}")
    words = [sys.executable, bomb_child.__file__, way, str(_LIMIT_MB), url]
    told = subprocess.run(words, capture_output=True, text=True)
    if told.returncode:
        return {"rise_mb": float(_LIMIT_MB), "bytes": 0, "seconds": 0.0, "end": f"died ({told.returncode})"}
    found: dict[str, Any] = json.loads(told.stdout)
    return found


def said(found: dict[str, Any]) -> str:
    """One side of a line."""
    return f"{found['rise_mb']:8.1f} MB {found['seconds']:6.1f} s  {found['bytes'] >> 20:5} MiB {found['end']}"


def main() -> None:
    """A line for each bomb, then the most."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--mib", type=int, default=1024)
    mib = options.parse_args().mib
    most = {"ours": 0.0, "httpx": 0.0}
    with faults() as world:
        for name in _BOMBS:
            # The server builds each bomb once; that is nobody's time.
            # The server builds each bomb once; that is nobody's time.
            urllib.request.urlopen(world.url(f"bomb/{name}?mib={mib}")).read()
            found = {way: cost(way, world, name, mib) for way in ("ours", "httpx")}
            for way in most:
                most[way] = max(most[way], found[way]["rise_mb"])
            print(f"{name:<8} ours {said(found['ours']):<44} httpx {said(found['httpx'])}", flush=True)
    ours, theirs = most["ours"], most["httpx"]
    print(f"most: ours {ours:.1f} MB (bar {_BAR_MB} MB), httpx {theirs:.1f} MB; ours needs {ours / theirs:.4f} of it")


if __name__ == "__main__":
    main()
