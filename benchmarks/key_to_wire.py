"""From pressing send to the first byte at the server, on a warm connection; and the time shown, against curl's.

    python benchmarks/key_to_wire.py [--requests 60] [--posting PATH]

wire: from the key in the terminal until the server has the first bytes of the request; both clocks are the system's.
shown: what the app says a request took whose reply the server delays by 1 ms, less what curl says of the second of two
requests on one connection. Asked in turn. Bar: wire at most 15 ms, shown within 2 ms; medians. latency.py compares
the time shown with that of other clients, on new connections.
Posting: python3 -m venv /tmp/posting && /tmp/posting/bin/pip install posting 'tree-sitter<0.26'
"""

from __future__ import annotations

import re
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from typing import IO, Final

from _peers import OURS, Peer, collection_of, compile_all, load, parser, posting, posting_collection_of
from _pty import Terminal
from _server import serving
from gaps import linger

_SEND: Final = {OURS.name: "\x12", "Posting": "\n"}  # ctrl+r, ctrl+j
_SHOWN: Final = re.compile(r"200 OK · ([\d.,]+) ms".encode())


class Sender:
    """One app that sends the same request again and again."""

    def __init__(self, peer: Peer, terminal: Terminal, arrivals: IO[str]) -> None:
        self._key = _SEND[peer.name]
        self._terminal = terminal
        self._arrivals = arrivals
        self.wire_ms: list[float] = []
        self.shown_ms: list[float] = []

    def begin(self, peer: Peer, url: str) -> None:
        """Type the URL, and send a few times."""
        self._terminal.until(*peer.whole)
        linger(self._terminal, 2)
        self._terminal.press(url)
        self._terminal.until(url[-20:])
        for _ in range(3):
            linger(self._terminal, 0.5)
            self.send()
        self.wire_ms.clear()
        self.shown_ms.clear()

    def send(self) -> None:
        """Press the key once, and note what came of it."""
        self._terminal.forget()
        pressed = self._terminal.press(self._key)
        self.wire_ms.append((float(self._arrivals.readline()) - pressed) * 1000)
        linger(self._terminal, 0.4)
        if found := _SHOWN.findall(self._terminal.painted):
            self.shown_ms.append(float(found[-1].replace(b",", b"")))


def curl_ms(url: str, arrivals: IO[str]) -> float:
    """What curl says of the second of two requests on one connection."""
    words = ["curl", "-s", "-o", "/dev/null", "-o", "/dev/null", "-w", "%{time_total}\n", url, url]
    said = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    for _ in range(2):
        arrivals.readline()
    return float(said.split()[1]) * 1000


def main() -> None:
    """Ours, the peer and curl in turn."""
    options = parser(__doc__)
    options.add_argument("--requests", type=int, default=60)
    chosen = options.parse_args()
    compile_all(chosen.posting)
    with tempfile.TemporaryDirectory() as scratch, serving() as (base, server):
        home, url, arrivals = Path(scratch), f"{base}/ping?ms=1", server.stdout
        assert arrivals is not None
        folders = {OURS.name: collection_of(home / "ours", 5), "Posting": posting_collection_of(home / "theirs", 5)}
        peers = [OURS, *([posting(chosen.posting)] if chosen.posting else [])]
        terminals = [Terminal(peer.start(folders[peer.name]), home) for peer in peers]
        try:
            senders = {p.name: Sender(p, t, arrivals) for p, t in zip(peers, terminals, strict=True)}
            for peer in peers:
                senders[peer.name].begin(peer, url)
            curls = []
            for _ in range(chosen.requests):
                for sender in senders.values():
                    sender.send()
                curls.append(curl_ms(url, arrivals))
                time.sleep(0.05)
        finally:
            for terminal in terminals:
                terminal.__exit__(None, None, None)
    wires = {name: statistics.median(sender.wire_ms) for name, sender in senders.items()}
    for name, sender in senders.items():
        bar = " (bar 15)" if name == OURS.name else f"   ours needs {wires[OURS.name] / wires[name]:.3f} of it"
        print(f"{name:<11} wire {wires[name]:6.1f} ms, at most {max(sender.wire_ms):6.1f}{bar}")
    shown, curl = statistics.median(senders[OURS.name].shown_ms), statistics.median(curls)
    print(f"shown {shown:.2f} ms, curl {curl:.2f} ms, off by {shown - curl:+.2f} ms (bar 2)")
    print(load())


if __name__ == "__main__":
    main()
