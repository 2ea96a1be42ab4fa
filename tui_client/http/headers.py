"""The header rows of a request: checked before anything is sent, and all of them visible afterwards."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

import tui_client
from tui_client.errors import Failure, FailureKind, RequestFailed
from tui_client.http.url import Url
from tui_client.model.content import EncodedBody
from tui_client.model.exchange import RawHeader
from tui_client.text import control_in

TOKEN: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+\Z")
# Servers expect a length from these even where there is no body (RFC 9110, 8.6).
_EXPECT_LENGTH: Final = frozenset({"POST", "PUT", "PATCH"})
_OWN: Final = (
    (b"User-Agent", f"tui-client/{tui_client.__version__}".encode()),
    (b"Accept", b"*/*"),
    (b"Accept-Encoding", b"gzip, deflate, br"),
)


def invalid_header(name: str, detail: str) -> RequestFailed:
    """The error for a header that can't be sent; never carries the value, which may be a secret."""
    return RequestFailed(Failure(FailureKind.HEADER_INVALID, subject=name, detail=detail))


def encode_header(name: str, value: str) -> RawHeader:
    """One row as bytes, UTF-8, as written.

    Raises RequestFailed (header.invalid) for a name that is no token and for control signs.
    """
    if not name:
        raise invalid_header(name, "it has no name")
    if not TOKEN.match(name):
        raise invalid_header(name, "a name is letters, digits and !#$%&'*+-.^_`|~ only")
    if found := control_in(value):
        raise invalid_header(name, f"its value contains {found}")
    try:
        return name.encode("ascii"), value.encode()
    except UnicodeEncodeError:
        raise invalid_header(name, "its value contains half of a surrogate pair") from None


def has_header(rows: Iterable[RawHeader], name: bytes) -> bool:
    """Whether a row of this name, given in lower case, is there."""
    return any(key.lower() == name for key, _ in rows)


def assemble_headers(
    method: str, url: Url, rows: Sequence[tuple[str, str]], body: EncodedBody, credentials: RawHeader | None
) -> tuple[RawHeader, ...]:
    """Every header that will be sent, in order: ours where the user gave none, the user's, those of the body.

    Raises RequestFailed (header.invalid), also for framing that contradicts the body.
    """
    given = [encode_header(name, value) for name, value in rows]
    names = {key.lower() for key, _ in given}
    _check_framing(given, body)
    headers: list[RawHeader] = []
    if b"host" not in names:
        headers.append((b"Host", url.host_header.encode("ascii")))
    headers.extend(row for row in _OWN if row[0].lower() not in names)
    if credentials is not None and b"authorization" not in names:
        headers.append(credentials)
    headers.extend(given)
    if body.content_type and b"content-type" not in names:
        headers.append(encode_header("Content-Type", body.content_type))
    if b"content-length" not in names and (body.segments or method in _EXPECT_LENGTH):
        headers.append((b"Content-Length", b"%d" % body.size))
    return tuple(headers)


def _check_framing(given: Sequence[RawHeader], body: EncodedBody) -> None:
    # Two opinions about where a body ends are how requests are smuggled.
    lengths = [value.strip() for key, value in given if key.lower() == b"content-length"]
    if len(lengths) > 1:
        raise invalid_header("Content-Length", "it is given more than once")
    if lengths and lengths[0] != b"%d" % body.size:
        raise invalid_header("Content-Length", f"the body has {body.size} bytes. Leave the header out")
    if has_header(given, b"transfer-encoding"):
        raise invalid_header("Transfer-Encoding", "the body is sent with its length. Leave the header out")
