"""Opening a way through a proxy: CONNECT, or SOCKS."""

from __future__ import annotations

import asyncio
import re
import socket
import time
from typing import Final

from tui_client.errors import FailureKind, RequestFailed
from tui_client.http.dial import dial_tcp
from tui_client.http.oserrors import failed, os_failure, reason
from tui_client.http.route import HttpProxy, Origin, SocksProxy
from tui_client.http.trace import Trace

_MAX_HEAD: Final = 64 * 1024
_STATUS: Final = re.compile(rb"HTTP/1\.\d (\d{3})(?: ([^\r\n]*))?\r?\n")


async def dial_proxy(proxy: HttpProxy, trace: Trace) -> tuple[socket.socket, str]:
    """A socket connected to the proxy. Raises RequestFailed (proxy.refused), whatever kept it from the proxy."""
    try:
        return await dial_tcp(proxy.host, proxy.port, trace)
    except RequestFailed as error:
        detail = error.failure.detail or str(error.failure.kind)
        raise failed(FailureKind.PROXY_REFUSED, proxy.subject, detail) from error


class Tunnel(asyncio.Protocol):
    """Asks a proxy for a way to an origin, and steps aside when it is open."""

    def __init__(self, proxy: HttpProxy) -> None:
        self._proxy = proxy
        self._data = b""
        self._answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    async def open(self, transport: asyncio.Transport, origin: Origin) -> None:
        """Raises RequestFailed (proxy.auth, proxy.refused)."""
        lines = [b"CONNECT %b HTTP/1.1" % origin.subject.encode(), b"Host: " + origin.subject.encode()]
        if self._proxy.authorization:
            lines.append(b"Proxy-Authorization: " + self._proxy.authorization)
        transport.write(b"\r\n".join([*lines, b"", b""]))
        head = await self._answer
        status = _STATUS.match(head)
        if status is None:
            raise failed(FailureKind.PROXY_REFUSED, self._proxy.subject, "it did not answer in HTTP")
        if status[1] == b"407":
            raise failed(FailureKind.PROXY_AUTH, self._proxy.subject, "407")
        if not status[1].startswith(b"2"):
            said = b" ".join(part for part in status.groups() if part)
            raise failed(FailureKind.PROXY_REFUSED, self._proxy.subject, said.decode("latin-1"))

    def data_received(self, data: bytes) -> None:
        self._data += data
        end = self._data.find(b"\r\n\r\n")
        if self._answer.done():
            return
        if end >= 0:
            self._answer.set_result(self._data[: end + 4])
        elif len(self._data) > _MAX_HEAD:
            self._answer.set_exception(failed(FailureKind.PROXY_REFUSED, self._proxy.subject, "its headers do not end"))

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._answer.done():
            detail = str(exc) if exc is not None else "it closed the connection"
            self._answer.set_exception(failed(FailureKind.PROXY_REFUSED, self._proxy.subject, detail))
            # Nobody may be waiting any more; asyncio would complain of an exception never looked at.
            self._answer.exception()


async def dial_socks(proxy: SocksProxy, origin: Origin, trace: Trace) -> socket.socket:
    """A socket that reaches the origin through the proxy. Raises RequestFailed (proxy.refused, proxy.auth)."""
    from python_socks import ProxyError, ProxyType
    from python_socks.async_.asyncio import Proxy

    way = Proxy(
        ProxyType.SOCKS4 if proxy.version == 4 else ProxyType.SOCKS5,
        proxy.host,
        proxy.port,
        proxy.user or None,
        proxy.password or None,
        rdns=proxy.remote_dns,
    )
    trace.connect_start = time.monotonic()
    try:
        # Its own limit is never reached: the connect timeout around this ends it before.
        raw = await way.connect(origin.host, origin.port, timeout=24 * 3600)
    except ProxyError as error:
        kind = FailureKind.PROXY_AUTH if "uthenticat" in str(error) else FailureKind.PROXY_REFUSED
        raise failed(kind, proxy.subject, str(error)) from error
    except socket.gaierror as error:
        raise RequestFailed(os_failure(error, origin.subject)) from error
    except OSError as error:
        raise failed(FailureKind.PROXY_REFUSED, proxy.subject, reason(error)) from error
    except ValueError as error:
        raise failed(FailureKind.PROXY_REFUSED, proxy.subject, str(error)) from error
    trace.connect_end = time.monotonic()
    raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return raw
