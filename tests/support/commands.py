"""A command run in this process with a pseudo terminal as its three streams: what it wrote there, byte by byte."""

from __future__ import annotations

import os
import pty
import re
import sys
import termios
import threading
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

import pyte
import pytest
from payloads import PAYLOADS, Payload, seen

from tui_client.cli.main import run
from tui_client.text import safe

_ROWS, _COLUMNS = 200, 1000  # nothing is cut or goes to a second line
# A line that is written over while something goes on.
_LIVE: Final = re.compile(r"\r\x1b\[K")


class Printed(NamedTuple):
    """What a command wrote to its terminal, and what is not as it should be after it."""

    text: str
    harm: tuple[str, ...]

    def shows(self, payloads: Iterable[Payload], shown: Callable[[Payload], str]) -> None:
        """Each of them stands there, in this form."""
        missing = [one.name for one in payloads if seen(shown(one)) not in seen(self.text)]
        assert not missing, f"{missing} not in\n{self.text}"


def on_terminal(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Printed:
    """Run a command line."""
    controller, terminal = pty.openpty()
    termios.tcsetwinsize(terminal, (_ROWS, _COLUMNS))
    pieces: list[bytes] = []
    reader = threading.Thread(target=_drain, args=(controller, pieces))
    reader.start()
    try:
        with open(terminal, "w", encoding="utf-8", closefd=False) as out, monkeypatch.context() as streams:
            streams.setenv("TERM", "xterm-256color")
            for name in ("stdout", "stderr"):
                streams.setattr(sys, name, out)
            run(arguments, lambda *_, **__: 0)
    finally:
        os.close(terminal)
        reader.join()
        os.close(controller)
    return _printed(b"".join(pieces))


def _drain(controller: int, pieces: list[bytes]) -> None:
    while True:
        try:
            piece = os.read(controller, 65536)
        except OSError:  # the other end is closed
            return
        pieces.append(piece)


def _printed(data: bytes) -> Printed:
    screen = pyte.Screen(_COLUMNS, _ROWS)
    modes = set(screen.mode)
    pyte.ByteStream(screen).feed(data)
    text = _LIVE.sub("", data.decode()).replace("\r\n", "\n")
    harm = [payload.name for payload in PAYLOADS if payload.acts and payload.text in text]
    if safe(text) != text:
        harm.append("control codes")
    if screen.title or screen.icon_name or screen.mode != modes:
        harm.append("another title or mode")
    return Printed(text, tuple(harm))
