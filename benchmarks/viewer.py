"""How the response viewer takes large bodies: time to the first rows, and how long it ever holds up the event loop.

    python benchmarks/viewer.py

First paint: from `show` to the first screen of rows drawn. Gap: between ticks of a 10 ms timer in the app, less those
10 ms, while a body is shown, indented, searched and scrolled; the target is below 50 ms at p99.9, 100 ms at most.
Own: the processor time of the app's thread in such a gap. On a machine that others use, the rest of a gap is theirs.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from tui_client.model.exchange import BytesBody, Exchange, Response, SentRequest, Timings
from tui_client.tui.panels.response_viewer import Done, InFlight, ResponseViewer
from tui_client.tui.panels.response_viewer.body_tab import BodyTab
from tui_client.tui.panels.response_viewer.reading import Mode

TICK_S = 0.01


class Bench(App[None]):
    """The viewer alone."""

    def compose(self) -> ComposeResult:
        yield ResponseViewer()


def reply(body: bytes) -> Done:
    """A reply of JSON."""
    headers = ((b"Content-Type", b"application/json"),)
    response = Response(200, "OK", "HTTP/1.1", headers, BytesBody(body), len(body))
    return Done(Exchange(SentRequest("GET", "http://h/", b"/", ()), response, Timings(), datetime.now(UTC)))


def json_of(size: int, *, lines: bool) -> bytes:
    """Some JSON of about this size, in many lines or in one."""
    item = b'{"id": 12345, "name": "somebody", "tags": ["a", "b"], "price": 1.10, "text": "some words to search"}'
    return b"[" + (b",\n" if lines else b",").join([item] * (size // (len(item) + 2))) + b"]"


class Gap(NamedTuple):
    """Milliseconds that a tick came late, and how many of them the app's thread was at work."""

    late: float
    own: float


@asynccontextmanager
async def gaps() -> AsyncIterator[list[Gap]]:
    """Collect the gaps between ticks while the block runs."""
    found: list[Gap] = []
    going = True

    async def tick() -> None:
        last, worked = time.perf_counter(), time.thread_time()
        while going:
            await asyncio.sleep(TICK_S)
            now, work = time.perf_counter(), time.thread_time()
            found.append(Gap((now - last - TICK_S) * 1000, (work - worked) * 1000))
            last, worked = now, work

    async with asyncio.TaskGroup() as group:
        group.create_task(tick())
        yield found
        going = False


def report(what: str, found: list[Gap]) -> None:
    """One line: p50, p99.9 and the longest gap, and the same of the app's own part."""
    figures = []
    for values in (sorted(gap.late for gap in found), sorted(gap.own for gap in found)):
        p50, p999 = (values[min(len(values) - 1, int(len(values) * part))] for part in (0.5, 0.999))
        figures.append(f"p50 {p50:5.1f}  p99.9 {p999:5.1f}  max {values[-1]:5.1f} ms")
    print(f"{what:<38} {figures[0]}   own: {figures[1]}  ({len(found)} ticks)")


async def until(ready: Callable[[], object], step_s: float = TICK_S) -> None:
    """Wait for a state of the app."""
    # The app under measurement is left as it is, without events for us.
    while not ready():
        await asyncio.sleep(step_s)


class Arriving:
    """A body that grows while it is shown."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.path = None

    @property
    def size(self) -> int:
        return len(self.data)

    def read(self, start: int = 0, length: int | None = None) -> bytes:
        return bytes(self.data[start:] if length is None else self.data[start : start + length])


async def arrive(pilot: Pilot[None], data: bytes, bytes_per_s: float) -> list[Gap]:
    """Show a body while it comes at this speed, in pieces of 64 KiB as the engine reports them."""
    viewer = pilot.app.query_one(ResponseViewer)
    done = reply(data)
    assert done.exchange.response is not None
    body = Arriving()
    head = msgspec.structs.replace(done.exchange.response, body=body)
    view = InFlight(time.monotonic(), "receiving", 0, len(data), done.exchange.request, head)
    async with gaps() as found:
        for start in range(0, len(data), 1 << 16):
            body.data += data[start : start + (1 << 16)]
            viewer.show(msgspec.structs.replace(view, received_bytes=body.size))
            await asyncio.sleep((1 << 16) / bytes_per_s)
        viewer.show(Done(msgspec.structs.replace(done.exchange, response=head)))
        await asyncio.sleep(1)
    return found


async def first_paint(pilot: Pilot[None], megabytes: int) -> None:
    """Time from `show` to rows on the screen, raw, and until all rows are counted."""
    body = pilot.app.query_one(BodyTab)
    body._preferred = Mode.RAW
    data = json_of(megabytes * 1_000_000, lines=True)
    start = time.perf_counter()
    pilot.app.query_one(ResponseViewer).show(reply(data))
    await until(lambda: body.view.row_count and body.view.document.content.size == len(data), 0)
    body.view.render_line(0)
    painted = (time.perf_counter() - start) * 1000
    await until(lambda: body.view.complete, 0.001)
    counted = (time.perf_counter() - start) * 1000
    print(f"{megabytes:>3} MB raw: first rows {painted:6.1f} ms, all rows {counted:7.1f} ms")


async def use(pilot: Pilot[None], data: bytes) -> dict[str, list[Gap]]:
    """Show, indent, search, scroll and read in hex one body; gaps of each part."""
    body = pilot.app.query_one(BodyTab)
    view = body.view
    body._preferred = Mode.PRETTY
    parts: dict[str, list[Gap]] = {}
    async with gaps() as parts["shown and indented"]:
        pilot.app.query_one(ResponseViewer).show(reply(data))
        await asyncio.sleep(0.05)
        await until(lambda: view.complete and view.document.content.size > len(data))
    pilot.app.query_one(ResponseViewer).focus_reply()
    async with gaps() as parts["searched"]:
        await pilot.press("slash", *"search")
        await until(lambda: view.matches and view.matches[1] > 50_000)
        await pilot.press("enter", *"nnnnnnnnnn")
    async with gaps() as parts["scrolled"]:
        for _ in range(20):
            await pilot.press("pagedown", "pagedown", "down", "down", "end", "home")
    async with gaps() as parts["raw, hex, wrap"]:
        await pilot.press(*"ppwwpw")
        await until(lambda: view.complete)
    return parts


async def main() -> None:
    """Print all figures."""
    app = Bench()
    async with app.run_test(size=(160, 48)) as pilot:
        app.query_one(ResponseViewer).show(reply(b"[1]"))
        await pilot.pause(0.3)
        for megabytes in (1, 10, 50):
            await first_paint(pilot, megabytes)
        for speed, name in ((1e12, "at full speed"), (2e6, "at 2 MB/s")):
            pilot.app.query_one(BodyTab)._preferred = Mode.PRETTY
            report(f"10 MB arriving {name}", await arrive(pilot, json_of(10_000_000, lines=True), speed))
        for lines, name in ((True, "10 MB in lines"), (False, "10 MB in one line")):
            parts = await use(pilot, json_of(10_000_000, lines=lines))
            for part, found in parts.items():
                report(f"{name}, {part}", found)
            report(f"{name}, all", [gap for found in parts.values() for gap in found])


if __name__ == "__main__":
    asyncio.run(main())
