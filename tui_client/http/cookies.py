"""The cookies of one environment, kept apart by origin: scheme, host and port."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urlsplit

import msgspec

from tui_client.model.exchange import RawHeader

PER_ORIGIN: Final = 50
LONGEST: Final = 4096  # bytes of name and value together
_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")


class Cookie(msgspec.Struct, frozen=True, kw_only=True):
    """One cookie. origin: "http://127.0.0.1:8000"; it goes nowhere else.

    expires: aware, UTC; None until the jar is gone. created orders cookies of equal path.
    """

    origin: str
    name: str
    value: str
    path: str = "/"
    expires: datetime | None = None
    secure: bool = False
    http_only: bool = False
    created: int = 0


def _utc_now() -> datetime:
    return datetime.now(UTC)


class CookieJar:
    """Keeps what servers set, and gives back what belongs to an origin and a path. Not for several threads."""

    def __init__(self, cookies: Iterable[Cookie] = (), *, now: Callable[[], datetime] = _utc_now) -> None:
        self._now = now
        self._made = 0
        self._by_origin: dict[str, dict[tuple[str, str], Cookie]] = {}
        for cookie in cookies:
            self.put(cookie)

    def __bool__(self) -> bool:
        """Whether there may be a cookie in it."""
        return bool(self._by_origin)

    def cookies_for(self, origin: str, path: str) -> str:
        """The value of the Cookie header for a request, "" for none; longer paths first, then older cookies."""
        if not self._by_origin.get(origin):
            return ""
        self._drop_expired(origin)
        fitting = [cookie for cookie in self._by_origin[origin].values() if _path_matches(path, cookie.path)]
        fitting.sort(key=lambda cookie: (-len(cookie.path), cookie.created))
        return "; ".join(f"{cookie.name}={cookie.value}" if cookie.name else cookie.value for cookie in fitting)

    def update(self, origin: str, path: str, headers: Iterable[RawHeader]) -> None:
        """Take the Set-Cookie rows of a reply; what breaks RFC 6265 or is too long is left out."""
        for name, value in headers:
            if name.lower() == b"set-cookie" and (cookie := parse_set_cookie(origin, path, value, self._now())):
                self.put(cookie)

    def put(self, cookie: Cookie) -> None:
        """Keep one cookie, in place of the one with its name, path and origin; an expired one removes that."""
        kept = self._by_origin.setdefault(cookie.origin, {})
        key = (cookie.name, cookie.path)
        older = kept.pop(key, None)
        if cookie.expires is not None and cookie.expires <= self._now():
            return
        self._made += 1
        kept[key] = msgspec.structs.replace(cookie, created=older.created if older else self._made)
        if len(kept) > PER_ORIGIN:
            del kept[min(kept, key=lambda other: kept[other].created)]

    def restore(self, cookie: Cookie) -> None:
        """Put a cookie of this jar that was removed back to its place in the order."""
        self.put(cookie)
        kept = self._by_origin[cookie.origin]
        if (key := (cookie.name, cookie.path)) in kept:
            kept[key] = cookie

    def all(self) -> tuple[Cookie, ...]:
        """Every cookie that is still valid, by origin, oldest first."""
        for origin in self._by_origin:
            self._drop_expired(origin)
        return tuple(
            cookie
            for origin in sorted(self._by_origin)
            for cookie in sorted(self._by_origin[origin].values(), key=lambda cookie: cookie.created)
        )

    def remove(self, cookie: Cookie) -> None:
        """Forget the cookie of this origin, name and path, if it is there."""
        self._by_origin.get(cookie.origin, {}).pop((cookie.name, cookie.path), None)

    def clear(self, origin: str | None = None) -> None:
        """Forget all cookies, or those of one origin."""
        if origin is None:
            self._by_origin.clear()
        else:
            self._by_origin.pop(origin, None)

    def _drop_expired(self, origin: str) -> None:
        now = self._now()
        kept = self._by_origin[origin]
        for key in [key for key, cookie in kept.items() if cookie.expires is not None and cookie.expires <= now]:
            del kept[key]


def is_sendable(cookie: Cookie) -> bool:
    """Whether a cookie could have come from a server: what is made by hand or read from a file must be like that."""
    pair = (cookie.name, cookie.value)
    return (
        any(pair)
        and "=" not in cookie.name
        and cookie.path.startswith("/")
        and not any(text != text.strip() or ";" in text or _CONTROL.search(text) for text in pair)
        # JSON can hold a lone surrogate, a header can't.
        and not any(_SURROGATE.search(text) for text in (*pair, cookie.path))
        and sum(len(text.encode()) for text in pair) <= LONGEST
    )


def parse_set_cookie(origin: str, path: str, raw: bytes, now: datetime) -> Cookie | None:
    """One Set-Cookie value as RFC 6265 (section 5.2) reads it; None for one that must not be kept.

    Domain never widens a cookie beyond its origin; one that names another domain makes it invalid.
    """
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return None
    pair, *parts = text.split(";")
    name, equals, value = pair.partition("=")
    name, value = (name.strip(), value.strip()) if equals else ("", pair.strip())
    if not (name or value) or len(name.encode()) + len(value.encode()) > LONGEST or _CONTROL.search(text):
        return None
    attributes = {key.strip().lower(): given.strip() for key, _, given in (part.partition("=") for part in parts)}
    secure = "secure" in attributes
    if not _domain_fits(origin, attributes.get("domain", "")) or (secure and not _trustworthy(origin)):
        return None
    own_path = attributes.get("path", "")
    return Cookie(
        origin=origin,
        name=name,
        value=value,
        path=own_path if own_path.startswith("/") else _default_path(path),
        expires=_expiry(attributes, now),
        secure=secure,
        http_only="httponly" in attributes,
    )


def _expiry(attributes: dict[str, str], now: datetime) -> datetime | None:
    max_age = attributes.get("max-age", "")
    if re.fullmatch(r"-?[0-9]+", max_age):
        seconds = max(min(int(max_age[:12]), 400 * 86_400), -1)
        return datetime.fromtimestamp(now.timestamp() + seconds, UTC)
    try:
        expires = parsedate_to_datetime(attributes.get("expires", ""))
        return expires.replace(tzinfo=UTC) if expires.tzinfo is None else expires.astimezone(UTC)
    except (ValueError, IndexError, OverflowError):
        return None


def _host(origin: str) -> str:
    return urlsplit(origin).hostname or ""


def _domain_fits(origin: str, domain: str) -> bool:
    wanted, host = domain.lower().removeprefix("."), _host(origin)
    return not wanted or host == wanted or host.endswith(f".{wanted}")


def _trustworthy(origin: str) -> bool:
    # As browsers do, so that Secure cookies can be tried on one's own machine.
    host = _host(origin)
    return origin.startswith("https:") or host in {"localhost", "::1"} or host.startswith("127.")


def _default_path(path: str) -> str:
    return path[: path.rfind("/")] or "/" if path.startswith("/") else "/"


def _path_matches(path: str, cookie_path: str) -> bool:
    return path == cookie_path or (
        path.startswith(cookie_path) and (cookie_path.endswith("/") or path[len(cookie_path)] == "/")
    )
