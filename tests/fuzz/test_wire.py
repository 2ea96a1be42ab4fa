"""What comes over the wire, cut anywhere: heads, bodies, encodings, events. Whole or in pieces, it is the same."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Sequence
from typing import Final

import brotli
from fuzzing import CUTS, TEXT, bad_inputs, mutated, pieces
from hypothesis import strategies as st

from tui_client.errors import FailureKind, RequestFailed
from tui_client.http.decode import STEP, Decoder, encodings_of
from tui_client.http.h1.head import request_head
from tui_client.http.h1.parser import MAX_HEAD_BYTES, ReplyParser
from tui_client.http.h1.reply import Reply
from tui_client.http.headers import assemble_headers
from tui_client.http.trace import Trace
from tui_client.http.url import Url
from tui_client.model.charset import decode_body
from tui_client.model.content import EncodedBody
from tui_client.model.event_stream import event_stream_of
from tui_client.tui.widgets.events.framing import Frame, Framing, State
from tui_client.tui.widgets.events.ndjson import JSON_LINES, JSON_SEQUENCE
from tui_client.tui.widgets.events.sse import ServerSentEvents

REPLIES: Final = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n3\r\nabc\r\n0\r\nX: y\r\n\r\n",
    b"HTTP/1.0 301 Moved\r\nLocation: /x\r\nConnection: keep-alive\r\n\r\nto the end",
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: a\r\n\r\nHTTP/1.1 204 None\r\n\r\n",
    b"HTTP/1.1 200 OK\nSet-Cookie: a=b\n folded\nContent-Length: 2\n\nok",
    b"HTTP/1.1 200 \r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\nContent-Length: 9\r\n\r\n0\r\n\r\n",
    b"HTTP/1.1 101 Switch\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nraw",
    b"ICY 200 OK\r\n\r\n",
    b"HTTP/2 200\r\n\r\n",
    b"SSH-2.0-x\r\n",
)
methods = st.sampled_from(["GET", "HEAD", "CONNECT"])


def replied(parts: Sequence[bytes], method: str) -> tuple[object, ...]:
    """Everything that a reply says, after these pieces."""
    parser, reply = ReplyParser("h:1"), Reply(method, "h:1", Trace(0.0))
    parser.begin(reply)
    for part in parts:
        parser.feed(part)
    kind = None if reply.failure is None else reply.failure.kind
    assert not (reply.complete and kind)
    body = reply.take() if reply.chunks else b""
    return reply.head_done, reply.status, reply.reason, reply.headers, reply.complete, kind, body


@bad_inputs(990, mutated(st.sampled_from(REPLIES)), CUTS, methods)
def test_a_damaged_reply_is_the_same_in_pieces(data: bytes, cuts: list[int], method: str) -> None:
    """A head, a body, a failure: whichever the network's cuts."""
    whole, cut = replied([data], method), replied(pieces(data, cuts), method)
    # What stands before the damage has come already where the pieces are small.
    if whole[5] is None:
        assert cut == whole
    else:
        assert cut[5] == whole[5]


