"""The search over the history, over a real one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Button

from tests.support.past import record
from tui_client.history.store import History
from tui_client.tui.modals.history import COMPARE, NEW, OPEN, PAGE, RESEND, HistoryDialog, HistoryWanted

POLL_S = 0.005
SENT = (("GET", "/users", 200), ("POST", "/orders", 201), ("GET", "/gone", 404))


class Host(App[int]):
    """Shows the dialog and keeps its answer."""

    def __init__(self, history: History) -> None:
        super().__init__()
        self.dialog = HistoryDialog(history)
        self.answers: list[HistoryWanted | None] = []

    def on_mount(self) -> None:
        self.push_screen(self.dialog, self.answers.append)

    @property
    def rows(self) -> list[str]:
        """The paths of the rows."""
        rows = self.dialog.outline.rows
        return [rows[index].label.rpartition(" ")[2] for index in range(len(rows))]

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
    """Three exchanges."""
    made = History(tmp_path / "history")
    record(made, *SENT)
    yield made
    made.close()


@asynccontextmanager
async def shown(history: History, size: tuple[int, int] = (80, 24)) -> AsyncIterator[tuple[Host, Pilot[int]]]:
    host = Host(history)
    async with host.run_test(size=size) as pilot:
        await host.until(lambda: host.dialog.is_mounted and host.rows)
        yield host, pilot


@pytest.mark.parametrize("size", [(80, 24), (160, 48)], ids=str)
async def test_it_shows_the_newest_first_and_looks_into_the_one_under_the_cursor(
    history: History, size: tuple[int, int]
) -> None:
    """Below the list, or beside it where there is room."""
    async with shown(history, size) as (host, pilot):
        assert host.rows == ["/gone", "/orders", "/users"]
        await host.until(lambda: "GET http://127.0.0.1:8123/gone" in host.text)
        await pilot.press("down", "down")
        await host.until(lambda: "POST http://127.0.0.1:8123/orders" in host.text and '"name": "Ada"' in host.text)
        beside = host.dialog.look.region.x > host.dialog.outline.region.x
        assert beside is (size[0] >= 150)


async def test_typing_searches(history: History) -> None:
    """All words, as they are typed; without a match it says so."""
    async with shown(history) as (host, pilot):
        await pilot.press(*"ord 201")
        await host.until(lambda: host.rows == ["/orders"])
        await pilot.press(*"xyz")
        await host.until(lambda: "No exchange has all of these words." in host.text)
        host.dialog.field.value = ""
        await host.until(lambda: len(host.rows) == 3)


@pytest.mark.parametrize("size", [(80, 24), (30, 10)], ids=str)
async def test_hostile_texts_are_shown_as_they_are(history: History, size: tuple[int, int]) -> None:
    """No markup acts, no control character gets out."""
    record(history, ("G\x1b", "/[red]\x1b[31m\u202e", 200))
    async with shown(history, size) as (host, pilot):
        await host.until(lambda: "/" in str(host.dialog.look.content))
        await pilot.pause()
        assert "History" in host.text
        assert not [sign for sign in host.text if (ord(sign) < 32 and sign != "\n") or sign == "\u202e"]


@pytest.mark.parametrize(
    ("keys", "action", "path"),
    [
        (("enter",), OPEN, "/gone"),
        (("down", "down", "enter"), OPEN, "/orders"),
        (("down", "o"), NEW, "/gone"),
        (("down", "r"), RESEND, "/gone"),
        (("down", "down", "down", "d"), COMPARE, "/users"),
    ],
)
async def test_each_key_of_the_list_does_its_thing(
    history: History, keys: tuple[str, ...], action: str, path: str
) -> None:
    """In the field they are letters; the arrow down leads to the list."""
    async with shown(history) as (host, pilot):
        await pilot.press(*keys)
        await pilot.pause()
        assert [(answer and answer.action, answer and answer.entry.url[21:]) for answer in host.answers] == [
            (action, path)
        ]


async def test_the_keys_below_can_be_clicked(history: History) -> None:
    """Also while the field has the focus."""
    async with shown(history) as (host, pilot):
        await pilot.click("KeyBar", offset=(15, 0))
        await pilot.pause()
        assert [answer and answer.action for answer in host.answers] == [RESEND]


async def test_deleting_asks_first(history: History) -> None:
    """And removes for good."""
    async with shown(history) as (host, pilot):
        await pilot.press("down", "delete")
        await host.until(lambda: host.screen.query(Button))
        await pilot.press("enter")
        await host.until(lambda: host.screen is host.dialog)
        assert len(history.recent()) == 3
        await pilot.press("delete")
        await host.until(lambda: host.screen.query(Button))
        await pilot.press("right", "enter")
        await host.until(lambda: len(history.recent()) == 2)
        assert host.rows == ["/orders", "/users"]


async def test_clearing_asks_how_much(history: History, tmp_path: Path) -> None:
    """All of it, or what was sent from one collection."""
    record(history, ("GET", "/mine", 200), root=tmp_path / "shop")
    async with shown(history) as (host, pilot):
        await pilot.press("down", "C")
        await host.until(lambda: "That of shop" in host.text)
        await pilot.click("#collection")
        await host.until(lambda: len(host.rows) == 3)
        await pilot.press("C")
        await host.until(lambda: "All of it" in host.text)
        await pilot.click("#all")
        await host.until(lambda: "Nothing was sent yet." in host.text)


async def test_older_ones_come_when_the_end_is_reached(history: History) -> None:
    """Any number, a page at a time."""
    record(history, *[("GET", "/many", 200)] * (PAGE - 1))
    async with shown(history) as (host, pilot):
        assert len(host.rows) == PAGE
        await pilot.press("down", "end")
        await host.until(lambda: len(host.rows) == PAGE + 2)
        assert host.rows[-1] == "/users"
        assert host.dialog.outline.cursor == PAGE - 1


async def test_one_that_is_gone_meanwhile_says_so(history: History) -> None:
    """As when another window removed it."""
    async with shown(history) as (host, pilot):
        await asyncio.to_thread(history.delete, 2)
        await pilot.press("down", "down")
        await host.until(lambda: "There is no entry of the history 2." in host.text)
