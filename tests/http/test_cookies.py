"""Cookies stay with the origin that set them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.http.cookies import LONGEST, PER_ORIGIN, Cookie, CookieJar, is_sendable, parse_set_cookie

ORIGIN = "http://127.0.0.1:8000"
NOW = datetime(2030, 1, 1, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def jar_with(*values: str, origin: str = ORIGIN, path: str = "/a/b", clock: Clock | None = None) -> CookieJar:
    jar = CookieJar(now=clock or Clock())
    jar.update(origin, path, [(b"Set-Cookie", value.encode()) for value in values])
    return jar


@pytest.mark.parametrize(
    "other", ["http://127.0.0.1:8001", "https://127.0.0.1:8000", "http://localhost:8000", "http://127.0.0.1"]
)
def test_a_cookie_goes_to_its_own_origin_only(other: str) -> None:
    """Another port, scheme or host gets nothing."""
    jar = jar_with("a=1; Path=/")
    assert jar.cookies_for(ORIGIN, "/") == "a=1"
    assert jar.cookies_for(other, "/") == ""


@pytest.mark.parametrize(
    ("cookie", "path", "sent"),
    [
        ("a=1", "/a/b", True),
        ("a=1", "/a", True),
        ("a=1", "/a/x/y", True),
        ("a=1", "/ab", False),
        ("a=1", "/", False),
        ("a=1; Path=/", "/anything", True),
        ("a=1; Path=/x", "/x", True),
        ("a=1; Path=/x", "/x/y", True),
        ("a=1; Path=/x", "/xy", False),
        ("a=1; Path=/x/", "/x", False),
        ("a=1; path=nonsense", "/a/c", True),
    ],
)
def test_paths(cookie: str, path: str, sent: bool) -> None:
    """RFC 6265, 5.1.4: the default path is the folder of the request, whole segments match."""
    assert (jar_with(cookie).cookies_for(ORIGIN, path) == "a=1") is sent


@pytest.mark.parametrize(
    ("cookie", "seconds"),
    [
        ("a=1", None),
        ("a=1; Max-Age=60", 60),
        ("a=1; max-age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT", 60),
        ("a=1; Max-Age=soon; Expires=Tue, 01 Jan 2030 00:01:00 GMT", 60),
        ("a=1; Expires=Tuesday, 01-Jan-30 00:01:00 GMT", 60),
        ("a=1; Expires=Tue Jan  1 00:01:00 2030", 60),
        ("a=1; Expires=whenever", None),
        ("a=1; Max-Age=99999999999999999999", 400 * 86_400),
    ],
)
def test_expiry(cookie: str, seconds: int | None) -> None:
    """Max-Age wins over Expires; a date that can't be read counts for nothing."""
    expires = jar_with(cookie, path="/").all()[0].expires
    assert expires == (None if seconds is None else NOW + timedelta(seconds=seconds))


def test_an_expired_cookie_is_neither_sent_nor_listed() -> None:
    """Time passes for the jar."""
    clock = Clock()
    jar = jar_with("a=1; Path=/; Max-Age=60", clock=clock)
    clock.now += timedelta(seconds=60)
    assert jar.cookies_for(ORIGIN, "/") == ""
    assert jar.all() == ()


@pytest.mark.parametrize("how", ["Max-Age=0", "Max-Age=-5", "Expires=Thu, 01 Jan 1970 00:00:00 GMT"])
def test_a_server_can_remove_its_cookie(how: str) -> None:
    """A cookie set in the past takes the one of its name and path away."""
    jar = jar_with("a=1; Path=/", "b=2; Path=/", f"a=; Path=/; {how}")
    assert jar.cookies_for(ORIGIN, "/") == "b=2"


@pytest.mark.parametrize(
    "refused",
    [
        "",
        "=",
        ";a=1",
        "a=1\x01",
        "a=1; Domain=other.example",
        f"a={'x' * LONGEST}",
    ],
)
def test_bad_cookies_are_left_out(refused: str) -> None:
    """Empty, with control characters, too long, or for another domain."""
    assert jar_with(refused).all() == ()


def test_bytes_that_are_not_utf8_are_left_out() -> None:
    """They could not be sent back as they came."""
    jar = CookieJar()
    jar.update(ORIGIN, "/", [(b"Set-Cookie", b"a=\xff")])
    assert jar.all() == ()


