"""The bytes of a request's head, and what is refused before any is sent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.errors import FailureKind, RequestFailed
from tui_client.http.h1.head import request_head

K = FailureKind


def test_the_head_is_exactly_what_was_given():
    """Order, case, duplicates, empty values and odd bytes: nothing added, nothing removed."""
    pairs = [(b"hOST", b"h"), (b"X-b", b"1"), (b"x-B", b""), (b"X-b", "é".encode()), (b"Expect", b"other")]
    head, framing = request_head("PROPFIND", b"/a%2Fb/../c?q=+&q=%20", pairs)
    assert head == (
        b"PROPFIND /a%2Fb/../c?q=+&q=%20 HTTP/1.1\r\n"
        b"hOST: h\r\nX-b: 1\r\nx-B: \r\nX-b: \xc3\xa9\r\nExpect: other\r\n\r\n"
    )
    assert (framing.length, framing.chunked, framing.expects_continue) == (None, False, False)


@pytest.mark.parametrize(
    ("method", "target", "headers", "kind"),
    [
        ("GET", b"/", [(b"X", b"a\r\nEvil: 1")], K.HEADER_INVALID),
        ("GET", b"/", [(b"X", b"a\nb")], K.HEADER_INVALID),
        ("GET", b"/", [(b"X", b"a\rb")], K.HEADER_INVALID),
        ("GET", b"/", [(b"X", b"a\0b")], K.HEADER_INVALID),
        ("GET", b"/", [(b"X\r\nEvil", b"1")], K.HEADER_INVALID),
        ("GET", b"/", [(b"X:Y", b"1")], K.HEADER_INVALID),
        ("GET", b"/", [(b"X ", b"1")], K.HEADER_INVALID),
        ("GET", b"/", [(b"", b"1")], K.HEADER_INVALID),
        ("GET", b"/a b", [], K.URL_INVALID),
        ("GET", b"/\r\nEvil: 1", [], K.URL_INVALID),
        ("GET", b"/\0", [], K.URL_INVALID),
        ("GET /evil", b"/", [], K.URL_INVALID),
        ("GET\r\n", b"/", [], K.URL_INVALID),
        ("", b"/", [], K.URL_INVALID),
    ],
)
def test_signs_that_would_change_the_heads_shape_are_refused(method, target, headers, kind):
    """CR, LF and NUL reach no wire; the failure names the place."""
    with pytest.raises(RequestFailed) as caught:
        request_head(method, target, headers)
    assert caught.value.failure.kind is kind


@pytest.mark.parametrize(
    "headers",
    [
        [(b"Content-Length", b"1"), (b"content-length", b"1")],
        [(b"Content-Length", b"1"), (b"Transfer-Encoding", b"chunked")],
        [(b"Transfer-Encoding", b"chunked"), (b"Content-Length", b"1")],
        [(b"Transfer-Encoding", b"chunked"), (b"Transfer-Encoding", b"chunked")],
        [(b"Transfer-Encoding", b"gzip, chunked")],
        [(b"Content-Length", b"1, 1")],
        [(b"Content-Length", b"-1")],
        [(b"Content-Length", b"")],
    ],
)
def test_framing_headers_that_contradict_each_other_are_refused(headers):
    """No request goes out that two servers could read in two ways."""
    with pytest.raises(RequestFailed) as caught:
        request_head("POST", b"/", headers)
    assert caught.value.failure.kind is K.HEADER_INVALID


@given(st.binary(max_size=30), st.binary(max_size=30), st.binary(max_size=30))
def test_whatever_is_given_the_head_has_its_lines_and_no_more(target, name, value):
    """Any bytes: refused with a typed failure, or a head of exactly one line for each header."""
    try:
        head, _ = request_head("GET", target, [(name, value)])
    except RequestFailed:
        return
    assert head == b"GET " + target + b" HTTP/1.1\r\n" + name + b": " + value + b"\r\n\r\n"
    assert head.count(b"\n") == head.count(b"\r") == 3
