"""What later steps of a session need from earlier ones, and the key that keeps it from other eyes."""

from __future__ import annotations

import base64
import binascii
import json
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import msgspec

from tui_client.http.cookies import Cookie
from tui_client.model.values import Value
from tui_client.replay.journal.values import from_plain, to_plain
from tui_client.trust.vault import Vault

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_KEY_NAME: Final = "journal"
_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_TOO_DEEP: Final = b""  # sealed in place of what can't be written; nothing opens it


class Carry(msgspec.Struct, frozen=True):
    """The state of a session between two steps.

    captured: by name. cookies: the session's jar. lost: variables that a step should have captured and did not, and
    that step's key.
    """

    captured: Mapping[str, Value] = {}
    cookies: tuple[Cookie, ...] = ()
    lost: Mapping[str, str] = {}


class Sealer:
    """Encrypts (AES-GCM) what a journal may not hold in plain. May be used in several threads."""

    def __init__(self, key: bytes) -> None:
        """key: 32 bytes, of `journal_key`."""
        self._key = key
        self._cipher: AESGCM | None = None

    def seal(self, data: bytes) -> bytes:
        """The data encrypted, 28 bytes longer."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._opened().encrypt(nonce, data, None)

    def open(self, data: bytes) -> bytes | None:
        """What was sealed; None if it was sealed with another key, or is damaged."""
        from cryptography.exceptions import InvalidTag

        try:
            return self._opened().decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], None)
        except (InvalidTag, ValueError, TypeError):
            return None

    def seal_carry(self, carry: Carry) -> bytes:
        """A carry for the `carry` table. One that is nested too deeply is sealed as one that can't be opened."""
        return self.seal(carry_json(carry))

    def open_carry(self, data: bytes) -> Carry | None:
        """What `seal_carry` was given; None with another key, or if it is damaged."""
        opened = self.open(data)
        return None if opened is None else carry_of_json(opened)

    def seal_given(self, given: Mapping[str, str]) -> bytes:
        """The variables of the command line for `run.given`."""
        return self.seal(json.dumps(dict(given)).encode())

    def open_given(self, data: bytes) -> dict[str, str] | None:
        """What `seal_given` was given; None with another key, or if it is damaged."""
        opened = self.open(data)
        try:
            return None if opened is None else msgspec.convert(json.loads(opened), dict[str, str])
        except (ValueError, RecursionError):
            return None

    def _opened(self) -> AESGCM:
        if self._cipher is None:
            # It takes 30 ms, and a run without captures, cookies or variables needs none of it.
            from cryptography.hazmat.primitives.ciphers.aead import AESGCM

            self._cipher = AESGCM(self._key)
        return self._cipher


def carry_json(carry: Carry) -> bytes:
    """A carry as JSON, in plain. One that is nested too deeply gives what `carry_of_json` can't read."""
    try:
        captured = {name: to_plain(value) for name, value in carry.captured.items()}
        cookies = [msgspec.to_builtins(cookie) for cookie in carry.cookies]
        return json.dumps([captured, cookies, dict(carry.lost)]).encode()
    except RecursionError:
        return _TOO_DEEP


def carry_of_json(data: bytes) -> Carry | None:
    """What `carry_json` was given; None if it is damaged."""
    try:
        captured, cookies, lost = json.loads(data)
        values = {name: from_plain(value) for name, value in captured.items()}
        return Carry(values, msgspec.convert(cookies, tuple[Cookie, ...]), msgspec.convert(lost, dict[str, str]))
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None


def journal_key(vault: Vault) -> bytes:
    """The key of this user's journals, made when it is first asked for. Raises UsageError and SaveFailed, as Vault."""
    found = _key_of(vault.get(_KEY_NAME))
    if found is None:
        vault.set(_KEY_NAME, base64.b64encode(os.urandom(_KEY_BYTES)).decode())
        # Another process may have made one at the same moment: what is kept is what counts.
        found = _key_of(vault.get(_KEY_NAME))
    if found is None:
        raise AssertionError("a key that was just kept is gone")
    return found


def _key_of(text: str | None) -> bytes | None:
    try:
        key = base64.b64decode(text or "", validate=True)
    except binascii.Error:
        return None
    return key if len(key) == _KEY_BYTES else None
