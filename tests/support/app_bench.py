"""The real app, headless, on a copy of the sample collection and a demo API on loopback."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import TypeAlias

import pytest
from settled import use_settled
from textual._styles_cache import StylesCache
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input

from tui_client.config import Config
from tui_client.demo.sample import copy_sample
from tui_client.demo.server import running_demo
from tui_client.tui.app import WorkbenchApp
from tui_client.tui.screens.workbench import WorkbenchScreen

DEADLINE_S = 30
MAX_POLL_S = 0.02

use_settled()


@pytest.fixture(autouse=True, scope="module")
def imported() -> Iterator[None]:
    """What was there before a module's tests, mostly imports, is left out of collections while they run."""
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture(autouse=True)
def forgotten_screens() -> Iterator[None]:
    """No test keeps what earlier ones drew: Textual remembers the strips of a thousand widgets."""
    yield
    StylesCache.get_inner_outer.cache_clear()


@pytest.fixture
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes what belongs to whoever runs it."""
    for name in ("DATA", "CONFIG", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.delenv("NO_COLOR", raising=False)


@pytest.fixture
async def demo() -> AsyncIterator[str]:
    """The base URL of a demo API with a state of its own."""
    async with running_demo() as base_url:
        yield base_url


@pytest.fixture
def sample(own_folders: None, tmp_path: Path, demo: str) -> Path:
    """A copy of the sample collection that talks to the demo API."""
    return copy_sample(tmp_path / "demo", demo)


class Bench:
    """The app under test, and what tests ask of it."""

    def __init__(self, app: WorkbenchApp, pilot: Pilot[int]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def screen(self) -> WorkbenchScreen:
        """The workbench, whatever lies over it."""
        assert self.app.workbench is not None
        return self.app.workbench

    @property
    def top(self) -> Screen[object]:
        """The screen or dialog that is in front."""
        return self.app.screen

    async def until(self, condition: Callable[[], object]) -> None:
        """Let the app work until something is true."""
        end_s = time.monotonic() + DEADLINE_S
        wait_s = 0.005
        while not condition():
            assert time.monotonic() < end_s, f"it never came; said: {self.said!r}; shown:\n{self.text}"
            # The pilot's own pause asks every widget each time, which is slow.
            await asyncio.sleep(wait_s)
            wait_s = min(wait_s * 1.5, MAX_POLL_S)

    async def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        await self.pilot.press(*keys)

    async def fill(self, text: str) -> None:
        """Put a text into the field that has the focus, as if it was typed."""
        field = self.top.focused
        assert isinstance(field, Input)
        field.value = text
        await self.pilot.pause()

    async def answer(self, text: str) -> None:
        """Wait for a dialog, fill in its field and accept."""
        await self.until(lambda: self.top is not self.screen and isinstance(self.top.focused, Input))
        await self.fill(text)
        await self.press("enter")
        await self.until(lambda: self.top is self.screen)

    async def click(self, selector: str) -> None:
        """Wait for a dialog's button and press it."""
        await self.until(lambda: self.top is not self.screen and self.top.query(selector))
        await self.pilot.click(selector)
        await self.until(lambda: self.top is self.screen)

    async def open(self, key: str) -> None:
        """Open a request as the tree does."""
        assert self.screen.open_key(key)
        await self.until(lambda: self.screen.current is not None and self.screen.current.key == key)
        await self.until(lambda: self.screen.collections.node and self.screen.collections.node.key == key)

    async def send(self) -> None:
        """Send the open request and wait for its end."""
        await self.press("ctrl+r")
        await self.until(lambda: not self.screen.sends.ids)
        await self.pilot.pause()

    async def type_url(self, url: str) -> None:
        """Put a URL into the request that is open."""
        self.screen.builder.query_one("#url", Input).value = url
        await self.until(lambda: self.screen.current is not None and self.screen.current.draft.url == url)

    @property
    def said(self) -> str:
        """All notifications so far, one per line."""
        return "\n".join(note.message for note in self.app._notifications)

    @property
    def text(self) -> str:
        """What is on the screen, line by line, as it goes to the terminal."""
        strips = self.top._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in strip) for strip in strips)

    @property
    def tabs(self) -> list[str]:
        """The labels of the open requests with their notes."""
        return [f"{tab.label} {tab.note}".strip() for tab in self.screen.strip.tabs]

    def tree_row(self, key: str) -> str:
        """What the tree shows of a request: badge, label with mark, note."""
        rows = self.screen.collections.query_one("#tree").rows  # type: ignore[attr-defined]  # found by id
        row = next(row for row in rows if row.id == key)
        return f"{row.badge} {row.label}{row.mark} {row.note}".strip()

    def in_tree(self, key: str) -> bool:
        """Whether the tree shows a request now."""
        return any(row.id == key for row in self.screen.collections.query_one("#tree").rows)  # type: ignore[attr-defined]  # found by id


Opener: TypeAlias = Callable[..., AbstractAsyncContextManager[Bench]]


@pytest.fixture
def bench(own_folders: None) -> Opener:
    """Opens the app on a workspace."""

    @asynccontextmanager
    async def opened(
        path: Path | None, *, size: tuple[int, int] = (120, 36), settings: Config | None = None, first: str = ""
    ) -> AsyncIterator[Bench]:
        app = WorkbenchApp(path, settings, first)
        async with app.run_test(size=size) as pilot:
            found = Bench(app, pilot)
            await found.until(lambda: app.workbench is not None and app.workbench.requests.items)
            yield found

    return opened
