"""The page of a stream of events, in the Body tab."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from textual.app import App, ComposeResult
from textual.pilot import Pilot

from tui_client.http.spool import Spool
from tui_client.model.exchange import BodyContent, BytesBody, Response
from tui_client.tui.panels.response_viewer.body_tab import BodyTab
from tui_client.tui.panels.response_viewer.events_page import EventsPage
from tui_client.tui.panels.response_viewer.reading import Mode
from tui_client.tui.panels.response_viewer.view import Shown


class Alone(App[None]):
    """The tab with one stream."""

    def __init__(self, content: BodyContent, content_type: bytes, *, growing: bool) -> None:
        super().__init__()
        self.body = BodyTab({})
        self._growing = growing
        self.response = Response(200, "OK", "HTTP/1.1", ((b"Content-Type", content_type),), content)

    def compose(self) -> ComposeResult:
        yield self.body

    def on_mount(self) -> None:
        self.body.show(Shown(response=self.response), growing=self._growing)

    @property
    def page(self) -> EventsPage:
        assert isinstance(self.body.page, EventsPage)
        return self.body.page

    @property
    def page_of_events(self) -> EventsPage:
        """The page, shown or not."""
        return self.query_one(EventsPage)

    @property
    def ready(self) -> bool:
        return isinstance(self.body.page, EventsPage) and self.body.page.is_mounted

    def text(self) -> str:
        return "\n".join(strip.text.rstrip() for strip in self.screen._compositor.render_strips())


async def until(pilot: Pilot[None], ready: Callable[[], bool]) -> None:
    """Wait for a state of the app; fails after five seconds."""
    async with asyncio.timeout(5):
        while not ready():
            await pilot.pause()


def tick(number: int) -> bytes:
    return b'id: %d\nevent: tick\ndata: {"n":%d,"esc":"\x1b[31m"}\n\n' % (number, number)


async def test_the_newest_is_followed_until_one_looks_at_another() -> None:
    """Events come up as they arrive; a cursor that was moved stays, the line below says what it misses, End follows."""
    spool = Spool()
    app = Alone(spool, b"text/event-stream", growing=True)

    async def come(numbers: range) -> None:
        for number in numbers:
            spool.append(tick(number))
        app.body.grow()
        await until(pilot, lambda: app.page.events.row_count == numbers[-1])

    async with app.run_test(size=(100, 12)) as pilot:
        await until(pilot, lambda: app.ready and "0 events · following" in app.text())
        await come(range(1, 31))
        app.body.focus_body()
        await until(pilot, lambda: "s tick 30 {" in app.text() and "30 events · following" in app.text())
        assert '"esc":"␛[31m"' in app.text() and "\x1b" not in app.text()
        await pilot.press("up", "up")
        await come(range(31, 43))
        await until(pilot, lambda: "42 events · 12 new below, End follows" in app.text())
        current = app.page.events.current
        assert current is not None and current.number == 28 and "tick 42" not in app.text()
        await pilot.press("end")
        await come(range(43, 44))
        await until(pilot, lambda: "tick 43" in app.text() and "following" in app.text())
        spool.append(b"data: cut")
        app.body.show(Shown(response=app.response), growing=False)
        await until(pilot, lambda: "43 events · 9 B of an unfinished one · in " in app.text())


async def test_an_event_is_opened_below_the_list() -> None:
    """Its data is indented; the list goes on to another one; Escape closes, then is somebody else's."""
    body = b"retry: 3000\n" + tick(1) + b"data: words\ndata: of two lines\n\n"
    app = Alone(BytesBody(body), b"text/event-stream", growing=False)
    async with app.run_test(size=(80, 20)) as pilot:
        await until(pilot, lambda: app.ready and "2 events" in app.text())
        app.body.focus_body()
        await pilot.press("enter")
        await until(pilot, lambda: "event 1 · tick · id 1" in app.text() and '  "n": 1,' in app.text())
        assert "asks for 3,000 ms before a retry" in app.text()
        await pilot.press("down")
        await until(pilot, lambda: "event 2 · message · id 1" in app.text() and "  2 of two lines" in app.text())
        assert app.body.line_text() == "words\nof two lines"
        await pilot.press("enter")
        assert app.page.event.has_focus
        app.body.action_close_question()
        await until(pilot, lambda: "event 2 ·" not in app.text())
        assert app.page.events.has_focus and not app.page.close()


async def test_a_body_is_let_go_when_another_reply_comes() -> None:
    """Its file must not outlive it, and the list begins anew with the next one."""
    app = Alone(BytesBody(tick(1) * 9), b"text/event-stream", growing=False)
    async with app.run_test(size=(80, 20)) as pilot:
        await until(pilot, lambda: app.ready and "9 events" in app.text())
        await pilot.press("tab", "enter")
        other = Response(200, "OK", "HTTP/1.1", (), BytesBody(b"words"))
        app.body.show(Shown(response=other), growing=False)
        await until(pilot, lambda: "1 words" in app.text())
        assert app.page_of_events.events.row_count == 0
        app.body.show(Shown(response=app.response), growing=False)
        await until(pilot, lambda: "9 events" in app.text())


async def test_events_are_filtered_as_one_types() -> None:
    """By words and by type; a number goes to its event; Escape brings all back."""
    app = Alone(BytesBody(b"".join(b'{"n":%d}\n' % n for n in range(1000))), b"application/x-ndjson", growing=False)
    async with app.run_test(size=(80, 20)) as pilot:
        await until(pilot, lambda: app.ready and "1,000 events" in app.text())
        app.body.action_filter()
        await pilot.press(*":77")
        await until(pilot, lambda: "11 of 1,000 events" in app.text() and '771 {"n":770}' in app.text())
        await pilot.press("enter")
        app.body.action_close_question()
        await until(pilot, lambda: "· 1,000 events" in app.text())
        app.body.action_ask("line")
        await pilot.press(*"500", "enter")
        assert app.page.line_text() == '{"n":499}'
        app.body.action_next_mode()
        await until(pilot, lambda: app.body.mode is Mode.RAW and '1 {"n":0}' in app.text())


async def test_a_page_that_is_not_built_yet_takes_keys_and_growth() -> None:
    """What is asked in the turn that begins the page does no harm, and it has the keyboard once it stands."""
    app = Alone(BytesBody(b"text"), b"text/plain", growing=False)
    async with app.run_test(size=(60, 12)) as pilot:
        headers = ((b"Content-Type", b"text/event-stream"),)
        stream = Shown(response=Response(200, "OK", "HTTP/1.1", headers, BytesBody(tick(1))))
        app.body.show(stream, growing=True)
        assert not app.ready
        app.body.grow()
        app.body.action_ask("search")
        app.body.action_match(1)
        app.body.action_filter()
        assert app.body.line_text() == app.body.all_text() == ""
        app.body.focus_body()
        await until(pilot, lambda: app.ready and app.focused is app.page.events)
        assert app.page.events.row_count == 1
