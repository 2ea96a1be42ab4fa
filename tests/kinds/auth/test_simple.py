"""none, basic and bearer put their header on, or nothing."""

from __future__ import annotations

import httpx
import pytest

from tui_client.errors import FailureKind, RequestFailed
from tui_client.kinds.auth import AuthContext, AuthKind
from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.auth.bearer import Bearer
from tui_client.kinds.auth.none import NoAuth


def sent(auth: AuthKind) -> list[tuple[bytes, bytes]]:
    flow = auth.flow(AuthContext()).sync_auth_flow(httpx.Request("GET", "http://h/"))
    return [header for header in next(flow).headers.raw if header[0] != b"Host"]


@pytest.mark.parametrize(
    ("auth", "value"),
    [
        (Basic("Aladdin", "open sesame"), b"Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
        (Basic("é", ""), b"Basic w6k6"),
        (Bearer("abc"), b"Bearer abc"),
        (Bearer("abc", "Token"), b"Token abc"),
        (Bearer("abc", ""), b"abc"),
    ],
)
def test_the_header_is_set_in_its_usual_case(auth: AuthKind, value: bytes) -> None:
    """One Authorization header, user and password in UTF-8."""
    assert sent(auth) == [(b"Authorization", value)]


def test_none_adds_nothing() -> None:
    """It only ends inheritance."""
    assert sent(NoAuth()) == []


@pytest.mark.parametrize("auth", [Basic("a:b", "canary"), Bearer("canary\r\nX: 1"), Bearer("canary\ud800")])
def test_what_a_header_cant_carry_is_refused_without_its_value(auth: AuthKind) -> None:
    """The failure comes from inside the flow, and quotes no secret."""
    with pytest.raises(RequestFailed) as caught:
        sent(auth)
    assert caught.value.failure.kind is FailureKind.HEADER_INVALID
    assert "canary" not in repr(caught.value.failure)


def test_the_base64_of_a_password_is_a_secret() -> None:
    """It is masked like the password."""
    assert Basic("Aladdin", "open sesame").derived_secrets() == ("QWxhZGRpbjpvcGVuIHNlc2FtZQ==",)
    assert Basic("Aladdin", "").derived_secrets() == ()
