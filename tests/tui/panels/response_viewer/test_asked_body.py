"""Searching and filtering the body that is shown."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.pilot import Pilot

from tui_client.http.spool import Spool
from tui_client.model.exchange import BytesBody, Response
from tui_client.tui.panels.response_viewer.body_tab import BodyTab
from tui_client.tui.panels.response_viewer.filter_bar import source_of
from tui_client.tui.panels.response_viewer.reading import Mode, reading_of
from tui_client.tui.panels.response_viewer.view import Shown
from tui_client.tui.widgets.filters.messages import Source

USERS = b'{"users": [%s]}' % b",".join(b'{"id": %d.0, "name": "Ada %d"}' % (n, n) for n in range(30))


def _reply(body: bytes, content_type: bytes = b"application/json") -> Response:
    return Response(200, "OK", "HTTP/1.1", ((b"Content-Type", content_type),), BytesBody(body))


class Alone(App[None]):
    """The tab with one body, and the viewer's keys."""

    BINDINGS = [  # noqa: RUF012 - as Textual declares it
        Binding("escape", "close"),
        Binding("slash", "search"),
        Binding("f", "filter"),
    ]

    def __init__(self, body: bytes = USERS, content_type: bytes = b"application/json") -> None:
        super().__init__()
        self.body = BodyTab({})
        self._first = _reply(body, content_type)

    def compose(self) -> ComposeResult:
        yield self.body

    def on_mount(self) -> None:
        self.show(self._first)

    def show(self, response: Response, of: str = "users", *, growing: bool = False) -> None:
        self.body.of = of
        self.body.show(Shown(response=response), growing=growing)
        self.body.focus_body()

    def action_close(self) -> None:
        self.body.action_close_question()

    def action_search(self) -> None:
        self.body.action_ask("search")

    def action_filter(self) -> None:
        self.body.action_filter()

    def text(self) -> str:
        return "\n".join(strip.text.rstrip() for strip in self.screen._compositor.render_strips())


async def until(pilot: Pilot[None], ready: Callable[[], bool]) -> None:
    """Wait for a state of the app; fails after five seconds."""
    async with asyncio.timeout(5):
        while not ready():
            await pilot.pause()


async def test_a_search_is_typed_turned_into_a_pattern_and_ended() -> None:
    """The bar counts, goes to matches with the arrows, and says what is wrong with a pattern; Esc ends it."""
    app = Alone()
    async with app.run_test(size=(90, 20)) as pilot:
        await pilot.press("slash")
        app.body.search.text.value = "ada 2"
        await until(pilot, lambda: "1 of 11" in app.text())
        await pilot.press("down", "up", "up")
        await until(pilot, lambda: "11 of 11" in app.text())
        await pilot.press("alt+r")
        app.body.search.text.value = r"ada 2\d$"
        await until(pilot, lambda: "no match" in app.text())
        app.body.search.text.value = "ada (2"
        await until(pilot, lambda: "missing ) at character" in app.text())
        await pilot.press("escape")
        assert not app.body.search.display
        assert app.body.view.matches is None
        assert app.focused is app.body.view


async def test_switches_work_without_alt() -> None:
    """Tab goes to them, space turns them; a search that stays is found in what is shown next."""
    app = Alone()
    async with app.run_test(size=(90, 20)) as pilot:
        await pilot.press("slash", *"ada", "tab", "space")
        await until(pilot, lambda: "no match" in app.text())
        await pilot.press("space")
        await until(pilot, lambda: "1 of 30" in app.text())
        await pilot.press("shift+tab", "enter")
        assert app.focused is app.body.view
        app.body.action_next_mode()
        assert app.body.mode is Mode.RAW
        await until(pilot, lambda: "1 of 30" in app.text())


