"""llhttp's callbacks into a `Reply`, with the limits and framing rules llhttp has none for."""

from __future__ import annotations

import time
from typing import Final

import httptools

from tui_client.errors import Failure, FailureKind
from tui_client.http.h1.reply import Reply
from tui_client.model.exchange import BodyEnd

MAX_HEAD_BYTES: Final = 256 * 1024
MAX_FIELDS: Final = 10_000
MAX_INTERIM: Final = 20
_INTERIM: Final = frozenset({100, 102, 103})
_BODILESS: Final = frozenset({204, 304})


class _Stop(Exception):
    """Ends llhttp's work on the data at hand; what it means stands in the reply."""


class ReplyParser:
    """Parses the replies of one connection, one after the other.

    `begin` names the reply to fill; bytes beyond its end set `surplus`, and the connection can't be used again.
    """

    def __init__(self, subject: str) -> None:
        self._subject = subject
        self._llhttp = _llhttp(self)
        self._spent = False
        self._reply: Reply | None = None
        self._head_bytes = 0
        self._silent_bytes = 0
        self._progress = False
        self._trailers = 0
        self.surplus = False

    def begin(self, reply: Reply) -> None:
        """The next bytes answer the request that this reply belongs to."""
        if self._spent:
            self._llhttp = _llhttp(self)
            self._spent = False
        self._reply = reply
        self._head_bytes = self._silent_bytes = self._trailers = 0

    def feed(self, data: bytes) -> None:
        """Parse; never raises: what is wrong becomes the reply's failure."""
        reply = self._reply
        if reply is None or reply.complete or reply.failure is not None:
            self.surplus = True
            return
        self._progress = False
        try:
            self._llhttp.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            self._spent = True
            if not reply.ended:
                self._fail(FailureKind.PROTOCOL, str(error))
            elif _ends_at_head(reply) and not _ends_with_head(data):
                self.surplus = True
        if not reply.ended:
            self._limit_silence(reply, len(data))

    def _limit_silence(self, reply: Reply, count: int) -> None:
        """Bound what llhttp gathers on its own: a head, a trailer or a chunk extension without end."""
        if not reply.head_done:
            self._head_bytes += count
            if self._head_bytes > MAX_HEAD_BYTES:
                self._fail(FailureKind.TOO_LARGE_HEADERS, f"more than {MAX_HEAD_BYTES:,} bytes")
        elif self._progress:
            self._silent_bytes = 0
        else:
            self._silent_bytes += count
            if self._silent_bytes > MAX_HEAD_BYTES:
                self._fail(FailureKind.PROTOCOL, f"more than {MAX_HEAD_BYTES:,} bytes between two chunks")

    def _fail(self, kind: FailureKind, detail: str) -> None:
        if self._reply is not None and not self._reply.ended:
            self._reply.failure = Failure(kind, self._subject, detail=detail)

    # What llhttp calls.

    def on_message_begin(self) -> None:
        reply = self._reply
        if reply is None or reply.ended:
            self.surplus = True
            raise _Stop
        reply.trace.first_byte = time.monotonic()

    def on_status(self, reason: bytes) -> None:
        if self._reply is not None:
            self._reply.reason += reason

    def on_header(self, name: bytes, value: bytes) -> None:
        reply = self._reply
        if reply is None:
            raise _Stop
        if reply.head_done:
            self._trailers += 1
            if self._trailers > MAX_FIELDS:
                self._fail(FailureKind.TOO_LARGE_HEADERS, f"more than {MAX_FIELDS:,} trailers")
                raise _Stop
            return
        # The blanks around a value are not part of it; llhttp leaves those behind it.
        reply.headers.append((name, value.rstrip(b" \t")))
        if len(reply.headers) > MAX_FIELDS:
            self._fail(FailureKind.TOO_LARGE_HEADERS, f"more than {MAX_FIELDS:,} fields")
            raise _Stop

    def on_headers_complete(self) -> None:
        reply = self._reply
        if reply is None:
            raise _Stop
        status: int = self._llhttp.get_status_code()
        if status < 200 and status != 101:
            self._check_interim(reply, status)
            return
        # One piece of data can't hold a head beyond the limit; only one that came in several can.
        if self._head_bytes and sum(len(name) + len(value) + 4 for name, value in reply.headers) > MAX_HEAD_BYTES:
            self._fail(FailureKind.TOO_LARGE_HEADERS, f"more than {MAX_HEAD_BYTES:,} bytes")
            raise _Stop
        reply.status = status
        version = self._llhttp.get_http_version()
        if version != "1.1":
            reply.version = b"HTTP/" + version.encode()
        reply.head_done = True
        if _ends_at_head(reply):
            reply.keep_alive = reply.method == "HEAD" and status != 101 and _keeps_alive(reply)
            reply.complete = True
            raise _Stop
        if status not in _BODILESS:
            _set_framing(reply)

    def _check_interim(self, reply: Reply, status: int) -> None:
        reply.interim += 1
        if reply.interim > MAX_INTERIM:
            self._fail(FailureKind.PROTOCOL, f"more than {MAX_INTERIM} informational replies")
        elif status not in _INTERIM:
            # llhttp would take what follows for a body without end.
            self._fail(FailureKind.PROTOCOL, f"informational status {status} is not known")
        if reply.failure is not None:
            raise _Stop

    def on_body(self, data: bytes) -> None:
        reply = self._reply
        if reply is None:
            raise _Stop
        self._progress = True
        size = len(data)
        reply.chunks.append(data)
        reply.buffered += size
        reply.body_bytes += size

    def on_message_complete(self) -> None:
        reply = self._reply
        if reply is None:
            raise _Stop
        if reply.head_done:
            reply.keep_alive = self._llhttp.should_keep_alive()
            reply.complete = True
            return
        reply.continued = True
        reply.headers = []
        reply.reason = b""
        self._head_bytes = 0


def _llhttp(callbacks: ReplyParser) -> httptools.HttpResponseParser:
    """A parser that reads what curl reads: control signs in values, folded values, lines that end in LF alone.

    Framing stays strict. An explorer shows what a server sends; it passes nothing on that could be smuggled.
    """
    parser = httptools.HttpResponseParser(callbacks)
    parser.set_dangerous_leniencies(lenient_headers=True, lenient_optional_cr_before_lf=True)
    return parser


def _ends_at_head(reply: Reply) -> bool:
    """No body follows, whatever the headers say."""
    return reply.method == "HEAD" or reply.status == 101 or (reply.method == "CONNECT" and 200 <= reply.status < 300)


def _set_framing(reply: Reply) -> None:
    reply.body_end = BodyEnd.CLOSE
    for name, value in reply.headers:
        size = len(name)
        if size == 14 and name.lower() == b"content-length":
            reply.body_end = BodyEnd.LENGTH
            reply.expected = int(value)
        elif size == 17 and name.lower() == b"transfer-encoding":
            chunked = value.lower().rpartition(b",")[2].strip() == b"chunked"
            reply.body_end = BodyEnd.CHUNKED if chunked else BodyEnd.CLOSE
            reply.expected = None
            return


def _keeps_alive(reply: Reply) -> bool:
    """For replies to HEAD, where llhttp still waits for a body."""
    words = {
        word.strip()
        for name, value in reply.headers
        if name.lower() == b"connection"
        for word in value.lower().split(b",")
    }
    return b"close" not in words and reply.version == b"HTTP/1.1"


def _ends_with_head(data: bytes) -> bool:
    """Nothing follows the head; httptools can't say where llhttp stopped."""
    end = data.find(b"\r\n\r\n")
    return end == len(data) - 4 or (end == -1 and data.endswith(b"\n"))
