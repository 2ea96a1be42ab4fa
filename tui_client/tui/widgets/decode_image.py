"""Run as a program: a picture from standard input, made to fit WIDTH and HEIGHT pixels, to standard output.

Arguments: WIDTH HEIGHT BACKGROUND ("#rrggbb", seen through transparent parts). The output is a line "FORMAT WIDTH
HEIGHT SHOWN_WIDTH SHOWN_HEIGHT NOTE" and the shown pixels, three bytes each. What can't be shown is told on standard
error, with exit code 3.
"""

from __future__ import annotations

import sys
import warnings
from typing import Final

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

REFUSED: Final = 3
MOST_PIXELS: Final = 50_000_000  # 200 MB while it is made smaller
# Pillow reads many more, some by programs of others (EPS by Ghostscript).
FORMATS: Final = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "ICO", "AVIF")
_ORIENTATION: Final = 0x0112
_TURNED: Final = range(5, 9)


def decode(width: int, height: int, background: str) -> tuple[str, bytes]:
    """The first line and the pixels. Raises OSError, SyntaxError, ValueError, EOFError for what is broken."""
    try:
        kind, size, note, shown = _read(width, height)
    except UnidentifiedImageError:
        raise
    except OSError:
        # As much as arrived, the rest grey or black.
        ImageFile.LOAD_TRUNCATED_IMAGES = True
        sys.stdin.buffer.seek(0)
        kind, size, _, shown = _read(width, height)
        note = "cut"
    shown = shown.convert("RGBA")
    ground = Image.new("RGBA", shown.size, background)
    ground.alpha_composite(shown)
    head = " ".join(map(str, (kind, *size, *shown.size, note)))
    return head, ground.convert("RGB").tobytes()


def _read(width: int, height: int) -> tuple[str, tuple[int, int], str, Image.Image]:
    """Kind, size, note, and the picture made to fit, upright."""
    with Image.open(sys.stdin.buffer, formats=FORMATS) as image:
        note = "animated" if getattr(image, "is_animated", False) else ""
        turned = image.getexif().get(_ORIENTATION) in _TURNED
        size, room = ((image.height, image.width), (height, width)) if turned else (image.size, (width, height))
        return image.format or "", size, note, ImageOps.exif_transpose(_smaller(image, room))


def _smaller(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    if image.mode.startswith("I;16"):
        image = image.point(lambda value: value / 256).convert("L")
    elif image.mode in ("P", "1", "PA"):
        image = image.convert("RGBA")
    image.thumbnail(size)
    return image


def main() -> int:
    """Decode standard input."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        head, pixels = decode(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        sys.stderr.write(f"it has more than {MOST_PIXELS:,} pixels")
        return REFUSED
    except UnidentifiedImageError:
        sys.stderr.write("it is none that can be read")
        return REFUSED
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        sys.stderr.write(f"it is broken ({error})")
        return REFUSED
    sys.stdout.buffer.write(head.encode("ascii") + b"\n" + pixels)
    return 0


if __name__ == "__main__":
    sys.exit(main())
