"""The demo API beside the tests, and the command run in this process."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from counting_server import Counting, counting_server

from tui_client.cli.main import run
from tui_client.demo.server import running_demo


@pytest.fixture(scope="module")
def demo_url() -> Iterator[str]:
    """The base URL of a demo API that runs in a thread of its own."""
    ready, loop = threading.Event(), asyncio.new_event_loop()
    found: list[str] = []
    stop = asyncio.Event()

    async def serve() -> None:
        async with running_demo() as base_url:
            found.append(base_url)
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    assert ready.wait(10)
    yield found[0]
    loop.call_soon_threadsafe(stop.set)
    thread.join(10)
    loop.close()


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes what belongs to whoever runs it."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")


class Ran:
    """What a command came to."""

    def __init__(self, code: int, raw: bytes, err: bytes) -> None:
        self.code = code
        self.raw = raw
        self.out = raw.decode(errors="replace")
        self.err = err.decode()

    @property
    def json(self) -> Any:
        """Standard output as one JSON value."""
        return json.loads(self.out)


@pytest.fixture
def cli(capsysbinary: pytest.CaptureFixture[bytes]) -> Callable[..., Ran]:
    """Runs one command line."""

    def call(*arguments: str) -> Ran:
        capsysbinary.readouterr()
        code = run(arguments, lambda path: 0)
        out, err = capsysbinary.readouterr()
        return Ran(int(code), out, err)

    return call


@pytest.fixture
def shop(tmp_path: Path, demo_url: str) -> Callable[..., Path]:
    """Writes a collection for the demo API: files by key."""

    def write(files: dict[str, str], shared: str = "") -> Path:
        root = tmp_path / "work" / "collections" / "shop"
        texts = {"collection": f'format = 1\nbase_url = "{demo_url}"\n{shared}', **files}
        for key, text in texts.items():
            path = root / f"{key}.toml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return root

    return write


@pytest.fixture
def server() -> Iterator[Counting]:
    """A server that counts what arrives."""
    with counting_server() as found:
        yield found


@pytest.fixture
def mine(tmp_path: Path, server: Counting) -> Callable[..., Path]:
    """Writes a collection for that server: files by key."""

    def write(files: dict[str, str], shared: str = "") -> Path:
        root = tmp_path / "work" / "collections" / "mine"
        texts = {"collection": f'format = 1\nbase_url = "{server.base_url}"\n{shared}', **files}
        for key, text in texts.items():
            path = root / f"{key}.toml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return root

    return write