def test_a_domain_never_widens_a_cookie() -> None:
    """The host's own domain is accepted and changes nothing."""
    jar = jar_with("a=1; Domain=.example.com; Path=/", origin="http://www.example.com")
    assert jar.cookies_for("http://www.example.com", "/") == "a=1"
    assert jar.cookies_for("http://example.com", "/") == ""


@pytest.mark.parametrize(
    ("origin", "kept"), [("http://example.com", False), ("https://example.com", True), ("http://localhost:1", True)]
)
def test_secure_needs_tls_or_ones_own_machine(origin: str, kept: bool) -> None:
    """As browsers have it."""
    cookies = jar_with("a=1; Secure; HttpOnly", origin=origin).all()
    assert bool(cookies) is kept
    assert all(cookie.secure and cookie.http_only for cookie in cookies)


def test_order_of_cookies() -> None:
    """Longer paths first, then what was set first; a new value keeps its place."""
    jar = jar_with("a=1; Path=/", "b=2; Path=/", "c=3; Path=/a", "a=9; Path=/")
    assert jar.cookies_for(ORIGIN, "/a/b") == "c=3; a=9; b=2"


def test_the_oldest_goes_when_an_origin_has_too_many() -> None:
    """An origin keeps fifty."""
    jar = jar_with(*(f"c{number}=x; Path=/" for number in range(PER_ORIGIN + 1)))
    names = [cookie.name for cookie in jar.all()]
    assert len(names) == PER_ORIGIN
    assert "c0" not in names


def test_a_jar_can_be_edited_and_made_again() -> None:
    """All cookies can be listed, removed, put, cleared, and given to a new jar."""
    jar = jar_with("a=1; Path=/", "b=2; Path=/")
    again = CookieJar(jar.all(), now=Clock())
    assert again.cookies_for(ORIGIN, "/") == "a=1; b=2"
    again.remove(jar.all()[0])
    again.put(Cookie(origin=ORIGIN, name="c", value="3"))
    assert again.cookies_for(ORIGIN, "/") == "b=2; c=3"
    again.clear(ORIGIN)
    assert again.all() == ()
    jar.clear()
    assert jar.all() == ()


def test_what_was_removed_comes_back_to_its_place() -> None:
    """An undone removal changes nothing of what is sent; of an expired one nothing comes back."""
    clock = Clock()
    jar = jar_with("a=1; Path=/; Max-Age=60", "b=2; Path=/", clock=clock)
    first = jar.all()[0]
    jar.remove(first)
    jar.restore(first)
    assert jar.cookies_for(ORIGIN, "/") == "a=1; b=2"
    clock.now += timedelta(seconds=60)
    jar.remove(first)
    jar.restore(first)
    assert jar.cookies_for(ORIGIN, "/") == "b=2"


@pytest.mark.parametrize(
    "change",
    [
        {"name": "", "value": ""},
        {"name": "a=b"},
        {"name": "a;b"},
        {"name": " a"},
        {"value": "1; b=2"},
        {"value": "1\r\nX: y"},
        {"value": "1\0"},
        {"value": "\ud800"},
        {"value": "x" * LONGEST},
        {"path": "a"},
        {"path": ""},
    ],
)
def test_a_cookie_made_by_hand_must_be_one_that_a_server_could_set(change: dict[str, str]) -> None:
    """What would be read as another cookie, another header, or not at all is none."""
    good = {"origin": ORIGIN, "name": "a", "value": "1=2 é", "path": "/a;b"}
    assert is_sendable(Cookie(**good))
    assert not is_sendable(Cookie(**{**good, **change}))


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=60).map(str.encode) | st.binary(max_size=60),
    st.sampled_from(["/", "/a;b/c", "/%20/x"]),
)
def test_what_a_server_set_counts_as_sendable(value: bytes, path: str) -> None:
    """So that what was kept can be read again, whatever it is."""
    cookie = parse_set_cookie(ORIGIN, path, value, NOW)
    assert cookie is None or is_sendable(cookie)


@given(st.binary(max_size=120))
def test_no_set_cookie_breaks_the_jar(value: bytes) -> None:
    """Whatever a server sends: left out, or sent back on one line."""
    jar = CookieJar()
    jar.update(ORIGIN, "/", [(b"set-cookie", value)])
    assert not set(jar.cookies_for(ORIGIN, "/")) & set("\r\n\0")
