"""Digest challenges are answered as RFC 7616 says."""

from __future__ import annotations

import re
from collections.abc import Generator

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.errors import FailureKind, RequestFailed
from tui_client.kinds.auth import AuthContext
from tui_client.kinds.auth._challenge import Challenge, DigestInput, answer, answerable, challenges
from tui_client.kinds.auth.digest import Digest

MUFASA = Digest("Mufasa", "Circle of Life")
CHALLENGE = (
    'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm={}, '
    'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
)
JASON = Challenge(
    "digest",
    {
        "realm": "api@example.org",
        "qop": "auth",
        "algorithm": "SHA-512-256",
        "nonce": "5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK",
        "userhash": "true",
    },
)


def flow(auth: Digest, target: bytes = b"/") -> Generator[httpx.Request, httpx.Response, None]:
    return auth.flow(AuthContext()).sync_auth_flow(httpx.Request("GET", "http://h/", extensions={"target": target}))


def refused(*headers: str) -> httpx.Response:
    return httpx.Response(401, headers=[("WWW-Authenticate", header) for header in headers])


def fields(request: httpx.Request) -> dict[str, str]:
    (challenge,) = challenges([request.headers["Authorization"]])
    return challenge.params


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_the_examples_of_the_rfc(algorithm: str, response: str) -> None:
    """RFC 7616, 3.9.1, digit by digit."""
    (challenge,) = challenges([CHALLENGE.format(algorithm)])
    cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
    given_ = DigestInput("Mufasa", "Circle of Life", "GET", "/dir/index.html", cnonce)
    assert answerable(challenge)
    assert f'response="{response}"' in answer(challenge, given_)


def test_the_example_with_a_hashed_user() -> None:
    """RFC 7616, 3.9.2, with the digits of its erratum 4897."""
    given_ = DigestInput(
        "Jäsøn Doe", "Secret, or not?", "GET", "/doe.json", "NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v"
    )
    header = answer(JASON, given_)
    assert 'username="793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b"' in header
    assert 'response="3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5"' in header
    assert header.endswith("userhash=true")


def test_the_answer_is_for_the_exact_target() -> None:
    """The target on the wire, not a URL quoted anew; a fresh cnonce each time."""
    steps = flow(MUFASA, b"/a%2fb?x='")
    next(steps)
    first = fields(steps.send(refused(CHALLENGE.format("MD5"))))
    assert (first["uri"], first["nc"], first["qop"]) == ("/a%2fb?x='", "00000001", "auth")
    again = flow(MUFASA)
    next(again)
    assert fields(again.send(refused(CHALLENGE.format("MD5"))))["cnonce"] != first["cnonce"]


def test_the_first_request_goes_without_an_answer() -> None:
    """Nothing is known before the challenge; without a 401 there is no second request."""
    steps = flow(MUFASA)
    assert "Authorization" not in next(steps).headers
    with pytest.raises(StopIteration):
        steps.send(httpx.Response(200))


def test_the_server_chooses_among_what_we_know() -> None:
    """Its first challenge that can be answered; others are passed over, also within one header."""
    steps = flow(MUFASA)
    next(steps)
    offered = refused(
        'Negotiate, Basic realm="a, Digest b", Digest realm="r", nonce="1", algorithm=SHA-1024',
        'Digest realm="r", nonce="2", algorithm=SHA-256-sess, qop="auth"',
        'Digest realm="r", nonce="3"',
    )
    assert fields(steps.send(offered))["nonce"] == "2"


def test_an_old_server_gets_the_old_answer() -> None:
    """Without qop there is no cnonce and no count (RFC 2069)."""
    steps = flow(Digest('me "x"', "pw"))
    next(steps)
    header = steps.send(refused('Digest realm="r", nonce="n"')).headers["Authorization"]
    assert re.fullmatch(r'Digest username="me \\"x\\"", realm="r", nonce="n", uri="/", response="[0-9a-f]{32}"', header)


@pytest.mark.parametrize(("stale", "requests"), [("stale=true, ", 3), ("", 2), ("stale=false, ", 2)])
def test_a_stale_nonce_is_answered_once_more(stale: str, requests: int) -> None:
    """A wrong password is not tried again, and nothing goes on without end."""
    steps = flow(MUFASA)
    next(steps)
    count = 1
    with pytest.raises(StopIteration):
        while True:
            steps.send(refused(f'Digest {stale}realm="r", nonce="{count}", qop="auth"'))
            count += 1
    assert count == requests


@pytest.mark.parametrize(
    "header", ['Digest realm="r", nonce="n", qop="auth-int"', 'Digest realm="r"', "Basic realm=r", "", '"', "Digest"]
)
def test_a_challenge_that_cant_be_answered_leaves_its_reply(header: str) -> None:
    """The user sees the 401 as it came."""
    steps = flow(MUFASA)
    next(steps)
    with pytest.raises(StopIteration):
        steps.send(refused(header))


def test_a_user_with_a_line_break_is_refused() -> None:
    """Before the server is even asked, and without quoting it."""
    with pytest.raises(RequestFailed) as caught:
        next(flow(Digest("me", "canary\n")))
    assert caught.value.failure.kind is FailureKind.HEADER_INVALID
    assert "canary" not in repr(caught.value.failure)


@given(st.lists(st.text('Digest realm="nc,\\;= \t', max_size=40), max_size=3))
def test_any_header_can_be_read(headers: list[str]) -> None:
    """A server's nonsense is no crash."""
    for challenge in challenges(headers):
        assert challenge.scheme == challenge.scheme.lower()
        answerable(challenge)
