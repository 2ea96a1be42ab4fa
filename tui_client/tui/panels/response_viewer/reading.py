"""How to read a body: what it is, in which charset, and whether it is text at all."""

from __future__ import annotations

import codecs
import re
from enum import StrEnum
from typing import Final

import msgspec

from tui_client.model.charset import declared_charset, decode_body, text_codec
from tui_client.model.event_stream import EventStream, event_stream_of
from tui_client.model.exchange import Response, header_values
from tui_client.text import safe_line
from tui_client.tui.widgets.lexers import Language, can_indent
from tui_client.tui.widgets.pictures import can_decode, looks_like_picture

SNIFFED_BYTES: Final = 4096
_BINARY_TYPES: Final = ("image/", "audio/", "video/", "font/")
_BINARY_NAMES: Final = frozenset(
    {"application/zip", "application/gzip", "application/pdf", "application/wasm", "application/x-protobuf"}
)
_FORM: Final = "application/x-www-form-urlencoded"
# What servers say of anything; such a body is what it looks like.
_SAYS_NOTHING: Final = frozenset({"", "text/plain", "application/octet-stream", "binary/octet-stream"})
_LONGEST_START: Final = 256
_JSON_START: Final = re.compile(rb'\{\s*["}]|\[\s*(?:[\[\]{"]|-?\d[\d.eE+-]*\s*[,\]]|(?:true|false|null)\s*[,\]])')
_HTML_START: Final = re.compile(rb"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
_MARKUP_START: Final = re.compile(rb"<\?xml\s|<[A-Za-z][\w:.-]*(?:\s[^<>]*)?/?>")
_UNICODE_MARKS: Final = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")


class Mode(StrEnum):
    """How a body is shown."""

    PRETTY = "pretty"
    RAW = "raw"
    HEX = "hex"
    EVENTS = "events"
    IMAGE = "image"


class Reading(msgspec.Struct, frozen=True):
    """What a body seems to be. picture: one that can be shown. problem: a sentence on its charset, "" for none."""

    media_type: str
    language: Language
    charset: str
    binary: bool = False
    picture: bool = False
    problem: str = ""
    events: EventStream | None = None

    @property
    def modes(self) -> tuple[Mode, ...]:
        """The ways to show it, the best one first; binary bodies begin with hex."""
        own = (Mode.PRETTY,) if can_indent(self.language) else ()
        if self.events is not None:
            return (Mode.EVENTS, Mode.RAW, Mode.HEX)
        if self.binary:
            return (Mode.IMAGE, Mode.HEX, Mode.RAW) if self.picture and can_decode() else (Mode.HEX, Mode.RAW)
        return (*own, Mode.RAW, Mode.HEX)


def reading_of(response: Response, charset: str = "") -> Reading:
    """Judge by the headers and the first bytes; `charset` overrules both."""
    content_type = "".join(header_values(response.headers, "content-type")[:1])
    head = response.body.read(0, SNIFFED_BYTES)
    declared = declared_charset(content_type)
    problem = ""
    if not charset and declared and text_codec(declared) is None:
        problem = f"{safe_line(declared)[:40]} is not a charset of text; read as UTF-8."
    used = decode_body(head, content_type, charset).charset
    picture = not charset and looks_like_picture(head)
    binary = picture or (not charset and _is_binary(content_type, head, used))
    language, media = language_of(content_type, head), content_type.partition(";")[0].strip().lower()
    if (
        binary
        and not picture
        and (seems := _seems(head)) is not Language.PLAIN
        and _is_utf8(head)
        and b"\0" not in head
    ):
        # An error in place of the picture, say.
        binary, language, problem = False, seems, f"It is no {safe_line(media)} but text."
    return Reading(
        media_type=safe_line(media),
        language=language,
        charset=used,
        binary=binary,
        picture=picture,
        problem=problem,
        events=event_stream_of(response.headers),
    )


def language_of(content_type: str, head: bytes) -> Language:
    """How to lay out and colour a text, by its type; by how it begins where the type says nothing or can't be true."""
    media = content_type.partition(";")[0].strip().lower()
    if media.endswith(("/json", "+json")):
        return Language.JSON
    if media == _FORM:
        return Language.FORM
    seems = _seems(head)
    if media.endswith("html"):  # application/xhtml+xml too
        return seems if seems is Language.JSON else Language.HTML
    if media.endswith(("/xml", "+xml")):
        return Language.MARKUP
    return seems if media in _SAYS_NOTHING else Language.PLAIN


def _seems(head: bytes) -> Language:
    start = head.removeprefix(codecs.BOM_UTF8)[:_LONGEST_START].lstrip()
    if _JSON_START.match(start):
        return Language.JSON
    if _HTML_START.match(start):
        return Language.HTML
    return Language.MARKUP if _MARKUP_START.match(start) else Language.PLAIN


def _is_binary(content_type: str, head: bytes, charset: str) -> bool:
    media = content_type.partition(";")[0].strip().lower()
    if media.startswith(_BINARY_TYPES) and not media.endswith("+xml"):
        return True
    if media in _BINARY_NAMES:
        return True
    if charset.startswith(("utf-16", "utf-32")) or head.startswith(_UNICODE_MARKS):
        return False
    if media.startswith("text/") or language_of(content_type, b"") is not Language.PLAIN:
        return False
    return b"\x00" in head or (charset == "utf-8" and not _is_utf8(head))


def _is_utf8(head: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)  # a character may be cut at the end
    except UnicodeDecodeError:
        return False
    return True