async def test_a_body_that_still_comes_is_searched_as_it_grows() -> None:
    """New matches are counted; a pattern that would go on for years is given up with a word."""
    spool = Spool()
    spool.append(b"hello one\n")
    reply = Response(200, "OK", "HTTP/1.1", ((b"Content-Type", b"text/plain"),), spool)
    app = Alone()
    async with app.run_test(size=(90, 20)) as pilot:
        app.show(reply, growing=True)
        await pilot.press("slash")
        app.body.search.text.value = "one"
        await until(pilot, lambda: "1 of 1" in app.text())
        spool.append(b"another one\n" + b"a" * 60 + b"c\n")
        app.body.grow()
        await until(pilot, lambda: "1 of 2" in app.text())
        await pilot.press("alt+r")
        app.body.search.text.value = "(a|a)+b"
        await until(pilot, lambda: "the pattern takes too long" in app.text())


async def test_a_filter_is_applied_as_it_is_typed_and_esc_shows_the_whole() -> None:
    """Nodes are counted and shown as sent; a mistake is said and what was found stays."""
    app = Alone()
    async with app.run_test(size=(90, 20)) as pilot:
        await pilot.press("f")
        app.body.filter.text.value = "$.users[3:5].id"
        await until(pilot, lambda: "2 nodes" in app.text())
        assert "  3.0," in app.text()
        await pilot.press("enter", "down")
        await until(pilot, lambda: app.body.view.path == "$.users[3].id")
        assert app.body.changed_content is not None
        assert app.body.changed_content.read() == b"[\n  3.0,\n  4.0\n]"
        await pilot.press("f", "end", "[")
        await until(pilot, lambda: "is not a JSONPath" in app.text())
        assert "  3.0," in app.text()
        await pilot.press("escape")
        await until(pilot, lambda: '"name": "Ada 0"' in app.text())
        assert app.focused is app.body.view


async def test_the_filter_of_a_request_is_applied_to_its_next_reply() -> None:
    """When all of that is here; another request has its own, and one that was ended is only offered."""
    app = Alone()
    async with app.run_test(size=(90, 20)) as pilot:
        await pilot.press("f")
        app.body.filter.text.value = "$.users[0].name"
        await until(pilot, lambda: "1 node" in app.text())
        await pilot.press("enter")
        other = _reply(b'{"users": [{"name": "Grace"}]}')
        app.show(other, growing=True)
        app.show(other)
        await until(pilot, lambda: app.body.view.document.content.read() == b'"Grace"')
        app.show(_reply(b'{"users": [{"name": "Bob"}]}'), of="others")
        await until(pilot, lambda: '"name": "Bob"' in app.text() and not app.body.filter.display)
        app.show(other)
        await until(pilot, lambda: app.body.view.document.content.read() == b'"Grace"')
        await pilot.press("escape")
        app.show(_reply(b'{"users": [{"name": "Joan"}]}'))
        await until(pilot, lambda: '"name": "Joan"' in app.text() and not app.body.filter.display)
        await pilot.press("f")
        await until(pilot, lambda: app.body.view.document.content.read() == b'"Joan"')


async def test_what_can_not_be_filtered_says_so() -> None:
    """No bar is opened for it."""
    app = Alone(b"hello", b"text/plain")
    async with app.run_test(size=(90, 20)) as pilot:
        await pilot.press("f")
        await until(pilot, lambda: "JSON, XML and HTML can be filtered" in app.text())
        assert not app.body.filter.display


@pytest.mark.parametrize(
    ("body", "content_type", "source"),
    [
        (b"{}", b"application/json", Source.JSON),
        (b" [1]", b"text/plain", Source.JSON),
        (b"{}\n{}", b"application/x-ndjson", Source.LINES),
        (b"<a/>", b"application/xml", Source.XML),
        (b"<p>", b"text/html", Source.HTML),
        (b"<!DOCTYPE html><p>", b"text/plain", Source.HTML),
        (b"hello", b"text/plain", None),
        (b"\x00{", b"application/octet-stream", None),
    ],
)
def test_how_a_body_can_be_filtered(body: bytes, content_type: bytes, source: Source | None) -> None:
    """By what it says that it is, and by how it begins."""
    assert source_of(reading_of(_reply(body, content_type)), body) is source
