"""The one map from what httpx and httpcore raise to our failures."""

from __future__ import annotations

import socket
import ssl

import httpx

from tui_client.errors import Failure, FailureKind
from tui_client.http.oserrors import os_failure
from tui_client.http.tls_errors import tls_failure
from tui_client.model.options import Timeouts

# What httpcore lets through where it does not foresee it, beside its own errors.
FOREIGN: tuple[type[Exception], ...] = (
    httpx.HTTPError,
    httpx.InvalidURL,
    httpx.StreamError,
    OSError,
    ValueError,
    LookupError,
    RuntimeError,
)


def failure_of(error: Exception, subject: str, proxy: str, timeouts: Timeouts, *, in_body: bool) -> Failure:
    """What an error of the HTTP/2 stack means. in_body: the head had come already. proxy: "" for none."""
    match error:
        case httpx.ConnectTimeout():
            return Failure(FailureKind.TIMEOUT_CONNECT, subject, limit_s=timeouts.connect)
        case httpx.ReadTimeout():
            return Failure(FailureKind.TIMEOUT_READ, subject, limit_s=timeouts.read)
        case httpx.WriteTimeout():
            return Failure(FailureKind.TIMEOUT_WRITE, subject, limit_s=timeouts.write)
        case httpx.PoolTimeout():
            return Failure(FailureKind.TIMEOUT_POOL, subject, limit_s=timeouts.pool)
        case httpx.ProxyError():
            kind = FailureKind.PROXY_AUTH if str(error).startswith("407") else FailureKind.PROXY_REFUSED
            return Failure(kind, proxy, detail=str(error))
        case httpx.UnsupportedProtocol() | httpx.InvalidURL():
            return Failure(FailureKind.URL_INVALID, subject, detail=str(error))
        case httpx.LocalProtocolError():
            return Failure(FailureKind.HEADER_INVALID, subject, detail=str(error))
        case httpx.ConnectError() if proxy and (cause := system_error(error)) and not isinstance(cause, ssl.SSLError):
            return Failure(FailureKind.PROXY_REFUSED, proxy, detail=str(cause))
        case httpx.NetworkError() | httpx.RemoteProtocolError() | OSError():
            return _broken(error, subject, in_body=in_body)
        case httpx.StreamError():
            return Failure(FailureKind.BODY_INVALID, subject, detail=str(error))
        case _:
            return Failure(FailureKind.INTERNAL, subject, detail=f"{type(error).__name__}: {error}")


def _broken(error: Exception, subject: str, *, in_body: bool) -> Failure:
    cause = system_error(error)
    if isinstance(cause, ssl.SSLError):
        return tls_failure(cause, subject)
    if in_body:
        return Failure(FailureKind.INCOMPLETE, subject, detail=str(error) or "the connection was lost")
    if cause is not None:
        return os_failure(cause, subject)
    if isinstance(error, httpx.RemoteProtocolError) and "disconnected" not in str(error):
        return Failure(FailureKind.PROTOCOL, subject, detail=str(error))
    return Failure(FailureKind.CLOSED_EARLY, subject, detail=str(error))


def system_error(error: BaseException) -> OSError | None:
    """The error of socket or ssl at the bottom of a chain of errors, the most telling one."""
    found: OSError | None = None
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, BaseExceptionGroup):
            seen = seen.exceptions[0]
        if isinstance(seen, ssl.SSLError | socket.gaierror):
            return seen
        if isinstance(seen, OSError) and (found is None or seen.errno):
            found = seen
        seen = seen.__cause__ or seen.__context__
    return found
