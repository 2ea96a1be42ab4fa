"""Between an exchange and its row: what is written holds no secret, what is read is an exchange again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from tui_client.errors import BrokenFile, Failure, SaveFailed
from tui_client.history.bodies import FileBody, Hidden, KeptFile
from tui_client.history.entry import Entry, Kept
from tui_client.history.limits import INLINE_BYTES
from tui_client.history.redaction import masked_request, secrets_of
from tui_client.history.sent import Sent
from tui_client.model.charset import decode_body
from tui_client.model.exchange import BodyContent, BytesBody, Exchange, RawHeader, Response, Timings, header_values
from tui_client.model.masking import margin, masked_bytes
from tui_client.model.request import Request
from tui_client.model.saved import (
    SavedHop,
    SavedRequest,
    SavedResponse,
    SavedTls,
    loaded_hop,
    loaded_request,
    loaded_response,
    loaded_tls,
    masked_json,
    saved_hop,
    saved_request,
    saved_response,
    saved_tls,
    storable,
)
from tui_client.storage.document import Document
from tui_client.storage.request_file import read_request
from tui_client.storage.saving import new_request_text
from tui_client.template.parse import Text, unparse
from tui_client.text import redact

ENTRY_COLUMNS: Final = (
    *("id", "started_us", "method", "url", "key", "root", "environment"),
    *("status", "failure", "total_ms", "body_bytes", "verified"),
)
# The request's text is read by the reader of request files, which wants to know of which file.
_FILE: Final = Path("request.toml")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_SNIFFED: Final = 1024  # of a body, to know its charset
_ROW_BYTES: Final = 512  # what SQLite needs for a row and its places in the indexes, about


class SavedExchange(msgspec.Struct, frozen=True, omit_defaults=True):
    """An exchange without its bodies, as it stands in `parts.exchange`."""

    request: SavedRequest
    started: datetime
    timings: Timings
    response: SavedResponse | None = None
    hops: tuple[SavedHop, ...] = ()
    failure: Failure | None = None
    remote: str = ""
    warnings: tuple[str, ...] = ()
    tls: SavedTls | None = None


class Packed(NamedTuple):
    """All that is written of one exchange, masked. entry: by `ENTRY_COLUMNS`, without the id. body: None in a file."""

    entry: tuple[Any, ...]
    exchange: str
    request: str
    request_body: bytes
    body: bytes | None
    text: str
    kept_bytes: int


class Parts(NamedTuple):
    """The columns of `parts`, in their order, without the id."""

    exchange: str
    request: str
    request_body: bytes
    body: bytes | None
    body_file: str
    body_cut: int


def pack(sent: Sent, secrets: frozenset[str]) -> Packed:
    """What is written, but for a body that is long or can't be read now."""
    exchange = sent.exchange
    saved = _saved(exchange)
    text = masked_json(saved, secrets)
    request = _request_text(masked_request(sent.request, secrets), secrets)
    sent_body = _beginning(BytesBody(exchange.request.body), exchange.request.headers, secrets)
    came, whole = _reply(exchange.response, secrets)
    found = _searched(sent, msgspec.json.decode(text, type=SavedExchange), sent_body, came, secrets)
    body = came if whole else None
    # The index of the text is about as large as the text, and so is the copy that it keeps.
    kept = _ROW_BYTES + len(text) + len(request) + len(sent_body) + len(body or b"") + 2 * len(found)
    return Packed(_entry(sent, secrets), text, request, sent_body, body, found, kept)


def with_file(packed: Packed, file: KeptFile | None) -> Parts:
    """The columns of `parts`. file: of a long body; None where it is short, or could not be kept."""
    is_lost = packed.body is None and file is None
    name, cut = ("", is_lost) if file is None else (file.name, file.cut)
    return Parts(packed.exchange, packed.request, packed.request_body, packed.body, name, int(cut))


def secrets_in(sent: Sent) -> frozenset[str]:
    """What must be masked in all that is written of it."""
    return secrets_of(sent.exchange)


def hidden_in(body: BodyContent, headers: tuple[RawHeader, ...], secrets: frozenset[str]) -> Hidden:
    """What must be masked in a body. Raises OSError."""
    media_type = "".join(header_values(headers, "content-type")[:1])
    return Hidden(secrets, decode_body(body.read(0, _SNIFFED), media_type).charset if secrets else "")


def entry_of(row: Sequence[Any]) -> Entry:
    """The entry in a row of `ENTRY_COLUMNS`."""
    number, started_us, method, url, key, root, environment, status, failure, total_ms, body_bytes, verified = row
    when, checked = _EPOCH + started_us * _MICROSECOND, bool(verified)
    return Entry(number, when, method, url, key, root, environment, status, failure, total_ms, body_bytes, checked)


