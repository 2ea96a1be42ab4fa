"""Where our requests become httpx's and back: nothing is added, nothing is re-quoted, nothing is remembered."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl, urlencode

import httpx
import msgspec

from tui_client.http.body import BodyStream, body_stream, planned
from tui_client.http.cookies import CookieJar
from tui_client.http.headers import has_header
from tui_client.http.hosts import Unverified, unverified
from tui_client.http.lean import LeanRequest, request_rows
from tui_client.http.prepare import PreparedRequest
from tui_client.http.profile import ConnectionProfile
from tui_client.http.proxy_env import shown_proxy
from tui_client.http.redirects import profile_elsewhere
from tui_client.http.route import HttpProxy, parse_route
from tui_client.http.url import Url, parse_url
from tui_client.model.exchange import RawHeader, SentRequest, UnverifiedBy

_SHOWN_FORM_FIELDS: Final = frozenset({"grant_type", "scope", "audience", "resource", "client_id", "username"})
_MASK: Final = "•••"


class _NoCookies(httpx.Cookies):
    """Takes nothing, and looks at nothing: httpx's own ignores the port, and takes seconds over many headers."""

    def extract_cookies(self, response: httpx.Response) -> None:
        return None


class _Client(httpx.AsyncClient):
    """Whose cookies are ours to keep."""

    _none: Final = _NoCookies()

    @property
    def cookies(self) -> httpx.Cookies:
        """None, ever."""
        return self._none

    @cookies.setter
    def cookies(self, cookies: object) -> None:
        raise AttributeError("cookies are kept by the engine")


class _Unfollowed(httpx.Response):
    """A redirect that httpx leaves alone: it resolves every Location, and fails on a bad one."""

    @property
    def has_redirect_location(self) -> bool:
        return False


class _Edge(httpx.AsyncBaseTransport):
    """Stands between the client and the transport, so that redirects reach us whole."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._inner.handle_async_request(request)
        if not response.has_redirect_location:
            return response
        return _Unfollowed(
            response.status_code, headers=response.headers, stream=response.stream, extensions=response.extensions
        )

    async def aclose(self) -> None:
        await self._inner.aclose()


def open_client(transport: httpx.AsyncBaseTransport) -> httpx.AsyncClient:
    """The one client of an engine: it adds, follows, stores, times and logs nothing by itself."""
    # They log whole URLs, secrets included.
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    return _Client(
        transport=_Edge(transport),
        trust_env=False,
        follow_redirects=False,
        timeout=None,
    )


@lru_cache(maxsize=512)
def _httpx_url(text: str) -> httpx.URL:
    return httpx.URL(text)


def to_httpx(request: PreparedRequest, jar: CookieJar | None) -> httpx.Request:
    """The request with exactly our header rows, and the jar's cookies unless the user gave a Cookie header.

    Its `url` raises httpx.InvalidURL for what httpx can't represent.
    """
    address = request.address
    rows: Sequence[RawHeader] = request.headers
    if jar and not has_header(rows, b"cookie"):
        path = address.target.partition(b"?")[0].decode("ascii")
        if cookies := jar.cookies_for(address.origin, path):
            rows = (*rows, (b"Cookie", cookies.encode()))
    extensions = {
        "profile": request.profile,
        "timeouts": request.options.timeouts,
        "target": address.target,
        "address": address,
    }
    return LeanRequest(request.method, lambda: _httpx_url(address.text), rows, body_stream(request.body), extensions)


def complete_own(made: httpx.Request, request: PreparedRequest) -> None:
    """Give a request that an auth flow made by itself (for a token) what the transport needs."""
    address = parse_url(str(made.url))
    made.extensions = {
        "profile": profile_elsewhere(request, address),
        "timeouts": request.options.timeouts,
        "target": made.extensions.get("target", made.url.raw_path),
    }


def describe_sent(made: httpx.Request, request: PreparedRequest) -> SentRequest:
    """What the request view shows of the main request, taken from what is handed to the transport."""
    stream = made.stream
    streamed = stream if isinstance(stream, BodyStream) and stream.begun else None
    return _described(
        made,
        request,
        address=request.address,
        body=planned(request.body) if streamed is None else bytes(streamed.shown),
        body_bytes=request.body.size if streamed is None else streamed.sent_bytes,
    )


def describe_own(made: httpx.Request, request: PreparedRequest) -> SentRequest:
    """What is shown of a request that an auth flow made: secret fields of its form are masked for good."""
    body = made.read() if isinstance(made.stream, httpx.ByteStream) else b""
    address = parse_url(str(made.url))
    return _described(made, request, address=address, body=_masked_form(body), body_bytes=len(body))


def _described(
    made: httpx.Request, request: PreparedRequest, *, address: Url, body: bytes, body_bytes: int
) -> SentRequest:
    profile: ConnectionProfile = made.extensions["profile"]
    target: bytes = made.extensions["target"]
    origin, headers = address.origin, tuple(request_rows(made))
    blind = unverified(profile, address, request.hosts)
    secrets = request.secrets
    if request.auth is not None:
        secrets |= credentials(headers) | made.extensions.get("secrets", frozenset())
    url = origin + target.decode("ascii", "replace")
    if profile.proxy and origin.startswith("http:"):
        target, headers = through_proxy(profile.proxy, url, target, headers)
    return SentRequest(
        method=made.method,
        url=url,
        target=target,
        headers=headers,
        body=body,
        body_bytes=body_bytes,
        proxy=shown_proxy(profile.proxy),
        verified=not blind,
        unverified_by=_unverified_by(blind) if blind else "",
        secrets=secrets,
    )


def _unverified_by(blind: tuple[Unverified, ...]) -> UnverifiedBy:
    return "settings" if all(one.own for one in blind) else "options"


def through_proxy(
    proxy: str, url: str, target: bytes, headers: tuple[RawHeader, ...]
) -> tuple[bytes, tuple[RawHeader, ...]]:
    """What an HTTP proxy gets instead of the server, as the transport writes it: the whole URL, its credentials."""
    route = parse_route(proxy)
    if not isinstance(route, HttpProxy):
        return target, headers
    if route.authorization and not has_header(headers, b"proxy-authorization"):
        headers = (*headers, (b"Proxy-Authorization", route.authorization))
    return url.encode("ascii"), headers


def as_sent(sent: SentRequest, version: str) -> SentRequest:
    """The request as the version that was agreed on writes it: HTTP/2 has names in lower case and no Host."""
    if version == sent.http_version:
        return sent
    headers = sent.headers
    if version == "HTTP/2":
        hosts = [(b":authority", value) for name, value in headers if name.lower() == b"host"]
        headers = (*hosts, *((name.lower(), value) for name, value in headers if name.lower() != b"host"))
    return msgspec.structs.replace(sent, http_version=version, headers=headers)


def _masked_form(body: bytes) -> bytes:
    fields = parse_qsl(body.decode(errors="replace"), keep_blank_values=True)
    shown = [(name, value if name in _SHOWN_FORM_FIELDS else _MASK) for name, value in fields]
    return urlencode(shown, safe=_MASK).encode()


def credentials(headers: tuple[RawHeader, ...]) -> frozenset[str]:
    """What follows "Bearer" or "Basic"; a digest proves a password without telling it."""
    found = (
        value.decode(errors="replace").partition(" ") for name, value in headers if name.lower() == b"authorization"
    )
    return frozenset(rest for scheme, _, rest in found if rest and scheme.lower() != "digest")
