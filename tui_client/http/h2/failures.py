"""The one map from what httpx and httpcore raise to our failures."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from enum import Enum

import h2.events
import h2.exceptions
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
    h2.exceptions.H2Error,
    OSError,
    ValueError,
    LookupError,
    RuntimeError,
)


class Stage(Enum):
    """How far an exchange got."""

    UNSENT = "the request's head is not sent"
    SENT = "the reply's head is awaited"
    ANSWERED = "the reply's body is read"


def failure_of(error: Exception, subject: str, proxy: str, timeouts: Timeouts, stage: Stage) -> Failure:
    """What an error of the HTTP/2 stack means. proxy: "" for none."""
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
        case httpx.LocalProtocolError() if stage is Stage.UNSENT:
            return Failure(FailureKind.HEADER_INVALID, subject, detail=str(error))
        case h2.exceptions.InvalidBodyLengthError(expected_length=expected, actual_length=actual):
            detail = f"the stream ended after {actual:,} of {expected:,} bytes"
            return Failure(FailureKind.INCOMPLETE, subject, detail=detail)
        case httpx.LocalProtocolError() | h2.exceptions.H2Error():
            # httpcore takes what h2 finds wrong in the server's frames for a mistake of ours.
            flooded = any(isinstance(seen, h2.exceptions.DenialOfServiceError) for seen in _chain(error))
            kind = FailureKind.TOO_LARGE_HEADERS if flooded else FailureKind.PROTOCOL
            return Failure(kind, subject, detail=str(error))
        case httpx.ConnectError() if proxy and (cause := system_error(error)) and not isinstance(cause, ssl.SSLError):
            return Failure(FailureKind.PROXY_REFUSED, proxy, detail=str(cause))
        case httpx.NetworkError() | httpx.RemoteProtocolError() | OSError():
            return _broken(error, subject, stage)
        case httpx.StreamError():
            return Failure(FailureKind.BODY_INVALID, subject, detail=str(error))
        case _:
            return Failure(FailureKind.INTERNAL, subject, detail=f"{type(error).__name__}: {error}")


def _broken(error: Exception, subject: str, stage: Stage) -> Failure:
    cause, said = system_error(error), _last_words(error)
    if isinstance(cause, ssl.SSLError):
        return tls_failure(cause, subject)
    if stage is Stage.ANSWERED:
        return Failure(FailureKind.INCOMPLETE, subject, detail=said or str(error) or "the connection was lost")
    if cause is not None:
        return os_failure(cause, subject)
    if said:
        return Failure(FailureKind.CONNECT_RESET, subject, detail=said)
    if isinstance(error, httpx.RemoteProtocolError) and "disconnected" not in str(error):
        return Failure(FailureKind.PROTOCOL, subject, detail=str(error))
    return Failure(FailureKind.CLOSED_EARLY, subject, detail=str(error))


def _last_words(error: BaseException) -> str:
    """What the server said with the frame that ended a stream or the connection, "" for none."""
    for seen in _chain(error):
        match seen.args:
            case (h2.events.StreamReset(error_code=code),):
                return f"the server reset the stream ({_name(code)})"
            case (h2.events.ConnectionTerminated(error_code=code),):
                return f"the server ended the connection ({_name(code)})"
    return ""


def _name(code: object) -> str:
    return str(getattr(code, "name", code))


def system_error(error: BaseException) -> OSError | None:
    """The error of socket or ssl at the bottom of a chain of errors, the most telling one."""
    found: OSError | None = None
    for seen in _chain(error):
        if isinstance(seen, ssl.SSLError | socket.gaierror):
            return seen
        if isinstance(seen, OSError) and (found is None or seen.errno):
            found = seen
    return found


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, BaseExceptionGroup):
            seen = seen.exceptions[0]
        yield seen
        seen = seen.__cause__ or seen.__context__
