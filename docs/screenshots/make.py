"""Makes the screenshots of the documents from the real app, against the demo API.

python docs/screenshots/make.py
"""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from textual.pilot import Pilot
from textual.widgets import Input

from tui_client.demo.process import DemoProcess
from tui_client.demo.sample import copy_sample
from tui_client.tui.app import WorkbenchApp
from tui_client.tui.panels.response_viewer import Done
from tui_client.tui.screens.replay import ReplayScreen
from tui_client.tui.screens.workbench import WorkbenchScreen

HERE = Path(__file__).parent


async def until(condition: Callable[[], bool]) -> None:
    """Wait for a condition, ten seconds at most."""
    end = monotonic() + 10
    while not condition():
        if monotonic() > end:
            raise TimeoutError("the app did not get there")
        await asyncio.sleep(0.02)


def save(app: WorkbenchApp, name: str) -> None:
    """Write the screen as SVG, without the web fonts that the exporter refers to."""
    svg = app.export_screenshot(title="tui-client")
    (HERE / f"{name}.svg").write_text(re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL))


async def send(app: WorkbenchApp, pilot: Pilot[int], key: str) -> None:
    """Open a request and wait for its reply."""
    screen = app.screen
    assert isinstance(screen, WorkbenchScreen)
    screen.open_key(key)
    await pilot.pause()
    await pilot.press("ctrl+r")
    await until(lambda: isinstance(screen.replies.view(screen.requests.active), Done))
    await asyncio.sleep(0.4)


async def workbench(base_url: str, size: tuple[int, int], name: str) -> None:
    """A few requests sent, one of them shown."""
    with tempfile.TemporaryDirectory() as scratch:
        app = WorkbenchApp(copy_sample(Path(scratch) / "demo", base_url))
        async with app.run_test(size=size) as pilot:
            await until(lambda: isinstance(app.screen, WorkbenchScreen))
            for key in ("auth/login", "users/list", "users/create"):
                await send(app, pilot, key)
            save(app, name)


async def events(base_url: str, size: tuple[int, int], name: str) -> None:
    """A stream under way, one of its events open."""
    with tempfile.TemporaryDirectory() as scratch:
        app = WorkbenchApp(copy_sample(Path(scratch) / "demo", base_url))
        async with app.run_test(size=size) as pilot:
            await until(lambda: isinstance(app.screen, WorkbenchScreen))
            screen = app.screen
            assert isinstance(screen, WorkbenchScreen)
            screen.builder.query_one("#url", Input).value = "/sse/endless?ms=40"
            await until(lambda: screen.current is not None and screen.current.draft.url.endswith("40"))
            await pilot.press("ctrl+r")
            await asyncio.sleep(2)
            screen.reply.focus_reply()
            await asyncio.sleep(0.2)
            await pilot.press("up", "up", "enter")
            await asyncio.sleep(1)
            save(app, name)


async def compare(base_url: str, size: tuple[int, int], name: str) -> None:
    """Two replies beside each other."""
    with tempfile.TemporaryDirectory() as scratch:
        app = WorkbenchApp(copy_sample(Path(scratch) / "demo", base_url))
        async with app.run_test(size=size) as pilot:
            await until(lambda: isinstance(app.screen, WorkbenchScreen))
            screen = app.screen
            assert isinstance(screen, WorkbenchScreen)
            for page in ("3", "4"):
                screen.builder.query_one("#url", Input).value = f"{base_url}/users?page_size={page}"
                await until(lambda: screen.current is not None and screen.current.draft.url.endswith(page))  # noqa: B023
                await pilot.press("ctrl+r")
                await asyncio.sleep(1)
            screen.reply.focus_reply()
            await asyncio.sleep(0.2)
            await pilot.press("d")
            await asyncio.sleep(1)
            await pilot.press("enter")
            await asyncio.sleep(2)
            save(app, name)


async def replay(base_url: str, size: tuple[int, int], name: str) -> None:
    """Fifty rows replayed."""
    with tempfile.TemporaryDirectory() as scratch:
        app = WorkbenchApp(copy_sample(Path(scratch) / "demo", base_url))
        async with app.run_test(size=size) as pilot:
            await until(lambda: isinstance(app.screen, WorkbenchScreen))
            await pilot.press("ctrl+t")
            await until(lambda: isinstance(app.screen, ReplayScreen))
            screen = app.screen
            assert isinstance(screen, ReplayScreen)
            for id_, value in (("#target", "users"), ("#data", "collections/demo/data/users.csv")):
                screen.query_one(id_, Input).value = value
            await pilot.pause()
            await pilot.press("ctrl+r")
            await until(lambda: screen.dashboard.run.state == "done")
            await asyncio.sleep(0.4)
            save(app, name)


async def main() -> None:
    """All screenshots."""
    os.chdir(HERE.parents[1])
    async with DemoProcess() as base_url:
        await workbench(base_url, (140, 42), "workbench")
        await workbench(base_url, (80, 24), "workbench-80x24")
        await events(base_url, (140, 42), "events")
        await compare(base_url, (140, 30), "compare")
        await replay(base_url, (140, 42), "replay")
        await replay(base_url, (80, 24), "replay-80x24")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as own:
        # Nobody's history gets into a picture, and no picture into a history.
        os.environ |= {f"XDG_{name}_HOME": own for name in ("DATA", "CONFIG", "STATE", "CACHE")}
        asyncio.run(main())
