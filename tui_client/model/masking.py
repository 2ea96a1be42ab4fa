"""What files never show: secrets in texts and bodies, and the headers that are secrets by their nature."""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from typing import Final

from tui_client.model.exchange import RawHeader, header_text
from tui_client.text import MASK, redact
from tui_client.text.redact import MIN_SECRET_CHARS

_WHOLE: Final = frozenset({"authorization", "proxy-authorization"})
_COOKIES: Final = frozenset({"cookie", "set-cookie"})
_ATTRIBUTES: Final = frozenset(
    {"expires", "max-age", "domain", "path", "secure", "httponly", "samesite", "partitioned", "priority"}
)
# The longest way to write a character: four bytes, each percent-encoded twice.
_SIGNS_PER_CHARACTER: Final = 20


# The rows of a run's requests and replies mostly repeat, but for a date that changes once a second.
@lru_cache(maxsize=128)
def header_rows(headers: tuple[RawHeader, ...]) -> list[tuple[str, str]]:
    """Headers as text; the values of credentials and cookies masked, cookie names and attributes kept.

    The list is shared: leave it as it is.
    """
    rows = []
    for raw_name, raw_value in headers:
        name, masked = _name(raw_name)
        try:
            value = raw_value.decode()
        except UnicodeDecodeError:
            value = header_text(raw_value)
        rows.append((name, _without_credentials(name, value) if masked else value))
    return rows


@lru_cache(maxsize=1024)
def _name(raw: bytes) -> tuple[str, bool]:
    name = header_text(raw)
    return name, name.lower() in _WHOLE | _COOKIES


def _without_credentials(name: str, value: str) -> str:
    match name.lower():
        case "cookie":
            return "; ".join(_cookie(pair) for pair in value.split(";"))
        case "set-cookie":
            pair, *attributes = value.split(";")
            return "; ".join([_cookie(pair), *(_attribute(one.strip()) for one in attributes)])
        case _:
            return MASK


def _cookie(pair: str) -> str:
    name, equals, _ = pair.partition("=")
    return f"{name.strip()}={MASK}" if equals else MASK


def _attribute(text: str) -> str:
    # What is no attribute may be the rest of a value with a semicolon in it.
    return text if text.partition("=")[0].strip().lower() in _ATTRIBUTES else MASK


def margin(secrets: frozenset[str]) -> int:
    """So many characters beyond a cut are looked at, that no secret is cut before it is found."""
    return _SIGNS_PER_CHARACTER * max(map(len, secrets), default=0) + _SIGNS_PER_CHARACTER


def masked_text(text: str, secrets: frozenset[str], limit: int) -> str:
    """The beginning of a text, `limit` characters at most, secrets masked."""
    if not secrets:
        return text[:limit]
    extra = margin(secrets)
    window = redact(text[: limit + extra], secrets)
    # The end of the window may hold the beginning of a secret, and what was masked before may have moved it forward.
    return window[:limit] if len(text) <= limit + extra else window[: min(limit, len(window) - extra)]


def masked_bytes(window: bytes, secrets: frozenset[str], limit: int, *, whole: bool, charset: str = "") -> bytes:
    """The beginning of a body, `limit` bytes at most, secrets masked in UTF-8, Latin-1, UTF-16, UTF-32 and its charset.

    window: `limit` and `margin` bytes of it, or all of it (`whole`) if it has fewer. charset: Python's name of it.
    """
    if not secrets:
        return window[:limit]
    # Bytes that are no UTF-8 pass through as lone surrogates.
    masked = redact(window.decode("utf-8", "surrogateescape"), secrets).encode("utf-8", "surrogateescape")
    for secret in secrets:
        if len(secret) >= MIN_SECRET_CHARS:
            for form in _encodings(secret, charset):
                masked = masked.replace(form, MASK.encode())
    return masked[:limit] if whole else masked[: max(0, min(limit, len(masked) - margin(secrets)))]


@lru_cache(maxsize=256)
def _encodings(secret: str, charset: str) -> tuple[bytes, ...]:
    found = {secret.encode(f"utf-{name}", "surrogatepass") for name in ("16-le", "16-be", "32-le", "32-be")}
    for name in filter(None, (charset, *(() if secret.isascii() else ("cp1252", "latin-1")))):
        with suppress(UnicodeEncodeError):
            found.add(secret.encode(name))
    return tuple(found)
