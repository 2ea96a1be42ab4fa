"""Whatever of ours lies outside of collections is for its owner's eyes alone: folders 0700, files 0600."""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from counting_server import Counting, counting_server

from tui_client.cli.main import run as command
from tui_client.config import state_dir
from tui_client.http.cookies import Cookie
from tui_client.replay.journal.locks import RunLock
from tui_client.replay.kept_cookies import CookieFile, kept_as
from tui_client.replay.past_recording import write_recording
from tui_client.replay.plan import Plan
from tui_client.replay.services import Question
from tui_client.trust.grants import Grant, GrantKind
from tui_client.tui.session.file import open_session
from tui_client.tui.session.state import SessionState
from tui_client.workspace import Workspace


def _no_workbench(path: Path | None, first: str = "", hello: str = "") -> int:
    raise AssertionError(path)


class Nobody:
    """Is asked nothing."""

    async def ask(self, questions: tuple[Question, ...]) -> Mapping[str, str]:
        raise AssertionError(questions)


@pytest.fixture
def server() -> Iterator[Counting]:
    """A server whose one reply is too long for the history's own file."""
    with counting_server() as found:
        found.bodies["/long"] = '"' + "x" * 300_000 + '"'
        yield found


@pytest.fixture
def ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """What our folders are made below; nothing of it is there yet, and new files are open to all."""
    for name in ("DATA", "STATE", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / "home" / ".local" / name.lower()))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    before = os.umask(0)
    yield tmp_path / "home"
    os.umask(before)


@pytest.fixture
def shop(tmp_path: Path, server: Counting) -> Path:
    """A collection."""
    root = tmp_path / "shop"
    root.mkdir()
    (root / "collection.toml").write_text(f'format = 1\nbase_url = "{server.base_url}"\n')
    (root / "long.toml").write_text('url = "/long"\n')
    return root


def _open_to_others(place: Path) -> dict[str, str]:
    """Everything below that others may touch, with its mode."""
    found = {}
    for path in (place, *place.rglob("*")):
        mode = stat.S_IMODE(path.lstat().st_mode)
        if mode != (0o700 if path.is_dir() else 0o600):
            found[str(path.relative_to(place))] = oct(mode)
    return found


def _names(place: Path) -> set[str]:
    return {path.name for path in place.rglob("*") if path.is_file()}


def _open_to_all(place: Path) -> None:
    for path in place.rglob("*"):
        path.chmod(0o777 if path.is_dir() else 0o666)


async def _everything(shop: Path, ours: Path, *, run: str = "") -> str:
    """Make, or change, all that is ours; look while databases are open and locks held. Gives the run."""
    session = open_session(shop)
    assert session.file is not None
    session.file.write(SessionState())
    async with Workspace.open(shop, asker=Nobody()) as workspace:
        wired = workspace.wired()
        wired.grants.add(shop, Grant(GrantKind.ENV, f"HOME{run}"))
        wired.secrets.set(shop, "", "key", f"value{run}")
        assert (await workspace.send("long")).passed
        assert workspace.history is not None
        await workspace.history.settled()
        write_recording(workspace.history.folder, b"{}")
        going = wired.runs.resume(run) if run else workspace.replay(Plan(steps=("long",), iterations=3))
        async with aclosing(going.results()) as results:
            async for _ in results:
                if not run:
                    assert any(name.endswith("sqlite-wal") for name in _names(ours))
                    assert _open_to_others(ours) == {}
                    break  # to be gone on with
        if not run:
            assert {"history.sqlite-wal", "history.sqlite-shm"} <= _names(ours)
            assert _open_to_others(ours) == {}
    cookies = CookieFile(state_dir() / "cookies.json")
    soon = datetime.now(UTC) + timedelta(days=1)
    kept = kept_as(shop, "", Cookie(origin="http://a", name="a", value="b", expires=soon))
    assert kept is not None
    cookies.change(put=(kept,))
    # Its own event loop is not for this thread.
    words = ["replay", "--show", "last", "--report", str(state_dir() / f"report{run}.html")]
    assert await asyncio.to_thread(command, words, _no_workbench) in (0, 130)
    session.file.close()
    return wired.store.find("last")


async def test_all_of_ours_is_closed_to_others(shop: Path, ours: Path) -> None:
    """With a umask of 0, from the first moment on; what was opened to others since is closed when it is used."""
    run = await _everything(shop, ours)
    assert _open_to_others(ours) == {}
    names = _names(ours)
    assert {"grants.json", "secrets.json", "cookies.json", "history.sqlite", "report.html"} <= names
    assert {".har", ".html", ".json", ".sqlite"} <= {Path(name).suffix for name in names}
    _open_to_all(ours / ".local")
    await _everything(shop, ours, run=run)
    # What was not used since lies in folders that are closed again.
    still = {name for name in _open_to_others(ours) if "/bodies/" not in name and not name.endswith("/report.html")}
    assert still <= {".local", *(f".local/{name}" for name in ("data", "state", "config", "cache"))}


def test_a_lock_that_was_left_open_is_closed(ours: Path) -> None:
    """A killed process leaves its lock; whoever takes it next closes it to others."""
    path = state_dir() / "run.lock"
    path.write_text("1")
    path.chmod(0o666)
    RunLock(path)
    assert _open_to_others(ours) == {}
