"""Nothing that comes from outside reaches the terminal as a control code, or acts as markup."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

# What a terminal would act on: C0 but line feed (between our own lines), DEL, C1, bidi controls, zero-width signs.
_ACTS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
PAYLOAD = "\x1b]52;c;ZXZpbA==\x07\x1b[2J\x9b31m\u202eevil\u200b[/bold][@click=app.quit]x[/]"


def _assert_clean(b: Any) -> None:
    found = _ACTS.search(b.text)
    assert found is None, repr(b.text[max(0, found.start() - 40) : found.end() + 40])
    assert not any(_ACTS.search(note.message) for note in b.app._notifications)


@asynccontextmanager
async def _evil_server() -> AsyncIterator[str]:
    """Escape codes in the reason, in header names' values, in cookies and in the body."""
    evil = PAYLOAD.encode().replace(b"\x00", b"")
    visible = evil.replace(b"\x1b", b"\x80").replace(b"\x07", b"\x85")
    head = b"HTTP/1.1 200 [/dim]" + visible + b"\r\nX-Evil: " + visible + b"\r\nSet-Cookie: a=" + visible
    reply = head + b"\r\nContent-Type: text/plain; charset=[/bold]\r\nConnection: close\r\n\r\n" + evil * 20

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(reply)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def _walk_reply(b: Any) -> None:
    """Look at every tab of the reply."""
    assert b.screen.room.go("reply")
    for tab in b.screen.reply.strip.tabs:
        b.screen.reply.open_tab(tab.id)
        await b.pilot.pause()
        _assert_clean(b)


async def test_a_hostile_reply_is_shown_and_does_nothing(bench: Any, sample: Path) -> None:
    """On every tab of the reply."""
    async with _evil_server() as base, bench(sample) as b:
        await b.type_url(base)
        await b.send()
        await _walk_reply(b)
        b.screen.reply.open_tab("body")
        await b.until(lambda: "␛" in b.text)
        assert b.app.return_value is None


@pytest.mark.parametrize("url", ["/hostile", "/hostile/status"])
async def test_the_demo_apis_hostile_replies_are_tame(bench: Any, sample: Path, url: str) -> None:
    """The same from the API that everybody can try."""
    async with bench(sample) as b:
        await b.type_url(url)
        await b.send()
        await _walk_reply(b)


async def test_hostile_names_of_files_are_tame(bench: Any, sample: Path) -> None:
    """In the tree, the tabs, the jump list, dialogs and notifications."""
    name = "\x1b[31m[bold]evil[" + "\u202e"
    (sample / f"{name}.toml").write_text('url = "/status/200"\n')
    (sample / "broken.toml").write_text('"\\u001b[2J" = "[/red]"\n')
    async with bench(sample) as b:
        await b.open(name)
        await b.send()
        _assert_clean(b)
        b.screen.open_key("broken")
        await b.until(lambda: "broken.toml" in b.said)
        for key in ("ctrl+o", "f2"):
            await b.press(key)
            await b.until(lambda: b.top is not b.screen)
            _assert_clean(b)
            await b.press("escape")
        await b.press("f3", "delete")
        await b.until(lambda: "Deleted" in b.said)
        _assert_clean(b)


async def test_hostile_text_in_a_request_is_tame(bench: Any, sample: Path) -> None:
    """In every section of the builder, in the preview, in the reason why it can't be sent."""
    text = PAYLOAD.encode("unicode_escape").decode().replace("\\x", "\\u00")
    (sample / "evil.toml").write_text(
        f'name = "{text}"\nurl = "/{text}{{{{{"[/b]"}}}}}"\ndescription = "{text}"\n'
        f'[params]\n"{text}" = "{text}"\n[headers]\nX = "{text}"\n[variables]\n'.replace("[variables]\n", "")
    )
    async with bench(sample) as b:
        await b.open("evil")
        for section in b.screen.builder.query_one("#sections").tabs:
            b.screen.builder.show_section(type_of_section(section.id))
            await b.pilot.pause()
            _assert_clean(b)
        await b.send()
        _assert_clean(b)


def type_of_section(name: str) -> Any:
    """The section of this name."""
    from tui_client.tui.state import Section

    return Section(name)


async def test_secrets_are_dots(bench: Any, sample: Path) -> None:
    """In the preview before, and in the request as it was sent after."""
    (sample / "environments" / "local.secret.toml").write_text('api_key = "canary-secret"\n')
    (sample / "secret").mkdir()
    (sample / "secret" / "folder.toml").write_text("[variables]\napi_key = { secret = true }\n")
    (sample / "secret" / "it.toml").write_text('url = "/echo?key={{api_key}}"\n')
    async with bench(sample) as b:
        await b.open("secret/it")
        assert "key=••" in b.text
        await b.press("ctrl+r")
        await b.until(lambda: not b.screen.sends.ids or b.top is not b.screen)
        if b.top is not b.screen:
            await b.click("#yes")
        await b.until(lambda: not b.screen.sends.ids)
        assert b.screen.room.go("reply")
        b.screen.reply.open_tab("sent")
        await b.until(lambda: "/echo" in b.text)
        await b.pilot.pause()
        assert "canary" not in b.text
