"""Digest authentication (RFC 7616)."""

from __future__ import annotations

import secrets
from collections.abc import Generator
from typing import TYPE_CHECKING, Annotated, ClassVar

from msgspec import Meta

from tui_client.kinds.auth._challenge import Challenge, DigestInput, answer, answerable, challenges
from tui_client.kinds.auth._kind import AuthContext, AuthFlow, AuthKind, Flow
from tui_client.kinds.auth._values import header_value

if TYPE_CHECKING:
    import httpx


class Digest(AuthKind, frozen=True, tag="digest"):
    """Answers the server's challenge, once, and once more if its nonce has become stale.

    MD5, SHA-256 and SHA-512-256, with -sess, as the server prefers; a challenge that can't be answered leaves its 401.
    """

    title: ClassVar[str] = "Digest"

    username: Annotated[str, Meta(title="User")] = ""
    password: Annotated[str, Meta(title="Password", extra={"secret": True})] = ""

    def flow(self, context: AuthContext) -> AuthFlow:
        return _Flow(self)


class _Flow(Flow):
    def __init__(self, digest: Digest) -> None:
        self.digest = digest

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        # Before anything is sent, not only once the server asks.
        username = header_value("the user name", self.digest.username)
        password = header_value("the password", self.digest.password)
        response = yield request
        challenge = _challenge(response)
        for _ in range(2):
            if challenge is None:
                return
            request.headers["Authorization"] = self._answer(request, challenge, username, password)
            response = yield request
            challenge = _challenge(response)
            if challenge is None or challenge.params.get("stale", "").lower() != "true":
                return

    def _answer(self, request: httpx.Request, challenge: Challenge, username: str, password: str) -> str:
        target: bytes = request.extensions.get("target", request.url.raw_path)
        cnonce = secrets.token_hex(8)
        return answer(challenge, DigestInput(username, password, request.method, target.decode("latin-1"), cnonce))


def _challenge(response: httpx.Response) -> Challenge | None:
    if response.status_code != 401:
        return None
    return next(filter(answerable, challenges(response.headers.get_list("WWW-Authenticate"))), None)


KIND = Digest
