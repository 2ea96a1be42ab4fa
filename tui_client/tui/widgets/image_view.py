"""A picture in half blocks: two pixels a cell, one over the other."""

from __future__ import annotations

import asyncio
from itertools import groupby
from typing import ClassVar, Final

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual import on, work
from textual.events import Resize
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui_client.model.exchange import BodyContent
from tui_client.tui.widgets.pictures import Decoded, NoPicture, Picture, decode

_UPPER_HALF: Final = "▀"
_SETTLED_S: Final = 0.1  # a window that is dragged has many sizes


class ImageView(Widget, can_focus=True):
    """Fits the picture to its room, and decodes it again for another."""

    DEFAULT_CSS = """
    ImageView { height: 1fr; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = set()

    class Shown(Message):
        """The picture is here, or why it is not."""

        def __init__(self, result: Decoded) -> None:
            super().__init__()
            self.result = result

    class _Ready(Message):
        def __init__(self, content: BodyContent, room: Size, result: Decoded, strips: list[Strip]) -> None:
            super().__init__()
            self.content = content
            self.room = room
            self.result = result
            self.strips = strips

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._content: BodyContent | None = None
        self._room = Size(0, 0)
        self._strips: list[Strip] = []

    def show(self, content: BodyContent | None) -> None:
        """Show another picture; None for none."""
        self._content = content
        self._set([])
        if content is not None and self._room.area:
            self._decode(content, self._room, 0)

    def on_resize(self, event: Resize) -> None:
        """It is decoded for each size; until then the old one stays."""
        first, self._room = not self._room.area, event.size
        if self._content is not None and self._room.area:
            self._decode(self._content, self._room, 0 if first else _SETTLED_S)

    @work(exclusive=True, group="decode", description="decode a picture")
    async def _decode(self, content: BodyContent, room: Size, delay_s: float) -> None:
        await asyncio.sleep(delay_s)
        background = self.background_colors[1].rgb
        result = await decode(content, room.width, room.height * 2, "#{:02x}{:02x}{:02x}".format(*background))
        strips = [] if isinstance(result, NoPicture) else await self._painted(result)
        self.post_message(self._Ready(content, room, result, strips))

    async def _painted(self, picture: Picture) -> list[Strip]:
        """Its lines, made one by one with other work between: thousands of colours at once would hold all up."""
        styles: dict[bytes, Style] = {}
        strips = []
        for y in range(-(-picture.shown[1] // 2)):
            strips.append(_half_blocks(picture, y, styles, self.rich_style.bgcolor))
            if self.app.console.color_system == "truecolor":
                # A style keeps the codes that it made first.
                for style in filter(None, (segment.style for segment in strips[-1])):
                    style.render(_UPPER_HALF)
            await asyncio.sleep(0)
        return strips

    @on(_Ready)
    def _show_ready(self, event: _Ready) -> None:
        event.stop()
        if event.content is self._content and event.room == self._room:
            self._set(event.strips)
            self.post_message(self.Shown(event.result))

    def _set(self, strips: list[Strip]) -> None:
        self._strips = strips
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Two rows of pixels."""
        if y >= len(self._strips):
            return Strip.blank(self.size.width, self.rich_style)
        return self._strips[y].adjust_cell_length(self.size.width, self.rich_style)


def _half_blocks(picture: Picture, y: int, styles: dict[bytes, Style], ground: Color | None) -> Strip:
    """A line of the screen. styles: those that other lines have by their pair of pixels; an odd last row has one."""
    width, height = picture.shown
    upper = picture.pixels[y * 2 * width * 3 : (y * 2 + 1) * width * 3]
    lower = picture.pixels[(y * 2 + 1) * width * 3 : (y * 2 + 2) * width * 3] if y * 2 + 1 < height else b""
    pairs = (upper[at : at + 3] + lower[at : at + 3] for at in range(0, width * 3, 3))
    segments = []
    for pair, cells in groupby(pairs):
        if pair not in styles:
            below = Color.from_rgb(*pair[3:]) if len(pair) > 3 else ground
            styles[pair] = Style(color=Color.from_rgb(*pair[:3]), bgcolor=below)
        segments.append(Segment(_UPPER_HALF * sum(1 for _ in cells), styles[pair]))
    return Strip(segments, width)
