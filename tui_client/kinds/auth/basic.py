"""Basic authentication (RFC 7617)."""

from __future__ import annotations

import base64
from collections.abc import Generator
from typing import TYPE_CHECKING, Annotated, ClassVar

from msgspec import Meta

from tui_client.errors import Failure, FailureKind, RequestFailed
from tui_client.kinds.auth._kind import AuthContext, AuthFlow, AuthKind, Flow

if TYPE_CHECKING:
    import httpx


class Basic(AuthKind, frozen=True, tag="basic"):
    """`Authorization: Basic …`, user and password in UTF-8."""

    title: ClassVar[str] = "Basic"

    username: Annotated[str, Meta(title="User")] = ""
    password: Annotated[str, Meta(title="Password", extra={"secret": True})] = ""

    def derived_secrets(self) -> tuple[str, ...]:
        return (self._encoded(),) if self.password else ()

    def flow(self, context: AuthContext) -> AuthFlow:
        return _Flow(self.username, f"Basic {self._encoded()}")

    def _encoded(self) -> str:
        return base64.b64encode(f"{self.username}:{self.password}".encode("utf-8", "surrogatepass")).decode()


class _Flow(Flow):
    def __init__(self, username: str, credentials: str) -> None:
        self.username = username
        self.credentials = credentials

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        # A receiver ends the user at the first colon, so that the rest would count as the password.
        if ":" in self.username:
            failure = Failure(FailureKind.HEADER_INVALID, "Authorization", detail="the user name has a colon")
            raise RequestFailed(failure)
        request.headers["Authorization"] = self.credentials
        yield request


KIND = Basic
