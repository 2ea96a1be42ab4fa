"""A reply's body, shown in every way there is."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from urllib.parse import quote

from payloads import PAYLOADS, Payload, but, few, joined
from scale import tries

from sink_walks.bench import PLAIN, Bench, exchange, reply, workbench
from tui_client.demo.sample import copy_sample
from tui_client.model.exchange import RawHeader
from tui_client.text import safe_line
from tui_client.tui.panels.response_viewer.body_tab import BodyTab
from tui_client.tui.panels.response_viewer.events_page import EventsPage
from tui_client.tui.panels.response_viewer.image_page import ImagePage

# A carriage return ends a line of an event stream, and a zero byte makes a body binary.
_TEXT = but("nul")
_LINES = but("nul", "overwriting")
# Before the text of a row: the cursor's sign, its number or "↪".
_GUTTER = 5


async def walk(base: Path) -> Bench:
    """Bodies of all kinds, and the bars around them."""
    async with workbench(copy_sample(base / "demo", "http://127.0.0.1:9"), (160, 90)) as b:
        await b.show(exchange(reply(b"x")))
        await b.zoom("reply")
        for look in (_plain, _hex, _json, _broken_json, _markup, _form, _events, _records, _picture):
            await look(b)
        return b


def _typed(media_type: str) -> tuple[RawHeader, ...]:
    return ((b"Content-Type", media_type.encode()),)


async def _body(b: Bench, data: bytes, headers: tuple[RawHeader, ...] = (PLAIN,)) -> BodyTab:
    await b.show(exchange(reply(data, headers)))
    await b.until(lambda: b.screen.reply.body is not None and b.screen.reply.body.ready)
    assert b.screen.reply.body is not None
    return b.screen.reply.body


async def _plain(b: Bench) -> None:
    body = await _body(b, joined(_TEXT).encode())
    await b.see("body: text", _TEXT, body.view)
    body = await _body(b, joined(_TEXT, "x" * 100).encode())
    await b.see("body: wrapped", _TEXT, body.view, wrapped=_GUTTER)
    body.action_wrap()
    await b.see("body: unwrapped", _TEXT[:1], body.view)
    body.action_wrap()
    body.search.display = True
    for one in few(_TEXT)[:4]:
        body.search.text.value = one.whole
        await b.see("search: text", [one], body.search)
    body.search.display = False


async def _hex(b: Bench) -> None:
    rows = [one.text.encode()[:32].ljust(32, b"\0") + one.mark.encode().ljust(16, b"\0") for one in PAYLOADS]
    body = await _body(b, b"".join(rows), _typed("application/octet-stream"))
    # Three rows each; the screen has room for half of them.
    await b.see("body: hex", PAYLOADS[:27], body.view, shown=lambda one: one.mark)


async def _json(b: Bench) -> None:
    data = {f"key {one.whole}": f"value {one.whole}" for one in PAYLOADS}
    body = await _body(b, json.dumps(data, ensure_ascii=False).encode(), _typed("application/json"))
    for part in ("key ", "value "):
        await b.see(f"body: JSON's {part.strip()}", widget=body.view, prefix=part, shown=_in_json)
    body.view.focus()
    for one in PAYLOADS[: tries(10, len(PAYLOADS))]:
        await b.press("down")
        await b.until(lambda: one.mark in body.view.path)  # noqa: B023 - called at once
        await b.see("body: path of the cursor", [one], body.status, shown=lambda one: one.mark)
        if one in PAYLOADS[:3]:
            await b.press("c", "y")
            b.app.clear_notifications()
    b.drain()
    copied = [base64.b64decode(text).decode() for text in b.recorder.copied]
    assert len(copied) == 2 * 3
    assert all(safe_line(text) == text for text in copied)


def _in_json(one: Payload) -> str:
    return safe_line(json.dumps(one.whole, ensure_ascii=False)[1:-1])


async def _broken_json(b: Bench) -> None:
    rows = ",".join(f'"{one.whole}":"{one.whole}"'.replace("\\", "/") for one in _TEXT)
    body = await _body(b, f"{{{rows}".encode(), _typed("application/json"))
    await b.see("body: broken JSON", _TEXT, body.view, wrapped=_GUTTER, shown=lambda one: one.shown.replace("\\", "/"))


async def _markup(b: Bench) -> None:
    for kind in ("xml", "html"):
        rows = "".join(f'<p a="is {one.whole}">text {one.whole}</p><!--note {one.whole}-->' for one in _TEXT[:26])
        body = await _body(b, f"<body>{rows}</body>".encode(), _typed(f"text/{kind}"))
        for part in ("is ", "text ", "note "):
            await b.see(f"body: {kind.upper()}, {part.strip()}", _TEXT[:26], body.view, prefix=part)


async def _form(b: Bench) -> None:
    data = "&".join(f"{quote(one.whole)}={quote(one.whole)}" for one in PAYLOADS)
    body = await _body(b, data.encode(), _typed("application/x-www-form-urlencoded"))
    await b.see("body: form", widget=body.view, shown=lambda one: one.mark)


async def _events(b: Bench) -> None:
    stream = "".join(f"event: {one.whole}\nid: {one.whole}\ndata: is {one.whole}\n\n" for one in _LINES)
    body = await _body(b, stream.encode(), _typed("text/event-stream"))
    await b.until(lambda: isinstance(body.page, EventsPage) and body.page.is_mounted and body.page.events.row_count)
    page = body.page
    assert isinstance(page, EventsPage)
    await b.see("events: data", _LINES, page.events, prefix="is ")
    page.focus_inside()
    await b.press("home", "enter")
    for one in few(_LINES, 1):
        page.events.move_to(_LINES.index(one))
        await b.until(lambda: page.event.display)
        await b.see("events: an opened one's data", [one], page.event, prefix="is ")
        await b.see("events: an opened one's type", [one], page.title, shown=lambda one: one.shown[:16])
    page.ask("search")
    for one in few(_LINES)[:4]:
        page.question.value = one.whole
        await b.see("events: filter", [one], page.question)


async def _records(b: Bench) -> None:
    rows = "\n".join(json.dumps({"is": one.whole}, ensure_ascii=False) for one in PAYLOADS)
    body = await _body(b, rows.encode(), _typed("application/x-ndjson"))
    await b.until(lambda: body.page is not None and body.page.is_mounted)
    await b.see("records", widget=body.page, shown=_in_json)


async def _picture(b: Bench) -> None:
    data = b"\x89PNG\r\n\x1a\n" + joined().encode()
    body = await _body(b, data, _typed("image/png"))
    await b.until(lambda: isinstance(body.page, ImagePage) and body.page.problem.display)
    b.look()
