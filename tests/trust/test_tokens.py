"""Access tokens are fetched once and kept until they expire."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tui_client.trust.tokens import KeptTokens
from tui_client.trust.vault import NoKeyring, Vault


class Clock:
    """A clock that stands still until it is told otherwise."""

    def __init__(self) -> None:
        self.now = datetime(2030, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_token_outlives_the_process_until_it_expires(tmp_path: Path, clock: Clock) -> None:
    """Another process finds the token while it is valid, and nothing once it is not."""
    vault = Vault(tmp_path / "secrets.json", NoKeyring())
    KeptTokens(vault, clock).put("key", "token-1", 60)
    assert KeptTokens(vault, clock).get("key") == "token-1"
    clock.now += timedelta(seconds=60)
    assert KeptTokens(vault, clock).get("key") is None
    assert "token-1" not in (tmp_path / "secrets.json").read_text()


def test_a_token_in_memory_expires_too(tmp_path: Path, clock: Clock) -> None:
    """The session that fetched it doesn't use it for longer than it is valid."""
    tokens = KeptTokens(Vault(tmp_path / "secrets.json", NoKeyring()), clock)
    tokens.put("key", "token-1", 60)
    clock.now += timedelta(seconds=59)
    assert tokens.get("key") == "token-1"
    clock.now += timedelta(seconds=1)
    assert tokens.get("key") is None


def test_a_token_without_expiry_stays_in_memory(tmp_path: Path, keyring: Any) -> None:
    """What may be valid for ever is not kept for longer than the session."""
    vault = Vault(tmp_path / "secrets.json", keyring)
    tokens = KeptTokens(vault)
    tokens.put("key", "token-1", None)
    assert tokens.get("key") == "token-1"
    assert KeptTokens(vault).get("key") is None
    assert not keyring.values


@pytest.mark.parametrize("expires_s", [1e30, float("inf"), float("nan")])
def test_an_absurd_expiry_is_for_the_session(tmp_path: Path, clock: Clock, expires_s: float) -> None:
    """Whatever a server says of the time, nothing breaks."""
    vault = Vault(tmp_path / "secrets.json", NoKeyring())
    tokens = KeptTokens(vault, clock)
    tokens.put("key", "token-1", expires_s)
    assert tokens.get("key") == "token-1"
    assert KeptTokens(vault, clock).get("key") is None


def test_a_new_token_replaces_the_old_one(tmp_path: Path, clock: Clock) -> None:
    """After a 401 the token that was fetched anew is the one that counts, here and later."""
    vault = Vault(tmp_path / "secrets.json", NoKeyring())
    tokens = KeptTokens(vault, clock)
    tokens.put("key", "old", 60)
    tokens.put("key", "new", 60)
    assert tokens.get("key") == "new"
    assert KeptTokens(vault, clock).get("key") == "new"


def test_what_is_not_ours_in_the_keyring_is_no_token(tmp_path: Path, keyring: Any) -> None:
    """A value of another form is ignored, and a token is fetched anew."""
    vault = Vault(tmp_path / "secrets.json", keyring)
    tokens = KeptTokens(vault)
    tokens.put("key", "token", 60)
    keyring.values = dict.fromkeys(keyring.values, "{")
    assert KeptTokens(vault).get("key") is None
    assert tokens.get("other") is None
