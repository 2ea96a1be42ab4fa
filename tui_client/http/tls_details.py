"""What a handshake came to: taken when it ends, also when it ends badly."""

from __future__ import annotations

import ssl
from functools import lru_cache
from typing import Any, Final

from tui_client.model.tls import TlsDetails

_MOST_CERTIFICATES: Final = 16
_MOST_BYTES: Final = 64 * 1024  # of one certificate
_DER: Final = 2  # ENCODING_DER of the module _ssl


class Observed(ssl.SSLObject):
    """Remembers what its handshake came to; a server that is not trusted could not be asked for it afterwards.

    observed: after the handshake, and as `observed` of the error that a failed one raises.
    """

    observed: TlsDetails | None = None

    def do_handshake(self) -> None:
        """As ever."""
        try:
            super().do_handshake()
        except ssl.SSLCertVerificationError as error:
            problem = getattr(error, "verify_message", "") or str(error)
            error.observed = _details(self, problem)  # type: ignore[attr-defined]  # ours
            raise
        self.observed = _details(self)


def details_of(tls: object) -> TlsDetails | None:
    """What was agreed on; None for a connection without TLS of ours. Nothing is parsed yet."""
    return tls.observed if isinstance(tls, Observed) else None


def details_of_error(error: BaseException | None) -> TlsDetails | None:
    """What was seen of a server until it was found to be not trustworthy; None where that is not what an error says."""
    details = getattr(error, "observed", None)
    return details if isinstance(details, TlsDetails) else None


def _details(tls: ssl.SSLObject, problem: str = "") -> TlsDetails:
    cipher = tls.cipher()
    verified = tls.context.verify_mode != ssl.CERT_NONE and not problem
    name = "" if cipher is None else cipher[0]
    return _shared(tls.version() or "", name, tls.selected_alpn_protocol() or "", verified, problem, chain_of(tls))


def chain_of(tls: ssl.SSLObject) -> tuple[bytes, ...]:
    """The certificates as the server sent them, its own first, in DER; that one alone where Python can't tell more."""
    # Public from Python 3.13 on; before that only the object inside has it.
    get: Any = getattr(tls, "get_unverified_chain", None)
    inner = getattr(tls, "_sslobj", None)
    if get is None:
        get = getattr(inner, "get_unverified_chain", None)
    try:
        found = None if get is None else get()
    except (ssl.SSLError, ValueError):
        found = None
    chain = tuple(map(_der, found or ()))
    if not chain:
        chain = _leaf(tls)
    return tuple(one for one in chain[:_MOST_CERTIFICATES] if 0 < len(one) <= _MOST_BYTES)


def _der(certificate: Any) -> bytes:
    return certificate if isinstance(certificate, bytes) else bytes(certificate.public_bytes(_DER))


def _leaf(tls: ssl.SSLObject) -> tuple[bytes, ...]:
    try:
        own = tls.getpeercert(binary_form=True)
    except (ssl.SSLError, ValueError):  # no handshake was completed
        return ()
    return (own,) if own else ()


# A replay opens many connections to the same server, and each of its results would else hold a chain of its own.
@lru_cache(maxsize=128)
def _shared(version: str, cipher: str, alpn: str, verified: bool, problem: str, chain: tuple[bytes, ...]) -> TlsDetails:
    return TlsDetails(version.replace("TLSv", "TLS "), cipher, alpn, verified, problem, chain)
