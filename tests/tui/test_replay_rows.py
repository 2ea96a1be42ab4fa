"""Narrowing the rows of a replay down, and its figures by request, against the demo API."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from replaying import at_replay, ended, labels, listed, replayed, rows_file, title, write

from tui_client.tui.panels.replay_dashboard.dashboard import ReplayDashboard
from tui_client.tui.panels.response_viewer import Done

BATCH = """
requests = ["mix"]
data = "../mix.csv"
concurrency = 4
[[threshold]]
metric = "failures"
op = "<"
value = 0.01
"""


@pytest.fixture
def mix(sample: Path) -> Path:
    """Twelve rows: nine pass, two get a 404, one a 503."""
    write(sample, "mix/code.toml", 'url = "/status/{{code}}"\ntags = ["smoke"]\n')
    write(sample, "mix/ping.toml", 'url = "/users"\n')
    write(sample, "mix.csv", "code\n" + "200\n" * 9 + "404\n404\n503\n")
    write(sample, "batches/mix.toml", BATCH)
    return sample


async def test_an_outcome_lists_its_rows_until_esc(bench: Any, mix: Path) -> None:
    """With keys alone; the title says what is shown, and the next Esc leaves."""
    async with bench(mix) as b:
        screen = await replayed(b, target="batch:mix")
        await b.press("o", "right", "enter")
        await listed(b, screen, 3)
        assert title(screen) == "Rows · failed · 3 · Esc shows all"
        assert all("mix/code" in label for label in labels(screen))
        await b.press("escape")
        await listed(b, screen, 24)
        assert title(screen).startswith("Rows · f shows")
        await b.press("escape")
        await b.until(lambda: b.top is b.screen)


async def test_enter_again_shows_all(bench: Any, mix: Path) -> None:
    """Down from the outcomes are the statuses."""
    async with bench(mix) as b:
        screen = await replayed(b, target="batch:mix")
        await b.press("o", "down", "right", "enter")
        await listed(b, screen, 2)
        assert "status 404" in title(screen)
        await b.press("enter")
        await listed(b, screen, 24)


@pytest.mark.parametrize("size", [(160, 48), (80, 24)], ids=str)
async def test_a_click_on_a_status_lists_its_rows(bench: Any, mix: Path, size: tuple[int, int]) -> None:
    """In a box or in a line."""
    async with bench(mix, size=size) as b:
        screen = await replayed(b, target="batch:mix")
        await b.pilot.pause()
        lines = b.text.splitlines()
        y = next(number for number, line in enumerate(lines) if "503 ×1" in line)
        await b.pilot.click(offset=(lines[y].index("503 ×1") + 2, y))
        await listed(b, screen, 1)
        assert "status 503" in title(screen)


@pytest.mark.parametrize("size", [(160, 48), (80, 24)], ids=str)
async def test_a_bar_of_the_histogram_lists_its_rows(bench: Any, mix: Path, size: tuple[int, int]) -> None:
    """The range and the count are named before; keys and clicks find the same bar."""
    async with bench(mix, size=size) as b:
        screen = await replayed(b, target="batch:mix")
        low, high = screen.dashboard.run.summary.bars[0][0], screen.dashboard.run.summary.bars[0][1]
        await b.press("h")
        await b.until(lambda: f"{high} rows · Enter lists them" in b.text)
        await b.press("enter")
        await listed(b, screen, int(high))
        assert f"0.0–{low:.1f} ms" in title(screen)
        await b.press("escape", "end", "enter")
        last = screen.dashboard.run.summary.bars[-1][1]
        await listed(b, screen, last)
        await b.press("escape")
        await listed(b, screen, 24)
        box = screen.dashboard.latency
        await b.pilot.click(offset=(box.content_region.x, box.content_region.y + (1 if size[0] < 110 else 2)))
        await listed(b, screen, int(high))


async def test_each_request_and_tag_has_its_figures(bench: Any, mix: Path) -> None:
    """b shows them, Enter on one lists its rows."""
    async with bench(mix) as b:
        screen = await replayed(b, target="batch:mix")
        await b.press("b")
        await b.until(lambda: "tag smoke" in b.text)
        rows = screen.dashboard.groups.rows
        assert [rows[index].label.split()[:5] for index in range(2)] == [
            ["mix/code", "12", "done", "3", "failed"],
            ["mix/ping", "12", "done", "0", "failed"],
        ]
        await b.press("down", "enter")
        await listed(b, screen, 12)
        assert title(screen).startswith("Rows · mix/ping · 12")
        await b.press("b", "end", "enter")
        await b.until(lambda: title(screen).startswith("Rows · tag smoke · 12"))
        await b.press("b")
        assert screen.dashboard.grouped
        await b.press("escape")
        assert not screen.dashboard.grouped


async def test_rows_of_a_run_that_goes_on_are_read_again(bench: Any, sample: Path) -> None:
    """They come from its journal, a few times a second."""
    async with bench(sample) as b:
        screen = await at_replay(b, target="slow", data=str(rows_file(sample)), concurrency="4")
        await b.press("ctrl+r")
        await b.until(lambda: screen.dashboard.run.summary.done > 2)
        await b.press("o", "enter")
        await b.until(lambda: screen.dashboard.listing is not None)
        before = len(screen.dashboard.outline.rows)
        await b.until(lambda: len(screen.dashboard.outline.rows) > before)
        assert "passed" in title(screen)
        await b.press("s")
        await ended(b, screen)
        await listed(b, screen, screen.dashboard.run.summary.passed)


async def test_a_row_of_the_journal_opens_in_the_workbench(bench: Any, mix: Path) -> None:
    """With its reply."""
    async with bench(mix) as b:
        screen = await replayed(b, target="batch:mix")
        await b.press("f")
        await listed(b, screen, 3)
        screen.dashboard.outline.focus()
        await b.press("enter")
        await b.until(lambda: b.top is b.screen and b.screen.current.key == "mix/code")
        view = b.screen.replies.view(b.screen.requests.active)
        assert isinstance(view, Done)
        assert view.exchange.response is not None
        assert view.exchange.response.status == 503


async def test_of_many_rows_the_newest_are_listed(bench: Any, sample: Path) -> None:
    """And the title says that there are more."""
    async with bench(sample) as b:
        screen = await replayed(b, target="users/list", iterations="1010")
        await b.press("o", "enter")
        await listed(b, screen, 1000)
        assert "the newest 1,000 …more in a report, w writes one" in title(screen)
        assert labels(screen)[0].startswith("time 1010")


@pytest.mark.parametrize("size", [(160, 48), (80, 24)], ids=str)
async def test_thresholds_stand_with_their_figures(bench: Any, mix: Path, size: tuple[int, int]) -> None:
    """A sign before each; the rows keep their room."""
    async with bench(mix, size=size) as b:
        screen = await replayed(b, target="batch:mix")
        await b.pilot.pause()
        assert "✗ failures < 1 %: 12.5 %" in b.text
        screen.say("A sentence that is long enough for two lines. " * 3)
        await b.pilot.pause()
        assert screen.dashboard.outline.size.height >= 8
        assert isinstance(screen.dashboard, ReplayDashboard)


@pytest.mark.parametrize("size", [(1, 1), (12, 4), (200, 60)], ids=str)
async def test_no_terminal_is_too_small(bench: Any, mix: Path, size: tuple[int, int]) -> None:
    """No key ends in an error, even where nothing can be seen."""
    async with bench(mix, size=size) as b:
        screen = await replayed(b, target="batch:mix")
        await b.press(
            "o", "down", "end", "right", "h", "end", "left", "down", "up", "b", "down", "escape", "o", "home", "f"
        )
        await listed(b, screen, 3)
        await b.press("l")
        await b.until(lambda: b.top is not screen)
        await b.press("down", "escape")
        await b.until(lambda: b.top is screen)
        await b.pilot.resize_terminal(90, 30)
        await b.until(lambda: "✓ passed 21" in b.text)
