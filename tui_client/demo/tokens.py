"""Tokens that say themselves what they are and until when: nothing is kept, so nothing grows."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import UTC, datetime, timedelta


class Tokens:
    """Makes and checks signed tokens like `access.demo.1767225600.5d41…`; each process has a key of its own."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def make(self, kind: str, subject: str, lifetime_s: int) -> str:
        """A token of this kind, valid for `lifetime_s` seconds."""
        until = int((datetime.now(UTC) + timedelta(seconds=lifetime_s)).timestamp())
        body = f"{kind}.{subject}.{until}"
        return f"{body}.{self._signature(body)}"

    def subject(self, kind: str, token: str) -> str | None:
        """Whom a valid token speaks for; None for a forged, expired or other kind of token."""
        body, _, signature = token.rpartition(".")
        if not hmac.compare_digest(signature.encode("utf-8", "surrogatepass"), self._signature(body).encode()):
            return None
        of_kind, subject, until = body.split(".")
        return subject if of_kind == kind and int(until) > datetime.now(UTC).timestamp() else None

    def _signature(self, body: str) -> str:
        return hmac.new(self._key, body.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:32]
