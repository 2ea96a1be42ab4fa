"""The proxy for a URL, from the environment's variables, read as curl reads them."""

from __future__ import annotations

import ipaddress
import re
from base64 import b64encode
from collections.abc import Mapping
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

import msgspec

from tui_client.errors import Failure, FailureKind, RequestFailed

SCHEMES: Final = frozenset({"http", "https", "socks4", "socks4a", "socks5", "socks5h"})
_DIRECT: Final = frozenset({"direct", "none"})
# HTTP_PROXY in capitals is not read: in a CGI program it is a header of the caller's.
_VARIABLES: Final = {
    "http": ("http_proxy", "all_proxy", "ALL_PROXY"),
    "https": ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"),
}


VARIABLES: Final = ("http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY")


class ProxyChoice(msgspec.Struct, frozen=True):
    """The proxy to use, "" for none, and a sentence where a variable could not be obeyed."""

    proxy: str = ""
    warning: str = ""


def proxy_variables(environ: Mapping[str, str]) -> dict[str, str]:
    """The part of an environment that says something about proxies."""
    return {name: value for name in VARIABLES if (value := environ.get(name))}


def environment_proxy(scheme: str, host: str, environ: Mapping[str, str]) -> ProxyChoice:
    """The proxy that the environment asks for; a value that makes no sense is a warning, never an error."""
    name, value = next(((name, environ[name]) for name in _VARIABLES[scheme] if environ.get(name)), ("", ""))
    if not value or bypassed(host, environ.get("no_proxy") or environ.get("NO_PROXY") or ""):
        return ProxyChoice()
    try:
        # curl's own default port for a proxy.
        return ProxyChoice(normal_proxy(value, default_port=1080))
    except RequestFailed as error:
        return ProxyChoice(warning=f"{name} is not the URL of a proxy and was left out: {error.failure.detail}")


def chosen_proxy(option: str) -> str:
    """The proxy of a request's options. Raises RequestFailed (proxy.invalid)."""
    return "" if option.lower() in _DIRECT else normal_proxy(option)


def normal_proxy(value: str, default_port: int | None = None) -> str:
    """A proxy's URL with its scheme ("http" if it has none). Raises RequestFailed (proxy.invalid)."""
    if value.startswith("unix:"):
        return value
    url = value if "://" in value else f"http://{value}"
    try:
        parts = urlsplit(url)
    except ValueError:
        # Not Python's words, here and below: they may quote a password.
        raise _invalid(value, "its host can't be read") from None
    try:
        port = parts.port
    except ValueError:
        raise _invalid(value, "its port is not a number from 0 to 65535") from None
    if parts.scheme not in SCHEMES:
        raise _invalid(value, f"its scheme must be one of {', '.join(sorted(SCHEMES))}")
    if not parts.hostname or re.search(r"[^\x21-\x7e]", url):
        raise _invalid(value, "it has no host" if not parts.hostname else "it contains a character no URL has")
    if port is None and default_port is not None and parts.scheme != "https":
        return parts._replace(netloc=f"{parts.netloc.rstrip(':')}:{default_port}", path="").geturl()
    return parts._replace(path="", query="", fragment="").geturl()


def shown_proxy(proxy: str) -> str:
    """The proxy without its user and password."""
    parts = _split(proxy)
    return proxy if parts is None else parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def proxy_secrets(proxy: str) -> frozenset[str]:
    """What must be masked of a proxy's URL: its password, as written, decoded, and as the proxy gets it."""
    parts = _split(proxy)
    if parts is None or not parts.password:
        return frozenset()
    found = {parts.password, unquote(parts.password)}
    if parts.scheme in ("http", "https"):
        found.add(b64encode(f"{unquote(parts.username or '')}:{unquote(parts.password)}".encode()).decode())
    return frozenset(found)


def _split(proxy: str) -> SplitResult | None:
    return urlsplit(proxy) if "@" in proxy and "://" in proxy else None


def _invalid(value: str, detail: str) -> RequestFailed:
    return RequestFailed(Failure(FailureKind.PROXY_INVALID, subject=value.rpartition("@")[2], detail=detail))


def bypassed(host: str, no_proxy: str) -> bool:
    """Whether NO_PROXY names this host: "*", a domain or any name under it, an address, or a network (CIDR)."""
    if no_proxy.strip() == "*":
        return True
    name = host.lower().rstrip(".")
    entries = [entry for entry in re.split(r"[,\s]+", no_proxy) if entry]
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return any(_covers_name(entry.lower().strip("."), name) for entry in entries)
    return any(_covers_address(entry, address) for entry in entries)


def _covers_name(domain: str, name: str) -> bool:
    return bool(domain) and (name == domain or name.endswith(f".{domain}"))


def _covers_address(entry: str, address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    try:
        return address in ipaddress.ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        return False
