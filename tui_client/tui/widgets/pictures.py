"""Pictures as small grids of pixels, decoded in a process of their own; Pillow is there with the extra `images`."""

from __future__ import annotations

from functools import cache
from typing import Final, TypeAlias

import msgspec

from tui_client.model.exchange import BodyContent
from tui_client.text import format_bytes, safe_line
from tui_client.tui.widgets.programs import REFUSED, TOO_LARGE, run_program

LARGEST: Final = 128 << 20
INSTALL: Final = 'pip install "tui-client[images]"'
_WIDEST, _HIGHEST = 600, 400  # pixels; more than any terminal has cells
_MAGIC: Final = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")


class Picture(msgspec.Struct, frozen=True):
    """A picture of `size` pixels, of which a version of `shown` pixels is here, three bytes each.

    note: "animated" for more than this first frame, "cut" where the end is missing, else "".
    """

    format: str
    size: tuple[int, int]
    shown: tuple[int, int]
    pixels: bytes
    note: str = ""


class NoPicture(msgspec.Struct, frozen=True):
    """Why it can't be shown, safe to print, fit after a colon."""

    reason: str


Decoded: TypeAlias = Picture | NoPicture


def looks_like_picture(head: bytes) -> bool:
    """Whether a body that begins so is a picture of a kind that can be shown, whatever its type says."""
    webp = head[:4] == b"RIFF" and head[8:12] == b"WEBP"
    return head.startswith(_MAGIC) or webp or head[4:12] in (b"ftypavif", b"ftypavis")


@cache
def can_decode() -> bool:
    """Whether Pillow is installed; it is not imported here."""
    from importlib.util import find_spec

    return find_spec("PIL") is not None


async def decode(content: BodyContent, width: int, height: int, background: str) -> Decoded:
    """Make it fit so many pixels; never larger than it is. The process ends when this is cancelled."""
    if content.size > LARGEST:
        return NoPicture(f"it is larger than {format_bytes(LARGEST)}")
    import tempfile

    room = str(max(1, min(width, _WIDEST))), str(max(1, min(height, _HIGHEST)))
    try:
        with tempfile.TemporaryFile() as output:
            ran = await run_program("decode_image.py", content, output, *room, background)
            output.seek(0)
            data = output.read()
    except OSError as error:
        return NoPicture(safe_line(error.strerror or str(error)))
    if ran.code == 0:
        return _picture(data)
    if ran.late:
        return NoPicture("to decode it takes too long")
    if ran.code == TOO_LARGE:
        return NoPicture("to decode it takes too much memory")
    return NoPicture(safe_line(ran.said) if ran.code == REFUSED else "it is broken")


def _picture(data: bytes) -> Decoded:
    head, _, pixels = data.partition(b"\n")
    kind, *numbers, note = head.decode("ascii").split(" ")
    width, height, shown_width, shown_height = map(int, numbers)
    return Picture(kind, (width, height), (shown_width, shown_height), pixels, note)
