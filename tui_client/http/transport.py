"""The one transport behind the one AsyncClient: a sub-transport for each connection profile."""

from __future__ import annotations

from typing import Final

import httpx
import msgspec

from tui_client.http.h1.client import H1Client
from tui_client.http.profile import ConnectionProfile

MAX_CONNECTIONS: Final = 256
IDLE_S: Final = 60.0
_DEFAULT: Final = ConnectionProfile()


class Transport(httpx.AsyncBaseTransport):
    """Picks the sub-transport by `request.extensions["profile"]`; raises nothing but RequestFailed.

    Reads of a request's extensions: profile, timeouts (model Timeouts), trace (Trace), target (bytes). Sets in a
    response's: http_version, reason_phrase, body_end (BodyEnd), remote, raw_stream (its stream, which gives raw bytes
    and whose `limit_reads` sets how long to wait for the next ones; the client's own wrapping hides it).
    """

    def __init__(self, *, max_connections: int = MAX_CONNECTIONS, idle_s: float = IDLE_S) -> None:
        self._max_connections = max_connections
        self._idle_s = idle_s
        self._clients: dict[ConnectionProfile, httpx.AsyncBaseTransport] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send once; raises RequestFailed."""
        profile: ConnectionProfile = request.extensions.get("profile", _DEFAULT)
        if profile.http2 and (request.url.scheme != "https" or profile.proxy.startswith("socks")):
            # HTTP/2 is agreed on inside TLS; and httpcore would need another library for SOCKS.
            profile = msgspec.structs.replace(profile, http2=False)
        client = self._clients.get(profile)
        if client is None:
            client = self._clients[profile] = self._make(profile)
        return await client.handle_async_request(request)

    def _make(self, profile: ConnectionProfile) -> httpx.AsyncBaseTransport:
        if profile.http2:
            # httpcore, h2 and anyio cost a third of a start: nobody waits for them who doesn't ask for HTTP/2.
            from tui_client.http.h2.client import H2Client

            return H2Client(profile, max_connections=self._max_connections, idle_s=self._idle_s)
        return H1Client(profile, max_connections=self._max_connections, idle_s=self._idle_s)

    async def aclose(self) -> None:
        """Close every connection of every profile."""
        for client in self._clients.values():
            await client.aclose()
        self._clients.clear()
