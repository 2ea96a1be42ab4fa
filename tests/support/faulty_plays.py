"""What a hostile server does, chosen by the path: `/reset/body`, `/cut/length`, `/bomb/gzip?mib=1024`, …

One table says what is sent and how it ends; what has no end, or a size, is a function below.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from typing import Final, NamedTuple
from urllib.parse import parse_qs, unquote_to_bytes

import bombs
import brotli
from loopback import Peer

HEAD: Final = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
CHUNKED: Final = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
TEXT: Final = b"".join(b"%d is a number\n" % number for number in range(2_000))
GZIP: Final = gzip.compress(TEXT, mtime=0)
DEFLATE: Final = zlib.compress(TEXT)
BROTLI: Final = brotli.compress(TEXT)


class Script(NamedTuple):
    """What is sent, and how it ends: close, reset, hang, or keep for another request."""

    sends: bytes
    ends: str = "close"


def whole(body: bytes, *headers: bytes) -> bytes:
    """A reply with its length."""
    return HEAD + b"".join(header + b"\r\n" for header in headers) + b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


def chunks(body: bytes, *headers: bytes, size: int = 1000) -> bytes:
    """A reply in chunks."""
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    lines = b"".join(header + b"\r\n" for header in (*headers, b"Transfer-Encoding: chunked"))
    return HEAD + lines + b"\r\n" + b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def encoded(name: bytes, body: bytes) -> bytes:
    """A whole reply that says it is compressed."""
    return whole(body, b"Content-Encoding: " + name)


def until_close(body: bytes, *headers: bytes) -> bytes:
    """A reply that only the end of the connection ends."""
    return HEAD + b"".join(header + b"\r\n" for header in (*headers, b"Connection: close")) + b"\r\n" + body


_HALF_GZIP: Final = GZIP[: len(GZIP) // 2]
_BROKEN_GZIP: Final = _HALF_GZIP + b"\xff" * 2_000

SCRIPTS: Final = {
    "ok": Script(whole(b"hi"), "keep"),
    "reset/before": Script(b"", "reset"),
    "reset/status": Script(b"HTTP/1.1 20", "reset"),
    "reset/head": Script(HEAD + b"X-Half", "reset"),
    "reset/body": Script(HEAD + b"Content-Length: 100\r\n\r\nhalf", "reset"),
    "reset/chunk": Script(CHUNKED + b"64\r\nhalf", "reset"),
    "reset/until_close": Script(until_close(b"half"), "reset"),
    "reset/after": Script(whole(b"hi"), "reset"),
    "reset/next": Script(whole(b"hi"), "reset next"),
    "close/before": Script(b""),
    "close/head": Script(HEAD + b"X-Half"),
    "close/after": Script(whole(b"hi")),
    "close/next": Script(whole(b"hi"), "close next"),
    "garbage/text": Script(b"hello, this is no web server\r\n"),
    "garbage/html": Script(b"<html><body>HTTP/0.9</body></html>"),
    "garbage/ssh": Script(b"SSH-2.0-OpenSSH_9.6\r\n"),
    "garbage/binary": Script(bytes(range(256))),
    "garbage/http2": Script(b"\0\0\x12\x04\0\0\0\0\0" + b"\0\x03\0\0\0\x64" * 3),
    "garbage/tls_alert": Script(b"\x15\x03\x03\0\x02\x02\x28"),
    "garbage/status": Script(b"HTTP/1.1 abc OK\r\nContent-Length: 0\r\n\r\n"),
    "garbage/version": Script(b"HTTP/7.3 200 OK\r\nContent-Length: 0\r\n\r\n"),
    "garbage/no_colon": Script(HEAD + b"no colon here\r\n\r\n"),
    "garbage/header_name": Script(HEAD + b"X Y: 1\r\nContent-Length: 0\r\n\r\n"),
    "garbage/negative_length": Script(HEAD + b"Content-Length: -1\r\n\r\n"),
    "garbage/two_lengths": Script(HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nhi"),
    "garbage/huge_length": Script(HEAD + b"Content-Length: 99999999999999999999999\r\n\r\nhi"),
    "garbage/length_and_chunks": Script(HEAD + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    "garbage/chunk_size": Script(CHUNKED + b"4\r\nhalf\r\nzz\r\n"),
    "garbage/chunk_end": Script(CHUNKED + b"4\r\nhalfXX"),
    "garbage/huge_chunk": Script(CHUNKED + b"4\r\nhalf\r\nfffffffffffffffff\r\nhi"),
    "cut/length": Script(HEAD + b"Content-Length: 100\r\n\r\nhalf"),
    "cut/empty": Script(HEAD + b"Content-Length: 100\r\n\r\n"),
    "cut/chunk": Script(CHUNKED + b"64\r\nhalf"),
    "cut/chunk_size": Script(CHUNKED + b"4\r\nhalf\r\n6"),
    "cut/last_chunk": Script(CHUNKED + b"4\r\nhalf\r\n"),
    "cut/trailer": Script(CHUNKED + b"4\r\nhalf\r\n0\r\nX-Trailer: 1\r\n"),
    "cut/gzip": Script(encoded(b"gzip", _HALF_GZIP), "keep"),
    "cut/gzip_chunks": Script(chunks(_HALF_GZIP, b"Content-Encoding: gzip"), "keep"),
    "cut/gzip_trailer": Script(encoded(b"gzip", GZIP[:-8]), "keep"),
    "cut/gzip_until_close": Script(until_close(_HALF_GZIP, b"Content-Encoding: gzip")),
    "cut/gzip_and_length": Script(encoded(b"gzip", GZIP)[: -len(GZIP) // 2]),
    "cut/deflate": Script(encoded(b"deflate", DEFLATE[: len(DEFLATE) // 2]), "keep"),
    "cut/br": Script(encoded(b"br", BROTLI[: len(BROTLI) // 2]), "keep"),
    "cut/until_close": Script(until_close(b"half")),
    "bad/gzip": Script(encoded(b"gzip", b"this is no gzip"), "keep"),
    "bad/gzip_late": Script(encoded(b"gzip", _BROKEN_GZIP), "keep"),
    "bad/gzip_sum": Script(encoded(b"gzip", GZIP[:-8] + bytes(8)), "keep"),
    "bad/deflate": Script(encoded(b"deflate", b"\x78\x9c\xff\xff\xff"), "keep"),
    "bad/br": Script(encoded(b"br", b"\xff" * 40), "keep"),
    "bad/six_times": Script(encoded(b"gzip, gzip, gzip, gzip, gzip, gzip", GZIP), "keep"),
    "hang/before": Script(b"", "hang"),
    "hang/status": Script(b"HTTP/1.1 20", "hang"),
    "hang/headers": Script(HEAD + b"X-Slow: ", "hang"),
    "hang/body": Script(HEAD + b"Content-Length: 100\r\n\r\nhalf", "hang"),
    "hang/chunk": Script(CHUNKED + b"4\r\nhalf\r\n", "hang"),
    "hang/until_close": Script(until_close(b"half"), "hang"),
    "hang/continue": Script(b"HTTP/1.1 100 Continue\r\n\r\n", "hang"),
    "hang/redirect": Script(b"HTTP/1.1 302 Found\r\nLocation: /ok\r\nContent-Length: 9\r\n\r\nmoved", "hang"),
    "redirect/loop": Script(b"HTTP/1.1 302 Found\r\nLocation: /redirect/loop\r\nContent-Length: 0\r\n\r\n", "keep"),
    "redirect/here": Script(b"HTTP/1.1 302 Found\r\nLocation: /redirect/there\r\nContent-Length: 0\r\n\r\n", "keep"),
    "redirect/there": Script(b"HTTP/1.1 307 Back\r\nLocation: /redirect/here\r\nContent-Length: 0\r\n\r\n", "keep"),
}

# Without end: what is sent first, and then again and again. `?ms=` between two of them, 10 by default.
DRIPS: Final = {
    "drip/body": (HEAD + b"Content-Length: 1000000000\r\n\r\n", b"x"),
    "drip/chunks": (CHUNKED, b"1\r\nx\r\n"),
    "drip/until_close": (until_close(b""), b"x"),
    "drip/status": (b"HTTP/1.1 200 ", b"O"),
    "drip/header": (HEAD + b"X-Slow: ", b"x"),
    "drip/headers": (HEAD, b"X-Slow: x\r\n"),
    "drip/100": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "drip/102": (b"", b"HTTP/1.1 102 Processing\r\n\r\n"),
    "drip/103": (b"", b"HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n"),
}

# The same as fast as the client reads.
FLOODS: Final = {
    "flood/fields": (HEAD, b"X-Field: some value\r\n" * 200),
    "flood/one_field": (HEAD + b"X-Long: ", b"x" * 4096),
    "flood/one_name": (HEAD, b"x" * 4096),
    "flood/status": (b"HTTP/1.1 200 ", b"O" * 4096),
    "flood/cookies": (HEAD, b"Set-Cookie: name=value\r\n" * 200),
    "flood/100": (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
    "flood/103": (b"", b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * 100),
    "flood/hints": (b"HTTP/1.1 103 Early Hints\r\n", b"Link: </x>; rel=preload\r\n" * 200),
    "flood/trailers": (CHUNKED + b"4\r\nhalf\r\n0\r\n", b"X-Trailer: value\r\n" * 200),
    "flood/chunk_extension": (CHUNKED + b"4\r\nhalf\r\n4;", b"x" * 4096),
    "flood/redirect_body": (
        b"HTTP/1.1 302 Found\r\nLocation: /ok\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"1\r\nx\r\n",
    ),
    "flood/body": (CHUNKED, b"10000\r\n" + b"x" * 65536 + b"\r\n"),
}

_BOMBS: Final[dict[str, tuple[bytes, Callable[[int], bytes]]]] = {
    "bomb/gzip": (b"gzip", bombs.gzip_bomb),
    "bomb/gzip2": (b"gzip, gzip", lambda mib: bombs.gzip_bomb(mib, 2)),
    "bomb/gzip3": (b"gzip, gzip, gzip", lambda mib: bombs.gzip_bomb(mib, 3)),
    "bomb/gzip4": (b"gzip, gzip, gzip, gzip", lambda mib: bombs.gzip_bomb(mib, 4)),
    "bomb/gzip5": (b"gzip, gzip, gzip, gzip, gzip", lambda mib: bombs.gzip_bomb(mib, 5)),
    "bomb/deflate": (b"deflate", bombs.deflate_bomb),
    "bomb/br": (b"br", bombs.brotli_bomb),
    "bomb/zstd": (b"zstd", bombs.zstd_bomb),
}

PATHS: Final = (
    *SCRIPTS,
    *DRIPS,
    *FLOODS,
    *_BOMBS,
    "bomb/chunks",
    "flood/legal",
    "redirect/to",
    "redirect/longer",
)


async def misbehave(peer: Peer) -> None:
    """Play what each request's path asks for; 404 for what is not here."""
    while True:
        head = await peer.head()
        path, _, query = head.split(b" ", 2)[1].partition(b"?")
        if not await _played(peer, path.decode("ascii").strip("/"), query):
            return


