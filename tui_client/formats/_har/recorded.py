"""Requests that a browser or a proxy recorded, as they were sent; read leniently.

Entries that can't be sent again as they were are left out and listed. Response bodies are never decoded, so that memory
holds the file and the requests alone.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from sys import intern
from typing import Any, Final, TypeAlias

import msgspec

from tui_client.formats._format import FormatError, Skipped, refuse_large
from tui_client.formats._har.body import Announced, body_bytes, text_of
from tui_client.formats._har.file import Entry, Request, Response, decoded, raw_entries

MAX_BYTES: Final = 512 * 1024 * 1024
MAX_ENTRIES: Final = 1_000_000
_SHOWN: Final = 200  # characters of a URL that is listed
_URL: Final = re.compile(r"(https?)://(?:[^/?#]*@)?([^/?#@]*)", re.IGNORECASE)
_USER: Final = re.compile(r"(://)[^/?#@]*@")
_CACHES: Final = frozenset({"memory cache", "disk cache"})
_BODILESS: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
# What the connection of the recording needed, not the request; the engine says how long a body is.
_OF_CONNECTION: Final = frozenset(
    {
        "connection",
        "content-length",
        "http2-settings",
        "keep-alive",
        "proxy-authorization",
        "proxy-connection",
        "transfer-encoding",
        "upgrade",
    }
)

Headers: TypeAlias = tuple[tuple[str, str], ...]


class HarEntry(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One recorded request. All of it is outside text.

    number: its place in the file, from 1. started: aware. http_version: as written ("HTTP/1.1", "h2"), "" if unknown.
    headers: in order, without those of the connection and a Host that the URL says already.
    body: None if there was none; media_type: what the file says of it apart from the headers.
    time_ms, status: of the recorded reply, None where there was none.
    """

    number: int
    started: datetime
    method: str
    url: str
    http_version: str = ""
    headers: Headers = ()
    body: bytes | None = None
    media_type: str = ""
    time_ms: float | None = None
    status: int | None = None
    comment: str = ""


class Har(msgspec.Struct, frozen=True):
    """What a file holds, both in the order of the file."""

    entries: tuple[HarEntry, ...] = ()
    skipped: tuple[Skipped, ...] = ()


def read_har(data: bytes, *, max_bytes: int = MAX_BYTES, max_entries: int = MAX_ENTRIES) -> Har:
    """The requests of a HAR file. Raises FormatError for what is no HAR file, or too large."""
    refuse_large(data, max_bytes)
    entries: list[HarEntry] = []
    skipped: list[Skipped] = []
    for number, raw in enumerate(bounded_entries(data, max_entries), start=1):
        what = ""
        try:
            entry = decoded(raw)
            what = shown(entry)
            entries.append(_usable(number, entry))
        except FormatError as error:
            skipped.append(Skipped(number, what, error.reason))
    return Har(tuple(entries), tuple(skipped))


def bounded_entries(data: bytes, max_entries: int = MAX_ENTRIES) -> Sequence[Any]:
    """The entries of a file, for `decoded`. Raises FormatError, also for too many."""
    found = raw_entries(data)
    if len(found) > max_entries:
        raise FormatError(f"has more than {max_entries} entries")
    return found


def _usable(number: int, entry: Entry) -> HarEntry:
    request = entry.request
    refuse_unsendable(entry)
    url, rows = request.url.strip(), sent_rows(request)
    media_type = "" if request.post_data is None else text_of(request.post_data.mime_type)
    return HarEntry(
        number=number,
        started=_started(entry.started_date_time),
        method=request.method,
        url=url,
        http_version=text_of(request.http_version),
        headers=without_connection(rows, url),
        body=body_bytes(request.post_data, announced(request, rows, media_type)),
        media_type=media_type,
        time_ms=_number(entry.time),
        status=_status(entry.response),
        comment=text_of(entry.comment),
    )


def refuse_unsendable(entry: Entry) -> None:
    """Raises FormatError for what was no request to a server."""
    url = entry.request.url.strip()
    if entry.from_cache or text_of(entry.fetch_type).lower() in _CACHES:
        raise FormatError("it was answered by the browser's cache and never sent")
    if entry.request.method.upper() == "CONNECT":
        raise FormatError("it opened a tunnel, which is no request to a server")
    found = _URL.match(url)
    if found is None:
        raise FormatError(f"its URL begins with {url.partition(':')[0][:20]}:, not with http:// or https://")
    if text_of(entry.resource_type).lower() == "websocket" or _status(entry.response) == 101:
        raise FormatError("it opened a WebSocket or another protocol")


def sent_rows(request: Request) -> Headers:
    """The headers, without those that HTTP/2 makes of the request line."""
    # HTTP/2 and 3 write method, scheme, host and path as headers whose names begin with a colon.
    rows = ((text_of(row.name), text_of(row.value)) for row in request.headers or ())
    # A browser writes the same few headers thousands of times.
    return tuple((intern(name), intern(value)) for name, value in rows if not name.startswith(":"))


def without_connection(rows: Headers, url: str) -> Headers:
    """Without what the connection of the recording needed, and a Host that the URL says."""
    host = host_of(url)
    return tuple(
        (name, value)
        for name, value in rows
        if (lower := name.lower()) not in _OF_CONNECTION and not (lower == "host" and value.strip().lower() == host)
    )


def host_of(url: str) -> str:
    """What Host says for a URL: without a user, and without the scheme's own port."""
    found = _URL.match(url)
    if found is None:
        return ""
    return found[2].lower().removesuffix(":80" if found[1].lower() == "http" else ":443")


def announced(request: Request, rows: Headers, media_type: str) -> Announced:
    """What of the request tells of its body."""
    said = {name.lower(): value for name, value in rows}
    size = _number(said.get("content-length"))
    if not size and request.method not in _BODILESS:
        size = _number(request.body_size)
    return Announced(
        content_type=said.get("content-type") or media_type,
        size=None if size is None else int(size),
        coded=said.get("content-encoding", "identity").strip().lower() != "identity",
    )


def _started(value: object) -> datetime:
    try:
        started = datetime.fromisoformat(text_of(value).strip())
    except ValueError:
        raise FormatError("its startedDateTime is not a date with time") from None
    return started if started.tzinfo else started.replace(tzinfo=UTC)


def _number(value: object) -> float | None:
    """A size, a duration or a status; HAR writes -1 for what is not known."""
    try:
        number = float(text_of(value))
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and number >= 0 else None


def _status(response: Response | None) -> int | None:
    # Browsers write 0 for a request without a reply.
    number = None if response is None else _number(response.status)
    return int(number) if number and 100 <= number <= 999 else None


def shown(entry: Entry) -> str:
    """ "GET https://h.example/path", without user and query."""
    url = _USER.sub(r"\1", entry.request.url.strip().partition("?")[0].partition("#")[0], count=1)
    return f"{entry.request.method} {url if len(url) <= _SHOWN else url[:_SHOWN] + '…'}".strip()
