"""The body of a reply as text: which charset it is in, and what could not be read."""

from __future__ import annotations

import codecs
import re
from typing import Final

import msgspec

# Python's codecs also hold things that are no charsets (zlib, rot13, idna, uu, ...) and raise whatever they like;
# UTF-7 is left out, since it turns plain ASCII into markup.
_TEXT_CODEC: Final = re.compile(
    r"ascii|utf-(8|16|32)(-le|-be)?|iso8859-\d+|cp\d+|koi8-[rtu]|mac-[a-z0-9]+|gb2312|gbk|gb18030|hz|big5|big5hkscs"
    r"|euc_[a-z0-9_]+|shift_jis\w*|johab|iso2022_\w+|tis-620|ptcp154|kz1048|hp-roman8"
)
# Labels of the WHATWG encoding standard that Python does not know.
_LABELS: Final = {
    "x-sjis": "shift_jis",
    "x-gbk": "gbk",
    "x-cp1251": "cp1251",
    "x-cp1252": "cp1252",
    "utf-8-sig": "utf-8",
}
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_PARAMETER: Final = re.compile(r""";\s*charset\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s;"']+))""", re.IGNORECASE)
_META: Final = re.compile(rb"""<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}["']?([A-Za-z0-9_.:-]{1,40})""", re.IGNORECASE)
_XML: Final = re.compile(rb"""^\s{0,99}<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}["']([A-Za-z0-9_.:-]{1,40})["']""")
_SNIFF_BYTES: Final = 1024


class DecodedText(msgspec.Struct, frozen=True):
    """Text, the charset that was used, and what went wrong, as sentences; the text is not yet safe to print."""

    text: str
    charset: str
    problems: tuple[str, ...] = ()


def text_codec(label: str) -> str | None:
    """Python's name of a charset label ("UTF8" is "utf-8"), or None for what is not a charset of text."""
    label = label.strip().lower()
    if not (0 < len(label) <= 40 and label.isascii() and label.isprintable()):
        return None
    try:
        name = codecs.lookup(_LABELS.get(label, label)).name
    except (LookupError, ValueError):
        return None
    return name if _TEXT_CODEC.fullmatch(name) else None


def declared_charset(content_type: str) -> str:
    """The charset parameter of a Content-Type, as written; "" without one."""
    found = _PARAMETER.search(content_type)
    return next((group for group in found.groups() if group is not None), "") if found else ""


def _sniffed(data: bytes, content_type: str) -> str:
    """What an HTML or XML document says of itself in its first bytes."""
    start = data[:_SNIFF_BYTES]
    pattern = _META if "html" in content_type.lower() else _XML
    found = pattern.search(start)
    return found[1].decode("ascii") if found else ""


def _decode(data: bytes, codec: str) -> tuple[str, tuple[str, ...]]:
    try:
        return data.decode(codec), ()
    except UnicodeDecodeError as error:
        problem = f"byte {error.start:,} is not valid {codec}; choose another charset"
        return data.decode(codec, errors="replace"), (problem,)


def decode_body(data: bytes, content_type: str, override: str = "") -> DecodedText:
    """The text of a body; never fails, whatever the bytes and the names are.

    The charset is the first of: `override`, a byte order mark, the Content-Type's, the document's own, UTF-8.
    Bytes that are not valid in it become U+FFFD, an unknown name falls back to UTF-8; `problems` says both.
    """
    problems: tuple[str, ...] = ()
    mark, marked = next(((bom, name) for bom, name in _BOMS if data.startswith(bom)), (b"", ""))
    label = override or marked or declared_charset(content_type) or _sniffed(data, content_type)
    codec = text_codec(label) if label else "utf-8"
    if codec is None:
        problems, codec = (f"{label!r} is not a charset of text; read as UTF-8",), "utf-8"
    if codec in ("utf-16", "utf-32"):
        # Python would take the machine's byte order; the web's default is little endian.
        codec = marked if marked.startswith(codec) else f"{codec}-le"
    body = data[len(mark) :] if mark and codec == marked else data
    text, invalid = _decode(body, codec)
    return DecodedText(text, codec, problems + invalid)
