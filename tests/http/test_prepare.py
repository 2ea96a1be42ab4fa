"""What will be sent is laid out whole, and what can't be sent is refused."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import Annotated, ClassVar

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tui_client
from tui_client.errors import FailureKind, RequestFailed
from tui_client.http.prepare import PreparedRequest, prepare
from tui_client.kinds.auth._kind import AuthContext, AuthKind
from tui_client.kinds.body._kind import BodyKind
from tui_client.model.content import EncodedBody, FileSegment, Locate
from tui_client.model.effective import ResolvedRequest
from tui_client.model.options import SendOptions

OURS = [
    (b"Host", b"h:8000"),
    (b"User-Agent", f"tui-client/{tui_client.__version__}".encode()),
    (b"Accept", b"*/*"),
    (b"Accept-Encoding", b"gzip, deflate, br"),
]


class Plain(BodyKind, frozen=True, tag="plain-for-tests"):
    title: ClassVar[str] = "Plain"
    content: bytes = b"hello"
    content_type: str = "text/plain"

    def encode(self, locate: Locate) -> EncodedBody:
        return EncodedBody((self.content,), self.content_type)


class Secretive(AuthKind, frozen=True, tag="secretive-for-tests"):
    user: str = "me"
    password: Annotated[str, msgspec.Meta(extra={"secret": True})] = "p/w"

    def flow(self, context: AuthContext) -> httpx.Auth:
        return httpx.Auth()


def nowhere(path: str) -> Path:
    raise AssertionError(path)


def prepared(
    url: str = "http://h:8000/x",
    *,
    method: str = "GET",
    headers: tuple[tuple[str, str], ...] = (),
    body: BodyKind | None = None,
    auth: AuthKind | None = None,
    options: SendOptions | None = None,
    secrets: frozenset[str] = frozenset(),
    environ: dict[str, str] | None = None,
) -> PreparedRequest:
    request = ResolvedRequest(
        key="k",
        method=method,
        url=url,
        headers=headers,
        body=body,
        auth=auth,
        options=options or SendOptions(),
        secrets=secrets,
    )
    return prepare(request, nowhere, environ=environ or {})


def refused(kind: FailureKind, **request: object) -> str:
    with pytest.raises(RequestFailed) as caught:
        prepared(**request)  # type: ignore[arg-type]  # the test's own table of arguments
    assert caught.value.failure.kind is kind
    return caught.value.failure.detail


def test_a_bare_request_carries_four_rows() -> None:
    """Host, User-Agent, Accept and Accept-Encoding, in this order, and nothing else."""
    assert list(prepared().headers) == OURS


def test_the_users_rows_keep_case_order_and_repeats() -> None:
    """Rows are bytes as written, UTF-8, after ours."""
    rows = (("x-B", "1"), ("X-b", "2"), ("X-B", ""), ("X-u", "ü"))
    assert list(prepared(headers=rows).headers) == [
        *OURS,
        (b"x-B", b"1"),
        (b"X-b", b"2"),
        (b"X-B", b""),
        (b"X-u", "ü".encode()),
    ]


@pytest.mark.parametrize("name", ["host", "USER-AGENT", "accept", "Accept-encoding"])
def test_a_row_of_the_users_replaces_ours(name: str) -> None:
    """Each of our rows is left out when the user gives one of that name, in any case."""
    names = [key.decode() for key, _ in prepared(headers=((name, "mine"),)).headers]
    assert [found for found in names if found.lower() == name.lower()] == [name]


def test_a_body_brings_its_type_and_length() -> None:
    """Content-Type and Content-Length come last, computed from the body."""
    headers = prepared(method="POST", body=Plain()).headers
    assert headers[-2:] == ((b"Content-Type", b"text/plain"), (b"Content-Length", b"5"))


def test_the_users_content_type_wins() -> None:
    """The body's own type is then not added."""
    headers = prepared(method="POST", body=Plain(), headers=(("content-type", "x/y"),)).headers
    assert [value for name, value in headers if name.lower() == b"content-type"] == [b"x/y"]


@pytest.mark.parametrize(
    ("method", "announced"),
    [
        ("POST", True),
        ("PUT", True),
        ("PATCH", True),
        ("GET", False),
        ("DELETE", False),
        ("PROPFIND", False),
        ("post", False),
    ],
)
def test_a_length_of_zero_is_announced_where_servers_expect_it(method: str, announced: bool) -> None:
    """POST, PUT and PATCH without a body say so; others carry no Content-Length."""
    assert ((b"Content-Length", b"0") in prepared(method=method).headers) is announced


@pytest.mark.parametrize(
    ("headers", "word"),
    [
        ((("", "x"),), "name"),
        ((("a b", "x"),), "name"),
        ((("a:", "x"),), "name"),
        ((("ü", "x"),), "name"),
        ((("a\n", "x"),), "name"),
        ((("A", "x\r\nB: y"),), "a carriage return"),
        ((("A", "x\ny"),), "a line feed"),
        ((("A", "x\0y"),), "a NUL"),
        ((("A", "x\x1b[31m"),), "the control character U+001B"),
        ((("A", "x\x7f"),), "the control character U+007F"),
        ((("A", "\ud800"),), "surrogate"),
        ((("Content-Length", "4"),), "5 bytes"),
        ((("Content-Length", "5"), ("content-length", "5")), "more than once"),
        ((("Transfer-Encoding", "chunked"),), "length"),
    ],
)
def test_headers_that_cant_be_sent_are_refused(headers: tuple[tuple[str, str], ...], word: str) -> None:
    """Line breaks, NUL, names that are no tokens and framing that contradicts the body."""
    assert word in refused(FailureKind.HEADER_INVALID, method="POST", body=Plain(), headers=headers)


