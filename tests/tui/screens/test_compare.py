"""The screen that compares two replies, and what leads to it."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, MutableMapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Static

from tui_client.model.exchange import BytesBody, Exchange, RawHeader, Response, SentRequest, Timings
from tui_client.replay.comparison.blocks import Layout
from tui_client.replay.comparison.side import Side, side_of
from tui_client.tui.actions import ACTIONS, bound_keys
from tui_client.tui.screens.compare import CompareScreen

KEYS = {action.id: bound_keys(action, {}) for action in ACTIONS}
JSON_TYPE: RawHeader = (b"Content-Type", b"application/json")
USERS = [{"id": number, "at": f"10:0{number}"} for number in range(5)]
LATER = [{"id": number, "at": f"11:0{number}"} for number in range(4)]


def reply(body: bytes, *headers: RawHeader, status: int = 200, secrets: frozenset[str] = frozenset()) -> Side:
    request = SentRequest("GET", "http://host/users?token=tok-12345", b"/users", (), secrets=secrets)
    response = Response(status, "OK", "HTTP/1.1", headers or (JSON_TYPE,), BytesBody(body))
    return side_of(Exchange(request, response, Timings(total=12.4), datetime.now(UTC)))


def users(items: list[dict[str, object]], *headers: RawHeader) -> Side:
    return reply(json.dumps(items).encode(), *headers)


class Host(App[None]):
    """Shows one comparison."""

    def __init__(self, left: Side, right: Side, ignored: MutableMapping[str, tuple[str, ...]]) -> None:
        super().__init__()
        self.compare = CompareScreen(left, right, KEYS, ignored)

    def on_mount(self) -> None:
        self.push_screen(self.compare)

    def said(self, selector: str) -> str:
        return str(self.compare.query_one(selector, Static).render())


async def until(pilot: Pilot[None], ready: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not ready():
            await pilot.pause(0.01)


@asynccontextmanager
async def shown(
    left: Side,
    right: Side,
    ignored: MutableMapping[str, tuple[str, ...]] | None = None,
    size: tuple[int, int] = (120, 30),
) -> AsyncIterator[tuple[Host, Pilot[None]]]:
    app = Host(left, right, {} if ignored is None else ignored)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.compare.comparison)
        await pilot.pause()
        yield app, pilot


async def test_it_says_what_differs_and_leaves_out_what_it_is_told_to() -> None:
    """One key leaves out the field of the difference in all elements, for as long as the app runs."""
    ignored: dict[str, tuple[str, ...]] = {}
    async with shown(users(USERS), users(LATER), ignored) as (app, pilot):
        assert app.said("#summary") == "status same · headers same · body: 4 changed, 0 added, 1 removed"
        assert app.compare.body.arrangement is Layout.SIDES
        assert app.said("#place") == "1 of 5 · $[0].at · changed"
        await pilot.press("n", "i")
        await until(pilot, lambda: "4 ignored" in app.said("#summary"))
        assert app.said("#summary").endswith("body: 0 changed, 0 added, 1 removed; 4 ignored")
        assert "Ignored: $[*].at." in app.said("#remarks")
        await pilot.press("x")
        await until(pilot, lambda: "1 added" in app.said("#summary"))
    assert list(ignored.values()) == [("$[*].at",)]


async def test_headers_are_compared_by_name() -> None:
    """What differs in every reply is shown and not counted; secrets are masked, controls are seen."""
    secrets = frozenset({"tok-12345"})
    left = reply(b"{}", JSON_TYPE, (b"Date", b"1"), (b"X-Mode", b"a\x1b[31m"), (b"Set-Cookie", b"t=tok-12345"))
    right = reply(b"{}", (b"content-type", b"application/json"), (b"Date", b"2"), (b"x-mode", b"b"), secrets=secrets)
    async with shown(left, right, size=(80, 24)) as (app, pilot):
        assert app.said("#summary") == "status same · 1 header differs · body: the same, byte for byte"
        await pilot.press("h")
        text = app.said("#headers > Static")
        assert text.startswith("≠ X-Mode        a␛[31m → b\n\nDifferent in every reply, not counted")
        assert "Date          1 → 2" in text
        assert "tok-12345" not in text + app.said("#right-side")


async def test_what_is_no_text_is_compared_byte_by_byte() -> None:
    """Sizes, hashes, and where they begin to differ."""
    left, right = (reply(b"\x89PNG\x00" + rest, (b"Content-Type", b"image/png")) for rest in (b"abc", b"abd!"))
    async with shown(left, right, size=(80, 24)) as (app, _):
        assert app.compare.body.arrangement is Layout.INLINE
        text = app.said("#figures > Static")
        assert text.startswith("The bodies differ from byte 7 on (0x7).")
        assert "64 21" in text and "SHA-256" in text


async def test_large_replies_are_compared_beside_the_screen() -> None:
    """Two of some megabytes: the screen's loop never waits long for it."""
    items: list[dict[str, object]] = [{"id": number, "name": f"item {number}", "on": True} for number in range(25_000)]
    changed = [*items[:9000], {"id": -1}, *items[9001:]]
    worst = 0.0
    app = Host(users(items), users(changed), {})
    async with app.run_test(size=(120, 30)):
        before = time.perf_counter()
        while app.compare.comparison is None:
            await asyncio.sleep(0.005)
            worst, before = max(worst, time.perf_counter() - before), time.perf_counter()
        assert app.compare.comparison.rows is not None
        assert app.compare.comparison.rows.head.differs
    # Other tests take the processor too; comparing here would take seconds.
    assert worst < 0.5
