"""Access tokens that auth flows fetched, kept until they expire."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated

import msgspec

from tui_client.trust.vault import Vault


class _Kept(msgspec.Struct, frozen=True):
    token: str
    expires: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


def _now() -> datetime:
    return datetime.now(UTC)


class KeptTokens:
    """Tokens by key: in memory for the session, and in the vault for as long as they are valid."""

    def __init__(self, vault: Vault, now: Callable[[], datetime] = _now) -> None:
        self._vault = vault
        self._now = now
        self._kept: dict[str, _Kept] = {}

    def get(self, key: str) -> str | None:
        """A token that is still valid, or None. Raises UsageError if the vault's file is damaged."""
        kept = self._kept.get(key) or self._from_vault(key)
        if kept is None:
            return None
        if kept.expires is not None and kept.expires <= self._now():
            self._kept.pop(key, None)
            self._vault.delete(_vault_key(key))
            return None
        self._kept[key] = kept
        return kept.token

    def put(self, key: str, token: str, expires_s: float | None) -> None:
        """Keep a token for `expires_s` seconds from now; None: for this session only. Raises SaveFailed."""
        if expires_s is None:
            self._kept[key] = _Kept(token)
            return
        try:
            expires = self._now() + timedelta(seconds=expires_s)
        except (OverflowError, ValueError):
            # A server may say anything; a token "for ever" is one for this session.
            self._kept[key] = _Kept(token)
            return
        self._kept[key] = _Kept(token, expires)
        self._vault.set(_vault_key(key), msgspec.json.encode(self._kept[key]).decode())

    def _from_vault(self, key: str) -> _Kept | None:
        written = self._vault.get(_vault_key(key))
        if written is None:
            return None
        try:
            return msgspec.json.decode(written, type=_Kept)
        except (ValueError, RecursionError):
            return None


def _vault_key(key: str) -> str:
    return "token-" + hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
