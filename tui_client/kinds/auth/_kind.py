"""The contract of an auth kind."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from typing import TYPE_CHECKING, ClassVar, Protocol

import msgspec

from tui_client.model.kinds import Auth

if TYPE_CHECKING:
    # Forms and files want the fields of a kind alone, long before httpx has been imported.
    import httpx


class TokenStore(Protocol):
    """Keeps access tokens until they expire; in the secret store, never in a collection."""

    def get(self, key: str) -> str | None:
        """A token that is still valid, or None."""

    def put(self, key: str, token: str, expires_s: float | None) -> None:
        """Keep a token for `expires_s` seconds from now; None: for this session only."""


class NoTokens:
    """A token store that keeps nothing."""

    def get(self, key: str) -> str | None:
        return None

    def put(self, key: str, token: str, expires_s: float | None) -> None:
        return None


class AuthContext(msgspec.Struct, frozen=True):
    """What a flow may use besides its own fields."""

    tokens: TokenStore = NoTokens()


class AuthFlow(Protocol):
    """What the engine drives: requests come out, replies go in. Every httpx.Auth is one.

    Raises RequestFailed (auth.failed) from inside.
    """

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """For whoever has replies without waiting."""

    def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """For whoever waits for them."""


class Flow:
    """The flow of a kind, written as one generator; as httpx.Auth, which it need not be."""

    requires_response_body: ClassVar[bool] = False

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """The steps: each request that is to be sent, for its reply."""
        yield request

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """The steps, with the replies read that they look into."""
        flow = self.auth_flow(request)
        current = next(flow)
        while True:
            response = yield current
            if self.requires_response_body:
                response.read()
            try:
                current = flow.send(response)
            except StopIteration:
                return

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """The same, with replies that are read without blocking."""
        flow = self.auth_flow(request)
        current = next(flow)
        while True:
            response = yield current
            if self.requires_response_body:
                await response.aread()
            try:
                current = flow.send(response)
            except StopIteration:
                return


class AuthKind(Auth, frozen=True):
    """A kind declares its fields and gives a flow, which the engine drives."""

    title: ClassVar[str] = ""

    def receivers(self) -> tuple[str, ...]:
        """The origins that get its secrets besides the request's own ("https://auth.example"), as the flow does."""
        return ()

    def flow(self, context: AuthContext) -> AuthFlow:
        """The flow for one request. Raises RequestFailed (auth.failed) from inside the flow."""
        return Flow()
