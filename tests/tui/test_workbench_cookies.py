"""Cookies in the workbench: what a server set is there to be seen, and what is changed there is what is sent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tui_client.http.cookies import Cookie
from tui_client.replay.kept_cookies import CookieFile, kept_as
from tui_client.tui.modals.cookies import CookiesDialog


async def _at_cookies(b: Any) -> CookiesDialog:
    b.screen.action_cookies()
    await b.until(lambda: isinstance(b.top, CookiesDialog) and b.top.is_mounted)
    await b.pilot.pause()
    dialog: CookiesDialog = b.top
    return dialog


async def _came(b: Any) -> str:
    """The reply to the request that shows the cookies that came with it."""
    await b.send()
    exchange = b.screen.replies.view(b.screen.requests.active).exchange
    text: str = exchange.response.body.read().decode()
    return "".join(text.split())


async def test_what_is_changed_in_the_dialog_is_what_is_sent(bench: Any, sample: Path) -> None:
    """Opened from the palette: edited, removed, brought back; another environment has none of it."""
    (sample / "look.toml").write_text('url = "/cookies"\n')
    async with bench(sample, size=(80, 24), first="exploration/cookies") as b:
        await b.send()
        await b.open("look")
        await b.press("ctrl+p")
        await b.pilot.pause()
        await b.fill("Cookies")
        await b.until(lambda: "See, change and remove the cookies" in b.text)
        await b.press("enter")
        await b.until(lambda: isinstance(b.top, CookiesDialog) and "flavour = " in b.text)
        assert "oat" not in b.text
        await b.press("enter", *"rye", "enter", "delete")
        await b.until(lambda: "No cookies yet." in b.text)
        await b.press("u", "escape")
        assert await _came(b) == '{"cookies":{"flavour":"rye"}}'
        await _at_cookies(b)
        await b.press("delete", "escape")
        assert await _came(b) == '{"cookies":{}}'
        b.screen.use_environment("staging")
        assert (await _at_cookies(b)).cookie is None
        assert "demo · staging" in b.text


async def test_kept_cookies_are_there_at_the_start(bench: Any, sample: Path, demo: str, tmp_path: Path) -> None:
    """Removed ones are gone from the disk before the app ends; a damaged file is told of once, and nothing breaks."""
    (sample / "look.toml").write_text('url = "/cookies"\n')
    (tmp_path / "config" / "tui-client").mkdir(parents=True)
    (tmp_path / "config" / "tui-client" / "config.toml").write_text("[cookies]\nkeep = true\n")
    file = CookieFile(tmp_path / "state" / "tui-client" / "cookies.json")
    cookie = Cookie(origin=demo, name="by", value="hand", expires=datetime.now(UTC) + timedelta(days=1))
    kept = kept_as(sample, "local", cookie)
    assert kept is not None
    file.change([kept])
    async with bench(sample, first="look") as b:
        assert await _came(b) == '{"cookies":{"by":"hand"}}'
        await _at_cookies(b)
        assert "Kept on disk." in b.text
        await b.press("delete")
        await b.until(lambda: not file.read())
        await b.press("escape")
        file.path.write_text("{")
        b.screen.use_environment("staging")
        for _ in range(2):
            await _at_cookies(b)
            await b.press("escape")
        assert b.said.count("cookies.aside.json") == 1
