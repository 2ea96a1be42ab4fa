"""Bearer tokens (RFC 6750)."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Annotated, ClassVar

from msgspec import Meta

from tui_client.kinds.auth._kind import AuthContext, AuthFlow, AuthKind, Flow
from tui_client.kinds.auth._values import header_value

if TYPE_CHECKING:
    import httpx


class Bearer(AuthKind, frozen=True, tag="bearer"):
    """`Authorization: Bearer TOKEN`; an empty prefix sends the token alone."""

    title: ClassVar[str] = "Bearer token"

    token: Annotated[str, Meta(title="Token", extra={"secret": True, "placeholder": "{{token}}"})] = ""
    prefix: Annotated[str, Meta(title="Prefix")] = "Bearer"

    def flow(self, context: AuthContext) -> AuthFlow:
        return _Flow(f"{self.prefix} {self.token}".strip())


class _Flow(Flow):
    def __init__(self, credentials: str) -> None:
        self.credentials = credentials

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = header_value("Authorization", self.credentials)
        yield request


KIND = Bearer
