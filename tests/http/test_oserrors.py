"""The map from the system's errors to failures."""

from __future__ import annotations

import errno
import socket
import ssl

import pytest

from tui_client.errors import FailureKind
from tui_client.http.oserrors import os_failure

K = FailureKind


@pytest.mark.parametrize(
    ("error", "kind", "detail"),
    [
        (ConnectionRefusedError(errno.ECONNREFUSED, "x"), K.CONNECT_REFUSED, "Connection refused"),
        (ConnectionResetError(errno.ECONNRESET, "x"), K.CONNECT_RESET, "Connection reset by peer"),
        (BrokenPipeError(errno.EPIPE, "x"), K.CONNECT_RESET, "Broken pipe"),
        (ConnectionResetError(), K.CONNECT_RESET, ""),
        (OSError(errno.ENETUNREACH, "x"), K.CONNECT_UNREACHABLE, "Network is unreachable"),
        (OSError(errno.EHOSTUNREACH, "x"), K.CONNECT_UNREACHABLE, "No route to host"),
        (OSError(errno.EMFILE, "x"), K.CONNECT_FAILED, "Too many open files"),
        (OSError("odd"), K.CONNECT_FAILED, "odd"),
        (socket.gaierror(-2, "Name or service not known"), K.DNS, "Name or service not known"),
        (ssl.SSLError(1, "[SSL] odd"), K.TLS_FAILED, "odd"),
        (ssl.SSLCertVerificationError("odd"), K.TLS_UNTRUSTED, "odd"),
    ],
)
def test_each_error_has_its_kind_and_the_systems_words(error, kind, detail):
    """The subject is who was spoken to; the detail is the system's, without Python's decoration."""
    failure = os_failure(error, "h:1")
    assert (failure.kind, failure.subject) == (kind, "h:1")
    assert detail in failure.detail
