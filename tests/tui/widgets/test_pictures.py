"""Pictures, decoded."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from tui_client.model.exchange import BytesBody
from tui_client.tui.widgets.pictures import NoPicture, Picture, decode, looks_like_picture


def picture(kind: str, size: tuple[int, int] = (60, 30), *, mode: str = "RGB", **options: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, (255, 0, 0) if mode == "RGB" else 0).save(out, kind, **options)
    return out.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG of one pixel that says it is larger: to make it so large takes a gigabyte."""
    data = bytearray(picture("PNG", (1, 1), mode="1"))
    data[16:24] = struct.pack(">II", width, height)
    data[29:33] = struct.pack(">I", zlib.crc32(data[12:29]))
    return bytes(data)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
async def test_a_picture_is_made_to_fit(kind: str) -> None:
    """Its size is told, and its pixels are as many as there is room for."""
    data = picture(kind)
    assert looks_like_picture(data)
    decoded = await decode(BytesBody(data), 20, 100, "#000000")
    assert isinstance(decoded, Picture)
    assert (decoded.format, decoded.size, decoded.shown) == (kind, (60, 30), (20, 10))
    assert len(decoded.pixels) == 20 * 10 * 3
    assert decoded.pixels[0] > 250 > 5 > decoded.pixels[1]


async def test_a_small_one_is_not_made_larger_and_lets_the_ground_through() -> None:
    """An icon stays an icon."""
    data = picture("PNG", (2, 1), mode="RGBA")
    assert await decode(BytesBody(data), 80, 80, "#010203") == Picture("PNG", (2, 1), (2, 1), b"\x01\x02\x03" * 2)


async def test_a_turned_photo_is_upright() -> None:
    """The camera's note on its orientation is followed."""
    exif = Image.Exif()
    exif[0x0112] = 6
    decoded = await decode(BytesBody(picture("JPEG", exif=exif)), 20, 20, "#000000")
    assert isinstance(decoded, Picture)
    assert (decoded.size, decoded.shown) == ((30, 60), (10, 20))


async def test_more_than_one_frame_is_told() -> None:
    """The first one is shown."""
    other = Image.new("RGB", (60, 30), (0, 0, 255))
    data = picture("GIF", save_all=True, append_images=[other])
    decoded = await decode(BytesBody(data), 20, 20, "#000000")
    assert isinstance(decoded, Picture)
    assert decoded.note == "animated"


async def test_what_arrived_of_a_cut_one_is_shown() -> None:
    """Half a picture is more than none."""
    data = picture("PNG", (300, 300))
    decoded = await decode(BytesBody(data[: len(data) // 2]), 20, 20, "#000000")
    assert isinstance(decoded, Picture)
    assert decoded.note == "cut"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"x" * 40, "it is broken"),
        (b"GIF89a", "it is "),
        (b"no picture", "it is none that can be read"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "it is none that can be read"),
        (bomb(30_000, 30_000), "it has more than 50,000,000 pixels"),
    ],
    ids=["broken", "cut at once", "text", "another program's", "bomb"],
)
async def test_what_cannot_be_shown_is_a_sentence(data: bytes, reason: str) -> None:
    """Broken pictures, bombs, and kinds that other programs would have to read."""
    decoded = await decode(BytesBody(data), 20, 20, "#000000")
    assert isinstance(decoded, NoPicture)
    assert reason in decoded.reason