def kept_of(entry: Entry, parts: Parts, folder: Path) -> Kept:
    """An entry with all its parts; long bodies are looked for in `folder`. Raises ValueError for damaged parts."""
    saved = msgspec.json.decode(parts.exchange, type=SavedExchange)
    response = None
    if saved.response is not None:
        body, cut = _body(parts, saved.response.body_bytes, folder)
        response = loaded_response(saved.response, body, cut)
        response = msgspec.structs.replace(response, complete=response.complete and not cut)
    exchange = Exchange(
        request=loaded_request(saved.request, parts.request_body),
        response=response,
        timings=saved.timings,
        started=saved.started,
        hops=tuple(map(loaded_hop, saved.hops)),
        failure=saved.failure,
        remote=saved.remote,
        warnings=saved.warnings,
        tls=loaded_tls(saved.tls),
    )
    return Kept(entry, exchange, _request_of(parts.request, entry))


def _saved(exchange: Exchange) -> SavedExchange:
    return SavedExchange(
        request=saved_request(exchange.request),
        started=exchange.started,
        timings=exchange.timings,
        response=None if exchange.response is None else saved_response(exchange.response),
        hops=tuple(map(saved_hop, exchange.hops)),
        failure=exchange.failure,
        remote=exchange.remote,
        warnings=exchange.warnings,
        tls=saved_tls(exchange.tls, whole=True),
    )


def _entry(sent: Sent, secrets: frozenset[str]) -> tuple[Any, ...]:
    exchange, response = sent.exchange, sent.exchange.response
    # What the user sent, not where redirects led.
    # Not a token's request, which the user never wrote.
    first = next((hop.request for hop in exchange.hops if not hop.own), exchange.request)
    return (
        (exchange.started - _EPOCH) // _MICROSECOND,
        *(storable(redact(text, secrets)) for text in (first.method, first.url)),
        # Names of files, which must stay what they are; no place for a secret.
        *map(storable, (sent.key, sent.root, sent.environment)),
        None if response is None else response.status,
        "" if exchange.failure is None else exchange.failure.kind.value,
        exchange.timings.total,
        0 if response is None else response.body.size,
        int(exchange.request.verified and all(hop.request.verified for hop in exchange.hops)),
    )


def _reply(response: Response | None, secrets: frozenset[str]) -> tuple[bytes, bool]:
    """The beginning of a reply's body, and whether that is all of it."""
    if response is None:
        return b"", True
    try:
        return _beginning(response.body, response.headers, secrets), response.body.size <= INLINE_BYTES
    except OSError:
        return b"", False


def _beginning(body: BodyContent, headers: tuple[RawHeader, ...], secrets: frozenset[str]) -> bytes:
    if body.size <= INLINE_BYTES and not secrets:
        return body.read()
    window, charset = INLINE_BYTES + margin(secrets), hidden_in(body, headers, secrets).charset
    return masked_bytes(body.read(0, window), secrets, INLINE_BYTES, whole=body.size <= window, charset=charset)


def _searched(sent: Sent, saved: SavedExchange, sent_body: bytes, came: bytes, secrets: frozenset[str]) -> str:
    """What the search looks at, a line each."""
    lines = [saved.request.method, saved.request.url, *(hop.request.url for hop in saved.hops), storable(sent.key)]
    if saved.response is not None:
        lines += [str(saved.response.status), *(value for _, value in saved.response.headers)]
    if saved.failure is not None:
        lines += [saved.failure.kind.value, saved.failure.detail]
    lines += [value for _, value in saved.request.headers]
    lines += _texts(sent_body, saved.request.headers)
    lines += _texts(came, [] if saved.response is None else saved.response.headers)
    # Once more as a whole: decoding a body may have brought a secret to light.
    return redact("\n".join(lines), secrets)


def _texts(body: bytes, headers: Sequence[tuple[str, str]]) -> Iterator[str]:
    if not body:
        return
    media_type = next((value for name, value in headers if name.lower() == "content-type"), "")
    text = decode_body(body, media_type).text
    if "\0" not in text:
        yield text


def _request_text(request: Request, secrets: frozenset[str]) -> str:
    simple = Request(name=request.name, method=request.method, url=request.url)
    for one in (request, simple):
        try:
            text = new_request_text(_FILE, one)
        except SaveFailed:
            continue  # a body of bytes, say, which no file can say
        return redact(text, secrets)
    return ""


def _request_of(text: str, entry: Entry) -> Request:
    try:
        if text:
            return read_request(Document(_FILE, text))
    except BrokenFile:
        pass  # of another version, or a secret stood in its very syntax
    return Request(method=entry.method, url=unparse((Text(entry.url),)))


def _body(parts: Parts, size: int, folder: Path) -> tuple[BodyContent, str]:
    """The body, and what is missing of it, as a clause; "" if that is nothing."""
    if not parts.body_file:
        return BytesBody(parts.body or b""), "this body could not be kept" if parts.body_cut else ""
    try:
        body = FileBody(folder / parts.body_file)
    except OSError:
        return BytesBody(), "the file of this body is gone from the history"
    if parts.body_cut:
        return body, f"the history keeps {body.size:,} of {size:,} bytes of this body"
    return body, ""
