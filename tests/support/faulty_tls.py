"""Servers whose TLS is wrong in one way each; what they play once a client trusts them is chosen by the path."""

from __future__ import annotations

import datetime
import ssl
import warnings
from collections.abc import Callable
from typing import Final

import trustme
from faulty_plays import misbehave
from loopback import Loopback, Peer, Play, Wire
from strict_tls import StrictServer

_DAY: Final = datetime.timedelta(days=1)


async def without_end(peer: Peer) -> None:
    """Ends each connection without TLS's own end."""
    await misbehave(peer)
    peer.writer.transport.abort()


async def speak_plain(peer: Peer) -> None:
    """Takes a ClientHello for a bad request, as web servers do."""
    await peer.reader.read(65536)
    peer.send(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    await peer.writer.drain()


def server_context(authority: trustme.CA, *names: str, **dates: datetime.datetime) -> ssl.SSLContext:
    """A server's context with a certificate for these names; `dates` as in trustme."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*(names or ("127.0.0.1", "localhost")), **dates).configure_cert(context)
    return context


def old_context(authority: trustme.CA) -> ssl.SSLContext:
    """TLS 1.1 at best."""
    context = server_context(authority)
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    return context


def client_context(authority: trustme.CA) -> ssl.SSLContext:
    """Wants a certificate of the client, by the same authority."""
    context = server_context(authority)
    context.verify_mode = ssl.CERT_REQUIRED
    authority.configure_trust(context)
    return context


def _contexts(authority: trustme.CA) -> dict[str, Callable[[], ssl.SSLContext]]:
    now = datetime.datetime.now(datetime.UTC)
    return {
        "trusted": lambda: server_context(authority),
        "untrusted": lambda: server_context(trustme.CA()),
        "wrong_host": lambda: server_context(authority, "other.test"),
        "expired": lambda: server_context(authority, not_before=now - 9 * _DAY, not_after=now - _DAY),
        "not_yet_valid": lambda: server_context(authority, not_before=now + _DAY, not_after=now + 9 * _DAY),
        "cut": lambda: server_context(authority),
    }


_PLAYS: Final[dict[str, Play]] = {"cut": without_end}
# Each with a thread of its own: their alerts must arrive.
_STRICT: Final = {"old_version": old_context, "client_certificate": client_context}
NAMES: Final = ("trusted", "untrusted", "wrong_host", "expired", "not_yet_valid", "plain_http", "cut", *_STRICT)


async def start_tls(loopback: Loopback, authority: trustme.CA, name: str) -> Wire | StrictServer:
    """One of NAMES, on a port of its own; trust `authority` to get past the handshake of those that are right."""
    if name in _STRICT:
        return loopback.keep(StrictServer(_STRICT[name](authority)))
    if name == "plain_http":
        wire = await loopback.start(speak_plain)
        wire.scheme = "https"
        return wire
    return await loopback.start(_PLAYS.get(name, misbehave), tls=_contexts(authority)[name]())
