"""Text that means harm really gets to the client."""

from __future__ import annotations

import asyncio

from tui_client.demo.routes_hostile import HOSTILE_TEXTS


async def test_hostile_text_arrives_unharmed(send):
    """Escape codes, clipboard writes, markup and bidi controls are in the body as bytes."""
    reply = await send("GET", "/hostile")
    for text in ("\x1b[31m", "\x1b]52;c;", "[/dim]", "[@click=app.quit]", "\u202e", "\u200b", "\x00", "\x9b"):
        assert text.encode() in reply.body
    assert "[@click" in reply.headers["X-Markup"]
    assert "\u202e" in reply.headers["X-Bidi"]


async def test_hostile_json_has_hostile_keys(send):
    """Names and values alike."""
    reply = await send("GET", "/hostile?as=json")
    assert reply.json["markup"] == HOSTILE_TEXTS["markup"]
    assert reply.json[HOSTILE_TEXTS["clipboard"]] == "clipboard"


async def test_the_reason_phrase_can_be_markup(server):
    """The status line reads `200 OK [/bold]`."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(b"GET /hostile/status HTTP/1.1\r\nHost: x\r\n\r\n")
    assert await reader.readline() == b"HTTP/1.1 200 OK [/bold]\r\n"
    writer.close()


async def test_headers_can_be_many(send):
    """As many as asked."""
    reply = await send("GET", "/large-headers?n=70")
    assert sum(name.startswith("X-Large-") for name in reply.headers) == 70
