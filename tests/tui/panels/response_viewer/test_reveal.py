"""Secrets that a server sends back are hidden on every tab, until somebody wants to see them."""

from __future__ import annotations

import msgspec
import pytest
from viewer_host import JSON_HEADERS, REQUEST, SECRET, Alone, exchange, response, until

from tui_client.tui.panels.response_viewer import CheckWanted, Done

ECHO = f'{{"headers": {{"X-Key": "{SECRET}"}}, "url": "/?key={SECRET}", "n": 1}}'.encode()
REPLY = response(ECHO, (*JSON_HEADERS, (b"X-Echo", SECRET.encode()), (b"Set-Cookie", b"k=" + SECRET.encode())))


@pytest.mark.parametrize("tab", ["body", "headers", "cookies", "sent"])
async def test_what_a_server_sends_back_is_hidden_until_it_is_revealed(tab: str) -> None:
    """One key shows it, and hides it again."""
    app = Alone(Done(exchange(REPLY)))
    async with app.run_test(size=(100, 30)) as pilot:
        app.viewer.open_tab(tab)
        app.viewer.focus_reply()
        await until(pilot, lambda: "X-" in app.text() or "k =" in app.text())
        assert SECRET not in app.text()
        await pilot.press("r")
        await until(pilot, lambda: SECRET in app.text())
        await pilot.press("r")
        await until(pilot, lambda: SECRET not in app.text())


async def test_a_secret_on_the_border_of_two_rows_is_hidden() -> None:
    """A long line is read in pieces; neither piece shows a part of it."""
    app = Alone(Done(exchange(response(b"x" * 100 + SECRET.encode() * 40, ((b"Content-Type", b"text/plain"),)))))
    async with app.run_test(size=(60, 30)) as pilot:
        await until(pilot, lambda: "***" in app.text())
        assert not any(SECRET[at : at + 4] in app.text() for at in range(len(SECRET) - 4))


async def test_another_request_hides_again() -> None:
    """What was revealed of one says nothing of the next."""
    app = Alone(Done(exchange(REPLY)))
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: "X-Key" in app.text())
        app.viewer.focus_reply()
        await pilot.press("r")
        await until(pilot, lambda: SECRET in app.text())
        other = msgspec.structs.replace(REQUEST, target=b"/other")
        app.viewer.show(Done(exchange(REPLY, other)), "another")
        await until(pilot, lambda: SECRET not in app.text())


async def test_an_assert_of_a_secret_does_not_write_it_down() -> None:
    """The file goes to git: it says that the value is there, not what it is."""
    app = Alone(Done(exchange(REPLY)))
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: "X-Key" in app.text())
        app.viewer.focus_reply()
        await pilot.press("down", "down")
        await until(pilot, lambda: "X-Key" in app.body.view.path)
        await pilot.press("a")
        await until(pilot, lambda: bool(app.messages))
        (wish,) = app.messages
        assert isinstance(wish, CheckWanted)
        assert (wish.path, wish.value) == ('$.headers["X-Key"]', "")
