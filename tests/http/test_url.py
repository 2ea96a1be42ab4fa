"""URLs are taken apart, never re-quoted."""

from __future__ import annotations

from urllib.parse import unquote_to_bytes

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.errors import FailureKind, RequestFailed
from tui_client.http.url import parse_url

PRINTABLE = "".join(map(chr, range(0x21, 0x7F))).replace("#", "")


def refusal(url: str) -> str:
    with pytest.raises(RequestFailed) as caught:
        parse_url(url)
    assert caught.value.failure.kind is FailureKind.URL_INVALID
    return caught.value.failure.detail


@given(st.text(PRINTABLE, max_size=60))
def test_printable_targets_stay_byte_for_byte(rest: str) -> None:
    """Whatever can stand on a request line is sent as it was written."""
    assert parse_url(f"http://h/{rest}").target == b"/" + rest.encode()


@given(st.text(st.characters(blacklist_characters="#%", min_codepoint=0x20, blacklist_categories=["Cs", "Cc"])))
def test_other_characters_become_their_utf8(rest: str) -> None:
    """Spaces and non-ASCII are percent-encoded as UTF-8, and nothing else is touched."""
    target = parse_url(f"http://h/{rest}x").target
    assert unquote_to_bytes(target) == f"/{rest}x".encode()
    assert target.isascii()
    assert b" " not in target


@given(st.text(max_size=30), st.text(max_size=30))
def test_what_is_accepted_can_be_sent(host: str, rest: str) -> None:
    """A URL is refused by us with a reason, never by httpx later."""
    try:
        url = parse_url(f"http://{host}/{rest}")
    except RequestFailed as error:
        assert error.failure.detail
    else:
        assert httpx.URL(url.text).raw_host


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("http://h", b"/"),
        ("http://h?a=1", b"/?a=1"),
        ("http://h/a%2Fb/./c/../d?x=+&x=&&y#top", b"/a%2Fb/./c/../d?x=+&x=&&y"),
        ("http://h/a b?q=ä", b"/a%20b?q=%C3%A4"),
        ('http://h/{"x"}|^`', b'/{"x"}|^`'),
        ("  http://h/x  ", b"/x"),
    ],
)
def test_target(url: str, target: bytes) -> None:
    """The request target is what stands after the authority, without the fragment."""
    assert parse_url(url).target == target


@pytest.mark.parametrize(
    ("url", "origin", "port"),
    [
        ("HTTP://Example.COM/", "http://example.com", 80),
        ("https://example.com:443/", "https://example.com", 443),
        ("http://example.com:8080", "http://example.com:8080", 8080),
        ("http://[::1]:81/", "http://[::1]:81", 81),
        ("http://bücher.example/", "http://xn--bcher-kva.example", 80),
        ("http://a_b.internal./", "http://a_b.internal.", 80),
        ("http://h:/", "http://h", 80),
    ],
)
def test_origin(url: str, origin: str, port: int) -> None:
    """Scheme and host are put in lower case, names through IDNA, and a default port is left out."""
    assert parse_url(url).origin == origin
    assert parse_url(url).port == port


def test_userinfo_leaves_the_url() -> None:
    """User and password are decoded and no longer part of what is shown."""
    url = parse_url("http://me:p%40ss@h/x")
    assert url.userinfo == b"me:p@ss"
    assert url.text == "http://h/x"


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("example.com/x", "scheme"),
        ("", "scheme"),
        ("http:/x", "scheme"),
        ("ftp://h/", "ftp"),
        ("http:///x", "host"),
        ("http://:80/", "host"),
        ("http://h:99999/", "port"),
        ("http://h:0/", "port"),
        ("http://h:8x/", "port"),
        ("http://h:٣/", "port"),
        ("http://a b/", "host"),
        ("http://a\\@b/", "backslash"),
        ("http://a..b/", "domain name"),
        (f"http://{'a' * 64}.b/", "domain name"),
        ("http://999.1.1.1/", "IPv4"),
        ("http://[::1/", "brackets"),
        ("http://[::1]x/", "brackets"),
        ("http://[zz]/", "IPv6"),
        ("http://h/a\r\nX: y", "control"),
        ("http://h/a\0", "control"),
        ("http://h/\ud800", "surrogate"),
        (f"http://h/{'a' * 70_000}", "longer"),
        ("http://\u2603\u200d.example/", "domain name"),
    ],
)
def test_bad_urls_are_refused_with_the_reason(url: str, word: str) -> None:
    """Each refusal says what is wrong."""
    assert word in refusal(url)


def test_a_refusal_does_not_show_the_password() -> None:
    """The subject of the failure has neither user nor password."""
    with pytest.raises(RequestFailed) as caught:
        parse_url("http://me:hunter2@h:99999/")
    assert "hunter2" not in str(caught.value)
