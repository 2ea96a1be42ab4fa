"""Errors of the operating system as failures: one map, used wherever a socket is touched."""

from __future__ import annotations

import errno
import os
import socket
import ssl
from typing import Final

from tui_client.errors import Failure, FailureKind, RequestFailed
from tui_client.http.tls_errors import tls_failure

_UNREACHABLE: Final = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN})


def failed(kind: FailureKind, subject: str, detail: str = "", limit_s: float | None = None) -> RequestFailed:
    """A failure, ready to be raised."""
    return RequestFailed(Failure(kind, subject=subject, detail=detail, limit_s=limit_s))


def os_failure(error: OSError, subject: str) -> Failure:
    """The failure that an OSError means while connecting to, or talking with `subject`."""
    match error:
        case ssl.SSLError():
            return tls_failure(error, subject)
        case socket.gaierror():
            return Failure(FailureKind.DNS, subject, detail=error.strerror or "the name is not known")
        case ConnectionRefusedError():
            kind = FailureKind.CONNECT_REFUSED
        case ConnectionResetError() | ConnectionAbortedError() | BrokenPipeError():
            kind = FailureKind.CONNECT_RESET
        case _ if error.errno in _UNREACHABLE:
            kind = FailureKind.CONNECT_UNREACHABLE
        case _:
            kind = FailureKind.CONNECT_FAILED
    return Failure(kind, subject, detail=reason(error))


def reason(error: OSError) -> str:
    """What the system says of an error, without Python's decoration: "Connection refused"."""
    return os.strerror(error.errno) if error.errno and error.errno > 0 else (error.strerror or str(error))
