"""What a profile's proxy text means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.errors import FailureKind, RequestFailed
from tui_client.http.route import Direct, HttpProxy, Origin, SocksProxy, UnixSocket, parse_route


@pytest.mark.parametrize(
    ("proxy", "route"),
    [
        ("", Direct()),
        ("http://p", HttpProxy("p", 80)),
        ("https://p:3128", HttpProxy("p", 3128, tls=True)),
        ("http://u:p%40@[::1]:8", HttpProxy("::1", 8, authorization=b"Basic dTpwQA==")),
        ("socks5://p", SocksProxy("p", 1080, 5)),
        ("socks5h://u:w@p:1", SocksProxy("p", 1, 5, remote_dns=True, user="u", password="w")),
        ("socks4a://p", SocksProxy("p", 1080, 4, remote_dns=True)),
        ("unix:/run/a b.sock", UnixSocket("/run/a b.sock")),
        ("unix:///run/x", UnixSocket("/run/x")),
    ],
)
def test_each_form_of_a_proxy_is_understood(proxy, route):
    """The forms named in ConnectionProfile."""
    assert parse_route(proxy) == route


@given(st.text(max_size=40) | st.text(max_size=30).map("http://{}".format))
def test_any_text_is_a_route_or_a_typed_failure(proxy):
    """Nothing of urllib gets out."""
    try:
        parse_route(proxy)
    except RequestFailed as error:
        assert error.failure.kind is FailureKind.PROXY_INVALID


def test_ipv6_is_written_in_brackets():
    """So that the port can be told from the address."""
    assert Origin("http", "::1", 80).subject == "[::1]:80"
