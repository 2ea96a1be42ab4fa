"""URLs, redirects, proxies and cookies: every address is one that can be asked, or is refused with a reason."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import httpx
from fuzzing import TEXT, bad_inputs, mutated
from hypothesis import strategies as st

from tui_client.errors import FailureKind, RequestFailed
from tui_client.http.cookies import CookieJar
from tui_client.http.prepare import PreparedRequest, prepare
from tui_client.http.proxy_env import bypassed, chosen_proxy, environment_proxy, proxy_secrets, shown_proxy
from tui_client.http.redirects import CARRIED, STATUSES, Onward, follow, resolve
from tui_client.http.url import parse_url
from tui_client.model.effective import ResolvedRequest

CANARY: Final = "canary4d3a"
SIGNS: Final = (
    "http://",
    "https://",
    "//",
    "/",
    "h",
    "example.com",
    ":",
    ":80",
    ":99999",
    "@",
    "u:p@",
    "?",
    "#",
    "&",
    "=",
    "..",
    ".",
    "%2F",
    "%",
    "%zz",
    "[::1]",
    "[fe80::1%25eth0]",
    "[",
    "]",
    "é",
    "日本.jp",
    "xn--a",
    "\\",
    " ",
    "\t",
    "\n",
    "\0",
    "\ud800",
    "\u202e",
    "1.2.3.4",
    "0x7f.1",
    "256.1.1.1",
    "1.2.3",
    "a" * 70,
    "ß",
    "\u3002",
    "\uff0f",
    "ftp://",
    "javascript:",
    "HTTP://",
    "\u2100",
    ".local.",
)

addresses = st.lists(st.sampled_from(SIGNS), max_size=7).map("".join)
full = st.builds("{}{}".format, st.sampled_from(["http://", "https://", "http://h", ""]), addresses)


@bad_inputs(1360, full)
def test_an_address_says_the_same_when_it_is_read_again(text: str) -> None:
    """What is sent is in printable ASCII, and means itself; httpx takes it too."""
    try:
        url = parse_url(text)
    except RequestFailed as error:
        assert error.failure.kind is FailureKind.URL_INVALID
        assert error.failure.detail
        return
    again = parse_url(url.text)
    assert (again.scheme, again.port, again.target) == (url.scheme, url.port, url.target)
    assert again.host == url.host.partition("%")[0]
    assert not set(url.target) & set(b" \r\n\0#")
    assert url.host.isascii() and not set(url.host) & set("/?#@\\ ")
    assert httpx.URL(url.text).raw_host


def asked(url: str, method: str) -> PreparedRequest:
    headers = (("Authorization", CANARY), ("X-API-Key", CANARY), ("Accept", "a/b"), ("Cookie", CANARY))
    return prepare(ResolvedRequest(key="k", method=method, url=url, headers=headers), lambda _: Path(), environ={})


ASKED: Final = tuple(
    asked(url, method) for url in ("http://h:81/a/b?c", "https://example.com/") for method in ("GET", "POST")
)


@bad_inputs(1120, st.sampled_from(ASKED), st.sampled_from(sorted(STATUSES)), addresses | full, st.integers(0, 30))
def test_a_redirect_leads_to_an_address_without_credentials(
    request: PreparedRequest, status: int, to: str, count: int
) -> None:
    """Any Location: followed, refused with the reason, and nothing secret goes to another origin."""
    location = to.encode("utf-8", "surrogatepass")
    onward = follow(request, status, ((b"Location", location),), count)
    if not isinstance(onward, Onward):
        assert onward is not None
        assert onward.failure.kind in (FailureKind.REDIRECT_INVALID, FailureKind.REDIRECT_TOO_MANY)
        return
    made = onward.request
    assert onward.elsewhere == (made.address.origin != request.address.origin)
    assert made.address == resolve(request.address, location)
    assert made.address.scheme in ("http", "https")
    if onward.elsewhere:
        assert {name.lower() for name, _ in made.headers} <= CARRIED | {b"host"}
        assert CANARY.encode() not in b"".join(value for _, value in made.headers)


hosts = st.sampled_from(["h", "example.com", "a.example.com", "::1", "127.0.0.1", "fe80::1%eth0", "xn--a", "[", "."])
excepted = st.lists(
    st.sampled_from([*SIGNS, "*", ",", " ", ".com", "10.0.0.0/8", "::1/0", "/33", "fe80::/10,::1"]), max_size=5
)
proxies = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "http://", "socks5://", "unix:", "https://", "x://"]),
    st.sampled_from(["", f"u:{CANARY}@", f"u:{CANARY}%40@", f"{CANARY}@", ":@", "@@"]),
    addresses,
)


@bad_inputs(740, proxies, hosts, excepted.map("".join), st.sampled_from(["http", "https"]))
def test_any_proxy_is_used_or_warned_of(value: str, host: str, no_proxy: str, scheme: str) -> None:
    """No value of the environment ends the program, and its password is shown nowhere."""
    choice = environment_proxy(scheme, host, {"all_proxy": value, "NO_PROXY": no_proxy})
    assert isinstance(bypassed(host, no_proxy), bool)
    if choice.proxy and not choice.proxy.startswith("unix:"):
        secrets = proxy_secrets(choice.proxy)
        shown = shown_proxy(choice.proxy)
        assert not any(secret in shown for secret in secrets if len(secret) > 3)
        assert f":{CANARY}" not in shown
    assert f":{CANARY}" not in choice.warning
    try:
        chosen_proxy(value)
    except RequestFailed as error:
        assert error.failure.kind is FailureKind.PROXY_INVALID
        assert f":{CANARY}" not in str(error)


COOKIES: Final = (
    b"a=1; Path=/; Domain=example.com; Max-Age=10; Secure; HttpOnly; SameSite=Lax",
    b"a=1; Expires=Fri, 31 Dec 9999 23:59:59 -2359",
    b"a=1; Expires=Mon, 01 Jan 0001 00:00:00 +2359",
    b"a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
    b"__Host-a=b; Path=/x",
    b"=b",
    b"a",
    b"a=1; Max-Age=-" + b"9" * 30,
    b"a=1; Expires=, , ; Path=",
    b"a=1; Expires=1 1 1 1 1",
    b"a=1; Expires=Mon, 99 Foo 2020 25:61:61 +9999",
)
origins = st.sampled_from(["http://h:81", "https://example.com", "http://127.0.0.1:8000", "https://a.example.com"])
paths = st.sampled_from(["/", "/a", "/a/b", "", "x", "/a/"])
NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)


@bad_inputs(930, st.lists(mutated(st.sampled_from(COOKIES)), max_size=2), origins, origins, paths, paths)
def test_cookies_stay_with_their_origin(
    values: list[bytes], origin: str, other: str, path: str, elsewhere: str
) -> None:
    """Whatever a server sets: on one line, to no other origin, and gone once it has expired."""
    jar = CookieJar(now=lambda: NOW)
    jar.update(origin, path, [(b"Set-Cookie", value) for value in values])
    sent = jar.cookies_for(origin, elsewhere)
    assert not set(sent) & set("\r\n\0")
    sent.encode()
    assert origin == other or not jar.cookies_for(other, path)
    for cookie in jar.all():
        assert cookie.origin == origin
        assert cookie.expires is None or cookie.expires > NOW
        assert cookie.path.startswith("/")


@bad_inputs(190, TEXT, TEXT)
def test_any_text_after_a_host_is_refused_or_sent(path: str, query: str) -> None:
    """As a collection may write it."""
    try:
        url = parse_url(f"http://h/{path}?{query}")
    except RequestFailed as error:
        assert error.failure.kind is FailureKind.URL_INVALID
    else:
        assert (url.host, url.port) == ("h", 80)
