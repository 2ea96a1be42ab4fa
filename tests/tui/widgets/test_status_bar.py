"""The top line."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from tui_client.tui.widgets.status_bar import InFlight, StatusBar

HOSTILE = "[/dim] \x1b[31m\u202ex"


class Host(App[None]):
    """Shows the bar and keeps which of its parts were clicked."""

    def __init__(self) -> None:
        super().__init__()
        self.bar = StatusBar()
        self.clicked: list[str] = []

    def compose(self) -> ComposeResult:
        yield self.bar

    def on_status_bar_clicked(self, message: StatusBar.Clicked) -> None:
        self.clicked.append(message.part_id)

    @property
    def line(self) -> str:
        """What is drawn at the top."""
        return "".join(segment.text for segment in self.screen._compositor.render_strips()[0])


@asynccontextmanager
async def shown(width: int = 80) -> AsyncIterator[tuple[Host, Pilot[None]]]:
    host = Host()
    async with host.run_test(size=(width, 3)) as pilot:
        await pilot.pause()
        yield host, pilot


async def test_the_bar_shows_where_one_is() -> None:
    """Collection and environment; without one it says so."""
    async with shown() as (host, pilot):
        host.bar.place = "shop"
        await pilot.pause()
        assert host.line.split() == ["shop", "env", "none", "▾"]
        host.bar.environment = "staging"
        await pilot.pause()
        assert "env staging ▾" in host.line


async def test_sends_under_way_are_counted_with_their_time() -> None:
    """The time is that of the oldest; nothing stands there when all is over."""
    async with shown() as (host, pilot):
        host.bar.in_flight = InFlight(2, monotonic() - 65)
        await pilot.pause()
        assert "● 2 in flight  1:05" in host.line
        host.bar.in_flight = InFlight()
        await pilot.pause()
        assert "in flight" not in host.line


async def test_a_replay_shows_how_far_it_is() -> None:
    """At the right, until there is no more to say."""
    async with shown() as (host, pilot):
        for text in ("replay 4 %", "replay 43 %", ""):
            host.bar.replaying = text
            await pilot.pause()
            assert host.line.rstrip().endswith(text or "▾")


async def test_hostile_names_are_shown_as_they_are() -> None:
    """Names of directories and environments come from a repository."""
    async with shown(160) as (host, pilot):
        host.bar.place = host.bar.environment = host.bar.replaying = HOSTILE
        await pilot.pause()
        assert host.line.count("[/dim] ␛[31m<U+202E>x") == 3


@pytest.mark.parametrize("part", ["environment", "replaying"])
async def test_a_click_names_its_part(part: str) -> None:
    """The screen knows what to do with it."""
    async with shown() as (host, pilot):
        host.bar.replaying = "replay 4 %"
        await pilot.pause()
        await pilot.click(f"#{part}")
        assert host.clicked == [part]


async def test_the_bar_fits_where_there_is_little_room() -> None:
    """A line stays a line."""
    async with shown(20) as (host, pilot):
        host.bar.place = "a collection with a long name"
        host.bar.in_flight = InFlight(1, monotonic())
        await pilot.pause()
        assert host.bar.size.height == 1
