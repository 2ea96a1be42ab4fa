"""Proxy variables mean what curl takes them to mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.errors import FailureKind, RequestFailed
from tui_client.http.proxy_env import bypassed, environment_proxy, normal_proxy, proxy_secrets, shown_proxy


@pytest.mark.parametrize(
    ("scheme", "environ", "proxy"),
    [
        ("http", {"http_proxy": "http://p:1"}, "http://p:1"),
        ("http", {"HTTP_PROXY": "http://p:1"}, ""),
        ("https", {"HTTPS_PROXY": "http://p:1"}, "http://p:1"),
        ("https", {"https_proxy": "http://a:1", "HTTPS_PROXY": "http://b:1"}, "http://a:1"),
        ("https", {"http_proxy": "http://p:1"}, ""),
        ("http", {"all_proxy": "socks5h://p:1"}, "socks5h://p:1"),
        ("https", {"ALL_PROXY": "socks5://p"}, "socks5://p:1080"),
        ("http", {"http_proxy": "p:3128"}, "http://p:3128"),
        ("http", {"http_proxy": "p"}, "http://p:1080"),
        ("http", {"http_proxy": "https://p"}, "https://p"),
        ("http", {"http_proxy": "http://p:1/"}, "http://p:1"),
        ("http", {"http_proxy": ""}, ""),
        ("http", {}, ""),
    ],
)
def test_which_variable_counts(scheme: str, environ: dict[str, str], proxy: str) -> None:
    """Lower case before upper case, the scheme's own before all_proxy; HTTP_PROXY is a caller's header in CGI."""
    assert environment_proxy(scheme, "example.com", environ).proxy == proxy


@pytest.mark.parametrize(
    ("host", "no_proxy", "direct"),
    [
        ("example.com", "*", True),
        ("example.com", "example.com", True),
        ("www.example.com", "example.com", True),
        ("www.example.com", ".example.com", True),
        ("notexample.com", "example.com", False),
        ("example.com", "www.example.com", False),
        ("EXAMPLE.com", "a, Example.COM", True),
        ("example.com", "a b example.com", True),
        ("10.1.2.3", "10.0.0.0/8", True),
        ("11.1.2.3", "10.0.0.0/8", False),
        ("10.1.2.3", "10.1.2.3", True),
        ("10.1.2.3", "2.3", False),
        ("fe80::1", "fe80::/10,::1", True),
        ("::1", "[::1]", True),
        ("::1", "127.0.0.1", False),
        ("example.com", "", False),
        ("example.com", "10.0.0.0/99, //, [", False),
    ],
)
def test_no_proxy(host: str, no_proxy: str, direct: bool) -> None:
    """Domains with all below them, addresses and networks; nonsense matches nothing."""
    assert bypassed(host, no_proxy) is direct
    assert (environment_proxy("http", host, {"http_proxy": "p:1", "NO_PROXY": no_proxy}).proxy == "") is direct


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_value_of_the_environment_raises(proxy: str, no_proxy: str) -> None:
    """A proxy, or none; with a warning where the value made no sense."""
    choice = environment_proxy("http", "example.com", {"http_proxy": proxy, "no_proxy": no_proxy})
    assert not (choice.proxy and choice.warning)


@pytest.mark.parametrize("value", ["ftp://p:1", "http://", "http://p:99999", "http://p:x", "http://a b"])
def test_bad_proxies(value: str) -> None:
    """Refused as proxy.invalid; from the environment, a warning."""
    with pytest.raises(RequestFailed) as caught:
        normal_proxy(value)
    assert caught.value.failure.kind is FailureKind.PROXY_INVALID
    assert "http_proxy" in environment_proxy("http", "h", {"http_proxy": value}).warning


def test_what_people_see_of_a_proxy() -> None:
    """No user and no password; both forms of the password count as secrets."""
    assert shown_proxy("http://me:p%40ss@p:1") == "http://p:1"
    assert shown_proxy("unix:/run/x@y") == "unix:/run/x@y"
    assert {"p%40ss", "p@ss"} <= proxy_secrets("http://me:p%40ss@p:1")
    assert proxy_secrets("http://me@p:1") == frozenset()
