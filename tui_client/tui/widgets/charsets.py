"""Bodies whose charset can't be cut into rows, made into ones that can."""

from __future__ import annotations

import asyncio
import codecs
from typing import Final

from tui_client.model.exchange import BodyContent, BytesBody

LARGEST: Final = 64 << 20
_STEP: Final = 1 << 16
# In these a line feed is always the byte 0x0A, and a character is one byte.
_SINGLE_BYTE: Final = ("ascii", "iso8859-", "cp125", "cp437", "cp850", "cp866", "koi8-", "mac-")


def by_rows(charset: str) -> bool:
    """Whether rows of this charset can be decoded apart from each other."""
    return charset == "utf-8" or charset.startswith(_SINGLE_BYTE)


async def to_utf8(content: BodyContent, charset: str) -> BodyContent | None:
    """The same text in UTF-8 without its mark, made in small steps; None if it is larger than 64 MiB."""
    if content.size > LARGEST:
        return None
    decoder = codecs.getincrementaldecoder(charset)("replace")
    parts: list[bytes] = []
    for start in range(0, content.size, _STEP):
        parts.append(decoder.decode(content.read(start, _STEP)).encode("utf-8", "replace"))
        await asyncio.sleep(0)
    parts.append(decoder.decode(b"", final=True).encode("utf-8", "replace"))
    return BytesBody(b"".join(parts).removeprefix(codecs.BOM_UTF8))
