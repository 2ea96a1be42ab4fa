"""One exchange: what was sent, what came back, how long each part took, and the events on the way."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Literal, Protocol, TypeAlias, runtime_checkable

import msgspec

from tui_client.errors import Failure
from tui_client.model.tls import TlsDetails

RawHeader: TypeAlias = tuple[bytes, bytes]
# Who let a certificate go unverified: the user's settings of that host, or options that he allowed for it; "" nobody.
UnverifiedBy: TypeAlias = Literal["", "settings", "options"]


class BodyContent(Protocol):
    """A body that may be larger than memory: in memory up to 1 MiB, then in a file."""

    @property
    def size(self) -> int:
        """Bytes so far."""

    @property
    def path(self) -> Path | None:
        """The spool file; None while in memory."""

    def read(self, start: int = 0, length: int | None = None) -> bytes:
        """Bytes from `start`; all the rest without a length."""


@runtime_checkable
class TimedContent(BodyContent, Protocol):
    """A body that knows when its bytes came; one that came whole with its head does not."""

    @property
    def age_s(self) -> float:
        """Seconds since the head of the reply."""

    def arrived_s(self, offset: int) -> float:
        """Seconds from the head of the reply to when the byte at `offset` came."""


class BytesBody(msgspec.Struct, frozen=True):
    """A body held in memory."""

    data: bytes = b""

    @property
    def size(self) -> int:
        return len(self.data)

    @property
    def path(self) -> Path | None:
        return None

    def read(self, start: int = 0, length: int | None = None) -> bytes:
        return self.data[start:] if length is None else self.data[start : start + length]


class SentRequest(msgspec.Struct, frozen=True):
    """What went over the wire, byte for byte: `target` is the request target, `headers` in order and case as sent.

    `body` holds the first MiB at most, for the request view; `body_bytes` is what was sent in all.
    `secrets`: the values that must be masked wherever this is shown or written. `verified`: certificates were, where
    there were any.
    """

    method: str
    url: str
    target: bytes
    headers: tuple[RawHeader, ...]
    body: bytes = b""
    body_bytes: int = 0
    http_version: str = "HTTP/1.1"
    proxy: str = ""
    verified: bool = True
    secrets: frozenset[str] = frozenset()
    unverified_by: UnverifiedBy = ""


class BodyEnd(StrEnum):
    """How the end of a reply's body is known."""

    NONE = "none"
    LENGTH = "length"
    CHUNKED = "chunked"
    CLOSE = "close"  # the end is not verifiable
    HTTP2 = "http2"


class Response(msgspec.Struct, frozen=True):
    """A reply. `body` is decoded by Content-Encoding; `encoded_bytes` is what came over the wire.

    complete is False when the body was cut, cancelled or could not be decoded; `note` then says why, in words.
    """

    status: int
    reason: str
    http_version: str
    headers: tuple[RawHeader, ...]
    body: BodyContent
    encoded_bytes: int = 0
    complete: bool = True
    body_end: BodyEnd = BodyEnd.NONE
    note: str = ""


class Timings(msgspec.Struct, frozen=True):
    """Milliseconds on the monotonic clock, named as in HAR 1.2 `timings`; None where a phase did not take place.

    blocked: waiting for a free connection. connect excludes tls. wait: last byte sent to first byte received.
    total: from the call to the last byte, redirects and authentication round trips included.
    """

    blocked: float | None = None
    dns: float | None = None
    connect: float | None = None
    tls: float | None = None
    send: float | None = None
    wait: float | None = None
    receive: float | None = None
    total: float = 0.0


class Hop(msgspec.Struct, frozen=True):
    """A reply that led to another request: a redirect, or an authentication challenge.

    own: to a request that an auth flow made, for a token say.
    """

    request: SentRequest
    status: int
    reason: str
    headers: tuple[RawHeader, ...]
    timings: Timings
    dropped_headers: tuple[str, ...] = ()  # names not carried to the next hop, since it is another origin
    own: bool = False


class Exchange(msgspec.Struct, frozen=True):
    """All that is known of one send. `failure` and `response` may both be set: a reply that was cut.

    tls: of the connection to the last server; None without TLS, or where no handshake came that far.
    """

    request: SentRequest
    response: Response | None
    timings: Timings
    started: datetime
    hops: tuple[Hop, ...] = ()
    failure: Failure | None = None
    remote: str = ""  # "127.0.0.1:8000", or the socket's path
    warnings: tuple[str, ...] = ()  # sentences about what could not be obeyed, say a proxy variable
    tls: TlsDetails | None = None


class Started(msgspec.Struct, frozen=True):
    """The request is about to be sent; posted once a hop."""

    request: SentRequest


class HeadReceived(msgspec.Struct, frozen=True):
    """Status and headers are here; the body (still growing) is readable through `response.body`."""

    response: Response
    hop: int


class BytesReceived(msgspec.Struct, frozen=True):
    """More of the body is here: decoded bytes so far, and the length announced, if any."""

    received_bytes: int
    expected_bytes: int | None


class Finished(msgspec.Struct, frozen=True):
    """The last event of a send that got a whole reply."""

    exchange: Exchange


class Failed(msgspec.Struct, frozen=True):
    """The last event of a send that did not; `exchange.failure` says why, what arrived is kept."""

    exchange: Exchange


Event: TypeAlias = Started | HeadReceived | BytesReceived | Finished | Failed


def header_text(raw: bytes) -> str:
    """A header's bytes as text: UTF-8 if they are, else Latin-1. Not yet safe to print."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def header_values(headers: tuple[RawHeader, ...], name: str) -> list[str]:
    """All values of a header, in order; the name's case doesn't matter."""
    wanted = name.lower().encode("utf-8", "surrogatepass")
    return [header_text(value) for key, value in headers if key.lower() == wanted]
