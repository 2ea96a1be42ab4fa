"""The head of a request as bytes, refused where it could be read in two ways."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from tui_client.errors import FailureKind, RequestFailed
from tui_client.http.oserrors import failed
from tui_client.model.exchange import RawHeader, header_text

_TOKEN: Final = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_BAD_NAME: Final = re.compile(rb"[\x00-\x20:\x7f]")
_BAD_VALUE: Final = re.compile(rb"[\r\n\x00]")
_BAD_TARGET: Final = re.compile(rb"[\x00-\x20\x7f]")


class Framing(NamedTuple):
    """What the headers say of the body. length None: not announced."""

    length: int | None
    chunked: bool
    expects_continue: bool


_PLAIN: Final = Framing(None, False, False)


def request_head(method: str, target: bytes, headers: Sequence[RawHeader]) -> tuple[bytes, Framing]:
    """Request line and header lines, exactly as given, and the framing they announce.

    Raises RequestFailed (header.invalid, url.invalid): CR, LF or NUL; framing headers that contradict each other.
    """
    parts = [_method(method), b" ", target, b" HTTP/1.1\r\n"]
    framing = _PLAIN
    for name, value in headers:
        parts += (name, b": ", value, b"\r\n")
        if len(name) in _FRAMING_SIZES:
            framing = _read_framing(framing, name.lower(), value)
        if _bad_name(name):
            raise failed(FailureKind.HEADER_INVALID, header_text(name), "a name holds no space, colon or control sign")
    parts.append(b"\r\n")
    head = b"".join(parts)
    lines = len(headers) + 2
    if head.count(b"\n") != lines or head.count(b"\r") != lines or b"\0" in head or _BAD_TARGET.search(target):
        raise _culprit(target, headers)
    return head, framing


_FRAMING_SIZES: Final = frozenset(map(len, (b"content-length", b"transfer-encoding", b"expect")))


@lru_cache(maxsize=64)
def _method(method: str) -> bytes:
    raw = method.encode("ascii", "replace")
    if not _TOKEN.fullmatch(raw):
        raise failed(FailureKind.URL_INVALID, method, "a method is one word of letters, digits and hyphens")
    return raw


@lru_cache(maxsize=1024)
def _bad_name(name: bytes) -> bool:
    return not name or _BAD_NAME.search(name) is not None


def _read_framing(so_far: Framing, name: bytes, value: bytes) -> Framing:
    match name:
        case b"content-length":
            if so_far.length is not None:
                raise failed(FailureKind.HEADER_INVALID, "Content-Length", "it stands there twice")
            if not (value.isdigit() and len(value) < 20):
                raise failed(FailureKind.HEADER_INVALID, "Content-Length", "it is not a number")
            framing = so_far._replace(length=int(value))
        case b"transfer-encoding":
            if so_far.chunked or value.strip().lower() != b"chunked":
                raise failed(FailureKind.HEADER_INVALID, "Transfer-Encoding", "only chunked, once, can be sent")
            framing = so_far._replace(chunked=True)
        case b"expect":
            return so_far._replace(expects_continue=value.strip().lower() == b"100-continue")
        case _:
            return so_far
    if framing.chunked and framing.length is not None:
        raise failed(FailureKind.HEADER_INVALID, "Transfer-Encoding", "it contradicts Content-Length")
    return framing


def _culprit(target: bytes, headers: Sequence[RawHeader]) -> RequestFailed:
    if _BAD_TARGET.search(target):
        return failed(FailureKind.URL_INVALID, header_text(target), "a request target holds no space or control sign")
    name = next((name for name, value in headers if _BAD_VALUE.search(value)), b"")
    return failed(FailureKind.HEADER_INVALID, header_text(name), "CR, LF or NUL in its value")
