"""What a server says, printed to a terminal: text, and nothing else."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time

import pyte
import pytest

_COLUMNS, _LINES = 120, 60


def on_a_terminal(*arguments: str) -> bytes:
    """All that a command writes to a pseudo terminal, stdout and stderr alike."""
    controller, terminal = pty.openpty()
    env = {**os.environ, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "NO_COLOR": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "tui_client", *arguments], stdin=terminal, stdout=terminal, stderr=terminal, env=env
    )
    os.close(terminal)
    output, end = b"", time.monotonic() + 30
    while time.monotonic() < end:
        if select.select([controller], [], [], 0.1)[0]:
            try:
                output += os.read(controller, 65536)
            except OSError:  # the other end is closed: the command is over
                break
    process.wait(10)
    os.close(controller)
    return output


@pytest.mark.parametrize("arguments", [("send", "-i"), ("send", "--json")], ids=" ".join)
def test_a_hostile_reply_leaves_the_terminal_clean(demo_url: str, arguments: tuple[str, ...]) -> None:
    """No payload byte reaches the terminal: its title, colours and cursor stay as they were, the payload is read."""
    command, *rest = arguments
    output = on_a_terminal(command, f"{demo_url}/hostile", *rest)
    screen = pyte.Screen(_COLUMNS, _LINES)
    pyte.ByteStream(screen).feed(output)
    assert screen.title == "" and screen.icon_name == ""
    assert all(char.fg == "default" and not char.bold for row in screen.buffer.values() for char in row.values())
    assert b"\x1b" not in output and b"\x07" not in output
    assert "\x9b" not in output.decode() and "\u202e" not in output.decode()
    assert "200" in "\n".join(screen.display)
