"""Foreign documents of JSON or YAML as plain data: leniently read, and bounded."""

from __future__ import annotations

import codecs
from typing import Any, Final

import msgspec

from tui_client.formats._format import FormatError

MAX_DEPTH: Final = 200
MAX_NODES: Final = 5_000_000
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def text_of(data: bytes) -> str:
    """The text of a file: by its byte order mark, as UTF-16 where every second byte is 0, else as UTF-8.

    Line ends become line feeds. Raises FormatError.
    """
    encoding, cut = _encoding(data)
    try:
        return data[cut:].decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise FormatError(f"is not {encoding.upper()}: byte {error.start + cut}") from error


def _encoding(data: bytes) -> tuple[str, int]:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return encoding, len(mark)
    head = data[:64]
    if len(head) >= 4 and not any(head[1::2]):
        return "utf-16-le", 0
    if len(head) >= 4 and not any(head[::2]):
        return "utf-16-be", 0
    return "utf-8", 0


def json_data(data: bytes) -> Any:
    """A JSON document. Raises FormatError."""
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        pass
    except RecursionError as error:
        raise FormatError("is nested too deep") from error
    try:
        return msgspec.json.decode(text_of(data))
    except msgspec.DecodeError as error:
        raise FormatError(f"is not JSON: {error}") from error
    except RecursionError as error:
        raise FormatError("is nested too deep") from error


def yaml_data(data: bytes, *, typed: bool = True) -> Any:
    """The first document of a YAML file, scalars as in YAML 1.2: dates and times stay text. Raises FormatError.

    Not typed: every scalar but null is its text.

    Anchors are shared, not copied; a document that they would make larger than 5 million values is refused.
    """
    from tui_client.formats._yaml import load  # takes a while to import

    return load(text_of(data), typed=typed)


def json_or_yaml(data: bytes) -> Any:
    """Either, by what it begins with. Raises FormatError."""
    head = text_of(data[:1024]) if _encoding(data)[0] != "utf-8" else data[:1024].decode("utf-8", "ignore")
    return json_data(data) if head.lstrip("\ufeff \t\r\n")[:1] in ("{", "[") else yaml_data(data)
