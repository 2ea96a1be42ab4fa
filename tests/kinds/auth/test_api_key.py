"""An API key goes where it was told to, and nothing else changes."""

from __future__ import annotations

from typing import Literal

import httpx
import pytest

from tui_client.errors import FailureKind, RequestFailed
from tui_client.kinds.auth import AuthContext
from tui_client.kinds.auth.api_key import ApiKey


def sent(key: ApiKey, target: str = "/", headers: dict[str, str] | None = None) -> httpx.Request:
    request = httpx.Request("GET", f"http://h{target}", headers=headers, extensions={"target": target.encode()})
    return next(key.flow(AuthContext()).sync_auth_flow(request))


def test_a_header_is_set_in_the_case_given() -> None:
    """Not in the case that a library prefers."""
    assert (b"x-API-key", b"k") in sent(ApiKey("x-API-key", "k")).headers.raw


@pytest.mark.parametrize(
    ("target", "whole"),
    [
        ("/", b"/?k=a%2Fb%20%C3%A9"),
        ("/?", b"/?k=a%2Fb%20%C3%A9"),
        ("/a%2fb?x=a+b&y='", b"/a%2fb?x=a+b&y='&k=a%2Fb%20%C3%A9"),
        ("/?x&", b"/?x&k=a%2Fb%20%C3%A9"),
    ],
)
def test_a_query_key_is_appended_to_the_exact_target(target: str, whole: bytes) -> None:
    """The rest of the target is not quoted anew; the URL says the same."""
    request = sent(ApiKey("k", "a/b é", "query"), target)
    assert request.extensions["target"] == whole
    assert request.url.params["k"] == "a/b é"


@pytest.mark.parametrize(
    ("headers", "cookies"),
    [({}, [(b"Cookie", b"k=v")]), ({"cookie": "a=1; b=2"}, [(b"cookie", b"a=1; b=2; k=v")])],
)
def test_a_cookie_joins_those_that_are_there(headers: dict[str, str], cookies: list[tuple[bytes, bytes]]) -> None:
    """One Cookie header, its case kept."""
    raw = sent(ApiKey("k", "v", "cookie"), headers=headers).headers.raw
    assert [header for header in raw if header[0].lower() == b"cookie"] == cookies


@pytest.mark.parametrize("place", ["header", "query", "cookie"])
@pytest.mark.parametrize(("name", "value"), [("X\r\nY", "v"), ("X", "canary\n"), ("X", "canary\0")])
def test_line_breaks_are_refused_everywhere(place: Literal["header", "query", "cookie"], name: str, value: str) -> None:
    """No key can add a header."""
    with pytest.raises(RequestFailed) as caught:
        sent(ApiKey(name, value, place))
    assert caught.value.failure.kind is FailureKind.HEADER_INVALID
    assert "canary" not in repr(caught.value.failure)
