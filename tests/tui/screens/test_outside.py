"""A body in a program of the user's."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pty
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.app import App

from tui_client.model.exchange import BytesBody
from tui_client.tui.screens._outside import editor, in_browser, open_outside, pager, private_file
from tui_client.tui.screens._talking import TalkingScreen


def test_less_shows_control_codes_whatever_the_user_set() -> None:
    """A reply can't draw on the terminal through the pager."""
    assert pager({"PAGER": "less -R"}).command == ("less", "-R", "-+r", "-+R")
    assert pager({"PAGER": "bat -p"}).command == ("bat", "-p")


def test_what_is_not_set_is_named() -> None:
    """The sentence says what to set."""
    assert editor({}).missing == "Set EDITOR to the command of an editor, such as vim or nano."
    assert editor({"VISUAL": "code -w", "EDITOR": "vi"}).command == ("code", "-w")
    assert editor({"EDITOR": "it's"}).command == ("it's",)


def test_the_file_is_the_users_alone() -> None:
    """Mode 0600 in a folder of mode 0700, named by its kind."""
    path = private_file(BytesBody(b"secret"), ".json")
    try:
        assert (path.name, path.read_bytes()) == ("body.json", b"secret")
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700
    finally:
        shutil.rmtree(path.parent)


def test_browsers_get_what_they_show() -> None:
    """Pages, pictures and PDF."""
    assert [in_browser(kind) for kind in ("text/html", "image/png", "application/json")] == [True, True, False]


class Alone(App[None]):
    """A screen that can tell, and asks at once."""

    def __init__(self, body: bytes, media_type: str) -> None:
        super().__init__()
        self.body = (BytesBody(body), media_type)

    def on_mount(self) -> None:
        self.desk = TalkingScreen()
        self.push_screen(self.desk)
        self.call_later(lambda: self.desk.dialog(open_outside(self.desk, *self.body)))

    @property
    def said(self) -> str:
        return "\n".join(note.message for note in self._notifications)


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ("pager", "PAGER names no-such-pager, which can't be found."),
        ("editor", "Set EDITOR to"),
        ("browser", "Handed to the browser."),
    ],
)
async def test_a_body_is_handed_over(choice: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The browser gets a file; what can't be started is told of."""
    got = tmp_path / "got"
    script = tmp_path / "browser"
    script.write_text(f'#!/bin/sh\necho noise\ncase "$1" in file://*) cp "${{1#file://}}" {got};; esac\n')
    script.chmod(0o700)
    monkeypatch.setenv("PAGER", "no-such-pager")
    monkeypatch.delenv("EDITOR", raising=False)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("BROWSER", f"{script} %s")
    app = Alone(b"<p>x</p>", "text/html")
    async with app.run_test() as pilot, asyncio.timeout(10):
        while not app.screen.query(f"#{choice}"):
            await pilot.pause()
        await pilot.click(f"#{choice}")
        while said not in app.said:
            await pilot.pause()
    assert got.exists() == (choice == "browser")


_HOST = """
import sys
sys.path.insert(0, {tests!r})
from test_outside import Alone

class Busy(Alone):
    def on_mount(self):
        super().on_mount()
        self.set_interval(0.01, self.paint)

    def paint(self):
        self.desk.styles.background = "red" if self.desk.styles.background.r == 0 else "blue"

Busy(b"one \\x1b[31mred\\n", "text/plain").run()
"""


class Terminal:
    """A program in a pseudo terminal of its own."""

    def __init__(self, code: str, **env: str) -> None:
        self.controller, terminal = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            env={**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", **env},
            # So that Ctrl+C goes to all that run there.
            preexec_fn=lambda: os.login_tty(terminal),
        )
        os.close(terminal)
        self.output = b""

    def until(self, ready: Callable[[], object]) -> None:
        """Read what is drawn until something is true."""
        end = time.monotonic() + 20
        while not ready():
            assert time.monotonic() < end, self.output[-1500:]
            if select.select([self.controller], [], [], 0.05)[0]:
                with contextlib.suppress(OSError):  # the other end is closed
                    self.output += os.read(self.controller, 65536)

    def write(self, keys: bytes) -> None:
        """Bytes from the keyboard."""
        self.output = b""
        os.write(self.controller, keys)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.controller)


@pytest.mark.skipif(shutil.which("less") is None, reason="less is not installed")
def test_the_pager_has_the_terminal_until_it_ends(tmp_path: Path) -> None:
    """Nothing is painted over it, Ctrl+C is its own, escape codes are shown, and the file is gone afterwards."""
    host = _HOST.format(tests=str(Path(__file__).parent))
    terminal = Terminal(host, LESS="-R", PAGER="less", TMPDIR=str(tmp_path), LINES="24", COLUMNS="80")
    try:
        terminal.until(lambda: b"Pager: less" in terminal.output)
        terminal.write(b"\r")
        terminal.until(lambda: b"(END)" in terminal.output)
        shown = terminal.output.rpartition(b"\x1b[?1049l")[2]
        assert b"ESC\x1b[27m[31mred" in shown
        assert b"\x1b[31m" not in shown
        assert len(list(tmp_path.glob("tui-client-*/lent-*/body.txt"))) == 1
        terminal.write(b"\x03")
        # What is typed with it is thrown away by the terminal, so the pager is asked again until it answers.
        terminal.until(lambda: os.write(terminal.controller, b"=") and b"body.txt" in terminal.output)
        assert b"\x1b[48;2" not in terminal.output
        terminal.write(b"q")
        terminal.until(lambda: not list(tmp_path.glob("*/*")))
        terminal.until(lambda: b"\x1b[?1049h" in terminal.output)
        terminal.write(b"\x11")
        terminal.until(lambda: terminal.process.poll() is not None)
        assert terminal.process.returncode == 0
        assert list(tmp_path.iterdir()) == []
    finally:
        terminal.close()
