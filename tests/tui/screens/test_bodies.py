"""Saving a reply's body."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input

from tui_client.model.exchange import BytesBody, Exchange, Response, SentRequest, Timings
from tui_client.tui.screens._bodies import save_body, write_body
from tui_client.tui.screens._talking import TalkingScreen

SENT, SHOWN = BytesBody(b'{"a":1}'), BytesBody(b'{\n  "a": 1\n}')


def exchange(*, complete: bool = True) -> Exchange:
    headers = ((b"Content-Type", b"application/json"),)
    note = "" if complete else "the connection was closed"
    response = Response(200, "OK", "HTTP/1.1", headers, SENT, complete=complete, note=note)
    return Exchange(SentRequest("GET", "http://a/users/1", b"/", ()), response, Timings(), datetime.now(UTC))


class Alone(App[None]):
    """A screen that can tell, and nothing else."""

    def on_mount(self) -> None:
        self.desk = TalkingScreen()
        self.push_screen(self.desk)

    @property
    def said(self) -> str:
        return "\n".join(note.message for note in self._notifications)


async def until(pilot: Pilot[None], ready: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not ready():
            await pilot.pause()


async def test_a_body_is_saved_as_sent_or_as_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The name is proposed, which of the two is asked, and a file that is there is replaced only when told so."""
    monkeypatch.chdir(tmp_path)
    app = Alone()
    async with app.run_test() as pilot:
        target = tmp_path / "1.json"
        await pilot.pause()
        app.desk.dialog(save_body(app.desk, exchange(), SHOWN))
        await until(pilot, lambda: app.screen.query("#shown"))
        await pilot.click("#shown")
        await until(pilot, lambda: app.screen.query(Input))
        assert app.screen.query_one(Input).value == "1.json"
        await pilot.press("enter")
        await until(pilot, lambda: "Saved 12 B" in app.said)
        assert target.read_bytes() == SHOWN.data

        app.desk.dialog(save_body(app.desk, exchange(complete=False)))
        await until(pilot, lambda: app.screen.query(Input))
        await pilot.press("enter")
        await until(pilot, lambda: app.screen.query("#other"))
        await pilot.press("enter")
        await until(pilot, lambda: app.screen.query(Input))
        assert target.read_bytes() == SHOWN.data
        await pilot.press("enter")
        await until(pilot, lambda: app.screen.query("#replace"))
        await pilot.click("#replace")
        await until(pilot, lambda: "incomplete: the connection was closed" in app.said)
        assert target.read_bytes() == SENT.data
        assert len(await asyncio.to_thread(os.listdir, tmp_path)) == 1


@pytest.mark.parametrize("replace", [False, True])
def test_half_a_body_is_never_left(tmp_path: Path, replace: bool) -> None:
    """A copy that is stopped leaves what was there before."""
    path, stop = tmp_path / "body", threading.Event()
    if replace:
        path.write_bytes(b"old")
    stop.set()
    with pytest.raises(InterruptedError):
        write_body(path, SENT, stop, replace=replace)
    assert [file.read_bytes() for file in tmp_path.iterdir()] == ([b"old"] if replace else [])


class Cut:
    """A body whose file someone has cut."""

    path = None
    size = 3 << 20

    def read(self, start: int = 0, length: int | None = None) -> bytes:
        return bytes(max(0, min((2 << 20) + 5, start + (length or self.size)) - start))


def test_a_body_that_is_not_all_there_any_more_is_not_saved(tmp_path: Path) -> None:
    """Half a body would look like a whole one."""
    with pytest.raises(OSError, match="not all there"):
        write_body(tmp_path / "body", Cut())
    assert list(tmp_path.iterdir()) == []


def test_what_is_replaced_keeps_its_mode_and_its_links(tmp_path: Path) -> None:
    """A file that only its owner may read stays so; a link still leads where it did."""
    old, link = tmp_path / "old", tmp_path / "link"
    old.write_bytes(b"x")
    old.chmod(0o600)
    link.symlink_to(old)
    write_body(link, SENT, threading.Event(), replace=True)
    assert link.is_symlink()
    assert (old.read_bytes(), old.stat().st_mode & 0o777) == (SENT.data, 0o600)


def test_only_files_are_replaced(tmp_path: Path) -> None:
    """A device or a folder is none."""
    with pytest.raises(OSError, match="no file"):
        write_body(Path("/dev/null"), SENT, threading.Event(), replace=True)
    with pytest.raises(FileExistsError):
        write_body(tmp_path, SENT, threading.Event())
