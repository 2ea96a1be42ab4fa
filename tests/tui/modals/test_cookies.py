"""The dialog of cookies, over a real jar."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Button, Input

from tui_client.http.cookies import Cookie, CookieJar
from tui_client.tui.modals.cookie_form import CookieForm
from tui_client.tui.modals.cookies import CookiesDialog, Shown

A, B = "http://127.0.0.1:8000", "http://127.0.0.1:8001"
EXPIRES = datetime.now(UTC) + timedelta(days=3, hours=1)


class Host(App[int]):
    """Shows the dialog, and counts how often it told of a change."""

    def __init__(self, *cookies: Cookie, origin: str = "", keeps: bool = False) -> None:
        super().__init__()
        self.jar = CookieJar(cookies)
        self.told = 0
        self.dialog = CookiesDialog(self.jar, Shown("shop · local", origin, keeps), self.count)

    def count(self) -> None:
        self.told += 1

    def on_mount(self) -> None:
        self.push_screen(self.dialog)

    @property
    def names(self) -> list[str]:
        return [cookie.name for cookie in self.jar.all()]

    @property
    def text(self) -> str:
        strips = self.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in strip) for strip in strips)


@asynccontextmanager
async def shown(host: Host, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Pilot[int]]:
    async with host.run_test(size=size) as pilot:
        await pilot.pause()
        yield pilot


def fill(host: Host, **fields: str) -> None:
    """Put texts into the fields of the form, as if they were pasted."""
    for name, text in fields.items():
        host.screen.query_one(f"#{name}", Input).value = text


def some() -> tuple[Cookie, ...]:
    return (
        Cookie(origin=A, name="sid", value="canary-1", expires=EXPIRES, http_only=True),
        Cookie(origin=A, name="theme", value="canary-2", path="/deep"),
        Cookie(origin=B, name="sid", value="canary-3"),
    )


@pytest.mark.parametrize("size", [(80, 24), (160, 48)], ids=str)
async def test_it_lists_all_and_shows_no_value_unasked(size: tuple[int, int]) -> None:
    """By origin with its port; all of the one under the cursor below, and whether it is kept."""
    host = Host(*some(), keeps=True)
    async with shown(host, size) as pilot:
        for text in (f"{A} (2)", f"{B} (1)", "theme", "/deep", "with the app", "in 3 days", "HttpOnly"):
            assert text in host.text
        assert "Expires in 3 days" in host.text and "Kept on disk." in host.text
        assert "canary" not in host.text
        assert "Enter change" in host.text
        await pilot.press("down")
        assert "Goes with the app." in host.text
        assert host.told == 0


async def test_a_value_is_shown_until_the_cursor_moves_on() -> None:
    """That of the cookie under it alone; the same key hides it, too."""
    host = Host(*some())
    async with shown(host) as pilot:
        await pilot.press("v")
        assert "canary-1" in host.text and "canary-2" not in host.text
        await pilot.press("v")
        assert "canary" not in host.text
        await pilot.press("v", "down", "up")
        assert "canary" not in host.text


async def test_removing_can_be_taken_back_in_the_dialog() -> None:
    """One by one, and they come back as they were."""
    host = Host(*some())
    before = host.jar.all()
    async with shown(host) as pilot:
        await pilot.press("delete", "delete")
        assert [cookie.origin for cookie in host.jar.all()] == [B]
        assert host.told == 2
        await pilot.press("u")
        assert host.names == ["theme", "sid"]
        await pilot.press("u", "u")
    assert host.jar.all() == before
    assert host.told == 4


async def test_a_value_can_be_changed_and_taken_back() -> None:
    """Hidden while it is typed; nothing else of the cookie changes."""
    host = Host(*some())
    before = host.jar.all()
    async with shown(host) as pilot:
        await pilot.press("enter")
        await pilot.press(*"new=1", "enter")
        assert host.screen is host.dialog
        assert host.jar.cookies_for(A, "/") == "sid=new=1"
        assert host.jar.all()[0].expires == EXPIRES
        await pilot.press("u")
    assert host.jar.all() == before


async def test_what_is_no_value_is_not_taken() -> None:
    """The form says why and stays, and shows the value where that is asked for."""
    host = Host(*some())
    async with shown(host) as pilot:
        await pilot.press("e", "end", *"; x", "enter")
        assert isinstance(host.screen, CookieForm)
        assert "a value no ;" in host.text and "canary" not in host.text
        await pilot.press("tab", "space")
        assert "canary-1; x" in host.text
        await pilot.press("escape")
    assert host.jar.cookies_for(A, "/") == "sid=canary-1"
    assert host.told == 0


async def test_a_value_that_no_field_can_show_is_only_changed_as_a_whole() -> None:
    """Shown in a field it would become another."""
    host = Host(Cookie(origin=A, name="odd", value="a\u202eb"))
    async with shown(host) as pilot:
        await pilot.press("v")
        assert "\u202e" not in host.text
        await pilot.press("enter")
        assert not host.screen.query("RevealSwitch")
        await pilot.press("end", "c", "enter")
    assert host.jar.cookies_for(A, "/") == "odd=a\u202ebc"


async def test_adding_proposes_the_origin_of_the_open_request() -> None:
    """The cursor goes to what is new; one of that name is replaced, and comes back with undo."""
    host = Host(*some(), origin=B)
    async with shown(host) as pilot:
        for value in ("first", "second"):
            await pilot.press("a")
            assert host.screen.query_one("#origin", Input).value == B
            fill(host, name="new", value=value)
            await pilot.press("enter")
        assert host.jar.cookies_for(B, "/") == "sid=canary-3; new=second"
        assert host.dialog.cookie is not None and host.dialog.cookie.name == "new"
        await pilot.press("u")
        assert host.jar.cookies_for(B, "/") == "sid=canary-3; new=first"
        await pilot.press("u")
        assert host.jar.cookies_for(B, "/") == "sid=canary-3"


async def test_an_empty_jar_says_what_would_be_here() -> None:
    """And one can be typed in; without an origin to propose, that is asked for first."""
    host = Host()
    async with shown(host) as pilot:
        assert "No cookies yet." in host.text
        await pilot.press("v", "e", "delete", "C", "u")
        assert host.screen is host.dialog
        await pilot.press("a")
        fill(host, origin="http://a", days="30")
        await pilot.press("down", "n", "enter")
        assert host.names == ["n"]
        assert "in 29 days" in host.text or "in 30 days" in host.text


@pytest.mark.parametrize(("answer", "left"), [("keep", 3), ("origin", 1), ("all", 0)])
async def test_clearing_asks_how_much(answer: str, left: int) -> None:
    """That of one origin, or all; undo brings all of it back."""
    host = Host(*some())
    before = host.jar.all()
    async with shown(host) as pilot:
        await pilot.press("C")
        assert isinstance(host.focused, Button)
        await pilot.click(f"#{answer}")
        assert len(host.jar.all()) == left
        await pilot.press("u")
    assert host.jar.all() == before


async def test_an_origin_is_folded_and_removed_only_after_a_question() -> None:
    """On its own row."""
    host = Host(*some())
    async with shown(host) as pilot:
        await pilot.press("up", "enter")
        assert "theme" not in host.text
        await pilot.press("delete")
        await pilot.click("#origin")
        assert [cookie.origin for cookie in host.jar.all()] == [B]


async def test_hostile_cookies_are_shown_as_they_are() -> None:
    """No markup acts, no control character gets out, in a small terminal too."""
    host = Host(Cookie(origin=A, name="[red]\u009b31m", value="[@click=quit]\u202e" * 40, path="/[/]\u200b"))
    async with shown(host, (40, 12)) as pilot:
        await pilot.press("v")
        for _ in range(2):
            assert "[red]" in host.text
            assert not [sign for sign in host.text if sign != "\n" and not sign.isprintable()]
            await pilot.press("e")
