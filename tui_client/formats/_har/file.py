"""A HAR file as it is written: its parts, decoded one entry at a time."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from tui_client.formats._format import FormatError
from tui_client.formats._har.body import PostData, text_of

_BOM: Final = b"\xef\xbb\xbf"
_LENIENT_BYTES: Final = 64 * 1024 * 1024  # the second, lenient reader needs many times the size in memory


class Row(msgspec.Struct):
    """A header."""

    name: Any = ""
    value: Any = ""


class Request(msgspec.Struct, rename="camel"):
    """`request`; only what can't be done without must be of its type."""

    method: str
    url: str
    http_version: Any = ""
    headers: list[Row] | None = None
    cookies: Any = None
    post_data: PostData | None = None
    body_size: Any = None


class Response(msgspec.Struct):
    """`response`, without its body: that alone can be most of a file."""

    status: Any = None


class Entry(msgspec.Struct, rename="camel"):
    """One of `log.entries`."""

    request: Request
    started_date_time: Any = None
    response: Response | None = None
    time: Any = None
    comment: Any = ""
    from_cache: Any = msgspec.field(default=None, name="_fromCache")  # Chrome
    fetch_type: Any = msgspec.field(default=None, name="_fetchType")  # Safari
    resource_type: Any = msgspec.field(default=None, name="_resourceType")


class _Content(msgspec.Struct, rename="camel"):
    mime_type: Any = None


class _Answer(msgspec.Struct):
    content: _Content | None = None


class _Answered(msgspec.Struct):
    """What an entry says of what came back."""

    response: _Answer | None = None
    resource_type: Any = msgspec.field(default=None, name="_resourceType")


class _Log(msgspec.Struct):
    entries: list[msgspec.Raw]


class _Document(msgspec.Struct):
    log: _Log


class _LenientLog(msgspec.Struct):
    entries: list[Any]


class _LenientDocument(msgspec.Struct):
    log: _LenientLog


def raw_entries(data: bytes) -> Sequence[Any]:
    """The entries, for `decoded`. Raises FormatError where the whole file can't be understood."""
    try:
        return msgspec.json.decode(data.removeprefix(_BOM), type=_Document).log.entries
    except msgspec.ValidationError as error:
        raise FormatError(f"is not a HAR file: {error}") from None
    except RecursionError:
        raise FormatError("is nested too deep") from None
    except ValueError as error:
        return _leniently(data, f"is not JSON: {error}")


def _leniently(data: bytes, reason: str) -> Sequence[Any]:
    """The same for text with half surrogate pairs, which JSON allows, and for UTF-16."""
    if len(data) > _LENIENT_BYTES:
        raise FormatError(reason)
    try:
        return msgspec.convert(json.loads(data), type=_LenientDocument).log.entries
    except msgspec.ValidationError as error:
        raise FormatError(f"is not a HAR file: {error}") from None
    except (ValueError, RecursionError):
        raise FormatError(reason) from None


def decoded(raw: Any) -> Entry:
    """One of them. Raises FormatError."""
    try:
        if isinstance(raw, msgspec.Raw):
            return msgspec.json.decode(raw, type=Entry)
        return msgspec.convert(raw, type=Entry)
    except RecursionError:
        raise FormatError("it is nested too deep") from None
    except ValueError as error:
        raise FormatError(f"it can't be read: {error}") from None


def media_of(raw: Any) -> tuple[str, ...]:
    """What came back with an entry, as far as it says: Chrome's type of it ("xhr"), and its media type."""
    try:
        if isinstance(raw, msgspec.Raw):
            found = msgspec.json.decode(raw, type=_Answered)
        else:
            found = msgspec.convert(raw, type=_Answered)
    except (ValueError, RecursionError):
        return ()
    answer = found.response
    media_type = text_of(answer.content.mime_type) if answer is not None and answer.content is not None else ""
    words = (text_of(found.resource_type), media_type.partition(";")[0])
    return tuple(word.strip().lower() for word in words if word.strip())
