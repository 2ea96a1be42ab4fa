"""The way to a server: direct, by a Unix socket, or through a proxy."""

from __future__ import annotations

import base64
from typing import Final, NamedTuple, TypeAlias
from urllib.parse import SplitResult, unquote, urlsplit

import msgspec

from tui_client.errors import FailureKind
from tui_client.http.oserrors import failed


class Origin(NamedTuple):
    """Who is spoken to; `host` is ASCII (IDNA), IPv6 without brackets."""

    scheme: str
    host: str
    port: int

    @property
    def subject(self) -> str:
        """ "example.com:443", "[::1]:8000"."""
        return host_port(self.host, self.port)


def host_port(host: str, port: int) -> str:
    """One text for both, with brackets around IPv6."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


class Direct(msgspec.Struct, frozen=True):
    """Straight to the origin."""


class UnixSocket(msgspec.Struct, frozen=True):
    """By a socket in the file system."""

    path: str


class HttpProxy(msgspec.Struct, frozen=True):
    """CONNECT for https, absolute targets for http. authorization: the header's value, b"" for none."""

    host: str
    port: int
    tls: bool = False
    authorization: bytes = b""

    @property
    def subject(self) -> str:
        """ "proxy:3128"; never holds the password."""
        return host_port(self.host, self.port)


class SocksProxy(msgspec.Struct, frozen=True):
    """SOCKS 4 or 5; remote_dns: the proxy resolves names (4a, 5h)."""

    host: str
    port: int
    version: int = 5
    remote_dns: bool = False
    user: str = ""
    password: str = ""

    @property
    def subject(self) -> str:
        """ "proxy:1080"; never holds the password."""
        return host_port(self.host, self.port)


Route: TypeAlias = Direct | UnixSocket | HttpProxy | SocksProxy

_DEFAULT_PORTS: Final = {"http": 80, "https": 443, "socks4": 1080, "socks4a": 1080, "socks5": 1080, "socks5h": 1080}


def parse_route(proxy: str) -> Route:
    """The route a profile's proxy means. Raises RequestFailed (proxy.invalid); its text holds no password."""
    if not proxy:
        return Direct()
    if proxy.startswith("unix:"):
        path = "/" + proxy.removeprefix("unix:").lstrip("/")
        return UnixSocket(path)
    try:
        parts = urlsplit(proxy)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise failed(FailureKind.PROXY_INVALID, _without_user(proxy), str(error)) from error
    if parts.scheme not in _DEFAULT_PORTS:
        known = ", ".join([*_DEFAULT_PORTS, "unix"])
        raise failed(FailureKind.PROXY_INVALID, _without_user(proxy), f"its scheme must be one of {known}")
    if not host:
        raise failed(FailureKind.PROXY_INVALID, _without_user(proxy), "it names no host")
    return _proxy(parts, host, port or _DEFAULT_PORTS[parts.scheme])


def _proxy(parts: SplitResult, host: str, port: int) -> HttpProxy | SocksProxy:
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if parts.scheme in ("http", "https"):
        pair = base64.b64encode(f"{user}:{password}".encode())
        return HttpProxy(host, port, parts.scheme == "https", b"Basic " + pair if user or password else b"")
    return SocksProxy(
        host, port, int(parts.scheme[5]), parts.scheme in ("socks4a", "socks5h"), user=user, password=password
    )


def _without_user(proxy: str) -> str:
    scheme, separator, rest = proxy.rpartition("://")
    return f"{scheme}{separator}{rest.rpartition('@')[2]}"
