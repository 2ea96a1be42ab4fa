"""Who gets the room: panels, zoom, drawer, small terminals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

SIZES = [(160, 48), (80, 24)]


def _shown(b: Any) -> set[str]:
    """The panels that have room on the screen."""
    names = ("collections", "history", "builder", "reply")
    return {name for name in names if b.screen.query_one(f"#{name}").region.area}


async def _ready(b: Any) -> None:
    await b.open("users/list")
    await b.send()
    await b.until(lambda: "200 OK" in b.text)


@pytest.mark.parametrize("size", SIZES)
async def test_f6_goes_round_the_panels(bench: Any, sample: Path, size: tuple[int, int]) -> None:
    """Request, reply, tree, what was sent below it, and back; on a narrow terminal the tree is a drawer."""
    async with bench(sample, size=size) as b:
        await _ready(b)
        seen = [b.screen.room.panel]
        below = ["history"] if size[0] > 80 else []
        for _ in range(3 + len(below)):
            await b.press("f6")
            seen.append(b.screen.room.panel)
            await b.until(lambda: seen[-1] in _shown(b))
        assert seen == ["builder", "reply", "collections", *below, "builder"]
        assert not b.screen.has_class("-drawer")


@pytest.mark.parametrize(
    ("size", "panel"),
    [((160, 48), "builder"), ((80, 24), "builder"), ((160, 48), "history"), ((80, 24), "collections")],
)
async def test_f11_gives_a_panel_all_the_room_and_takes_it_back(
    bench: Any, sample: Path, size: tuple[int, int], panel: str
) -> None:
    """Whichever has the focus."""
    async with bench(sample, size=size) as b:
        await _ready(b)
        assert b.screen.room.go(panel)
        await b.until(lambda: b.screen.room.panel == panel)
        # What the focus changes is laid out first.
        await b.pilot.pause()
        before = _shown(b)
        await b.press("f11")
        await b.until(lambda: _shown(b) == {panel})
        assert b.screen.query_one(f"#{panel}").region.width == size[0]
        await b.press("f11")
        await b.until(lambda: _shown(b) == before)


async def test_f6_moves_the_zoom(bench: Any, sample: Path) -> None:
    """The next panel gets all the room."""
    async with bench(sample) as b:
        await _ready(b)
        await b.press("f11", "f6")
        await b.until(lambda: _shown(b) == {"reply"})
        await b.press("f6")
        await b.until(lambda: _shown(b) == {"collections"})


async def test_sending_shows_the_reply(bench: Any, sample: Path) -> None:
    """Even where the request had all the room."""
    async with bench(sample) as b:
        await _ready(b)
        await b.press("f11", "ctrl+r")
        await b.until(lambda: "reply" in _shown(b))


@pytest.mark.parametrize("key", ["ctrl+n", "ctrl+l"])
async def test_going_to_the_url_shows_it(bench: Any, sample: Path, key: str) -> None:
    """Even where the reply had all the room."""
    async with bench(sample) as b:
        await _ready(b)
        await b.press("f6", "f11", key)
        await b.until(lambda: "builder" in _shown(b) and b.top.focused.id == "url")


async def test_f3_shows_and_hides_the_tree(bench: Any, sample: Path) -> None:
    """First press: there; second: away, and the focus is back in the request."""
    async with bench(sample) as b:
        await b.open("users/list")
        await b.press("f3")
        assert b.top.focused.id == "tree"
        await b.press("f3")
        await b.until(lambda: "collections" not in _shown(b))
        assert b.top.focused.id == "url"
        await b.press("f3")
        await b.until(lambda: "collections" in _shown(b))
        assert b.top.focused.id == "tree"


async def test_the_drawer_closes_by_escape_and_by_opening(bench: Any, sample: Path) -> None:
    """It never stays in the way."""
    async with bench(sample, size=(80, 24)) as b:
        await b.open("users/list")
        assert "collections" not in _shown(b)
        await b.press("f3")
        await b.until(lambda: "collections" in _shown(b))
        await b.press("escape")
        await b.until(lambda: "collections" not in _shown(b))
        await b.press("f3", "down", "enter")
        await b.until(lambda: "collections" not in _shown(b))
        assert b.screen.current.key != "users/list"


async def test_the_reply_gets_its_rows_at_80x24(bench: Any, sample: Path) -> None:
    """At least 14 after a send."""
    async with bench(sample, size=(80, 24)) as b:
        await _ready(b)
        await b.until(lambda: b.screen.reply.region.height >= 14)


async def test_the_split_moves_in_steps(bench: Any, sample: Path) -> None:
    """Taller, smaller, and no further than the last step."""
    async with bench(sample) as b:
        await b.pilot.pause()
        before = b.screen.reply.region.height
        assert before
        for _ in range(5):
            b.screen.action_grow()
        await b.until(lambda: b.screen.reply.region.height > before)
        for _ in range(9):
            b.screen.action_shrink()
        await b.until(lambda: b.screen.reply.region.height < before)


async def test_resizing_while_things_run(bench: Any, sample: Path) -> None:
    """A storm of sizes changes nothing but the picture."""
    async with bench(sample) as b:
        await b.open("exploration/slow")
        await b.press("ctrl+r")
        for size in ((20, 5), (80, 24), (1, 1), (120, 36)):
            await b.pilot.resize_terminal(*size)
        await b.press("escape")
        await b.until(lambda: not b.screen.sends.ids)
        await b.until(lambda: "Cancelled" in b.text or "200 OK" in b.text)


async def test_tab_goes_through_the_request_in_reading_order(bench: Any, sample: Path) -> None:
    """From the URL to the button, the sections, the first row."""
    async with bench(sample) as b:
        await b.open("users/list")
        seen = []
        for _ in range(3):
            seen.append(b.top.focused.id)
            await b.press("tab")
        assert seen == ["url", "send", "sections"]
