"""Which charset a body is shown in, and bodies whose charset can't be cut at line feeds."""

from __future__ import annotations

import asyncio
import codecs
from typing import Final

from tui_client.model.exchange import BodyContent, BytesBody

LARGEST: Final = 64 << 20
_STEP: Final = 1 << 16
# In these a line feed is always the byte 0x0A, and a character is one byte.
_SINGLE_BYTE: Final = ("ascii", "latin", "iso8859", "cp125", "cp437", "cp850", "cp866", "koi8", "mac-", "windows-")
# Codecs that are no charsets of a body: they raise where others replace, or run code of their own kind.
_NO_CHARSETS: Final = frozenset({"idna", "punycode", "raw-unicode-escape", "unicode-escape", "undefined", "utf-7"})
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def known_charset(name: str) -> str | None:
    """Python's name of this charset; None if it is none that a text can be in."""
    try:
        codec = codecs.lookup(name.strip("\"' "))
    except (LookupError, ValueError):
        return None
    if not codec._is_text_encoding or codec.name in _NO_CHARSETS:
        return None
    return codec.name


def bom_charset(head: bytes) -> str | None:
    """The charset that the first bytes announce, if they do."""
    return next((charset for bom, charset in _BOMS if head.startswith(bom)), None)


def by_rows(charset: str) -> bool:
    """Whether rows of this charset can be decoded apart from each other."""
    return charset in {"utf-8", "utf-8-sig"} or charset.startswith(_SINGLE_BYTE)


async def to_utf8(content: BodyContent, charset: str) -> BodyContent | None:
    """The same text in UTF-8, made in small steps; None if it is larger than 64 MiB."""
    if content.size > LARGEST:
        return None
    decoder = codecs.getincrementaldecoder(charset)("replace")
    parts: list[bytes] = []
    for start in range(0, content.size, _STEP):
        parts.append(decoder.decode(content.read(start, _STEP)).encode("utf-8", "replace"))
        await asyncio.sleep(0)
    parts.append(decoder.decode(b"", final=True).encode("utf-8", "replace"))
    return BytesBody(b"".join(parts))
