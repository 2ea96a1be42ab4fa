"""Exchanges as JSON that people can query, without their bodies and secrets: for journals and the history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import msgspec

from tui_client.model.exchange import (
    BodyContent,
    BodyEnd,
    Hop,
    RawHeader,
    Response,
    SentRequest,
    Timings,
    UnverifiedBy,
    header_text,
)
from tui_client.model.masking import header_rows
from tui_client.model.tls import Certificate, TlsDetails
from tui_client.text import redact

_LISTS: Final = (list, tuple)
# What is read back as a time or a member of a closed set; and what was masked before.
_NEVER_MASKED: Final = frozenset({"started", "kind", "body_end", "unverified_by", "value", "actual"})


class SavedRequest(msgspec.Struct, frozen=True, omit_defaults=True):
    """A request as sent. target: only where it is not the URL's path and query. verified: TLS was."""

    method: str
    url: str
    http_version: str
    headers: list[tuple[str, str]]
    body_bytes: int
    target: str = ""
    proxy: str = ""
    verified: bool = True
    unverified_by: UnverifiedBy = ""


class SavedTls(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a handshake came to; chain: its certificates, where there is room for them."""

    version: str
    cipher: str
    alpn: str = ""
    verified: bool = True
    problem: str = ""
    chain: tuple[Certificate, ...] = ()


class SavedResponse(msgspec.Struct, frozen=True, omit_defaults=True):
    """A reply without its body; body_bytes: of the whole one, decoded."""

    status: int
    reason: str
    http_version: str
    headers: list[tuple[str, str]]
    encoded_bytes: int
    body_bytes: int
    complete: bool
    body_end: BodyEnd
    note: str = ""


class SavedHop(msgspec.Struct, frozen=True, omit_defaults=True):
    """A reply that led to another request."""

    request: SavedRequest
    status: int
    reason: str
    headers: list[tuple[str, str]]
    timings: Timings
    dropped_headers: tuple[str, ...] = ()


_encode: Final = msgspec.json.Encoder().encode


def saved_request(request: SentRequest) -> SavedRequest:
    """What is kept of a request besides its body; credentials masked, other secrets not yet."""
    target = header_text(request.target)
    return SavedRequest(
        request.method,
        request.url,
        request.http_version,
        header_rows(request.headers),
        request.body_bytes,
        # With secrets both are masked for themselves, and one may no longer end in the other.
        "" if target == path_and_query(request.url) and not request.secrets else target,
        request.proxy,
        request.verified,
        request.unverified_by,
    )


def saved_tls(details: TlsDetails | None, *, whole: bool) -> SavedTls | None:
    """What is kept of a handshake. whole: with its certificates, which are parsed for that."""
    if details is None:
        return None
    chain = details.chain if whole else ()
    return SavedTls(details.version, details.cipher, details.alpn, details.verified, details.problem, chain)


def saved_response(response: Response) -> SavedResponse:
    """What is kept of a reply besides its body; cookies masked, other secrets not yet."""
    return SavedResponse(
        response.status,
        response.reason,
        response.http_version,
        header_rows(response.headers),
        response.encoded_bytes,
        response.body.size,
        response.complete,
        response.body_end,
        response.note,
    )


def saved_hop(hop: Hop) -> SavedHop:
    """What is kept of a hop."""
    headers = header_rows(hop.headers)
    return SavedHop(saved_request(hop.request), hop.status, hop.reason, headers, hop.timings, hop.dropped_headers)


def loaded_request(saved: SavedRequest, body: bytes = b"") -> SentRequest:
    """The request that was kept, with what was kept of its body; its secrets stay masked."""
    return SentRequest(
        method=saved.method,
        url=saved.url,
        target=(saved.target or path_and_query(saved.url)).encode(),
        headers=_headers(saved.headers),
        body=body,
        body_bytes=saved.body_bytes,
        http_version=saved.http_version,
        proxy=saved.proxy,
        verified=saved.verified,
        unverified_by=saved.unverified_by,
    )


def loaded_tls(saved: SavedTls | None) -> TlsDetails | None:
    """The handshake that was kept."""
    if saved is None:
        return None
    return TlsDetails(saved.version, saved.cipher, saved.alpn, saved.verified, saved.problem, read=saved.chain)


def loaded_response(saved: SavedResponse, body: BodyContent, cut: str = "") -> Response:
    """The reply that was kept. cut: what is missing of its body, as a clause for the note."""
    return Response(
        status=saved.status,
        reason=saved.reason,
        http_version=saved.http_version,
        headers=_headers(saved.headers),
        body=body,
        encoded_bytes=saved.encoded_bytes,
        complete=saved.complete,
        body_end=saved.body_end,
        note="; ".join(part for part in (saved.note, cut) if part),
    )


def loaded_hop(saved: SavedHop) -> Hop:
    """The hop that was kept."""
    headers = _headers(saved.headers)
    return Hop(loaded_request(saved.request), saved.status, saved.reason, headers, saved.timings, saved.dropped_headers)


def path_and_query(url: str) -> str:
    """The request target that goes with most URLs."""
    at = url.find("/", url.find("://") + 3)
    return url[at:] if at >= 0 else "/"


def storable(text: str) -> str:
    """The text as SQLite and JSON take it: halves of surrogate pairs become question marks."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def masked_json(struct: msgspec.Struct, secrets: frozenset[str]) -> str:
    """JSON text of what is made of these structs, secrets masked in all of it."""
    if not secrets:
        try:
            return _encode(struct).decode()
        except UnicodeEncodeError:
            pass  # half a surrogate pair, which neither JSON nor SQLite takes
    tree = msgspec.to_builtins(struct, builtin_types=(datetime,))
    texts: list[str] = []
    _visit(tree, texts.append)
    # One search finds out whether there is anything to mask at all; mostly there is not.
    together = "\n".join(texts)
    if storable(together) != together or redact(together, secrets) != together:
        tree = _masked(tree, secrets)
    return _encode(tree).decode()


def _headers(rows: list[tuple[str, str]]) -> tuple[RawHeader, ...]:
    return tuple((name.encode(), value.encode()) for name, value in rows)


def _visit(node: Any, see: Callable[[str], None]) -> None:
    if isinstance(node, str):
        see(node)
    elif isinstance(node, _LISTS):
        for one in node:
            _visit(one, see)
    elif isinstance(node, dict):
        for name, one in node.items():
            if name not in _NEVER_MASKED:
                _visit(one, see)


def _masked(node: Any, secrets: frozenset[str]) -> Any:
    if isinstance(node, str):
        return storable(redact(node, secrets))
    if isinstance(node, _LISTS):
        return [_masked(one, secrets) for one in node]
    if isinstance(node, dict):
        return {name: one if name in _NEVER_MASKED else _masked(one, secrets) for name, one in node.items()}
    return node
