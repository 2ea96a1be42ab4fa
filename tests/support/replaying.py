"""What the tests of the replay screen share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from textual.widgets import Input

from tui_client.tui.screens.replay import ReplayScreen

MANY = 3000
# Slow enough that a run is still going when a test looks, and leaves the app its time.
SLOW = 'url = "/delay/200"\n'


def write(sample: Path, path: str, text: str) -> None:
    """A file of the collection."""
    (sample / path).parent.mkdir(parents=True, exist_ok=True)
    (sample / path).write_text(text, encoding="utf-8")


def rows_file(sample: Path, count: int = MANY) -> Path:
    """A data file with so many rows, and a request to do for each of them."""
    write(sample, "slow.toml", SLOW)
    path = sample / "rows.csv"
    path.write_text("n\n" + "\n".join(map(str, range(count))) + "\n")
    return path


async def at_replay(b: Any, **fields: str) -> ReplayScreen:
    """Go to the replay and fill in its fields."""
    await b.press("ctrl+t")
    await b.until(lambda: isinstance(b.top, ReplayScreen) and b.top.is_mounted and b.top.focused)
    screen: ReplayScreen = b.top
    for name, value in fields.items():
        screen.query_one(f"#{name.replace('_', '-')}", Input).value = value
    await b.pilot.pause()
    return screen


async def replayed(b: Any, **fields: str) -> ReplayScreen:
    """Replay to the end."""
    screen = await at_replay(b, **fields)
    await b.press("ctrl+r")
    await ended(b, screen)
    return screen


async def ended(b: Any, screen: ReplayScreen) -> None:
    """Wait for the end of a run that was started or stopped."""
    await b.until(lambda: screen._going is None and screen.dashboard.run.state in ("done", "stopped"))


def labels(screen: ReplayScreen) -> list[str]:
    """The rows that are listed."""
    rows = screen.dashboard.outline.rows
    return [rows[index].label for index in range(len(rows))]


async def listed(b: Any, screen: ReplayScreen, count: int) -> None:
    """Wait until so many rows are listed."""
    await b.until(lambda: len(screen.dashboard.outline.rows) == count)


def title(screen: ReplayScreen) -> str:
    """What stands over the rows."""
    return str(screen.dashboard.outline.border_title)
