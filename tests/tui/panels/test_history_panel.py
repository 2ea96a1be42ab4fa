"""The newest exchanges, over a real history."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from tests.support.past import record
from tui_client.history.entry import Entry
from tui_client.history.store import History
from tui_client.tui.panels.history import HistoryPanel, newest

POLL_S = 0.005
HOSTILE = "/[red]\x1b[31m\u202e"


class Host(App[None]):
    """Shows the panel and keeps what it posts."""

    AUTO_FOCUS = None

    def __init__(self, history: History, is_here: Callable[[Entry], bool]) -> None:
        super().__init__()
        self.history = history
        self.is_here = is_here
        self.panel = HistoryPanel("^g")
        self.wanted: list[tuple[str, str]] = []

    def compose(self) -> ComposeResult:
        yield self.panel

    def on_mount(self) -> None:
        self.panel.show(self.history, self.is_here)

    def on_history_panel_wanted(self, message: HistoryPanel.Wanted) -> None:
        self.wanted.append((message.action, message.entry.url[-1] if message.entry else ""))

    @property
    def text(self) -> str:
        """What is drawn."""
        strips = self.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in strip) for strip in strips)

    async def until(self, condition: Callable[[], object]) -> None:
        """Let threads and messages go on until something is true."""
        async with asyncio.timeout(10):
            while not condition():  # noqa: ASYNC110 - threads and frames post no event that a test could wait for
                await asyncio.sleep(POLL_S)


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    """An empty one."""
    made = History(tmp_path / "history")
    yield made
    made.close()


@asynccontextmanager
async def shown(
    history: History, is_here: Callable[[Entry], bool] = lambda _: True
) -> AsyncIterator[tuple[Host, Pilot[None]]]:
    host = Host(history, is_here)
    async with host.run_test(size=(34, 8)) as pilot:
        await host.until(lambda: len(host.panel.outline.rows) or host.panel.has_class("-empty"))
        await pilot.pause()
        yield host, pilot


async def test_what_was_sent_stands_there_newest_first(history: History) -> None:
    """Method, path and status, and a sign; and what comes meanwhile."""
    record(history, ("POST", "/users", 201), ("GET", "/nobody", 404), ("GET", "/x", None))
    async with shown(history) as (host, pilot):
        rows = [line.split() for line in host.text.splitlines() if "/" in line]
        assert [[row[0], *row[-3:]] for row in rows] == [
            ["⚠", "GET", "/x", "connect"],
            ["✗", "GET", "/nobody", "404"],
            ["✓", "POST", "/users", "201"],
        ]
        record(history, ("PUT", "/late", 200))
        host.panel.look_again()
        await host.until(lambda: "/late" in host.text)
        assert host.panel.outline.cursor == 0
        await pilot.pause()


async def test_enter_delete_and_slash_ask_the_screen(history: History) -> None:
    """For the exchange under the cursor, or for the search."""
    record(history, ("GET", "/a", 200), ("GET", "/b", 200))
    async with shown(history) as (host, pilot):
        host.panel.outline.focus()
        await pilot.press("down", "enter", "delete", "slash")
        await pilot.pause()
        assert host.wanted == [("open", "a"), ("delete", "a"), ("search", "")]


async def test_an_empty_one_says_so(history: History) -> None:
    """And no key does anything, but the search opens."""
    async with shown(history) as (host, pilot):
        assert "Nothing was sent yet." in host.text
        host.panel.show_nothing("It is off.")
        host.panel.focus()
        await pilot.press("enter", "delete")
        await pilot.pause()
        assert "It is off." in host.text
        assert host.wanted == []


async def test_nothing_is_read_while_nobody_sees_it(history: History) -> None:
    """And all of it once somebody does."""
    async with shown(history) as (host, pilot):
        host.panel.display = False
        await pilot.pause()
        record(history, ("GET", "/late", 200))
        host.panel.look_again()
        await pilot.pause()
        assert not len(host.panel.outline.rows)
        host.panel.display = True
        await host.until(lambda: "/late" in host.text)


async def test_hostile_addresses_are_shown_as_they_are(history: History) -> None:
    """No markup acts, no control character gets out."""
    record(history, ("G\x1b", HOSTILE, 200))
    async with shown(history) as (host, _):
        await host.until(lambda: "␛" in host.text)
        assert not [sign for sign in host.text if (ord(sign) < 32 and sign != "\n") or sign == "\u202e"]


async def test_entries_of_other_workspaces_are_left_out(history: History) -> None:
    """However many of them came since; but it is not looked for without end."""
    record(history, ("GET", "/mine", 200))
    record(history, *[("GET", "/theirs", 200)] * 30)
    await history.settled()
    is_mine: Callable[[Entry], bool] = lambda entry: entry.url.endswith("/mine")  # noqa: E731 - as it is asked for
    assert [entry.id for entry in newest(history, is_mine, 10)] == [1]
    assert newest(history, is_mine, 5) == ()
    assert len(newest(history, lambda _: True, 20)) == 20