def test_a_correct_content_length_stays_where_the_user_put_it() -> None:
    """It is not doubled."""
    headers = prepared(method="POST", body=Plain(), headers=(("content-length", "5"), ("X-A", "1"))).headers
    assert [name for name, _ in headers[-3:]] == [b"content-length", b"X-A", b"Content-Type"]


@given(st.text(max_size=20), st.text(max_size=20))
def test_no_header_ever_breaks_its_line(name: str, value: str) -> None:
    """Whatever is in name and value: refused, or two byte strings without control signs."""
    try:
        headers = prepared(headers=((name, value),)).headers
    except RequestFailed as error:
        assert error.failure.kind is FailureKind.HEADER_INVALID
    else:
        assert headers[-1][1] == value.encode() or name.lower() in {"content-length"}
        assert not any(
            sign in name_or_value for row in headers for name_or_value in row for sign in (b"\r", b"\n", b"\0", b"\x1b")
        )


@pytest.mark.parametrize("method", ["", "GE T", "GET\r\n", "GÉT", "A:B"])
def test_a_method_is_a_token(method: str) -> None:
    """Anything else is refused by name."""
    assert "method" in refused(FailureKind.METHOD_INVALID, method=method)


def test_a_methods_case_is_kept() -> None:
    """`get` is not `GET`."""
    assert prepared(method="pRoPfInD").method == "pRoPfInD"


def test_userinfo_becomes_a_visible_header() -> None:
    """User and password of the URL are sent as Basic, and masked."""
    request = prepared("http://me:p%40ss@h:8000/x")
    encoded = b64encode(b"me:p@ss").decode()
    assert (b"Authorization", f"Basic {encoded}".encode()) in request.headers
    assert request.url == "http://h:8000/x"
    assert {"p@ss", encoded} <= request.secrets


def test_userinfo_gives_way_to_a_header_and_to_an_auth_kind() -> None:
    """An explicit Authorization, or an auth kind, is not doubled."""
    own = prepared("http://me:pw@h:8000/x", headers=(("authorization", "mine"),)).headers
    assert [value for name, value in own if name.lower() == b"authorization"] == [b"mine"]
    assert not [
        name for name, _ in prepared("http://me:pw@h:8000/x", auth=Secretive()).headers if name == b"Authorization"
    ]


def test_half_a_surrogate_pair_in_a_secret_breaks_nothing() -> None:
    """A token that a reply gave may hold one; whoever puts it into a header says that it can't be sent."""
    request = prepared(auth=Secretive(password="\ud800"))
    assert request.secrets == {"\ud800", "%ED%A0%80"}


def test_secret_fields_of_auth_are_masked_encoded_forms_too() -> None:
    """A secret field counts as a secret, as it is and percent-encoded; other fields don't."""
    assert prepared(auth=Secretive(), secrets=frozenset({"s"})).secrets == {"s", "p/w", "p%2Fw"}


def test_a_file_counts_with_its_size(tmp_path: Path) -> None:
    """Content-Length is the sum of all segments."""

    class Mixed(BodyKind, frozen=True, tag="mixed-for-tests"):
        def encode(self, locate: Locate) -> EncodedBody:
            return EncodedBody((b"ab", FileSegment(tmp_path / "f", 40)), "")

    assert prepared(method="POST", body=Mixed()).headers[-1] == (b"Content-Length", b"42")


def test_the_environments_proxy_is_used_and_shown_without_its_password() -> None:
    """The profile has the whole URL, people see it without user and password."""
    request = prepared(environ={"http_proxy": "http://me:hunter2@proxy:3128"})
    assert request.profile.proxy == "http://me:hunter2@proxy:3128"
    assert request.proxy == "http://proxy:3128"
    assert "hunter2" in request.secrets


def test_a_bad_proxy_variable_warns() -> None:
    """It is left out, and said so."""
    request = prepared(environ={"http_proxy": "gopher://x"})
    assert request.profile.proxy == ""
    assert "http_proxy" in request.warnings[0]


@pytest.mark.parametrize("word", ["direct", "none", "Direct"])
def test_the_option_switches_the_environments_proxy_off(word: str) -> None:
    """`proxy = "direct"` or "none" goes straight to the server."""
    assert prepared(options=SendOptions(proxy=word), environ={"http_proxy": "http://p:1"}).profile.proxy == ""


def test_a_bad_proxy_option_is_refused() -> None:
    """What the request says itself is an error, unlike a variable of the environment."""
    assert "scheme" in refused(FailureKind.PROXY_INVALID, options=SendOptions(proxy="gopher://x"))
