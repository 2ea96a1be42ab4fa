"""What was sent in the past is a recording."""

from __future__ import annotations

import stat
from datetime import timedelta
from pathlib import Path

import msgspec
from handmade_journal import STARTED, exchange_of

from tui_client.formats.har import read_har
from tui_client.history.entry import Entry, Kept
from tui_client.model.exchange import Exchange, Hop, Timings
from tui_client.model.request import Request
from tui_client.replay.past_recording import record_past, write_recording


def kept(number: int, exchange: Exchange, **more: str) -> Kept:
    when = STARTED + timedelta(milliseconds=250 * number)
    entry = Entry(number, when, "GET", exchange.request.url, status=200, total_ms=5.0, **more)
    return Kept(entry, exchange, Request())


def test_requests_come_back_as_they_were_sent() -> None:
    """Method, URL, headers in order, bytes of the body, time and status; of a redirect what was sent first."""
    body = bytes(range(256))
    sent = ((b"Host", b"h"), (b"X-B", b"1"), (b"Content-Type", b"x/y"), (b"x-b", b"2"), (b"Content-Length", b"256"))
    first = exchange_of(url="http://h/first?a=1", sent=sent, request_body=body).request
    hop = Hop(msgspec.structs.replace(first, method="PUT"), 307, "", (), Timings())
    exchange = msgspec.structs.replace(exchange_of(url="http://h/second"), hops=(hop,))
    made = record_past([kept(1, exchange), kept(2, exchange_of())])
    one, two = read_har(made.har).entries
    assert (one.method, one.url, one.status, one.body) == ("PUT", "http://h/first?a=1", 307, body)
    assert one.headers == (("X-B", "1"), ("Content-Type", "x/y"), ("x-b", "2"))
    assert (two.started - one.started, two.body, two.status) == (timedelta(milliseconds=250), None, 200)
    assert (made.requests, made.skipped, made.without) == (2, (), {})


def test_what_was_masked_is_left_out_and_said_so() -> None:
    """Headers are dropped; a request whose URL or body is not whole is not sent at all."""
    secret = ((b"authorization", "•••".encode()), (b"Cookie", "a=•••".encode()), (b"Accept", b"*/*"))
    cut = exchange_of(request_body=b"abc")
    cut = msgspec.structs.replace(cut, request=msgspec.structs.replace(cut.request, body_bytes=4))
    made = record_past(
        [
            kept(1, exchange_of(sent=secret)),
            kept(2, exchange_of(sent=secret[:1])),
            kept(3, exchange_of(url="http://h/?key=•••")),
            kept(4, cut),
            kept(5, exchange_of(request_body="•••".encode())),
        ]
    )
    assert made.without == {"Authorization": 2, "Cookie": 1}
    assert [entry.headers for entry in read_har(made.har).entries] == [(("Accept", "*/*"),), ()]
    assert [(one.number, one.reason) for one in made.skipped] == [
        (3, "its URL held a secret, which was not kept"),
        (4, "its body was not kept whole"),
        (5, "its body held a secret, which was not kept"),
    ]


def test_the_same_recording_is_one_file(tmp_path: Path) -> None:
    """A run that was cut off finds it again; only its owner reads it."""
    har = record_past([kept(1, exchange_of())]).har
    path = write_recording(tmp_path / "history", har)
    assert write_recording(tmp_path / "history", har) == path and path.read_bytes() == har
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert write_recording(tmp_path / "history", har + b" ") != path
