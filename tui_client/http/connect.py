"""Opens a connection: the route, then TLS, within one time limit."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time

from tui_client.errors import FailureKind, RequestFailed
from tui_client.http.dial import dial_tcp, dial_unix
from tui_client.http.h1.connection import Connection
from tui_client.http.oserrors import failed, os_failure
from tui_client.http.pool import Pool
from tui_client.http.route import Direct, HttpProxy, Origin, Route, SocksProxy, UnixSocket
from tui_client.http.tls import Contexts
from tui_client.http.trace import Trace
from tui_client.http.tunnel import Tunnel, dial_proxy, dial_socks


class Connector:
    """Opens connections of one profile. contexts: towards servers; fronts: towards a proxy."""

    def __init__(self, route: Route, contexts: Contexts, fronts: Contexts) -> None:
        self._route = route
        self._contexts = contexts
        self._fronts = fronts

    async def connect(self, origin: Origin, pool: Pool, trace: Trace, limit_s: float | None) -> Connection:
        """A connection that is ready to send. Raises RequestFailed; leaves nothing open when it fails."""
        try:
            async with asyncio.timeout(limit_s):
                return await self._open(origin, pool, trace)
        except TimeoutError as error:
            raise failed(FailureKind.TIMEOUT_CONNECT, origin.subject, limit_s=limit_s) from error

    async def _open(self, origin: Origin, pool: Pool, trace: Trace) -> Connection:
        # Before dialling: between a socket's connect and its transport nothing may be waited for, or a cancel leaks it.
        secure = await self._contexts.get() if origin.scheme == "https" else None
        by_tls = isinstance(self._route, HttpProxy) and self._route.tls
        outer = await self._fronts.get() if by_tls else None
        match self._route:
            case Direct():
                raw, remote = await dial_tcp(origin.host, origin.port, trace)
            case UnixSocket(path=path):
                raw, remote = await dial_unix(path, trace), path
            case SocksProxy() as proxy:
                raw, remote = await dial_socks(proxy, origin, trace), proxy.subject
            case HttpProxy() as proxy:
                raw, remote = await dial_proxy(proxy, trace)
                connection = Connection(pool, raw, remote)
                if secure is not None:
                    return await _tunnel(proxy, raw, origin, (outer, secure), connection, trace)
                # Absolute targets need no tunnel; the proxy itself may be spoken to over TLS.
                front = Origin("https", proxy.host, proxy.port)
                return await _start(raw, connection, front, outer, trace)
        return await _start(raw, Connection(pool, raw, remote), origin, secure, trace)


async def _tunnel(
    proxy: HttpProxy,
    raw: socket.socket,
    origin: Origin,
    contexts: tuple[ssl.SSLContext | None, ssl.SSLContext],
    connection: Connection,
    trace: Trace,
) -> Connection:
    outer, inner = contexts
    tunnel = Tunnel(proxy)
    front = Origin("https", proxy.host, proxy.port)
    transport = await _wrap(raw, tunnel, front, outer)
    opened = False
    try:
        await tunnel.open(transport, origin)
        trace.connect_end = trace.tls_start = time.monotonic()
        secure = await _start_tls(transport, connection, origin, inner)
        trace.tls_end = time.monotonic()
        opened = True
    finally:
        if not opened:
            transport.abort()
    connection.connection_made(secure)
    return connection


async def _start(
    raw: socket.socket, connection: Connection, origin: Origin, context: ssl.SSLContext | None, trace: Trace
) -> Connection:
    if context is None:
        await _wrap(raw, connection, origin, None)
        return connection
    trace.tls_start = time.monotonic()
    await _wrap(raw, connection, origin, context)
    trace.tls_end = time.monotonic()
    return connection


async def _wrap(
    raw: socket.socket, protocol: asyncio.Protocol, origin: Origin, context: ssl.SSLContext | None
) -> asyncio.Transport:
    """Give a connected socket to the event loop, with TLS if a context is given.

    From here on the socket is the loop's, also when this fails: closing it ourselves would free a descriptor that the
    loop still watches.
    """
    loop = asyncio.get_running_loop()
    name = None if context is None else _server_name(origin)
    try:
        transport, _ = await loop.create_connection(
            lambda: protocol,
            sock=raw,
            ssl=context,
            server_hostname=name,
            # The connect timeout ends a handshake, not a limit of asyncio's own.
            ssl_handshake_timeout=None if context is None else 24 * 3600.0,
        )
    except OSError as error:
        raise RequestFailed(os_failure(error, origin.subject)) from error
    except (ValueError, UnicodeError) as error:
        raise failed(FailureKind.TLS_FAILED, origin.subject, str(error)) from error
    return transport


async def _start_tls(
    transport: asyncio.Transport, connection: Connection, origin: Origin, context: ssl.SSLContext
) -> asyncio.Transport:
    loop = asyncio.get_running_loop()
    try:
        secure = await loop.start_tls(
            transport, connection, context, server_hostname=_server_name(origin), ssl_handshake_timeout=24 * 3600.0
        )
    except OSError as error:
        raise RequestFailed(os_failure(error, origin.subject)) from error
    except (ValueError, UnicodeError) as error:
        raise failed(FailureKind.TLS_FAILED, origin.subject, str(error)) from error
    if secure is None:
        raise failed(FailureKind.CLOSED_EARLY, origin.subject, "the proxy closed the connection")
    return secure


def _server_name(origin: Origin) -> str:
    # A name may end with the dot of the root; no certificate has it.
    return origin.host.rstrip(".") or origin.host
