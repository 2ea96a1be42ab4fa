"""Asking a token endpoint (RFC 6749) and reading what it says."""

from __future__ import annotations

import msgspec

from tui_client.errors import Failure, FailureKind, RequestFailed
from tui_client.text import redact

MAX_REPLY_BYTES = 2**20
_LEEWAY_S = 30.0  # a token that expires on its way is no use


class Token(msgspec.Struct, frozen=True):
    """An access token, how long it holds, and the refresh token that came with it."""

    access_token: str
    expires_s: float | None = None
    refresh_token: str = ""


class _Reply(msgspec.Struct):
    access_token: object = None
    expires_in: object = None
    refresh_token: object = None
    error: object = None
    error_description: object = None


def read_token(status: int, body: bytes, endpoint: str, secrets: tuple[str, ...]) -> Token:
    """The token of a reply. Raises RequestFailed (auth.failed) with what the endpoint said, secrets masked."""
    try:
        reply = msgspec.json.decode(body, type=_Reply)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise token_failed(endpoint, f"status {status}, and the reply is not a JSON object") from None
    if reply.error or status >= 400:
        said = ": ".join(str(part) for part in (reply.error, reply.error_description) if part)
        raise token_failed(endpoint, _masked(said, secrets) if said else f"status {status}")
    if not isinstance(reply.access_token, str) or not reply.access_token:
        raise token_failed(endpoint, f"status {status}, and no access_token in the reply")
    refresh = reply.refresh_token if isinstance(reply.refresh_token, str) else ""
    return Token(reply.access_token, _expiry(reply.expires_in), refresh)


def token_failed(endpoint: str, detail: str) -> RequestFailed:
    """No token from this endpoint."""
    return RequestFailed(Failure(FailureKind.AUTH_FAILED, endpoint, detail=detail))


def _expiry(announced: object) -> float | None:
    try:
        # Some endpoints send the number as text.
        seconds = float(str(announced))
    except ValueError:
        return None
    return max(0.0, seconds - min(_LEEWAY_S, seconds / 10)) if seconds < float("inf") else None


def _masked(text: str, secrets: tuple[str, ...]) -> str:
    # In every way of writing them: what is cut in two below, nobody would know again.
    text = redact(text, frozenset(filter(None, secrets)))
    return text if len(text) <= 300 else f"{text[:299]}…"
