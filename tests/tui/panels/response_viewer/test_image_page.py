"""A body that is a picture."""

from __future__ import annotations

import asyncio
import io
import sys

import pytest
from PIL import Image
from textual.app import App, ComposeResult

from tui_client.model.exchange import BytesBody, Response
from tui_client.tui.panels.response_viewer.body_tab import BodyTab
from tui_client.tui.panels.response_viewer.reading import Mode, reading_of
from tui_client.tui.panels.response_viewer.view import Shown
from tui_client.tui.widgets.pictures import can_decode


def png(size: tuple[int, int]) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size).save(out, "PNG")
    return out.getvalue()


def reply(body: bytes, content_type: bytes) -> Response:
    return Response(200, "OK", "HTTP/1.1", ((b"Content-Type", content_type),), BytesBody(body))


class Alone(App[None]):
    """The tab of bodies."""

    def compose(self) -> ComposeResult:
        yield BodyTab({})

    def text(self) -> str:
        return "\n".join(strip.text.rstrip() for strip in self.screen._compositor.render_strips())


async def test_a_picture_is_shown_with_its_kind_and_size() -> None:
    """And one that is broken with what is wrong; also while it was still arriving."""
    app = Alone()
    async with app.run_test(size=(100, 12)) as pilot, asyncio.timeout(10):
        tab = app.query_one(BodyTab)
        whole = reply(png((2_000, 90)), b"image/png")
        tab.show(Shown(response=whole), growing=True)
        while "when all of it is here" not in app.text():
            await pilot.pause()
        tab.show(Shown(response=whole), growing=False)
        while "PNG · 2,000 × 90 pixels · shown at 5 %" not in app.text():
            await pilot.pause()
        assert tab.mode is Mode.IMAGE
        assert "▀▀▀" in app.text()
        tab.show(Shown(response=reply(png((9, 9))[:20], b"image/png")), growing=False)
        while "The picture can't be shown: it is broken" not in app.text():
            await pilot.pause()
        assert "▀" not in app.text()


async def test_without_pillow_the_bytes_are_shown_and_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra is optional; the sentence names the command."""
    picture = png((9, 9))
    monkeypatch.setitem(sys.modules, "PIL", None)
    can_decode.cache_clear()
    try:
        app = Alone()
        async with app.run_test(size=(130, 12)) as pilot, asyncio.timeout(10):
            app.query_one(BodyTab).show(Shown(response=reply(picture, b"image/png")), growing=False)
            while 'To see the picture: pip install "tui-client[images]"' not in app.text():
                await pilot.pause()
            assert "89 50 4e 47" in app.text()
    finally:
        can_decode.cache_clear()


@pytest.mark.parametrize("content_type", [b"image/png", b"text/plain", b"application/octet-stream", b""])
def test_a_picture_is_known_by_its_first_bytes(content_type: bytes) -> None:
    """A type that lies hides none, and a charset that was chosen makes text of it."""
    response = reply(png((9, 9)), content_type)
    assert reading_of(response).modes == (Mode.IMAGE, Mode.HEX, Mode.RAW)
    assert Mode.IMAGE not in reading_of(response, "utf-8").modes
    assert Mode.IMAGE not in reading_of(reply(b"no picture", content_type)).modes
