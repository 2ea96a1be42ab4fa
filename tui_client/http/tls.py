"""TLS contexts: one a profile, built when first needed, off the event loop."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path
from typing import Final

from tui_client.errors import FailureKind
from tui_client.http.oserrors import failed, reason
from tui_client.http.profile import ConnectionProfile
from tui_client.http.tls_details import Observed

ALPN: Final = ["http/1.1"]


class Contexts:
    """The context of one profile."""

    def __init__(self, profile: ConnectionProfile) -> None:
        self._profile = profile
        self._context: ssl.SSLContext | None = None
        self._lock = asyncio.Lock()

    async def get(self) -> ssl.SSLContext:
        """The context. Raises RequestFailed (file.missing) if a certificate file can't be used."""
        if self._context is None:
            # Reading a system's authorities takes some 30 ms: too long for the event loop.
            async with self._lock:
                if self._context is None:
                    self._context = await asyncio.to_thread(build_context, self._profile)
        return self._context


def build_context(profile: ConnectionProfile) -> ssl.SSLContext:
    """A client's context for this profile. Raises RequestFailed (file.missing)."""
    # Not ssl.create_default_context: that one obeys SSLKEYLOGFILE, and would write session keys to a file.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.sslobject_class = Observed
    if profile.verify:
        _load_authorities(context, profile.ca)
    else:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if profile.client_cert:
        _load_client_certificate(context, profile.client_cert)
    context.set_alpn_protocols(ALPN)
    return context


def _load_authorities(context: ssl.SSLContext, ca: str) -> None:
    if _system_has_authorities():
        context.load_default_certs(ssl.Purpose.SERVER_AUTH)
    else:
        import certifi

        context.load_verify_locations(certifi.where())
    if not ca:
        return
    path = Path(ca)
    try:
        context.load_verify_locations(capath=ca) if path.is_dir() else context.load_verify_locations(cafile=ca)
    except ssl.SSLError as error:
        raise failed(FailureKind.FILE_MISSING, ca, "it holds no certificate in PEM") from error
    except OSError as error:
        raise failed(FailureKind.FILE_MISSING, ca, reason(error)) from error
    except ValueError as error:
        raise failed(FailureKind.FILE_MISSING, ca, str(error)) from error


def _load_client_certificate(context: ssl.SSLContext, path: str) -> None:
    try:
        # Without a password OpenSSL would ask the terminal for one.
        context.load_cert_chain(path, password="")
    except ssl.SSLError as error:
        raise failed(FailureKind.FILE_MISSING, path, "it holds no certificate with its key in PEM") from error
    except OSError as error:
        raise failed(FailureKind.FILE_MISSING, path, reason(error)) from error
    except ValueError as error:
        raise failed(FailureKind.FILE_MISSING, path, str(error)) from error


def _system_has_authorities() -> bool:
    paths = ssl.get_default_verify_paths()
    return bool(paths.cafile) or (bool(paths.capath) and any(Path(paths.capath).iterdir()))
