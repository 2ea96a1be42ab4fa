"""The contract of an auth kind."""

from __future__ import annotations

from typing import ClassVar, Protocol

import httpx
import msgspec

from tui_client.model.kinds import Auth


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


class AuthKind(Auth, frozen=True):
    """A kind declares its fields and gives an httpx.Auth, whose flow the engine drives."""

    title: ClassVar[str] = ""

    def flow(self, context: AuthContext) -> httpx.Auth:
        """The flow for one request. Raises RequestFailed (auth.failed) from inside the flow."""
        return httpx.Auth()
