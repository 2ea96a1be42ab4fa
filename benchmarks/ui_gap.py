"""How long the workbench keeps a key waiting while it works: gaps between the ticks of a 10 ms timer.

A key is as late as a tick. Measured while a 10 MB reply arrives and shows (at full speed, and at 2 MB/s), and while
20,000 requests replay at concurrency 32. Prints p50, p99.9 and the longest gap from tick to tick in milliseconds,
10 of them the timer's own; best of three runs, each in a process of its own.

    python benchmarks/ui_gap.py [--rows 20000] [--runs 3]
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from time import monotonic

from textual.pilot import Pilot
from textual.widgets import Input

from tui_client.demo.process import DemoProcess
from tui_client.demo.sample import copy_sample
from tui_client.replay.calm import collect_from_now_on
from tui_client.tui.app import WorkbenchApp
from tui_client.tui.panels.response_viewer import Done
from tui_client.tui.screens.replay import ReplayScreen
from tui_client.tui.screens.workbench import WorkbenchScreen

TICK_S = 0.010
Work = Callable[[WorkbenchApp, Pilot[int], "Ticks"], Awaitable[None]]


class Ticks:
    """A timer in the app, and the time from each of its ticks to the next."""

    def __init__(self, app: WorkbenchApp) -> None:
        self.gaps_ms: list[float] = []
        self._last = monotonic()
        self._timer = app.set_interval(TICK_S, self._tick)

    def start(self) -> None:
        """Forget the ticks so far."""
        self._last = monotonic()
        self.gaps_ms.clear()

    def _tick(self) -> None:
        now = monotonic()
        self.gaps_ms.append((now - self._last) * 1000)
        self._last = now

    def figures(self) -> tuple[float, float, float]:
        """p50, p99.9 and the longest, in milliseconds."""
        self._timer.stop()
        ordered = sorted(self.gaps_ms)
        return ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, int(len(ordered) * 0.999))], ordered[-1]


async def until(condition: Callable[[], bool], limit_s: float) -> None:
    """Wait for a condition, looking every 20 ms so that the waiting costs nothing."""
    end = monotonic() + limit_s
    while not condition():
        if monotonic() > end:
            raise TimeoutError("the app did not get there in time")
        await asyncio.sleep(0.02)


def reply_work(path: str) -> Work:
    """Send one request and wait until its reply stands there."""

    async def work(app: WorkbenchApp, pilot: Pilot[int], ticks: Ticks) -> None:
        screen = app.screen
        assert isinstance(screen, WorkbenchScreen)
        screen.query_one("#url", Input).value = path
        await pilot.pause()
        ticks.start()
        await pilot.press("ctrl+r")
        await until(lambda: isinstance(screen.replies.view(screen.requests.active), Done), 60)
        await asyncio.sleep(1.5)

    return work


def replay_work(rows: int) -> Work:
    """Replay one request over a file of rows; the screen is open already."""

    async def work(app: WorkbenchApp, pilot: Pilot[int], ticks: Ticks) -> None:
        assert app.workspace is not None
        data = app.workspace.library.root / "rows.csv"
        data.write_text("n\n" + "\n".join(map(str, range(rows))) + "\n")
        await pilot.press("ctrl+t")
        await until(lambda: isinstance(app.screen, ReplayScreen), 5)
        screen = app.screen
        assert isinstance(screen, ReplayScreen)
        for id_, value in (("#target", "users/list"), ("#data", str(data)), ("#concurrency", "32")):
            screen.query_one(id_, Input).value = value
        await asyncio.sleep(1)
        ticks.start()
        began = monotonic()
        await pilot.press("ctrl+r")
        await until(lambda: screen.dashboard.run.state == "done", 300)
        summary = screen.dashboard.run.summary
        print(f"  {summary.done} done, {summary.passed} passed, {summary.done / (monotonic() - began):,.0f} requests/s")

    return work


async def measure(work: Work) -> tuple[float, float, float]:
    """Run one piece of work in a fresh app."""
    async with DemoProcess() as base_url:
        with tempfile.TemporaryDirectory() as scratch:
            app = WorkbenchApp(copy_sample(Path(scratch), base_url))
            async with app.run_test(size=(160, 48)) as pilot:
                await until(lambda: isinstance(app.screen, WorkbenchScreen), 10)
                await asyncio.sleep(1)
                # As the app does in a terminal; without one it leaves the collector to whoever runs it.
                collect_from_now_on()
                ticks = Ticks(app)
                await work(app, pilot, ticks)
                return ticks.figures()


def measured(kind: str, rows: int) -> tuple[float, float, float]:
    """One piece of work in a process of its own; called there."""
    works = {
        "full": reply_work("/json/10000000"),
        "slow": reply_work("/json/10000000?rate=2000000"),
        "replay": replay_work(rows),
    }
    return asyncio.run(measure(works[kind]))


def main() -> None:
    """Measure each kind of work and print the best of the runs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    names = {"full": "10 MB at full speed", "slow": "10 MB at 2 MB/s", "replay": f"replay of {options.rows} at 32"}
    for kind, name in names.items():
        runs = []
        for _ in range(options.runs):
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
                runs.append(pool.submit(measured, kind, options.rows).result())
        p50, p999, longest = min(runs, key=lambda figures: figures[2])
        print(f"{name:<24} p50 {p50:6.1f} ms   p99.9 {p999:6.1f} ms (bar 50)   longest {longest:6.1f} ms (bar 100)")


if __name__ == "__main__":
    main()