@bad_inputs(
    30,
    st.sampled_from(
        [b"A: b\r\n", b"A", b"\0", b"HTTP/1.1 100 C\r\n\r\n", b"a: " + b"x" * 500 + b"\r\n", b";", b"1\r\n"]
    ),
    st.integers(1, 300_000),
    st.sampled_from([b"HTTP/1.1 200 OK\r\n", b"", REPLIES[1][:60]]),
)
def test_no_head_grows_without_bounds(part: bytes, times: int, start: bytes) -> None:
    """The same over and over: a failure, or little that is kept."""
    parser, reply = ReplyParser("h:1"), Reply("GET", "h:1", Trace(0.0))
    parser.begin(reply)
    data = start + part * (min(times * len(part), 3_000_000) // len(part))
    for at in range(0, len(data), 65_536):
        parser.feed(data[at : at + 65_536])
    assert sum(len(name) + len(value) for name, value in reply.headers) <= MAX_HEAD_BYTES + 65_536


URL: Final = Url("http", "h", 80, b"/")
header_rows = st.lists(
    st.tuples(
        st.sampled_from(["Content-Length", "Transfer-Encoding", "Host", "X", "content-type", "Expect"]) | TEXT,
        st.sampled_from(["0", "1", "chunked", "gzip, chunked", "100-continue", "a\r\nB: c"]) | TEXT,
    ),
    max_size=4,
)
sent_bodies = st.sampled_from([EncodedBody(), EncodedBody((b"a",), "text/plain"), EncodedBody((b"", b""), "a\nb")])


@bad_inputs(560, st.sampled_from(["GET", "POST", "x y", "", "\ud800", "A\r\nB"]), header_rows, sent_bodies)
def test_a_head_has_one_line_for_each_header(method: str, rows: list[tuple[str, str]], body: EncodedBody) -> None:
    """Refused before anything is sent, or a head that no server can read in two ways."""
    try:
        headers = assemble_headers(method, URL, rows, body, None)
        head, framing = request_head(method, URL.target, headers)
    except RequestFailed as error:
        assert error.failure.kind in (FailureKind.HEADER_INVALID, FailureKind.URL_INVALID)
        return
    assert head.count(b"\n") == head.count(b"\r") == len(headers) + 2
    assert head.endswith(b"\r\n\r\n")
    assert not (framing.chunked and framing.length is not None)
    names = [name.lower() for name, _ in headers]
    assert names.count(b"content-length") <= 1


def raw_deflate(data: bytes) -> bytes:
    squeezer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return squeezer.compress(data) + squeezer.flush()


PLAIN: Final = (b"", b"a", b"hello " * 40, bytes(range(256)) * 3)
CODED: Final = {
    "gzip": [*map(gzip.compress, PLAIN), gzip.compress(b"a") + gzip.compress(b"b")],
    "deflate": [*map(zlib.compress, PLAIN), *map(raw_deflate, PLAIN)],
    "br": [*map(brotli.compress, PLAIN)],
}
coded = st.sampled_from(sorted(CODED)).flatmap(
    lambda name: st.tuples(st.just(name), mutated(st.sampled_from(CODED[name]), 2))
)


def decoded(parts: Sequence[bytes], encodings: tuple[str, ...]) -> tuple[bytes, str]:
    """What could be decoded, and the kind of failure at its end, "" for none."""
    found: list[bytes] = []
    try:
        decoder = Decoder(encodings)
        for part in parts:
            for piece in decoder.feed(part):
                assert len(piece) <= 2 * STEP
                found.append(piece)
        decoder.finish()
    except RequestFailed as error:
        return b"".join(found), error.failure.kind
    return b"".join(found), ""


@bad_inputs(260, coded, CUTS)
def test_a_damaged_encoding_is_the_same_in_pieces(given: tuple[str, bytes], cuts: list[int]) -> None:
    """The same failure; what could be decoded before it is never something else."""
    name, data = given
    (whole, failed), (parts, in_parts) = decoded([data], (name,)), decoded(pieces(data, cuts), (name,))
    assert failed == in_parts
    assert whole == parts or (failed and (whole.startswith(parts) or parts.startswith(whole)))


@bad_inputs(
    600,
    st.lists(st.sampled_from(["gzip", "br", "deflate", "identity", "x", "", "GZIP"]) | TEXT, max_size=7),
    st.binary(max_size=30),
)
def test_any_announced_encodings_are_undone_or_named(names: list[str], data: bytes) -> None:
    """At most five; one that we don't know leaves the body as it came."""
    value = ", ".join(names).encode("utf-8", "surrogatepass")
    encodings = encodings_of(((b"Content-Encoding", value),))
    _, failed = decoded([data], encodings)
    assert failed in ("", FailureKind.DECODING, FailureKind.INCOMPLETE)
    assert failed or len(encodings) <= 5


CHARSETS: Final = (
    "utf-8",
    "utf-16",
    "utf-32",
    "utf-7",
    "idna",
    "punycode",
    "zlib",
    "base64",
    "rot13",
    "hex",
    "bz2",
    "uu",
    "undefined",
    "shift_jis",
    "iso2022_jp_ext",
    "hz",
    "gb18030",
    "cp932",
    "johab",
    "mbcs",
    "unicode_escape",
    "\0",
    "x" * 60,
    "'",
    '"',
)


@bad_inputs(
    430,
    mutated(st.sampled_from([b"abc", "é日本".encode(), "é".encode("utf-16"), b"<meta charset='hz'>", b"~{" * 50])),
    st.sampled_from(["text/plain", "text/html", "text/xml", ""]),
    st.sampled_from(CHARSETS) | TEXT,
)
def test_any_charset_is_a_text(data: bytes, media_type: str, charset: str) -> None:
    """With a sentence where it was no charset, or the bytes are no text in it."""
    found = decode_body(data, f"{media_type}; charset={charset}")
    found.text.encode("utf-8", "surrogatepass")
    assert found.charset
    assert len(found.text) <= 2 * len(data) + 2
    assert event_stream_of(((b"content-type", f"{media_type};{charset}".encode("utf-8", "replace")),)) is None


STREAMS: Final = (
    b"data: a\nid: 1\n\ndata: b\ndata: c\n\n",
    b"event: x\r\ndata: {}\r\n\r\n",
    b"\xef\xbb\xbfdata: a\r\rid\r\r",
    b": c\n\nretry: 5\ndata\n\n",
    b'{"a": 1}\n{"b": [2]}\n\n  \n3',
    b'\x1e{"a": 1}\n\x1e[1,\n2]\n',
    b"data: " + b"x" * 3000 + b"\n\n" + b"\n" * 50,
)
FRAMINGS: Final[dict[str, Framing]] = {"sse": ServerSentEvents(), "lines": JSON_LINES, "sequence": JSON_SEQUENCE}


def events(parts: Sequence[bytes], framing: Framing) -> tuple[list[Frame], State]:
    state, found = State(), []
    for part in parts:
        state, frames = framing.scan(state, part)
        found += frames
    return found, state


@bad_inputs(930, mutated(st.sampled_from(STREAMS)), CUTS, st.sampled_from(sorted(FRAMINGS)))
def test_events_are_the_same_in_pieces(data: bytes, cuts: list[int], name: str) -> None:
    """In order, apart, inside the stream; each can be shown, and the state stays small."""
    framing = FRAMINGS[name]
    whole, state = events([data], framing)
    assert events(pieces(data, cuts), framing) == (whole, state)
    assert state.offset == len(data)
    assert len(state.head) <= 1024
    tail = framing.tail(state)
    ends = [0]
    for frame in [*whole, *([tail] if tail else [])]:
        assert ends[-1] <= frame.start <= frame.end <= len(data)
        ends.append(frame.end)
        framing.parse(data[frame.start : frame.end])
    framing.is_whole(data[state.begin :])
