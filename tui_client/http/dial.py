"""From a name to a connected socket: DNS, then TCP; each timed apart."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import time
from asyncio import staggered
from functools import partial
from typing import Any, Final

from tui_client.errors import FailureKind, RequestFailed
from tui_client.http.oserrors import failed, os_failure
from tui_client.http.resolve import Address, look_up
from tui_client.http.route import host_port
from tui_client.http.trace import Trace

# RFC 8305: how long an address may take before the next is tried beside it.
_STAGGER_S: Final = 0.25


async def dial_tcp(host: str, port: int, trace: Trace) -> tuple[socket.socket, str]:
    """A connected socket and its remote address. Raises RequestFailed."""
    addresses = await _resolve(host, port, trace)
    trace.connect_start = time.monotonic()
    raw = await connect_first(addresses, host_port(host, port))
    trace.connect_end = time.monotonic()
    raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        peer = raw.getpeername()
    except OSError:
        return raw, host_port(host, port)
    return raw, host_port(peer[0], peer[1])


async def dial_unix(path: str, trace: Trace) -> socket.socket:
    """A socket connected to a path. Raises RequestFailed."""
    if not hasattr(socket, "AF_UNIX"):
        raise failed(FailureKind.PROXY_INVALID, path, "this system has no Unix sockets")
    trace.connect_start = time.monotonic()
    try:
        raw = await _connect(socket.AF_UNIX, path)
    except ValueError as error:
        raise failed(FailureKind.PROXY_INVALID, path, str(error)) from error
    except OSError as error:
        raise RequestFailed(os_failure(error, path)) from error
    trace.connect_end = time.monotonic()
    return raw


async def _resolve(host: str, port: int, trace: Trace) -> list[Address]:
    literal = _literal(host)
    if literal is not None:
        family = socket.AF_INET6 if literal.version == 6 else socket.AF_INET
        return [(family, (host, port))]
    trace.dns_start = time.monotonic()
    try:
        found = await look_up(host.encode(), port)
    except socket.gaierror as error:
        raise RequestFailed(os_failure(error, host_port(host, port))) from error
    except (OSError, ValueError, RuntimeError) as error:
        # RuntimeError: no more threads to be had.
        raise failed(FailureKind.DNS, host_port(host, port), str(error)) from error
    trace.dns_end = time.monotonic()
    return found


def _literal(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


async def connect_first(addresses: list[Address], subject: str) -> socket.socket:
    """A socket connected to the first address that answers. Raises RequestFailed."""
    if len(addresses) == 1:
        family, address = addresses[0]
        try:
            return await _connect(family, address)
        except OSError as error:
            raise RequestFailed(os_failure(error, subject)) from error
    tries = [partial(_connect, family, address) for family, address in addresses]
    winner: socket.socket | None
    winner, _, errors = await staggered.staggered_race(tries, _STAGGER_S)
    if winner is not None:
        return winner
    first = next((error for error in errors if isinstance(error, OSError)), OSError("no address"))
    raise RequestFailed(os_failure(first, subject))


async def _connect(family: int, address: tuple[Any, ...] | str) -> socket.socket:
    raw = socket.socket(family, socket.SOCK_STREAM)
    connected = False
    try:
        raw.setblocking(False)
        await asyncio.get_running_loop().sock_connect(raw, address)
        connected = True
    finally:
        if not connected:
            raw.close()
    return raw
