"""HTTP/1.1 for one connection profile: an httpx transport over connections of our own."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Final

import httpx

from tui_client.errors import FailureKind, RequestFailed
from tui_client.http.connect import Connector
from tui_client.http.h1.body import ReplyStream
from tui_client.http.h1.connection import Connection
from tui_client.http.h1.head import request_head
from tui_client.http.h1.reply import Reply
from tui_client.http.h1.sender import Sender, check_body, whole_body
from tui_client.http.lean import LeanResponse, request_rows
from tui_client.http.oserrors import failed
from tui_client.http.pool import Pool
from tui_client.http.profile import ConnectionProfile
from tui_client.http.route import HttpProxy, Origin, parse_route
from tui_client.http.tls import Contexts
from tui_client.http.tls_details import details_of_error
from tui_client.http.trace import Trace
from tui_client.http.url import Url
from tui_client.model.exchange import RawHeader
from tui_client.model.options import Timeouts

_TIMEOUTS: Final = Timeouts()
_PORTS: Final = {"http": 80, "https": 443}


class H1Client(httpx.AsyncBaseTransport):
    """Sends each request once, exactly as given, over a pool for each origin."""

    def __init__(self, profile: ConnectionProfile, *, max_connections: int, idle_s: float) -> None:
        self._route = parse_route(profile.proxy)
        contexts = Contexts(profile)
        fronts = contexts if profile.front is None else Contexts(profile.for_proxy)
        self._connector = Connector(self._route, contexts, fronts)
        self._max_connections = max_connections
        self._idle_s = idle_s
        self._pools: dict[tuple[str, bytes, int | None], tuple[Origin, Pool]] = {}
        self._by_address: dict[tuple[str, str, int], tuple[Origin, Pool]] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Raises RequestFailed; the body's stream does too."""
        extensions = request.extensions
        trace = extensions.get("trace") or Trace(time.monotonic())
        timeouts: Timeouts = extensions.get("timeouts") or _TIMEOUTS
        origin, pool = self._pool(request)
        target, headers = extensions.get("target"), request_rows(request)
        if target is None:
            target = request.url.raw_path
        if isinstance(self._route, HttpProxy) and origin.scheme == "http":
            target, headers = _for_proxy(self._route, request.url, target, headers)
        head, framing = request_head(request.method, target, headers)
        body = whole_body(request)
        check_body(framing, body)

        connection = await pool.acquire(timeouts.pool)
        if connection is None:
            connection = await self._open(origin, pool, trace, timeouts.connect)
        else:
            trace.reused = True
        reply = Reply(request.method, origin.subject, trace)
        connection.begin(reply)
        finished = False
        try:
            await Sender(connection, reply, timeouts).send(head, framing, body, request.stream)
            await connection.wait_head(reply, timeouts.read)
            finished = True
        finally:
            if not finished:
                connection.abandon(reply)
        return _response(reply, connection, timeouts.read)

    async def _open(self, origin: Origin, pool: Pool, trace: Trace, limit_s: float | None) -> Connection:
        connection, connected = None, False
        try:
            connection = await self._connector.connect(origin, pool, trace, limit_s)
            if origin.scheme == "https":
                trace.tls = connection.note_tls()
                await connection.settle()
            connection.check_alive()
            connected = True
        except RequestFailed as error:
            trace.tls = trace.tls or details_of_error(error.__cause__)
            raise
        finally:
            if not connected:
                if connection is not None:
                    connection.close()
                pool.free_slot()
        pool.add(connection)
        return connection

    def _pool(self, request: httpx.Request) -> tuple[Origin, Pool]:
        # Ours have been taken apart already; an auth flow that goes elsewhere drops the address.
        address: Url | None = request.extensions.get("address")
        if address is not None and (known := self._by_address.get((address.scheme, address.host, address.port))):
            return known
        found = self._pool_of(request.url)
        if address is not None:
            self._by_address[address.scheme, address.host, address.port] = found
        return found

    def _pool_of(self, url: httpx.URL) -> tuple[Origin, Pool]:
        key = (url.scheme, url.raw_host, url.port)
        found = self._pools.get(key)
        if found is None:
            scheme, host, port = key
            if scheme not in _PORTS or not host:
                raise failed(FailureKind.URL_INVALID, str(url), "it must begin with http:// or https:// and a host")
            origin = Origin(scheme, host.decode("ascii"), _PORTS[scheme] if port is None else port)
            found = self._pools[key] = origin, Pool(origin.subject, self._max_connections, self._idle_s)
        return found

    async def aclose(self) -> None:
        """Close every connection, also those in use."""
        for _, pool in self._pools.values():
            pool.close()
        # Sockets are closed in the loop's next turn, which a caller that ends the loop now would never see.
        await asyncio.sleep(0)


def _for_proxy(
    proxy: HttpProxy, url: httpx.URL, target: bytes, headers: Sequence[RawHeader]
) -> tuple[bytes, Sequence[RawHeader]]:
    """The absolute target and the credentials, which the proxy alone sees."""
    if target.startswith(b"/"):
        target = b"http://" + url.netloc + target
    if proxy.authorization and not any(name.lower() == b"proxy-authorization" for name, _ in headers):
        headers = [*headers, (b"Proxy-Authorization", proxy.authorization)]
    return target, headers


def _response(reply: Reply, connection: Connection, read_s: float | None) -> httpx.Response:
    stream = ReplyStream(connection, reply, read_s)
    extensions = {
        "http_version": reply.version,
        "reason_phrase": reply.reason,
        "body_end": reply.body_end,
        "remote": connection.remote,
        "raw_stream": stream,
    }
    return LeanResponse(reply.status, reply.headers, stream, extensions)
