"""A picture in half blocks."""

from __future__ import annotations

import asyncio
import io

from PIL import Image
from textual.app import App, ComposeResult

from tui_client.model.exchange import BytesBody
from tui_client.tui.widgets.image_view import ImageView
from tui_client.tui.widgets.pictures import Decoded, Picture


class Alone(App[None]):
    """The view with a picture of four rows: white, black, red, white."""

    def __init__(self) -> None:
        super().__init__()
        self.results: asyncio.Queue[Decoded] = asyncio.Queue()

    def compose(self) -> ComposeResult:
        yield ImageView()

    def on_mount(self) -> None:
        image = Image.new("RGB", (6, 3), (255, 255, 255))
        image.paste((0, 0, 0), (0, 1, 6, 2))
        image.paste((255, 0, 0), (3, 2, 6, 3))
        out = io.BytesIO()
        image.save(out, "PNG")
        self.query_one(ImageView).show(BytesBody(out.getvalue()))

    def on_image_view_shown(self, event: ImageView.Shown) -> None:
        self.results.put_nowait(event.result)


async def test_two_pixels_stand_in_a_cell_and_a_new_size_is_decoded_again() -> None:
    """The upper one is the sign, the lower one its ground; an odd last row leaves the ground as it is."""
    app = Alone()
    async with app.run_test(size=(20, 10)) as pilot, asyncio.timeout(10):
        first = await app.results.get()
        assert isinstance(first, Picture)
        assert first.shown == (6, 3)
        view = app.query_one(ImageView)
        upper, lower = next(iter(view.render_line(0))), list(view.render_line(1))[:2]
        assert (upper.text, lower[0].text, lower[1].text) == ("▀" * 6, "▀" * 3, "▀" * 3)
        assert upper.style and upper.style.color and upper.style.bgcolor
        assert upper.style.color.triplet == (255, 255, 255)
        assert upper.style.bgcolor.triplet == (0, 0, 0)
        assert lower[1].style and lower[1].style.color
        assert lower[1].style.color.triplet == (255, 0, 0)
        assert lower[1].style.bgcolor == view.rich_style.bgcolor
        assert not view.render_line(2).text.strip()
        await pilot.resize_terminal(2, 10)
        smaller = await app.results.get()
        assert isinstance(smaller, Picture)
        assert smaller.shown == (2, 1)
