"""Where a reply leads, and what goes along."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.errors import FailureKind, RequestFailed
from tui_client.http.prepare import PreparedRequest, prepare
from tui_client.http.redirects import Onward, Refused, follow, resolve
from tui_client.http.url import parse_url
from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.body.file import File
from tui_client.kinds.body.text import Text
from tui_client.model.effective import ResolvedRequest
from tui_client.model.options import SendOptions


def prepared(url: str = "https://a.example/x/y?q=1", method: str = "GET", **options: object) -> PreparedRequest:
    body = Text(content="hello") if method not in {"GET", "HEAD"} else None
    request = ResolvedRequest(
        key="k",
        method=method,
        url=url,
        headers=(("Authorization", "Bearer t"), ("Cookie", "a=1"), ("X-API-Key", "k"), ("Accept-Language", "de")),
        body=body,
        auth=Basic(username="me", password="pw"),
        options=SendOptions(**options),  # type: ignore[arg-type]  # the test's own options
    )
    return prepare(request, Path, environ={})


def onward(request: PreparedRequest, status: int, location: bytes, followed: int = 0) -> Onward:
    found = follow(request, status, ((b"LOCATION", location),), followed)
    assert isinstance(found, Onward)
    return found


def names(request: PreparedRequest) -> set[str]:
    return {name.decode().lower() for name, _ in request.headers}


@pytest.mark.parametrize(
    ("status", "method", "expected"),
    [
        (301, "POST", "GET"),
        (302, "POST", "GET"),
        (303, "POST", "GET"),
        (303, "PUT", "GET"),
        (303, "HEAD", "HEAD"),
        (301, "PUT", "PUT"),
        (302, "DELETE", "DELETE"),
        (307, "POST", "POST"),
        (308, "PUT", "PUT"),
        (301, "GET", "GET"),
    ],
)
def test_methods(status: int, method: str, expected: str) -> None:
    """As browsers and curl do; a GET made of something else carries no body and nothing that speaks of one."""
    request = onward(prepared(method=method), status, b"/next").request
    assert request.method == expected
    kept = expected == method and method not in {"GET", "HEAD"}
    assert bool(request.body.segments) is kept
    assert ({"content-type", "content-length"} <= names(request)) is kept


@pytest.mark.parametrize(
    "location", [b"https://b.example/", b"//b.example/", b"http://a.example/", b"https://a.example:8443/"]
)
def test_another_origin_gets_an_allow_list_only(location: bytes) -> None:
    """Another host, port or scheme: no credentials, no cookies, no custom header, no auth, no client certificate."""
    step = onward(prepared(client_cert="/c.pem", verify=False), 302, location)
    assert step.elsewhere
    assert names(step.request) == {"host", "user-agent", "accept", "accept-encoding", "accept-language"}
    assert step.request.auth is None
    assert step.request.profile.client_cert == ""
    assert step.request.profile.verify
    assert step.request.headers[0] == (b"Host", step.request.address.host_header.encode())


def _with_secret(content: str, secret: str = "sesame-open", **headers: str) -> PreparedRequest:
    rows = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    body = Text(content=content) if content else None
    secrets = frozenset({secret})
    request = ResolvedRequest(
        key="k", method="POST", url="https://a.example/", headers=rows, body=body, secrets=secrets
    )
    return prepare(request, Path, environ={})


@pytest.mark.parametrize("status", [307, 308])
@pytest.mark.parametrize("content", ["key=sesame-open", "key=sesame%2Dopen", "a c2VzYW1lLW9wZW4= b"])
def test_a_body_with_a_secret_stays_with_its_origin(status: int, content: str) -> None:
    """Where a redirect would repeat the body elsewhere, it is refused and says why; at home it is followed."""
    found = follow(_with_secret(content), status, ((b"Location", b"https://b.example/"),), 0)
    assert isinstance(found, Refused)
    assert found.failure.kind is FailureKind.REDIRECT_INVALID
    assert "b.example:443 would get a secret" in found.failure.detail
    assert "sesame" not in str(found.failure)
    assert onward(_with_secret(content), status, b"/next").request.body.segments
    assert onward(_with_secret("nothing"), status, b"https://b.example/").request.body.segments
    assert not onward(_with_secret(content), 303, b"https://b.example/").request.body.segments


@pytest.mark.parametrize("status", [307, 308])
def test_a_short_secret_stays_with_its_origin(status: int) -> None:
    """One of three digits is not masked on the screen, and is still told to nobody else: in a body or a header."""
    found = follow(_with_secret("pin=742", "742"), status, ((b"Location", b"https://b.example/"),), 0)
    assert isinstance(found, Refused)
    request = _with_secret("", "742", User_Agent="me/742", Accept_Language="de")
    assert "user-agent" not in names(onward(request, 302, b"https://b.example/").request)
    assert "accept-language" in names(onward(request, 302, b"https://b.example/").request)


@pytest.mark.parametrize("status", [307, 308])
def test_a_file_in_a_body_stays_with_its_origin(status: int, tmp_path: Path) -> None:
    """What was uploaded to one server is not handed on to another one that it names; at home it is."""
    (tmp_path / "private.txt").write_text("hello")
    body = File(path=str(tmp_path / "private.txt"))
    request = prepare(ResolvedRequest(key="k", method="POST", url="https://a.example/", body=body), Path, environ={})
    found = follow(request, status, ((b"Location", b"https://b.example/"),), 0)
    assert isinstance(found, Refused)
    assert found.failure.kind is FailureKind.REDIRECT_INVALID
    assert "b.example:443 would get a file" in found.failure.detail
    assert onward(request, status, b"/next").request.body.segments
    assert not onward(request, 303, b"https://b.example/").request.body.segments


def test_a_header_that_holds_a_secret_is_never_carried() -> None:
    """Not even one of those that other origins get."""
    request = _with_secret("", User_Agent="me/sesame-open", Accept_Language="de")
    assert "user-agent" not in names(onward(request, 302, b"https://b.example/").request)
    assert "accept-language" in names(onward(request, 302, b"https://b.example/").request)


def test_what_was_left_behind_stays_behind() -> None:
    """A way back to the first origin brings no credentials back."""
    there = onward(prepared(), 302, b"https://b.example/").request
    back = onward(there, 302, b"https://a.example/", 1).request
    assert "authorization" not in names(back)
    assert back.auth is None


def test_the_same_origin_keeps_everything() -> None:
    """Only the address changes, also when the default port is spelled out."""
    request = prepared(client_cert="/c.pem", verify=False)
    step = onward(request, 302, b"https://a.example:443/next")
    assert not step.elsewhere
    assert step.request.headers == request.headers
    assert step.request.auth == request.auth
    assert step.request.profile == request.profile


@pytest.mark.parametrize("status", [200, 201, 300, 304, 305, 306, 400])
def test_other_statuses_are_not_redirects(status: int) -> None:
    """Whatever Location they carry."""
    assert follow(prepared(), status, ((b"Location", b"/x"),), 0) is None


def test_no_location_or_no_wish_to_follow() -> None:
    """The reply is then simply the reply."""
    assert follow(prepared(), 302, (), 0) is None
    assert follow(prepared(follow_redirects=False), 302, ((b"Location", b"/x"),), 0) is None


@pytest.mark.parametrize(("most", "followed"), [(10, 10), (0, 0)])
def test_the_number_of_redirects_is_limited(most: int, followed: int) -> None:
    """One more than max_redirects is refused."""
    found = follow(prepared(max_redirects=most), 302, ((b"Location", b"/x"),), followed)
    assert isinstance(found, Refused)
    assert found.failure.kind is FailureKind.REDIRECT_TOO_MANY


@pytest.mark.parametrize(
    "location",
    [b"ftp://x/", b"javascript:alert(1)", b"http:x", b"http://", b"/a\x01b", b"http://h:0/", b"file:///etc/passwd"],
)
def test_bad_locations_are_refused(location: bytes) -> None:
    """Only http and https, only what could be a URL."""
    found = follow(prepared(), 302, ((b"Location", location),), 0)
    assert isinstance(found, Refused)
    assert found.failure.kind is FailureKind.REDIRECT_INVALID


# RFC 3986, 5.4.1, and the abnormal ones of 5.4.2 that have an authority.
EXAMPLES = {
    "g": "/b/c/g",
    "./g": "/b/c/g",
    "g/": "/b/c/g/",
    "/g": "/g",
    "?y": "/b/c/d;p?y",
    "g?y": "/b/c/g?y",
    "#s": "/b/c/d;p?q",
    "g#s": "/b/c/g",
    ";x": "/b/c/;x",
    "g;x=1/../y": "/b/c/y",
    "": "/b/c/d;p?q",
    ".": "/b/c/",
    "./": "/b/c/",
    "..": "/b/",
    "../": "/b/",
    "../g": "/b/g",
    "../..": "/",
    "../../g": "/g",
    "../../../g": "/g",
    "/./g": "/g",
    "/../g": "/g",
    "g.": "/b/c/g.",
    "..g": "/b/c/..g",
    "g?y/../x": "/b/c/g?y/../x",
    "http://a/x?": "/x?",
    "/a%2Fb?x=+&&y=": "/a%2Fb?x=+&&y=",
    "/ü b": "/%C3%BC%20b",
}


@pytest.mark.parametrize(("reference", "target"), EXAMPLES.items())
def test_references_resolve_as_the_rfc_says(reference: str, target: str) -> None:
    """And nothing is quoted again."""
    assert resolve(parse_url("http://a/b/c/d;p?q"), reference.encode()).target == target.encode()


def test_bytes_that_are_not_utf8_are_percent_encoded_as_they_are() -> None:
    """Latin-1 servers mean their own bytes."""
    assert resolve(parse_url("http://a/"), b"/caf\xe9").target == b"/caf%E9"


@given(st.binary(max_size=60))
def test_any_location_is_an_address_or_refused(location: bytes) -> None:
    """Nothing else is ever raised."""
    try:
        url = resolve(parse_url("http://a/b"), location)
    except RequestFailed as error:
        assert error.failure.kind is FailureKind.URL_INVALID
    else:
        assert url.scheme in {"http", "https"}
