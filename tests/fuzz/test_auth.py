"""What servers say to credentials: challenges and token replies, damaged or made up."""

from __future__ import annotations

import json
from typing import Final

import httpx
from fuzzing import JSON, TEXT, bad_inputs, mutated
from hypothesis import strategies as st

from tui_client.errors import FailureKind, RequestFailed
from tui_client.http.h1.head import request_head
from tui_client.kinds.auth import AuthContext
from tui_client.kinds.auth._challenge import answerable, challenges
from tui_client.kinds.auth._kind import AuthKind
from tui_client.kinds.auth._token import read_token
from tui_client.kinds.auth.api_key import ApiKey
from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.auth.bearer import Bearer
from tui_client.kinds.auth.digest import Digest
from tui_client.kinds.auth.oauth2 import OAuth2

CANARY: Final = "canary-93b7"
CHALLENGES: Final = (
    b'Digest realm="r", nonce="n", qop="auth,auth-int", algorithm=SHA-256, opaque="o", stale=true, userhash=true',
    b'Digest realm="r", nonce="n"',
    b'Basic realm="a, b", Digest nonce="n", realm="\xe9\\"", algorithm=MD5-sess',
    b"Negotiate abc==, Digest",
    b'Digest realm="r", nonce="n", qop="auth-int"',
    b"Digest nonce=n,realm=r,nonce=m,,,",
    b'Digest realm="' + b"x" * 5000,
)


def driven(kind: AuthKind, replies: list[httpx.Response]) -> list[httpx.Request]:
    """The requests of a flow that gets these replies. Raises RequestFailed."""
    request = httpx.Request("GET", "http://h/a", extensions={"target": b"/a"})
    flow = kind.flow(AuthContext()).sync_auth_flow(request)
    sent = [next(flow)]
    for reply in replies:
        try:
            sent.append(flow.send(reply))
        except StopIteration:
            break
    return sent


@bad_inputs(560, st.lists(mutated(st.sampled_from(CHALLENGES)), max_size=2), TEXT, TEXT)
def test_any_challenge_is_answered_on_one_line_or_left(values: list[bytes], user: str, password: str) -> None:
    """The answer is a header that can be sent, or is refused before it is; the 401 is never a crash."""
    headers = [(b"WWW-Authenticate", value) for value in values]
    reply = httpx.Response(401, headers=headers)
    try:
        sent = driven(Digest(user, password), [reply, reply, reply])
        for request in sent:
            rows = [(name, value) for name, value in request.headers.raw if name.lower() == b"authorization"]
            request_head("GET", b"/", rows)
    except RequestFailed as error:
        assert error.failure.kind in (FailureKind.HEADER_INVALID, FailureKind.AUTH_FAILED)
        return
    assert len(sent) <= 3
    for challenge in challenges([value.decode("latin-1") for value in values]):
        answerable(challenge)


TOKEN: Final = b'{"access_token": "t", "token_type": "Bearer", "expires_in": 3600, "refresh_token": "r", "scope": "a"}'
FIELDS: Final = ("access_token", "expires_in", "refresh_token", "error", "error_description", "x")
made_up = st.dictionaries(st.sampled_from(FIELDS), JSON | TEXT, max_size=4).map(
    lambda value: json.dumps(value).encode()
)


@bad_inputs(
    1000,
    mutated(st.just(TOKEN)) | made_up | st.sampled_from([b"[" * 9999, b'{"a":' * 9999, b""]),
    st.sampled_from([200, 400, 500]),
)
def test_any_token_reply_is_a_token_or_a_failure(body: bytes, status: int) -> None:
    """A failure says what the endpoint said, but for what we told it in secret."""
    try:
        token = read_token(status, body, "http://h/token", (CANARY,))
    except RequestFailed as error:
        assert error.failure.kind is FailureKind.AUTH_FAILED
        assert CANARY not in error.failure.detail
        assert len(error.failure.detail) <= 400
        return
    assert status < 400
    assert token.access_token
    assert token.expires_s is None or 0 <= token.expires_s < float("inf")


@bad_inputs(
    430,
    TEXT,
    st.sampled_from(["http://h/token", "http://", "ftp://h", "", "http://\ud800/", "http://a b/", "http://[/", "h/x"])
    | TEXT,
    mutated(st.just(TOKEN)) | made_up,
)
def test_a_token_is_fetched_and_sent_or_refused(secret: str, url: str, body: bytes) -> None:
    """From any settings, with any reply."""
    auth = OAuth2(token_url=url, client_id=secret, client_secret=secret, username=secret, password=secret, scope=secret)
    try:
        sent = driven(auth, [httpx.Response(200, content=body), httpx.Response(401), httpx.Response(200)])
        assert len(sent) <= 3
    except RequestFailed as error:
        assert error.failure.kind in (FailureKind.AUTH_FAILED, FailureKind.URL_INVALID, FailureKind.HEADER_INVALID)


kinds = st.one_of(
    st.builds(Basic, TEXT, TEXT),
    st.builds(Bearer, TEXT),
    st.builds(ApiKey, TEXT, TEXT),
    st.builds(lambda name, value: ApiKey(name, value, "query"), TEXT, TEXT),
)


@bad_inputs(900, kinds)
def test_any_credentials_are_sent_on_one_line_or_refused(kind: AuthKind) -> None:
    """Whatever was typed, or stood in a variable."""
    try:
        (request,) = driven(kind, [])
    except RequestFailed as error:
        assert error.failure.kind
        return
    assert not any(set(name + value) & set(b"\r\n\0") for name, value in request.headers.raw)
    assert not set(request.url.raw_path) & set(b" \r\n\0")
