"""An absolute URL taken apart without re-quoting it: what was written is what goes on the request line."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from typing import Final
from urllib.parse import unquote_to_bytes

import idna
import msgspec

from tui_client.errors import Failure, FailureKind, RequestFailed

DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_LIMIT: Final = 60_000  # httpx refuses longer URLs
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*)://")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_NEEDS_QUOTING: Final = re.compile(r"[^\x21-\x7e]")
_HOST: Final = re.compile(r"[a-z0-9_.\-]+\Z")
_DOTTED: Final = re.compile(r"[0-9]+(\.[0-9]+){3}\Z")
_AUTHORITY_END: Final = re.compile(r"[/?#]")


class Url(msgspec.Struct, frozen=True):
    """scheme and host in lower case, host in its ASCII form without brackets; target as bytes of the request line.

    userinfo: the raw bytes of user and password, percent-decoded, or None if the URL had none.
    """

    scheme: str
    host: str
    port: int
    target: bytes
    userinfo: bytes | None = None

    @property
    def host_header(self) -> str:
        """The value of Host: brackets around IPv6, the port only where it isn't the scheme's own."""
        return _host_header(self.scheme, self.host, self.port)

    @property
    def authority(self) -> str:
        """Who is meant in failures: "example.com:443", "[::1]:8000"."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme, host and port, for cookies and redirects; a default port is left out."""
        return _origin(self.scheme, self.host, self.port)

    @property
    def text(self) -> str:
        """The URL as it is sent, without user, password and fragment."""
        return self.origin + self.target.decode("ascii")


def _host_header(scheme: str, host: str, port: int) -> str:
    shown = f"[{host.partition('%')[0]}]" if ":" in host else host
    return shown if port == DEFAULT_PORTS[scheme] else f"{shown}:{port}"


# Asked for several times in each step of a replay.
@lru_cache(maxsize=256)
def _origin(scheme: str, host: str, port: int) -> str:
    return f"{scheme}://{_host_header(scheme, host, port)}"


def invalid_url(url: str, detail: str) -> RequestFailed:
    """The error for a URL that can't be used; its user and password are left out of the subject."""
    shown = re.sub(r"(://)[^/?#@]*@", r"\1", url, count=1)
    return RequestFailed(Failure(FailureKind.URL_INVALID, subject=shown, detail=detail))


@lru_cache(maxsize=512)
def parse_url(text: str) -> Url:
    """Take an absolute http or https URL apart.

    `%2F`, `+`, `./`, duplicates and empty values stay as they are; a space becomes %20, other non-ASCII its
    percent-encoded UTF-8; the host goes through IDNA; the fragment is dropped.
    Raises RequestFailed (url.invalid).
    """
    url = text.strip(" ")
    if found := _CONTROL.search(url):
        raise invalid_url(text, f"it contains the control character U+{ord(found[0]):04X}")
    scheme_match = _SCHEME.match(url)
    if scheme_match is None:
        raise invalid_url(url, "it has no scheme. Begin it with http:// or https://")
    scheme = scheme_match[1].lower()
    if scheme not in DEFAULT_PORTS:
        raise invalid_url(url, f"the scheme {scheme} is not http or https")
    rest = url[scheme_match.end() :].partition("#")[0]
    end = _AUTHORITY_END.search(rest)
    authority, tail = (rest, "") if end is None else (rest[: end.start()], rest[end.start() :])
    if "\\" in authority:
        # Some readers take it for a slash: the host would then be another one.
        raise invalid_url(url, "a backslash stands before or in its host")
    userinfo, at, hostport = authority.rpartition("@")
    host, port = _host_and_port(url, hostport)
    return Url(
        scheme=scheme,
        host=host,
        port=DEFAULT_PORTS[scheme] if port is None else port,
        target=_target(url, tail),
        userinfo=_userinfo(url, userinfo) if at else None,
    )


def _userinfo(url: str, text: str) -> bytes:
    try:
        return unquote_to_bytes(text)
    except UnicodeEncodeError:
        raise invalid_url(url, "it contains half of a surrogate pair") from None


def _target(url: str, tail: str) -> bytes:
    path = tail if tail.startswith("/") else f"/{tail}"
    try:
        target = _NEEDS_QUOTING.sub(_percent_encoded, path).encode("ascii")
    except UnicodeEncodeError:
        raise invalid_url(url, "it contains half of a surrogate pair") from None
    if len(target) > _LIMIT:
        raise invalid_url(url[:80] + "…", f"it is longer than {_LIMIT} characters")
    return target


def _percent_encoded(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode())


def _host_and_port(url: str, hostport: str) -> tuple[str, int | None]:
    if hostport.startswith("["):
        literal, bracket, after = hostport[1:].partition("]")
        if not bracket or (after and not after.startswith(":")):
            raise invalid_url(url, "the brackets of its IPv6 address don't fit")
        return _ipv6(url, literal), _port(url, after[1:])
    host, _, port = hostport.partition(":")
    return _ascii_host(url, host), _port(url, port)


def _ipv6(url: str, literal: str) -> str:
    try:
        return str(ipaddress.IPv6Address(literal.replace("%25", "%", 1)))
    except ValueError as error:
        raise invalid_url(url, f"not an IPv6 address: {error}") from None


def _port(url: str, text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text[:6]) <= 65_535:
        raise invalid_url(url, f"{text!r} is not a port; ports are 1 to 65535")
    return int(text)


def _ascii_host(url: str, host: str) -> str:
    if not host:
        raise invalid_url(url, "it has no host")
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError) as error:
            raise invalid_url(url, f"the host {host} is not a domain name: {error}") from None
    host = host.lower()
    labels = host.removesuffix(".").split(".")
    if _DOTTED.match(host) and not _is_ipv4(host):
        raise invalid_url(url, f"{host} is not an IPv4 address")
    if not _HOST.match(host) or not all(0 < len(label) < 64 for label in labels) or len(host) > 254:
        raise invalid_url(url, f"the host {host!r} is not a domain name or an address")
    return host


def _is_ipv4(host: str) -> bool:
    try:
        ipaddress.IPv4Address(host)
    except ValueError:
        return False
    return True
