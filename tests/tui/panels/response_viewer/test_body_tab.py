"""The Body tab alone."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from tui_client.model.exchange import BytesBody, Response
from tui_client.tui.panels.response_viewer.body_tab import BodyTab
from tui_client.tui.panels.response_viewer.reading import Mode
from tui_client.tui.panels.response_viewer.view import Shown


class Alone(App[None]):
    """The tab with one body."""

    def __init__(self, body: bytes, content_type: bytes) -> None:
        super().__init__()
        self.body = BodyTab({})
        self._response = Response(200, "OK", "HTTP/1.1", ((b"Content-Type", content_type),), BytesBody(body))

    def compose(self) -> ComposeResult:
        yield self.body

    def on_mount(self) -> None:
        self.body.show(Shown(response=self._response), growing=False)

    def text(self) -> str:
        return "\n".join(strip.text.rstrip() for strip in self.screen._compositor.render_strips())


async def until(pilot: Pilot[None], ready: Callable[[], bool]) -> None:
    """Wait for a state of the app; fails after five seconds."""
    async with asyncio.timeout(5):
        while not ready():
            await pilot.pause()


@pytest.mark.parametrize(
    ("body", "content_type", "mode", "sentence"),
    [
        (b"\x00\x01\x00\x00", b"font/ttf", Mode.HEX, "font/ttf, 4 B: no text, shown in hex."),
        (b"ab\x00cd", b"application/octet-stream", Mode.HEX, "no text, shown in hex."),
        (b'{"error": 1}', b"image/png", Mode.PRETTY, "It is no image/png but text."),
        (b'{"a": \x00}', b"application/zip", Mode.HEX, "no text, shown in hex."),
        (b"caf\xe9 cr\xe8me", b"text/plain; charset=latin-1", Mode.RAW, "café crème"),
        (b"caf\xe9", b"text/plain; charset=zlib", Mode.RAW, "zlib is not a charset of text; read as UTF-8."),
        ("naïve".encode("utf-16"), b"text/plain", Mode.RAW, "naïve"),
        ('{"a":"é"}'.encode("utf-16"), b"application/json", Mode.PRETTY, '  "a": "é"'),
        (b"", b"application/json", Mode.RAW, "The body is empty."),
        (b"\xef\xbb\xbf[1]", b"application/json", Mode.PRETTY, "1▾ ["),
    ],
)
async def test_a_body_is_read_as_what_it_is(body: bytes, content_type: bytes, mode: Mode, sentence: str) -> None:
    """Charset, kind and remark follow from the headers and the bytes."""
    app = Alone(body, content_type)
    async with app.run_test(size=(80, 20)) as pilot:
        await until(pilot, lambda: sentence in app.text())
        assert app.body.mode is mode


async def test_a_large_json_is_indented_in_the_background() -> None:
    """Raw at once, pretty when it is ready."""
    data = b"[" + b",".join(b'{"id":%d}' % n for n in range(80_000)) + b"]"
    app = Alone(data, b"application/json")
    async with app.run_test(size=(80, 20)) as pilot:
        await until(pilot, lambda: app.body.view.row_count == 240_002)
        assert app.body.view.complete


async def test_another_charset_can_be_chosen() -> None:
    """A wrong label is no end."""
    app = Alone("日本".encode("shift_jis"), b"text/plain; charset=latin-1")
    async with app.run_test(size=(80, 20)) as pilot:
        await until(pilot, lambda: "ISO8859-1" in app.text())
        app.body.use_charset("shift_jis")
        await until(pilot, lambda: "日本" in app.text() and "SHIFT_JIS" in app.text())


async def test_what_was_prepared_for_another_way_is_not_shown() -> None:
    """Raw stays as sent when the indented text would come; a charset that was left brings no text of its own."""
    body = b"[" + b"[1],\n" * 60_000 + b"1]"
    app = Alone(body, b"application/json")
    async with app.run_test(size=(80, 12)) as pilot:
        await until(pilot, lambda: app.body.is_mounted and bool(app.body._wanted))
        left = app.body._wanted
        assert left is not None
        app.body.action_next_mode()
        app.body.post_message(app.body._Prepared(left, BytesBody(b"indented"), "", indented=True))
        await pilot.pause()
        assert app.body.mode is Mode.RAW
        assert app.body.changed_content is None
        app.body.use_charset("utf-16-le")
        left = app.body._wanted
        assert left is not None
        app.body.use_charset("iso8859-1")
        app.body.post_message(app.body._Prepared(left, BytesBody(b"converted"), "", indented=False))
        await pilot.pause()
        assert app.body.changed_content is None
        assert app.body.view.document.charset == "iso8859-1"


async def test_a_text_that_can_not_be_converted_is_shown_as_it_came(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Without room for a file it is read as UTF-8, and the reason is said."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    app = Alone(b"word\n" * 300_000, b"text/plain; charset=shift_jis")
    async with app.run_test(size=(80, 12)) as pilot:
        sentence = "Read as UTF-8: the disk has no room for it to be read as SHIFT_JIS."
        await until(pilot, lambda: sentence in app.text() and "300000" in app.text().replace(",", ""))
        assert "4 word" in app.text()
