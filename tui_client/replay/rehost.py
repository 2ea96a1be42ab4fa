"""Recorded URLs sent elsewhere: another host, port or scheme, and the rest character by character as it was."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from tui_client.errors import RequestFailed, UsageError
from tui_client.http.url import DEFAULT_PORTS, Url, parse_url

_PARTS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://([^/?#]*)(.*)", re.DOTALL)
_PORT: Final = re.compile(r":[0-9]+\Z")


class _Origin(NamedTuple):
    """What a URL comes from or goes to; without a scheme or a port: whichever it has."""

    scheme: str
    host: str
    port: int | None


class Rehosting:
    """Which hosts stand for the recorded ones; of several that fit, the one that says most counts."""

    def __init__(self, hosts: Mapping[str, str]) -> None:
        """hosts: "host", "host:port" or "scheme://host:port" to the same. Raises UsageError for what is none."""
        self._targets = {_origin(recorded): _origin(target) for recorded, target in hosts.items()}

    def rewritten(self, text: str) -> str:
        """The URL to send. A scheme and a port stay where the target names none. Raises RequestFailed (url.invalid)."""
        url, parts = parse_url(text), _PARTS.match(text)
        target = self._target(url)
        if target is None or parts is None:
            return text
        user, at, _ = parts[1].rpartition("@")
        host = f"[{target.host}]" if ":" in target.host else target.host
        own_port = None if target.scheme or url.port == DEFAULT_PORTS[url.scheme] else url.port
        port = own_port if target.port is None else target.port
        return f"{target.scheme or url.scheme}://{user}{at}{host}{'' if port is None else f':{port}'}{parts[2]}"

    def _target(self, url: Url) -> _Origin | None:
        patterns = (
            _Origin(url.scheme, url.host, url.port),
            _Origin("", url.host, url.port),
            _Origin("", url.host, None),
        )
        return next((self._targets[each] for each in patterns if each in self._targets), None)


def _origin(text: str) -> _Origin:
    named = "://" in text
    try:
        url = parse_url(text if named else f"http://{text}")
    except RequestFailed:
        raise _no_host(text) from None
    if url.target != b"/" or url.userinfo is not None:
        raise _no_host(text)
    has_port = named or _PORT.search(text.rstrip("/")) is not None
    return _Origin(url.scheme if named else "", url.host, url.port if has_port else None)


def _no_host(text: str) -> UsageError:
    return UsageError(f"{text!r} is not a host. Write host, host:port or http://host:port.")
