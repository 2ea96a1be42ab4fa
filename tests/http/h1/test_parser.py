"""The parser on any bytes, cut anywhere."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from tui_client.http.h1.parser import ReplyParser
from tui_client.http.h1.reply import Reply
from tui_client.http.trace import Trace

PIECES = [
    b"HTTP/1.1 200 OK\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\n",
    b"HTTP/1.0 204 No\r\n",
    b"HTTP/1.1 101 S\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
    b"Content-Length: 3\r\n",
    b"Content-Length: 99999999999999999999\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Connection: close\r\n",
    b": x\r\n",
    b"\r\n",
    b"\n",
    b"3\r\nabc\r\n",
    b"0\r\n\r\n",
    b"abc",
    b"\0",
    b"\xff",
]


def parse(data: bytes, cuts: list[int], method: str = "GET") -> tuple[Reply, ReplyParser]:
    parser, reply = ReplyParser("h:1"), Reply(method, "h:1", Trace(0.0))
    parser.begin(reply)
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    for start, end in itertools.pairwise(places):
        parser.feed(data[start:end])
    return reply, parser


@given(
    st.lists(st.sampled_from(PIECES) | st.binary(max_size=8), max_size=12).map(b"".join),
    st.lists(st.integers(0, 500), max_size=8),
    st.sampled_from(["GET", "HEAD", "CONNECT"]),
)
def test_no_bytes_make_the_parser_raise(data, cuts, method):
    """Whatever a server sends ends as a head, a body, a failure, or a wait for more."""
    reply, _ = parse(data, cuts, method)
    assert not (reply.complete and reply.failure)
    assert reply.buffered == sum(map(len, reply.chunks)) == reply.body_bytes


@given(st.binary(max_size=200), st.lists(st.integers(0, 500), max_size=10))
def test_a_body_survives_any_cut(body, cuts):
    """The same bytes in other pieces give the same reply."""
    chunked = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (body[:50], body[50:]) if part) + b"0\r\n\r\n"
    reply, parser = parse(b"HTTP/1.1 200 OK\r\nX: y\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked, cuts)
    assert reply.complete
    assert not parser.surplus
    assert reply.take() == body
    assert reply.headers == [(b"X", b"y"), (b"Transfer-Encoding", b"chunked")]


def test_one_parser_reads_reply_after_reply():
    """Keep-alive: also after a HEAD, whose end llhttp does not see by itself."""
    parser = ReplyParser("h:1")
    for method, body in [("GET", b"ab"), ("HEAD", b""), ("GET", b"cd")]:
        reply = Reply(method, "h:1", Trace(0.0))
        parser.begin(reply)
        parser.feed(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n" + body)
        assert (reply.complete, reply.keep_alive, reply.take(), parser.surplus) == (True, True, body, False)
