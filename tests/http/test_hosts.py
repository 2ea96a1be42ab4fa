"""The user's own TLS settings of single hosts: whom they mean, and whom never."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tui_client.config import HostSettings
from tui_client.http.hosts import Hosts, Unverified, settings_of
from tui_client.http.prepare import PreparedRequest, prepare
from tui_client.http.profile import ConnectionProfile, FrontTls
from tui_client.http.redirects import Onward, follow, profile_elsewhere
from tui_client.http.url import parse_url
from tui_client.model.effective import ResolvedRequest
from tui_client.model.options import SendOptions

OFF, ON = HostSettings(verify=False), HostSettings(verify=True)


def prepared(url: str, hosts: Hosts, **options: Any) -> PreparedRequest:
    request = ResolvedRequest(key="k", method="GET", url=url, options=SendOptions(**options))
    return prepare(request, Path, environ={}, hosts=hosts)


def led_to(request: PreparedRequest, location: str) -> PreparedRequest:
    found = follow(request, 302, ((b"Location", location.encode()),), 0)
    assert isinstance(found, Onward)
    return found.request


@pytest.mark.parametrize(
    ("name", "url", "meant"),
    [
        ("a.example", "https://a.example/", True),
        ("a.example", "https://A.example:8443/x", True),
        ("a.example", "https://a.example./", True),
        ("a.example:443", "https://a.example/", True),
        ("a.example:443", "https://a.example:8443/", False),
        ("a.example:8443", "https://a.example/", False),
        ("a.example", "https://b.a.example/", False),
        ("a.example", "https://a.example.evil/", False),
        ("a.example", "https://u:a.example@evil/", False),
        ("xn--bcher-kva.example", "https://bücher.example/", True),
        ("127.0.0.1:8443", "https://127.0.0.1:8443/", True),
        ("[::1]", "https://[0:0::1]:8443/", True),
        ("[::1]:8443", "https://[::1]:8443/", True),
        ("[::1]:8443", "https://[::1]/", False),
    ],
)
def test_a_setting_holds_for_its_host_alone(name: str, url: str, meant: bool) -> None:
    """Whichever way a URL writes it; no other port where one is named, no host that only looks like it."""
    request = prepared(url, {name: OFF})
    assert request.profile.verify is not meant
    assert request.unverified == ((Unverified(request.address.authority, own=True),) if meant else ())


def test_the_port_says_more_than_the_host() -> None:
    """Of two settings the closer one holds, whole."""
    hosts = {"a": OFF, "a:8443": ON}
    assert settings_of(hosts, "a", 8443) is ON
    assert settings_of(hosts, "a", 443) is OFF
    assert settings_of(hosts, "b", 443) == HostSettings()


def test_the_users_setting_wins_over_the_collections() -> None:
    """Both ways; what he leaves out stays as the collection has it."""
    own = HostSettings(verify=True, ca="/me.pem")
    profile = prepared("https://a/", {"a": own}, verify=False, ca="/theirs.pem", client_cert="/c.pem").profile
    assert profile == ConnectionProfile(True, "/me.pem", "/c.pem")
    assert prepared("https://a/", {"a": OFF}).profile == ConnectionProfile(False)
    assert prepared("https://b/", {"a": own}, verify=False).unverified == (Unverified("b:443", own=False),)


def test_plain_http_has_nothing_to_verify() -> None:
    """No badge and no question where there is no certificate."""
    assert prepared("http://a/", {"a": OFF}).unverified == ()
    assert prepared("http://a/", {}, verify=False).unverified == ()


def test_a_redirect_obeys_the_settings_of_where_it_goes() -> None:
    """Never those of where it came from: not verify = false, no authority and no certificate of ours."""
    hosts = {"a": HostSettings(False, "/a.pem", "/mine.pem"), "b:8443": OFF}
    first = prepared("https://a/", hosts)
    elsewhere = led_to(first, "https://b/")
    assert elsewhere.profile == ConnectionProfile()
    assert led_to(first, "https://a:8443/").profile == first.profile
    assert led_to(first, "https://b:8443/").profile == ConnectionProfile(False)
    assert led_to(elsewhere, "https://a/").profile == first.profile
    assert led_to(first, "/x").profile == first.profile


def test_a_collections_verify_false_stays_at_home() -> None:
    """Whatever the user said of a third host."""
    first = prepared("https://a/", {"c": OFF}, verify=False)
    assert [one.authority for one in first.unverified] == ["a:443"]
    there = led_to(first, "https://b/")
    assert there.unverified == () and there.profile.verify
    # Coming back does not bring it back: who sent us there may be the stranger.
    assert led_to(there, "https://a/").profile.verify


@pytest.mark.parametrize(
    ("url", "verify"), [("https://a/token", False), ("https://b/token", True), ("https://c/token", False)]
)
def test_a_token_is_fetched_by_the_settings_of_its_own_host(url: str, verify: bool) -> None:
    """The collection's verify = false is for the host of its request."""
    request = prepared("https://a/", {"c": OFF}, verify=False)
    assert profile_elsewhere(request, parse_url(url)).verify is verify


def test_a_proxy_over_tls_has_settings_of_its_own() -> None:
    """What holds for a server is not said of the proxy before it, and who we are is told to the server alone."""
    proxy = "https://Proxy:3128"
    hosts = {"a": HostSettings(False, "/a.pem", "/me.pem")}
    request = prepared("https://a/", hosts, proxy=proxy)
    assert request.profile == ConnectionProfile(False, "/a.pem", "/me.pem", proxy, front=FrontTls())
    assert request.profile.for_proxy == ConnectionProfile()
    assert [one.authority for one in request.unverified] == ["a:443"]

    request = prepared("https://a/", {"proxy:3128": OFF}, proxy=proxy)
    assert request.profile.front == FrontTls(verify=False)
    assert request.unverified == (Unverified("proxy:3128", own=True),)
    # An http URL is unverified too where the proxy is.
    assert prepared("http://a/", {"proxy": OFF}, proxy=proxy).unverified == request.unverified


def test_most_requests_share_one_way_to_their_proxy() -> None:
    """Without settings of its own a proxy needs no context of its own."""
    assert prepared("https://a/", {}, proxy="https://p", ca="/x").profile.front is None
    assert prepared("https://a/", {}, proxy="http://p", verify=False).profile.front is None