async def _played(peer: Peer, name: str, query: bytes) -> bool:
    """Whether the connection serves another request."""
    if name in SCRIPTS:
        return await _script(peer, SCRIPTS[name])
    if name in DRIPS:
        await _without_end(peer, *DRIPS[name], _number(query, "ms", 10) / 1000)
        return False
    if name in FLOODS:
        await _without_end(peer, *FLOODS[name], None)
        return False
    peer.send(_sized(name, query))
    await peer.writer.drain()
    return True


async def _script(peer: Peer, script: Script) -> bool:
    peer.send(script.sends)
    await peer.writer.drain()
    if script.ends.endswith(" next"):
        await peer.head()
    if script.ends.startswith("reset"):
        peer.reset()
    elif script.ends == "hang":
        await peer.gone()
    return script.ends == "keep"


async def _without_end(peer: Peer, first: bytes, again: bytes, pause_s: float | None) -> None:
    peer.send(first)
    while not peer.writer.is_closing():
        peer.send(again)
        await peer.writer.drain()
        # A loop that never waits would starve the client of a test, which shares it.
        await peer.pause(0 if pause_s is None else pause_s)


def _sized(name: str, query: bytes) -> bytes:
    if name in _BOMBS:
        encoding, make = _BOMBS[name]
        return encoded(encoding, make(_number(query, "mib", 1024)))
    match name:
        case "bomb/chunks":
            return chunks(bombs.gzip_bomb(_number(query, "mib", 1024)), b"Content-Encoding: gzip")
        case "flood/legal":
            fields = (b"X-Field-%d: %d" % (number, number) for number in range(_number(query, "n", 5000)))
            return whole(b"hi", *fields)
        case "redirect/to":
            # Longer than a request's own target may be.
            location = unquote_to_bytes(_value(query, b"location")) + b"x" * _number(query, "pad", 0)
            return _redirect(location, _number(query, "status", 302))
        case "redirect/longer":
            return _redirect(b"/redirect/longer?n=%d" % (_number(query, "n", 0) + 1), 302)
    return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


def _redirect(location: bytes, status: int) -> bytes:
    return b"HTTP/1.1 %d Found\r\nLocation: %b\r\nContent-Length: 5\r\n\r\nmoved" % (status, location)


def _number(query: bytes, name: str, default: int) -> int:
    return int(parse_qs(query.decode("ascii")).get(name, [str(default)])[0])


def _value(query: bytes, name: bytes) -> bytes:
    """A value of the query, as it stands there."""
    pairs = (pair.partition(b"=") for pair in query.split(b"&"))
    return next((value for key, _, value in pairs if key == name), b"")
