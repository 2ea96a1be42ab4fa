"""Posting as a tool that sends: driven by its keys, read off its screen."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from _peers import posting, posting_collection_of
from _pty import Memory, Terminal
from _tools import Sent, Tool

_REFUSED: Final = ("Couldn't send request", "Error", "rror:")
_REPLIED: Final = "200 OK"
_PATIENCE_S: Final = 9.0


def posting_tool(program: str, folder: Path) -> Tool:
    """Posting, on a collection of its own, with its own limits of time."""
    collection = posting_collection_of(folder / "posting", 2)
    peer = posting(program)

    def send(url: str, headers: Mapping[str, str], ca: str) -> Sent:
        with Terminal(peer.start(collection), folder) as terminal:
            terminal.until(*peer.whole)
            terminal.settle(1.0, 3.0)
            with Memory(terminal.pid) as memory:
                terminal.press(url)
                terminal.until(url[-12:])
                terminal.settle(0.3, 0.6)
                terminal.forget()
                begun = terminal.press("\r")
                code = _outcome(terminal)
            return Sent(code, "Traceback" if code == 70 else "", time.monotonic() - begun, memory.peak_mb)

    def watched(url: str, payloads: tuple[bytes, ...]) -> set[bytes]:
        with Terminal(peer.start(collection), folder) as terminal:
            terminal.watched = payloads
            terminal.until(*peer.whole)
            terminal.settle(1.0, 3.0)
            terminal.press(url)
            terminal.settle(0.5, 1.0)
            terminal.press("\r")
            terminal.settle(2.0, _PATIENCE_S)
            return terminal.met

    return Tool("Posting", send, watched=watched)


def _outcome(terminal: Terminal) -> int | None:
    """0 where a reply is shown, 1 where it says that there is none, 70 where it ended, None where it shows neither."""
    end = time.monotonic() + _PATIENCE_S
    while time.monotonic() < end:
        try:
            terminal.read(0.2)
        except EOFError:
            return 70
        painted = terminal.painted.decode(errors="replace")
        if any(word in painted for word in _REFUSED):
            return 1
        if _REPLIED in painted:
            return 0
    return None
